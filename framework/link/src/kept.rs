//! The states of objects or bricks on disk, so that they come back at the next start. One file for each name, written
//! whole by a thread of its own: whoever keeps something never waits for the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_sdk::__abi::{decode, encode};
use brickwork_sdk::protocol::States;
use brickwork_sdk::{from_value, to_value};
use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};

use crate::place::hash_of;
use crate::{Place, private_folder, state_folder, write_private};

/// The first bytes of such a file: what it is, and the version of its form.
const MAGIC: &[u8] = b"brickwork states 1\n";
/// A larger file is not read, a larger state not written.
const MAX_BYTES: u64 = 16 << 20;

/// What was saved under one name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Record {
    name: String,
    kind: String,
    states: States,
}

/// The states of one layout's objects, or of its bricks.
pub struct Kept {
    known: BTreeMap<String, Record>,
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// The newest of each name.
    records: BTreeMap<String, Record>,
    is_writing: bool,
    is_over: bool,
}

impl Kept {
    /// Reads what was kept of a layout's `what`, such as "objects", and starts the thread that writes it from now on.
    ///
    /// # Errors
    /// When the thread cannot be started. A file that cannot be read is said in the log and is as good as none.
    pub fn open(place: &Place, what: &str) -> std::io::Result<Self> {
        Self::in_folder(state_folder().join("states").join(place.name()).join(what))
    }

    fn in_folder(folder: PathBuf) -> std::io::Result<Self> {
        let known = read_all(&folder);
        let queue = Arc::new(Queue::default());
        let writing = queue.clone();
        std::thread::Builder::new().name("states".into()).spawn(move || write_for_ever(&folder, &writing))?;
        Ok(Self { known, queue })
    }

    /// What was kept under a name by the same kind.
    pub fn states(&self, name: &str, kind: &str) -> States {
        self.known
            .get(name)
            .filter(|record| record.kind == kind)
            .map(|record| record.states.clone())
            .unwrap_or_default()
    }

    /// Keeps what is newest; it is on disk soon.
    pub fn keep(&mut self, name: &str, kind: &str, states: &States) {
        let record = Record { name: name.into(), kind: kind.into(), states: states.clone() };
        if self.known.get(name) == Some(&record) || (states.is_empty() && !self.known.contains_key(name)) {
            return;
        }
        self.known.insert(name.into(), record.clone());
        self.queue.waiting.lock().records.insert(name.into(), record);
        self.queue.changed.notify_all();
    }

    /// Waits until everything is written, within a limit. Whether it is.
    pub fn flush(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut waiting = self.queue.waiting.lock();
        while waiting.is_writing || !waiting.records.is_empty() {
            if self.queue.changed.wait_until(&mut waiting, deadline).timed_out() {
                return false;
            }
        }
        true
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.queue.waiting.lock().is_over = true;
        self.queue.changed.notify_all();
    }
}

fn write_for_ever(folder: &Path, queue: &Queue) {
    let mut has_failed = false;
    loop {
        let mut waiting = queue.waiting.lock();
        waiting.is_writing = false;
        queue.changed.notify_all();
        let record = loop {
            if let Some((_, record)) = waiting.records.pop_first() {
                break record;
            }
            if waiting.is_over {
                return;
            }
            queue.changed.wait(&mut waiting);
        };
        waiting.is_writing = true;
        drop(waiting);
        match write(folder, &record) {
            Ok(()) => has_failed = false,
            // A full disk is said once, not at each try.
            Err(_) if has_failed => {}
            Err(error) => {
                has_failed = true;
                tracing::warn!(object = record.name, "its state is not kept: {}: {error}", folder.display());
            }
        }
    }
}

fn write(folder: &Path, record: &Record) -> std::io::Result<()> {
    private_folder(folder).map_err(std::io::Error::other)?;
    let mut bytes = MAGIC.to_vec();
    encode(&to_value(record).map_err(std::io::Error::other)?, &mut bytes);
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other(format!("{} MB are too much for a state", bytes.len() >> 20)));
    }
    write_private(&folder.join(file_name(&record.name)), &bytes)
}

