//! Reads one file of a layout from disk: regular files of a sane size alone, since a pipe would wait for its writer and a
//! device never ends. What is no text in UTF-8 is refused with what it seems to be. Called by the loader alone.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The largest file that is read. A layout of thousands of objects has a hundredth of it.
const MAX_BYTES: u64 = 16 << 20;
/// `O_NONBLOCK` of Linux: opening a pipe without a writer answers at once.
const NONBLOCK: i32 = 0o4000;

/// Which file a path leads to, whatever links are on the way: its device and its inode.
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// The text of a layout.
///
/// # Errors
/// When it is no regular file, too large, or no text in UTF-8; says which, and the cure.
pub fn read_text(path: &Path) -> io::Result<String> {
    let mut file = OpenOptions::new().read(true).custom_flags(NONBLOCK).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other(format!("it is {}, not a regular file", what_else(&found))));
    }
    text(bytes(&mut file)?)
}

fn bytes(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // It may grow meanwhile, and what a file of /proc says of its size means nothing.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it has more than {} MB, which is no layout", MAX_BYTES >> 20)));
    }
    Ok(bytes)
}

fn what_else(found: &Metadata) -> &'static str {
    let kind = found.file_type();
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    let refused = |why: String| Err(io::Error::new(io::ErrorKind::InvalidData, why));
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).take(32).filter(|byte| **byte == 0).count();
    if bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || (bytes.len() > 8 && zeros(0).max(zeros(1)) > bytes.len().min(64) / 4)
    {
        return refused("it is text in UTF-16: save it as UTF-8, or run `iconv -f UTF-16 -t UTF-8`".into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
            let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            let meant = match bytes[at] {
                byte @ 0xa0.. => format!(" (`{}` in Latin-1)", char::from(byte)),
                _ => String::new(),
            };
            refused(format!(
                "it is not text in UTF-8: line {line} has the byte 0x{:02X}{meant}; save it as UTF-8, or run `iconv -f \
                 LATIN1 -t UTF-8`",
                bytes[at]
            ))
        }
    }
}
