//! Files of the user's own, and what a process holds in memory. Whoever keeps something in the state folder writes it
//! through here; nothing here decides what is kept.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file (0600) in one step: whoever reads it meanwhile sees the old one or the new one, never a part.
///
/// # Errors
/// When it cannot be written, or what has the name is no file: a device or a link is not replaced. Then nothing of it is
/// left.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, 0o600)
}

/// The same for a file that others may use as `mode` says.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    static PARTS: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::other("a file has a name"))?.to_string_lossy();
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other(
            "something is there that is no file, such as a folder, a link or a device: give another name",
        ));
    }
    let number = PARTS.fetch_add(1, Ordering::Relaxed);
    let part = path.with_file_name(format!(".{name}.{}-{number}", std::process::id()));
    let written = write_new(&part, bytes, mode).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What failed is told; a rest of it helps nobody.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What this process holds in memory, in bytes; 0 if the system does not say.
pub fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_written_whole_for_its_owner_alone_and_a_failure_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("brickwork-files-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let file = folder.join("a.txt");
        write_private(&file, b"one").expect("the folder is ours");
        write_private(&file, b"two").expect("the folder is ours");
        assert_eq!(fs::read(&file).expect("it is there"), b"two");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        // A folder of that name cannot be replaced by a file.
        fs::create_dir_all(folder.join("b/c")).expect("the folder is ours");
        write_private(&folder.join("b"), b"x").expect_err("a folder is in the way");
        assert_eq!(fs::read_dir(&folder).expect("it is there").count(), 2, "no part is left");
        std::os::unix::fs::symlink("/dev/null", folder.join("c")).expect("the folder is ours");
        write_private(&folder.join("c"), b"x").expect_err("a link is no file");
        assert!(fs::symlink_metadata(folder.join("c")).expect("it is there").is_symlink());
        fs::remove_dir_all(folder).expect("the folder is ours");
    }

    #[test]
    fn a_process_knows_what_it_holds_in_memory() {
        assert!(resident_bytes() > 100_000, "{} bytes", resident_bytes());
    }
}
