//! Locks of real files, held by this process and by another.

use std::process::{Child, Command, Stdio};

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("brickwork-lock-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        fs::write(folder.join("a.ron"), "()").expect("the folder is ours");
        Self(folder)
    }

    fn layout(&self) -> PathBuf {
        self.0.join("a.ron")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Another process that has the lock.
fn other(layout: &Path) -> Child {
    let mut command = Command::new("flock");
    let child = command.arg("--no-fork").arg(layout).args(["sleep", "60"]).stdin(Stdio::null()).spawn();
    let child = child.expect("`flock` is part of every Debian");
    let begun = Instant::now();
    while Holder::of(layout).is_none_or(|holder| holder.process != child.id()) {
        assert!(begun.elapsed() < DYING * 5, "the other process takes the lock");
        std::thread::sleep(PAUSE);
    }
    child
}

fn end(mut child: Child) {
    child.kill().expect("it is ours");
    child.wait().expect("it is ours");
}

#[test]
fn the_holder_is_named_and_a_dead_one_stops_nobody() {
    let folder = Folder::new("named");
    let child = other(&folder.layout());
    let hard = folder.0.join("b.ron");
    fs::hard_link(folder.layout(), &hard).expect("one file system");
    let said = Lock::take(&hard).expect_err("another process has it").to_string();
    for words in ["runs the layout", &format!("process {}", child.id()), "since 20", "sleep 60", "Nothing was started"]
    {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
    end(child);
    let lock = Lock::take(&hard).expect("it has ended");
    assert_eq!(lock.trouble(), None);
    assert_eq!(Holder::of(&folder.layout()).map(|holder| holder.process), Some(std::process::id()));
    drop(lock);
    assert_eq!(Holder::of(&folder.layout()), None);
}

#[test]
fn a_lock_follows_its_layout_unless_another_has_the_new_file() {
    let folder = Folder::new("follows");
    let mut lock = Lock::take(&folder.layout()).expect("it is free");
    let replace = || {
        let new = folder.0.join("new");
        fs::write(&new, "(b: 1)").expect("the folder is ours");
        new
    };
    fs::rename(replace(), folder.layout()).expect("the folder is ours");
    assert_eq!(Holder::of(&folder.layout()), None, "the new file is free");
    lock.follow().expect("it is free");
    assert_eq!(Holder::of(&folder.layout()).map(|holder| holder.process), Some(std::process::id()));
    let new = replace();
    let child = other(&new);
    fs::rename(new, folder.layout()).expect("the folder is ours");
    lock.follow().expect_err("another process has it");
    end(child);
    lock.follow().expect("it is free again");
    fs::remove_file(folder.layout()).expect("the folder is ours");
    lock.follow().expect_err("it is gone");
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = Folder::new("no-file");
    Lock::take(&folder.0).expect_err("a folder is no layout");
    Lock::take(&folder.0.join("none.ron")).expect_err("it is not there");
}

#[test]
fn a_note_of_another_computer_is_told_without_what_moves_a_terminal() {
    let folder = Folder::new("note");
    fs::write(folder.0.join(".a.ron.engine"), "process 7 of anna on lid29\u{1b}[2J, since noon\n").expect("it is ours");
    let said = elsewhere(&folder.layout());
    assert!(said.starts_with("process 7 of anna on lid29 [2J, since noon (says a note of "), "{said:?}");
    assert!(elsewhere(Path::new("/tmp/none.ron")).contains("another computer"));
}
