//! A compressed archive in memory. It never touches the disk: whoever has the bytes writes them.

use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

/// One file of an archive.
pub struct Entry {
    /// Its path below the archive's folder.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The bytes of a `.tar.gz` in which all entries lie in one folder.
///
/// # Errors
/// When a path is none.
pub fn pack(folder: &str, entries: &[Entry], wall_secs: f64) -> io::Result<Vec<u8>> {
    let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for Entry { path, bytes } in entries {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(wall_secs.max(0.0) as u64);
        tar.append_data(&mut header, format!("{folder}/{path}"), bytes.as_slice())?;
    }
    tar.into_inner()?.finish()
}
