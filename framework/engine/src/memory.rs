//! Gives back the memory of libraries that are used no more, as far as that can be done without unmapping them.
//!
//! Called when a library is retired. What its file holds is read again should something still run in it; what it
//! has written is left alone.
#![allow(unsafe_code)]

use std::path::Path;

use rustix::mm::{Advice, madvise};

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
