//! The password of a camera, read from a file that nobody else may read. The source of pictures reads it
//! anew after every failure, so that a changed password needs no restart. The password never
//! appears in an error, and nothing here keeps it.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Longer than any password: such a file holds something else.
const MAX_BYTES: u64 = 4096;

/// Why the password cannot be had, with the cure.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The file cannot be opened or read.
    #[error("the password file {0} cannot be read: {1}")]
    Unreadable(PathBuf, io::Error),
    /// A folder, a device or a pipe.
    #[error("the password file {0} is not a regular file")]
    NotAFile(PathBuf),
    /// Others may read or change it.
    #[error("the password file {path} is open to others (mode {mode:04o}): run `chmod 600 {path}`")]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another user can change it.
    #[error("the password file {0} belongs to another user: run `chown` to make it that of the engine's user")]
    NotOurs(PathBuf),
    /// Nothing but perhaps a line end is in it.
    #[error("the password file {0} is empty: write the camera's password into it")]
    Empty(PathBuf),
    /// More than one line, too long, or not UTF-8.
    #[error("the password file {0} must hold one line of text, the password, and nothing else")]
    NotAPassword(PathBuf),
}

/// What a file held, and which file that was.
pub struct Found {
    /// The password.
    pub password: String,
    /// Differs when the file does.
    pub stamp: Stamp,
}

/// Tells a file from what it was before, without a look into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        Self { inode: metadata.ino(), size: metadata.size(), changed }
    }
}

/// The stamp of the file now; `None` while there is none. Blocks as long as the file system does.
pub fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().as_ref().map(Stamp::of)
}

/// The password in the file, without its line end. Blocks as long as the file system does.
pub fn read(path: &Path) -> Result<Found, PasswordError> {
    let unreadable = |error| PasswordError::Unreadable(path.into(), error);
    // Opening a pipe would wait for its writer; so it is looked at before.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(PasswordError::NotAFile(path.into()));
    }
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(PasswordError::NotAFile(path.into()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(PasswordError::TooOpen { path: path.into(), mode: metadata.mode() & 0o7777 });
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(PasswordError::NotOurs(path.into()));
    }
    let mut text = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut text).map_err(unreadable)?;
    match password_in(&text) {
        None => Err(PasswordError::NotAPassword(path.into())),
        Some("") => Err(PasswordError::Empty(path.into())),
        Some(password) => Ok(Found { password: password.to_owned(), stamp: Stamp::of(&metadata) }),
    }
}

fn password_in(text: &[u8]) -> Option<&str> {
    if text.len() as u64 > MAX_BYTES {
        return None;
    }
    let line = std::str::from_utf8(text).ok()?.trim_end_matches(['\r', '\n']);
    (!line.contains(char::is_control)).then_some(line)
}