/// A name as the name of a file: what may not stand there, and the sign itself, as `%` and its bytes.
fn file_name(name: &str) -> String {
    let mut safe = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            safe.push(byte.into());
        } else {
            safe += &format!("%{byte:02x}");
        }
    }
    // A long name is cut; the record knows the whole one, and a hash keeps two such apart.
    if safe.len() > 200 {
        safe.truncate(180);
        safe += &format!("-{:016x}", hash_of(name));
    }
    safe + ".state"
}

fn read_all(folder: &Path) -> BTreeMap<String, Record> {
    let mut known = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "state") {
            continue;
        }
        match read(&path) {
            Ok(record) => _ = known.insert(record.name.clone(), record),
            Err(why) => tracing::warn!("{} is not understood, it begins without its old state: {why}", path.display()),
        }
    }
    known
}

fn read(path: &Path) -> Result<Record, String> {
    let metadata = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Err("it is no file that was written here".into());
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let bytes = bytes.strip_prefix(MAGIC).ok_or("it is of another version")?;
    let value = decode(bytes).map_err(|error| error.to_string())?;
    from_value(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use brickwork_sdk::State;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("brickwork-kept-{name}-{}", std::process::id()))
    }

    fn states(data: f64) -> States {
        let mut states = States::default();
        states.keep(State::new("axis 1", &data).lasting());
        states
    }

    #[test]
    fn what_was_kept_is_there_at_the_next_start_for_the_same_kind() {
        let folder = folder("next");
        let mut kept = Kept::in_folder(folder.clone()).expect("a thread can be started");
        let odd = format!("../ω:{}", "long".repeat(80));
        kept.keep("omega", "sim.motor", &states(f64::NAN));
        kept.keep(&odd, "sim.motor", &states(1.0));
        kept.keep(&odd, "sim.motor", &states(2.0));
        kept.keep("nothing", "sim.motor", &States::default());
        assert!(kept.flush(Duration::from_secs(5)));
        let next = Kept::in_folder(folder.clone()).expect("a thread can be started");
        assert!(!next.states("omega", "sim.motor").is_empty());
        assert!(next.states("omega", "spec.motor").is_empty());
        assert_eq!(next.states(&odd, "sim.motor"), states(2.0));
        assert_eq!(fs::read_dir(&folder).expect("it was made").count(), 2);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[test]
    fn rubbish_is_as_good_as_nothing_and_harms_no_other() {
        let folder = folder("rubbish");
        let mut kept = Kept::in_folder(folder.clone()).expect("a thread can be started");
        kept.keep("omega", "sim.motor", &states(1.0));
        assert!(kept.flush(Duration::from_secs(5)));
        let good = fs::read(folder.join("omega.state")).expect("it was written");
        fs::write(folder.join("cut.state"), &good[..good.len() - 3]).expect("it is ours");
        fs::write(folder.join("other.state"), "rubbish").expect("it is ours");
        fs::create_dir(folder.join("folder.state")).expect("it is ours");
        let next = Kept::in_folder(folder.clone()).expect("a thread can be started");
        assert_eq!(next.known.len(), 1);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[test]
    fn whoever_keeps_something_does_not_wait_for_a_disk_that_fails() {
        let folder = folder("full");
        fs::write(&folder, "in the way").expect("the temporary folder can be written");
        let mut kept = Kept::in_folder(folder.clone()).expect("a thread can be started");
        kept.keep("omega", "sim.motor", &states(1.0));
        assert!(kept.flush(Duration::from_secs(5)), "what cannot be written is given up, not tried for ever");
        assert!(!kept.states("omega", "sim.motor").is_empty(), "it is known all the same");
        fs::remove_file(folder).expect("it is ours");
    }
}
