//! What lies on a disk and is no layout: each is said with its cure, none is waited for, none is read without end.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use brickwork_layout::{Loaded, load};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("brickwork-files-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("the folder was just made");
        path
    }

    fn including(&self, file: &str) -> Loaded {
        load(&self.write("main.ron", layout(&format!("include: [{file:?}],"))), None)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn layout(more: &str) -> String {
    format!("// a comment\nBeamline(format: 1, name: \"T\", {more} objects: {{}}, windows: [])\n")
}

fn said(loaded: &Loaded) -> String {
    loaded.diagnostics.iter().map(|d| format!("{}\n", d.message)).collect()
}

#[test]
fn what_is_no_regular_file_is_said_and_not_waited_for() {
    let folder = Folder::new("kinds");
    let made = Command::new("mkfifo").arg(folder.0.join("pipe")).status().expect("mkfifo is part of every system");
    assert!(made.success());
    fs::create_dir(folder.0.join("dir")).expect("the folder was just made");
    let pipe = folder.0.join("pipe").display().to_string();
    for (file, what) in
        [(pipe.as_str(), "a named pipe"), ("dir", "a folder"), ("/dev/zero", "a device"), ("/dev/full", "a device")]
    {
        let told = said(&folder.including(file));
        assert!(told.contains(&format!("it is {what}, not a regular file")), "{file}: {told}");
    }
    assert!(said(&load(&folder.0.join("pipe"), None)).contains("it is a named pipe"));
}

#[test]
fn a_file_without_end_or_of_an_absurd_size_is_not_read_whole() {
    let folder = Folder::new("size");
    let large = folder.write("large.ron", "");
    fs::File::options().write(true).open(&large).and_then(|file| file.set_len(3 << 30)).expect("a hole takes no room");
    assert!(said(&folder.including("large.ron")).contains("it has more than 16 MB, which is no layout"));
}

#[test]
fn a_file_that_many_paths_lead_to_is_read_once() {
    let folder = Folder::new("links");
    for link in ["a", "b"] {
        symlink(".", folder.0.join(link)).expect("the folder was just made");
    }
    let loaded = load(&folder.write("main.ron", layout("include: [\"a/main.ron\", \"b/main.ron\"],")), None);
    assert_eq!(loaded.files.len(), 1);
    assert_eq!(said(&loaded), "this file includes itself\nthis file includes itself\n");
    folder.write("x.ron", "Beamline(format: 1, objects: {\"m\": (kind: \"sim.motor\")})");
    let twice = load(&folder.write("main.ron", layout("include: [\"a/x.ron\", \"b/x.ron\"],")), None);
    assert_eq!((said(&twice).as_str(), twice.files.len()), ("", 2));
}

#[test]
fn text_in_another_encoding_is_named_with_its_cure() {
    let folder = Folder::new("encodings");
    let text = layout("");
    let utf16 = |bom: &[u8]| [bom.to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    for bytes in [utf16(&[0xff, 0xfe]), utf16(&[])] {
        let told = said(&load(&folder.write("utf16.ron", bytes), None));
        assert!(told.contains("text in UTF-16") && told.contains("iconv -f UTF-16"), "{told}");
    }
    let latin1: Vec<u8> = text.replace("\"T\"", "\"Ligne \u{e9}\"").chars().map(|c| c as u8).collect();
    let told = said(&load(&folder.write("latin1.ron", latin1), None));
    assert!(told.contains("line 2 has the byte 0xE9 (`\u{e9}` in Latin-1)") && told.contains("iconv"), "{told}");
}

#[test]
fn line_ends_of_every_kind_are_line_ends() {
    let folder = Folder::new("ends");
    for end in ["\n", "\r\n", "\r"] {
        let good = load(&folder.write("good.ron", layout("").replace('\n', end)), None);
        assert_eq!(said(&good), "", "{end:?}");
        let bad = load(&folder.write("bad.ron", layout("nmae: 1,").replace('\n', end)), None);
        assert_eq!(bad.diagnostics[0].line, 2, "{end:?}: {}", bad.render());
        assert!(bad.render().contains("Beamline("), "{end:?}: {}", bad.render());
    }
    assert!(said(&load(Path::new("/nowhere/at/all.ron"), None)).contains("there is no such file"));
}
