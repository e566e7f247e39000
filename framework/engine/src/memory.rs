//! The memory that the system is asked for or given back by hand, and the only `unsafe` of the engine.
//!
//! Libraries that are used no more give back theirs, as far as that can be done without unmapping them: what the file
//! holds is read again should something still run in it; what it has written is left alone. And a file can be shared
//! with the process that started this one.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use rustix::fs::{SealFlags, fcntl_get_seals};
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap};

/// The first words of a file, shared with whoever has it open. They stay for as long as the process lives.
///
/// # Errors
/// When the file is shorter or could be made shorter, or the system has no room.
pub fn shared_words(file: &File, count: usize) -> io::Result<&'static [AtomicU64]> {
    let bytes = count * size_of::<AtomicU64>();
    let is_sealed = fcntl_get_seals(file)?.contains(SealFlags::SHRINK);
    if !is_sealed || file.metadata()?.len() < bytes as u64 {
        return Err(io::Error::other("this memory was not made for it"));
    }
    let rights = ProtFlags::READ | ProtFlags::WRITE;
    // A new mapping of whole pages, never unmapped, of a file that cannot be made shorter: every word of it is there
    // for ever. Others write it too, which is what atomics are for, and every content of a word is a number.
    unsafe {
        let start = mmap(std::ptr::null_mut(), bytes, rights, MapFlags::SHARED, file, 0)?;
        Ok(std::slice::from_raw_parts(start.cast::<AtomicU64>(), count))
    }
}

/// One mapping of a file into this process.
#[derive(Debug, PartialEq, Eq)]
struct Mapping {
    start: usize,
    end: usize,
}

/// Has the system forget the pages of this mapped file that are as the file has them.
pub fn release(file: &Path) {
    let smaps = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    for Mapping { start, end } in clean_mappings(&smaps, &file.to_string_lossy()) {
        // The range is a mapping of this file in which nothing can be written and no page differs from the file, as
        // the system has just said; libraries are never unmapped, so it still is. A page that is touched later comes
        // from the file again. That it cannot be given back costs memory and nothing else.
        let _ = unsafe { madvise(std::ptr::with_exposed_provenance_mut(start), end - start, Advice::LinuxDontNeed) };
    }
}

/// The mappings of a file that cannot be written and hold nothing of their own, from what the system says of all.
fn clean_mappings(smaps: &str, file: &str) -> Vec<Mapping> {
    let mut found = Vec::new();
    let mut present = None;
    for line in smaps.lines() {
        if let Some(mapping) = head(line) {
            // Its name may be gone: the engine removes the copy when it has no use for it any more.
            let name = mapping.1.strip_suffix(" (deleted)").unwrap_or(mapping.1);
            present = (name == file).then_some(mapping.0).flatten();
        } else if let Some(own) = line.strip_prefix("Anonymous:")
            && let Some(mapping) = present.take()
            && own.trim() == "0 kB"
        {
            found.push(mapping);
        }
    }
    found
}

/// The first line of a mapping: where it is, unless it can be written, and of which file.
fn head(line: &str) -> Option<(Option<Mapping>, &str)> {
    let mut words = line.splitn(6, ' ');
    let (start, end) = words.next()?.split_once('-')?;
    let (start, end) = (usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?);
    let rights = words.next()?;
    let file = words.nth(3).unwrap_or_default().trim_start();
    Some(((!rights.contains('w')).then_some(Mapping { start, end }), file))
}

#[cfg(test)]
mod tests {
    use super::{Mapping, clean_mappings};

    const SMAPS: &str = "\
7f00-7f10 r--p 00000000 fe:00 1                          /state/a b.so
Size:                700 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
7f10-7f20 r-xp 00000000 fe:00 1                          /state/a b.so
Anonymous:             0 kB
7f20-7f30 r--p 00000000 fe:00 1                          /state/a b.so
Anonymous:           104 kB
7f30-7f40 rw-p 00000000 fe:00 1                          /state/a b.so
Anonymous:             0 kB
7f40-7f50 r-xp 00000000 fe:00 1                          /state/other.so (deleted)
Anonymous:             0 kB
7f50-7f60 r-xp 00000000 00:00 0 
Anonymous:             0 kB
";

    #[test]
    fn only_what_is_as_the_file_has_it_is_given_back() {
        let found = clean_mappings(SMAPS, "/state/a b.so");
        assert_eq!(found, [Mapping { start: 0x7f00, end: 0x7f10 }, Mapping { start: 0x7f10, end: 0x7f20 }]);
        assert_eq!(clean_mappings(SMAPS, "/state/other.so"), [Mapping { start: 0x7f40, end: 0x7f50 }]);
        assert_eq!(clean_mappings(SMAPS, "/state/none.so"), []);
    }
}
