//! Files with the rights and owners that they have on real machines. Those of others can only be made by root.

use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Trust, Untrusted, rights, user};

/// A user and a group that every Debian has, and that are no person's: `daemon` and `bin`.
const OTHER_USER: u32 = 1;
const OTHER_GROUP: &str = "bin";

/// A folder with a file in it, ours alone.
struct Place {
    folder: PathBuf,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        static PLACES: AtomicU64 = AtomicU64::new(0);
        let number = PLACES.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brickwork-trust-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let file = folder.join("libx.so");
        std::fs::write(&file, "code").expect("the folder is ours");
        let place = Self { folder, file };
        place.mode(&place.folder, 0o755);
        place.mode(&place.file, 0o644);
        place
    }

    fn mode(&self, path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    fn judge(&self, trust: &Trust) -> Result<Vec<String>, Untrusted> {
        trust.judge(&self.file, &self.file.metadata().expect("it is there"))
    }

    /// Why it is not trusted, and the cure, in one line.
    fn refusal(&self, trust: &Trust) -> String {
        let untrusted = self.judge(trust).expect_err("somebody else could have written it");
        format!("{untrusted}; {}", untrusted.cure)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whether others' files can be made here.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn is_root() -> bool {
    if user() == 0 {
        return true;
    }
    eprintln!("SKIPPED: only root can give files to others; CI runs as root");
    false
}

/// The number of a group by its name.
fn group(name: &str) -> u32 {
    let output = Command::new("getent").args(["group", name]).output().expect("it is part of the C library");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split(':').nth(2).and_then(|number| number.parse().ok()).expect("every system has the group")
}

#[test]
fn what_is_ours_alone_is_trusted_and_says_who_writes_it() {
    let place = Place::new();
    let writers = place.judge(&Trust::default()).expect("it is ours");
    assert_eq!(writers.len(), 1, "{writers:?}");
    place.mode(&place.file, 0o600);
    place.judge(&Trust::default()).expect("it is ours alone");
}

#[test]
fn what_everybody_may_write_is_refused_with_the_cure() {
    let place = Place::new();
    place.mode(&place.file, 0o646);
    let said = place.refusal(&Trust::default());
    assert!(said.contains("everybody may write") && said.contains("chmod o-w") && said.contains("libx.so"), "{said}");
    place.mode(&place.file, 0o644);
    place.mode(&place.folder, 0o757);
    assert!(place.refusal(&Trust::default()).contains("everybody may write"), "its folder counts too");
    // As the folder for temporary files: nobody can replace what belongs to another.
    place.mode(&place.folder, 0o1777);
    place.judge(&Trust::default()).expect("the sticky bit protects it");
}

#[test]
fn what_a_group_may_write_is_refused_unless_the_group_is_private_or_named() {
    if !is_root() {
        return;
    }
    let (place, name) = (Place::new(), OTHER_GROUP);
    chown(&place.file, None, Some(group(name))).expect("root may");
    place.judge(&Trust::default()).expect("the group may only read it");
    place.mode(&place.file, 0o664);
    let said = place.refusal(&Trust::default());
    for words in ["the group bin may write", "chmod g-w", "--trust-group bin"] {
        assert!(said.contains(words), "{said}");
    }
    let writers = place.judge(&Trust::new(&[name.into()])).expect("the group was named");
    assert!(writers.iter().any(|writer| writer == "group bin"), "{writers:?}");
    place.refusal(&Trust::new(&["daemon".into()]));
    // The group of the same name, which is nobody else's.
    chown(&place.file, None, Some(0)).expect("root may");
    place.judge(&Trust::default()).expect("a private group is no other user");
    chown(&place.folder, None, Some(group(name))).expect("root may");
    place.mode(&place.folder, 0o2775);
    assert!(place.refusal(&Trust::default()).contains("the group bin may write"), "its folder counts too");
}

#[test]
fn what_belongs_to_another_user_is_refused_unless_he_is_of_a_named_group() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    chown(&place.file, Some(OTHER_USER), None).expect("root may");
    let said = place.refusal(&Trust::default());
    assert!(said.contains("belongs to daemon") && said.contains("chown root"), "{said}");
    place.judge(&Trust::new(&["daemon".into()])).expect("he is of the group");
    chown(&place.file, Some(0), None).expect("root may");
    chown(&place.folder, Some(OTHER_USER), None).expect("root may");
    assert!(place.refusal(&Trust::default()).contains("belongs to daemon"), "its folder counts too");
    // Without a name in the system.
    chown(&place.folder, Some(54321), None).expect("root may");
    assert!(place.refusal(&Trust::default()).contains("belongs to 54321"));
}

#[test]
fn where_a_link_leads_counts_and_so_does_the_link() {
    let (place, other) = (Place::new(), Place::new());
    std::fs::remove_file(&place.file).expect("the folder is ours");
    symlink(&other.file, &place.file).expect("the folder is ours");
    place.judge(&Trust::default()).expect("all of it is ours");
    other.mode(&other.folder, 0o777);
    let said = place.refusal(&Trust::default());
    assert!(said.contains(&other.folder.display().to_string()), "{said}");
    other.mode(&other.folder, 0o755);
    if is_root() {
        rustix::fs::chownat(
            rustix::fs::CWD,
            &place.file,
            Some(rustix::fs::Uid::from_raw(OTHER_USER)),
            None,
            rustix::fs::AtFlags::SYMLINK_NOFOLLOW,
        )
        .expect("root may");
        assert!(place.refusal(&Trust::default()).contains("belongs to daemon"));
    }
    std::fs::remove_file(&place.file).expect("the folder is ours");
    symlink(&place.file, &place.file).expect("the folder is ours");
    let opened = other.file.metadata().expect("it is there");
    Trust::default().judge(&place.file, &opened).expect_err("a circle of links leads nowhere");
}

#[test]
fn an_access_list_hides_nobody_behind_a_private_group() {
    let place = Place::new();
    // Version 2; the user may read and write, so may user 1, the group reads, and the mask is read and write.
    let entries: [(u16, u16, u32); 5] =
        [(0x01, 6, u32::MAX), (0x02, 6, OTHER_USER), (0x04, 4, u32::MAX), (0x10, 6, u32::MAX), (0x20, 4, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, who) in entries {
        list.extend([tag.to_le_bytes(), rights.to_le_bytes()].concat());
        list.extend(who.to_le_bytes());
    }
    let set = rustix::fs::setxattr(&place.file, "system.posix_acl_access", &list, rustix::fs::XattrFlags::empty());
    if set == Err(rustix::io::Errno::OPNOTSUPP) {
        // Nobody can hide in a list here.
        return;
    }
    set.expect("the list is a right one");
    let said = place.refusal(&Trust::default());
    assert!(said.contains("access list") && said.contains("setfacl -b"), "{said}");
}

#[test]
fn changed_rights_are_seen_without_judging_again() {
    let place = Place::new();
    let before = rights(&place.file);
    assert_eq!(rights(&place.file), before);
    place.mode(&place.folder, 0o777);
    assert_ne!(rights(&place.file), before, "the folder counts too");
    place.mode(&place.folder, 0o755);
    assert_eq!(rights(&place.file), before);
}
