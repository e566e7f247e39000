//! Notices that files change, whatever wrote them: cargo, the linker, `cp`, `install`, `mv`, an editor.
//!
//! Events of the file system are only hints to look now; what counts is what a look finds. A file
//! counts as changed once its size, time and inode have stood still for [`SETTLE`]. Folders that emit
//! no events (NFS) are looked at every [`POLL`].

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long a file must stand still.
const SETTLE: Duration = Duration::from_millis(30);
/// How often everything is looked at without a hint.
const POLL: Duration = Duration::from_millis(500);

/// What a file looks like from outside; `None` while it is not there.
type Look = Option<(u64, i64, i64, u64)>;

fn look(path: &Path) -> Look {
    let found = std::fs::metadata(path).ok()?;
    Some((found.len(), found.mtime(), found.mtime_nsec(), found.ino()))
}

/// Watches files and folders.
pub struct Watch {
    hints: Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    folders: Vec<PathBuf>,
    known: HashMap<PathBuf, Look>,
    moving: HashMap<PathBuf, (Look, Instant)>,
}

impl Watch {
    /// Watches nothing yet.
    pub fn new() -> Self {
        let (sender, hints): (SyncSender<()>, _) = sync_channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Our own looking is an access too.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                // One hint that is not yet read is as good as many.
                let _ = sender.try_send(());
            }
        });
        Self { hints, watcher: watcher.ok(), folders: Vec::new(), known: HashMap::new(), moving: HashMap::new() }
    }

    /// Takes these files as they are now and reports their changes from here on.
    pub fn files(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        for file in files {
            if let Some(folder) = file.parent() {
                self.folder(folder);
            }
            self.known.entry(file.clone()).or_insert_with(|| look(&file));
        }
    }

    fn folder(&mut self, folder: &Path) {
        if self.folders.iter().any(|known| known == folder) {
            return;
        }
        if let Some(watcher) = &mut self.watcher {
            // Without events the polling finds it, only later.
            let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.folders.push(folder.into());
    }

    /// Waits, at most [`POLL`], and gives the files that have changed and settled. A file that has gone
    /// is not reported: what it held goes on.
    pub fn wait(&mut self, candidates: impl FnOnce() -> Vec<PathBuf>) -> Vec<PathBuf> {
        let pause = if self.moving.is_empty() { POLL } else { SETTLE / 3 };
        // A hint or the end of the pause: either way it is time to look.
        let _ = self.hints.recv_timeout(pause);
        for new in candidates() {
            if !self.known.contains_key(&new) {
                if let Some(folder) = new.parent() {
                    self.folder(folder);
                }
                self.known.insert(new, None);
            }
        }
        let now = Instant::now();
        let mut settled = Vec::new();
        for (path, known) in &mut self.known {
            let seen = look(path);
            if seen == *known {
                self.moving.remove(path);
            } else if let Some((_, since)) = self.moving.get(path).filter(|(before, _)| *before == seen) {
                if now - *since >= SETTLE && seen.is_some() {
                    *known = seen;
                    settled.push(path.clone());
                    self.moving.remove(path);
                }
            } else {
                self.moving.insert(path.clone(), (seen, now));
            }
        }
        // A file that is gone stays "moving" without keeping the loop awake.
        self.moving.retain(|_, (seen, since)| seen.is_some() || now - *since < SETTLE * 4);
        settled
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}
