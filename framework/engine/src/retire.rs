//! Ends libraries that nothing uses any more: their threads, their pages, their copies. On a thread of its own, since
//! code of theirs runs and may take a while; they are never unmapped.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_link::ToShell;

use crate::engine::Engine;
use crate::loader::Library;
use crate::memory;

/// How long the threads of a library that is used no more may take to end.
const RETIRE_LIMIT: Duration = Duration::from_millis(200);
/// How often such libraries are looked for.
const RETIRE_LOOK: Duration = Duration::from_millis(100);
/// How long the copy of a replaced library stays: a shell may just be about to load it.
const COPY_KEPT: Duration = Duration::from_secs(5);

impl Engine {
    /// Ends what nothing uses any more; that may take a while, which no other thread should.
    pub(crate) fn retire_unused(self: Arc<Self>) {
        let mut copies: Vec<(PathBuf, Instant)> = Vec::new();
        while !self.is_stopping() {
            std::thread::sleep(RETIRE_LOOK);
            let unused = self.core().unused(false);
            if !unused.is_empty() {
                // A thread of its own: what the libraries keep for each thread goes with it, by code of theirs.
                let thread = std::thread::Builder::new().name("retired".into()).spawn(|| retire(unused));
                let retired = thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default();
                self.count_left(&retired);
                let retired: Vec<PathBuf> = retired.into_iter().map(|retired| retired.copy).collect();
                retired.iter().for_each(|copy| memory::release(copy));
                copies.extend(retired.into_iter().map(|copy| (copy, Instant::now())));
            }
            // What is loaded stays loaded without its name.
            copies.extract_if(.., |(_, since)| since.elapsed() > COPY_KEPT).for_each(|(copy, _)| remove(&copy));
        }
        copies.iter().for_each(|(copy, _)| remove(copy));
    }
}

impl Engine {
    /// Says to the shells which threads do not end.
    fn count_left(&self, retired: &[Retired]) {
        if retired.iter().all(|retired| retired.left == 0) {
            return;
        }
        let mut core = self.core();
        for Retired { plugin, left, .. } in retired {
            core.catalogue.leave_threads(plugin, *left);
        }
        let files = core.catalogue.files();
        core.broadcast(&ToShell::Plugins(files));
    }
}

/// A library that has ended, as far as it does.
pub struct Retired {
    plugin: String,
    /// Its copy: what is loaded stays mapped.
    pub copy: PathBuf,
    /// Threads that do not end.
    left: u64,
}

/// Ends the threads of libraries that nothing uses any more.
pub fn retire(libraries: Vec<Arc<Library>>) -> Vec<Retired> {
    let ended = libraries.into_iter().map(|library| {
        let left = library.shutdown(RETIRE_LIMIT);
        if left > 0 {
            let (plugin, number) = (&library.info.name, library.number);
            tracing::warn!(plugin, "{left} thread of load {number} does not end; it stays until the engine does");
        }
        let (plugin, copy) = (library.info.name.clone(), library.copy.clone());
        // What it said of itself is freed here, by code of its own: before its pages are given back.
        drop(library);
        Retired { plugin, copy, left }
    });
    ended.collect()
}

/// Removes a copy; it was ours alone.
pub fn remove(copy: &Path) {
    let _ = std::fs::remove_file(copy);
}
