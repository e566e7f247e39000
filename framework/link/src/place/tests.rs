//! Folders and sockets with odd names and owners.

use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static FOLDERS: AtomicU64 = AtomicU64::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brickwork-place-{}-{number}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&folder).expect("the folder is new");
        Self(folder)
    }

    fn mode(&self, mode: u32) {
        fs::set_permissions(&self.0, fs::Permissions::from_mode(mode)).expect("it is ours");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_private_folder_is_made_and_closed_to_others() {
    let folder = Folder::new();
    let inner = folder.0.join("a/b");
    private_folder(&inner).expect("all of it is ours");
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o777)).expect("it is ours");
    private_folder(&inner).expect("it is ours, and closed now");
    assert_eq!(fs::metadata(&inner).expect("it is there").mode() & 0o777, 0o700);
}

#[test]
fn a_folder_that_others_could_replace_is_refused_and_nothing_is_made_in_it() {
    let folder = Folder::new();
    folder.mode(0o777);
    let error = private_folder(&folder.0.join("a/b")).expect_err("everybody could put another there").to_string();
    assert!(error.contains("everybody may write") && error.contains("chmod o-w"), "{error}");
    assert!(!folder.0.join("a").exists());
    folder.mode(0o1777);
    private_folder(&folder.0.join("a/b")).expect("the sticky bit protects what is ours");
}

#[test]
fn a_link_in_place_of_a_folder_is_refused() {
    let (folder, other) = (Folder::new(), Folder::new());
    let link = folder.0.join("link");
    symlink(&other.0, &link).expect("the folder is ours");
    private_folder(&link).expect_err("a link can be led elsewhere");
}

#[test]
fn a_name_is_cut_in_whole_letters_and_tells_layouts_apart() {
    let long = "線".repeat(40);
    assert_eq!(stem(Path::new(&format!("{long}.ron")), 32).len(), 30);
    assert_ne!(layout_name(Path::new("/a/x.ron")), layout_name(Path::new("/b/x.ron")));
}
