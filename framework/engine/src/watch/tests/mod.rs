//! Each program that writes a library, as it writes it, into a folder that is watched.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use super::{POLL, SETTLE, Watch};

/// Longer than anything here takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);
const OLD: &[u8] = b"the old content";

/// A folder of this test's own with a watched file in it.
struct Place {
    folder: PathBuf,
    file: PathBuf,
    watch: Watch,
}

impl Place {
    fn new(watch: Watch) -> Self {
        static PLACES: AtomicU64 = AtomicU64::new(0);
        let number = PLACES.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brickwork-watch-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let file = folder.join("libx.so");
        std::fs::write(&file, OLD).expect("the folder is ours");
        let mut place = Self { folder, file, watch };
        place.watch.files([place.file.clone()]);
        place
    }

    /// What the file holds each time it is reported, until it has held `last` and nothing came after that.
    fn contents_until(&mut self, last: &[u8]) -> Vec<Vec<u8>> {
        let begun = Instant::now();
        let mut seen = Vec::new();
        let mut quiet = 0;
        // Two looks without a hint and without a change: nothing more comes.
        while quiet < 2 {
            assert!(begun.elapsed() < PATIENCE, "reported were {seen:?}");
            let waiting = Instant::now();
            let file = self.file.clone();
            let changed = self.watch.wait(|| vec![file]);
            let is_quiet = changed.is_empty() && waiting.elapsed() >= POLL;
            let is_last = seen.last().is_some_and(|content: &Vec<u8>| content == last);
            quiet = if is_quiet && is_last { quiet + 1 } else { 0 };
            seen.extend(changed.iter().map(|path| std::fs::read(path).expect("what is reported is there")));
        }
        seen
    }

