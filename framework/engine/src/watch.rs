//! Notices that files change, whatever wrote them: cargo, the linker, `cp`, `install`, `mv`, an editor.
//!
//! Events of the file system are only hints to look now; what counts is what a look finds. A file
//! counts as changed once its size, times and inode have stood still for [`SETTLE`]. Folders that emit
//! no events (NFS) are looked at every [`POLL`].

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long a file must stand still.
const SETTLE: Duration = Duration::from_millis(30);
/// How often everything is looked at without a hint.
const POLL: Duration = Duration::from_millis(500);

/// What a file looks like from outside. The time of its last change, which no program can set, tells also of those
/// writers that keep size and time of what they copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    inode: u64,
}

impl From<&Metadata> for Look {
    fn from(found: &Metadata) -> Self {
        let (modified, changed) = ((found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec()));
        Self { size: found.len(), modified, changed, inode: found.ino() }
    }
}

impl Look {
    /// Looks at a file, through links; `None` while it is not there.
    pub fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Self::from(&found))
    }
}

/// Watches files and folders.
pub struct Watch {
    hints: Receiver<()>,
    /// Kept, so that waiting for a hint takes its time also where nobody gives one.
    _hint: SyncSender<()>,
    watcher: Option<RecommendedWatcher>,
    /// The folders that we are told of, and which folder that is: one that was made anew must be asked for again.
    folders: HashMap<PathBuf, Option<(u64, u64)>>,
    known: HashMap<PathBuf, Option<Look>>,
    moving: HashMap<PathBuf, (Option<Look>, Instant)>,
}

impl Watch {
    /// Watches nothing yet.
    pub fn new() -> Self {
        let (hint, hints) = sync_channel(1);
        let giving: SyncSender<()> = hint.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Our own looking is an access too.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                // One hint that is not yet read is as good as many.
                let _ = giving.try_send(());
            }
        });
        Self { watcher: watcher.ok(), ..Self::without_events(hint, hints) }
    }

    /// One that is told of nothing and looks all the same: for file systems without events, and where the system has
    /// no more room for watching.
    fn without_events(hint: SyncSender<()>, hints: Receiver<()>) -> Self {
        let (folders, known, moving) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { hints, _hint: hint, watcher: None, folders, known, moving }
    }

    /// Takes these files as they are now and reports their changes from here on.
    pub fn files(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        for file in files {
            if let Some(folder) = file.parent() {
                self.folder(folder);
            }
            self.known.entry(file.clone()).or_insert_with(|| Look::of(&file));
        }
    }

    /// Hears of what comes into a folder, also while there is nothing in it.
    pub fn folder(&mut self, folder: &Path) {
        let present = std::fs::metadata(folder).ok().map(|found| (found.dev(), found.ino()));
        if self.folders.get(folder) == Some(&present) {
            return;
        }
        if let Some(watcher) = &mut self.watcher {
            // What was watched there before may be gone; and without events the looking finds all, only later.
            let _ = watcher.unwatch(folder);
            let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.folders.insert(folder.into(), present);
    }

    /// Waits, at most [`POLL`], and gives the files that have changed and settled. A file that has gone
    /// is not reported: what it held goes on.
    pub fn wait(&mut self, candidates: impl FnOnce() -> Vec<PathBuf>) -> Vec<PathBuf> {
        let pause = if self.moving.is_empty() { POLL } else { SETTLE / 3 };
        // A hint or the end of the pause: either way it is time to look.
        let _ = self.hints.recv_timeout(pause);
        let folders: Vec<PathBuf> = self.folders.keys().cloned().collect();
        folders.iter().for_each(|folder| self.folder(folder));
        for new in candidates() {
            if !self.known.contains_key(&new) {
                if let Some(folder) = new.parent() {
                    self.folder(folder);
                }
                self.known.insert(new, None);
            }
        }
        self.look()
    }

    fn look(&mut self) -> Vec<PathBuf> {
        let now = Instant::now();
        let mut settled = Vec::new();
        for (path, known) in &mut self.known {
            let seen = Look::of(path);
            if seen == *known {
                self.moving.remove(path);
            } else if let Some((_, since)) = self.moving.get(path).filter(|(before, _)| *before == seen) {
                if now - *since >= SETTLE {
                    *known = seen;
                    settled.extend(seen.is_some().then(|| path.clone()));
                    self.moving.remove(path);
                }
            } else {
                self.moving.insert(path.clone(), (seen, now));
            }
        }
        settled
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
