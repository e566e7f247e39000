//! The archive of a layout that no engine runs: it has all that can be had, and says what cannot.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use brickwork_link::Place;
use brickwork_support::{Request, Window, write};

/// A folder of this test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("brickwork-support-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("parts")).expect("the temporary folder can be written");
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("the folder is ours");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of an archive, without its folder, with their texts.
fn unpacked(archive: &Path) -> Vec<(String, String)> {
    let file = fs::File::open(archive).expect("it was written");
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entries = tar.entries().expect("it is an archive");
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.expect("it is whole");
        let path = entry.path().expect("it has a name").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it is whole");
        let name = path.split_once('/').expect("all lie in one folder").1.to_owned();
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    entries.map(read).collect()
}

#[test]
fn an_archive_without_an_engine_has_the_layout_and_its_mistakes_and_says_what_is_missing() {
    let folder = Folder::new("alone");
    folder.file("parts/a.ron", "Beamline(format: 1, objects: {\n    \"omega\": (kind: 7),\n})\n");
    let text = "Beamline(format: 1, name: \"ID 14/4\", include: [\"parts/a.ron\", \"gone.ron\"], windows: [])\n";
    let layout = folder.file("alone.ron", text);
    let out = folder.0.join("out.tar.gz");
    let window = Window { about: "slowest 12 ms".into(), pictures: vec![b"png".to_vec()], ..Window::default() };
    let place = Place::of(&layout).expect("the run folder is ours");
    let request = Request { place, layout, checked: None, window: Some(window), out: Some(out.clone()) };
    assert_eq!(write(request).expect("the folder is ours"), out);
    assert_eq!(fs::metadata(&out).expect("it is there").permissions().mode() & 0o777, 0o600);

    let files = unpacked(&out);
    let file = |name: &str| {
        let found = files.iter().find(|(path, _)| path == name);
        found.unwrap_or_else(|| panic!("no {name} in {:?}", files.iter().map(|(path, _)| path).collect::<Vec<_>>()))
    };
    assert_eq!(file("layout/alone.ron").1, text);
    assert!(file("layout/parts/a.ron").1.contains("omega"));
    assert!(file("diagnostics.txt").1.contains("gone.ron"));
    assert!(file("environment.txt").1.contains("uname"));
    assert!(file("window/about.txt").1.contains("slowest 12 ms"));
    assert_eq!(file("window/window-0.png").1, "png");
    let contents = &files[0];
    assert_eq!(contents.0, "CONTENTS.txt");
    for said in ["missing: no engine runs this layout", "gone.ron cannot be read", "layout/parts/a.ron"] {
        assert!(contents.1.contains(said), "{said} in {}", contents.1);
    }
}

#[test]
fn an_archive_that_cannot_be_written_says_where() {
    let folder = Folder::new("nowhere");
    let layout = folder.file("nowhere.ron", "Beamline(format: 1)");
    let place = Place::of(&layout).expect("the run folder is ours");
    let out = folder.0.join("none/out.tar.gz");
    let request = Request { place, layout, checked: None, window: None, out: Some(out.clone()) };
    let error = write(request).expect_err("there is no such folder").to_string();
    assert!(error.contains(&out.display().to_string()), "{error}");
}