    /// Runs a program, and expects one report of the whole new content, the last.
    fn expect_one(&mut self, content: &[u8], command: &mut Command) {
        let status = command.stdin(Stdio::null()).status().expect("the program is installed");
        assert!(status.success(), "{command:?}");
        let seen = self.contents_until(content);
        // Where the program was held up in the midst, there may be one of a part before it.
        let whole = seen.iter().filter(|seen| *seen == content).count();
        assert_eq!(whole, 1, "{command:?}: {} reports", seen.len());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn program(name: &str, arguments: &[&Path]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

#[test]
fn every_writer_is_seen_once_with_all_that_it_wrote() {
    let mut place = Place::new(Watch::new());
    let (file, beside) = (place.file.clone(), place.folder.join("built"));
    let content = |number: u8| vec![b'a' + number; 1 << 20];
    let written = |number| {
        std::fs::write(&beside, content(number)).expect("the folder is ours");
        content(number)
    };
    place.expect_one(&written(0), &mut program("cp", &[&beside, &file]));
    place.expect_one(&written(1), &mut program("install", &[&beside, &file]));
    place.expect_one(&written(2), program("cp", &[&beside, &file]).arg("--remove-destination"));
    place.expect_one(&written(3), program("cp", &[&beside, &file]).arg("--preserve=all"));
    let part = place.folder.join("part");
    std::fs::copy(&beside, &part).expect("the folder is ours");
    let moved = written(4);
    std::fs::copy(&beside, &part).expect("the folder is ours");
    place.expect_one(&moved, &mut program("mv", &[&part, &file]));
    // As cargo does it: the old name goes, and comes back as a link to what the linker made.
    let linked = written(5);
    std::fs::remove_file(&file).expect("it is there");
    place.expect_one(&linked, &mut program("ln", &[&beside, &file]));
    std::fs::remove_file(&file).expect("it is there");
    place.expect_one(&written(6), program("cp", &[&beside, &file]).arg("--sparse=always"));
}

#[test]
fn rsync_is_seen_once_also_where_it_writes_in_place_and_keeps_the_times() {
    let is_there = Command::new("rsync").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        assert!(std::env::var_os("CI").is_none(), "rsync is not installed; `cargo xtask test` installs it");
        skipped("rsync is not installed; `cargo xtask test` installs it");
        return;
    }
    let mut place = Place::new(Watch::new());
    let (file, beside) = (place.file.clone(), place.folder.join("built"));
    for (number, arguments) in [vec![], vec!["-t"], vec!["--inplace"], vec!["-t", "--inplace"]].into_iter().enumerate()
    {
        let content = vec![b'a' + number as u8; 1 << 20];
        std::fs::write(&beside, &content).expect("the folder is ours");
        place.expect_one(&content, program("rsync", &[&beside, &file]).args(arguments).arg("--ignore-times"));
    }
}

#[test]
fn what_cargo_builds_is_seen_once_for_each_build() {
    let mut place = Place::new(Watch::new());
    let source = place.folder.join("lib.rs");
    let manifest = "[package]\nname = \"x\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[lib]\n\
                    path = \"lib.rs\"\ncrate-type = [\"cdylib\"]\n";
    std::fs::write(place.folder.join("Cargo.toml"), manifest).expect("the folder is ours");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--offline", "--target-dir"]).arg(place.folder.join("target"));
    cargo.current_dir(&place.folder).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    place.file = place.folder.join("target/debug/libx.so");
    for number in 0..3 {
        let text = format!("#[unsafe(no_mangle)] pub extern \"C\" fn number() -> u64 {{ {number} }}\n");
        std::fs::write(&source, text).expect("the folder is ours");
        assert!(cargo.status().expect("cargo runs").success());
        let built = std::fs::read(&place.file).expect("it was built");
        assert_eq!(place.contents_until(&built).len(), 1, "build {number}");
    }
}

#[test]
fn a_writer_that_pauses_is_seen_at_last_with_all_that_it_wrote() {
    let mut place = Place::new(Watch::new());
    let script = format!("printf first; sleep {}; printf second", 4.0 * SETTLE.as_secs_f64());
    let mut writer = Command::new("sh");
    let into = std::fs::File::create(&place.file).expect("the folder is ours");
    let mut writer = writer.arg("-c").arg(script).stdout(into).spawn().expect("there is a shell");
    let seen = place.contents_until(b"firstsecond");
    assert!(writer.wait().expect("it ends").success());
    assert_eq!(seen.last().map(Vec::as_slice), Some(b"firstsecond".as_slice()), "{seen:?}");
}

#[test]
fn a_file_that_goes_and_comes_back_is_looked_at_again() {
    let mut place = Place::new(Watch::new());
    let aside = place.folder.join("aside");
    std::fs::rename(&place.file, &aside).expect("the folder is ours");
    // It is gone for longer than a change takes to settle: nothing is reported.
    for _ in 0..3 {
        let file = place.file.clone();
        assert_eq!(place.watch.wait(|| vec![file]), [] as [PathBuf; 0]);
    }
    place.expect_one(OLD, &mut program("mv", &[&aside, &place.file.clone()]));
}

#[test]
fn a_folder_without_events_is_looked_at_all_the_same_and_waiting_takes_its_time() {
    let (hint, hints) = sync_channel(1);
    let mut place = Place::new(Watch::without_events(hint, hints));
    std::fs::write(&place.file, b"new").expect("the folder is ours");
    let written = Instant::now();
    let looks = (0..1000).find(|_| {
        let file = place.file.clone();
        !place.watch.wait(|| vec![file]).is_empty()
    });
    assert!(written.elapsed() < Duration::from_millis(1500), "what is promised for a network folder");
    assert!(looks.is_some_and(|looks| looks < 20), "it does not look without pause: {looks:?}");
}

#[test]
fn a_folder_that_is_made_anew_is_heard_of_again() {
    let mut place = Place::new(Watch::new());
    std::fs::remove_dir_all(&place.folder).expect("it is ours");
    std::fs::create_dir(&place.folder).expect("the folder for temporary files can be written");
    std::fs::write(&place.file, b"new").expect("the folder is ours");
    assert_eq!(place.contents_until(b"new"), [b"new"]);
    std::fs::write(&place.file, b"newer").expect("the folder is ours");
    assert_eq!(place.contents_until(b"newer"), [b"newer"]);
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}
