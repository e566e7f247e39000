//! What of the plugins' code runs on which thread, written where it outlives this process: whoever started the process
//! reads there what it died of. Also whether the process ended as it should.
//!
//! Writing costs a few stores and no call of the system. Without a process that wants to know, nothing is written.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use brickwork_sdk::protocol::PLACE_SEPARATOR;
use parking_lot::{Condvar, Mutex};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

use crate::memory::shared_words;

/// Threads that can be told apart; what more of them do is not noted.
const SLOTS: usize = 120;
/// Words of a slot: the length of its text in bytes, then the text.
const SLOT: usize = 32;
/// Words before the slots.
const HEAD: usize = 8;
const WORDS: usize = HEAD + SLOTS * SLOT;
/// The word that says that the process ended by its own will: its exit status, counted from 1.
const ENDED: usize = 0;
/// The word whose bits tell which of the things that were left off are in use again.
const USED_AGAIN: usize = 1;
/// The word that names the slot in which something began last; counted from 1.
const LAST: usize = 2;

/// After a death, for how long plugins' code runs one at a time, so that another death has one culprit.
const CAREFUL: Duration = Duration::from_secs(10);
/// How long one then waits for another.
const TURN: Duration = Duration::from_millis(300);

static HERE: OnceLock<Crumbs> = OnceLock::new();

struct Crumbs {
    words: &'static [AtomicU64],
    taken: Mutex<[bool; SLOTS]>,
    turn: Turn,
}

/// One function of a plugin's.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Running {
    /// The plugin; empty while it is loaded.
    pub plugin: String,
    /// The object, the brick, or the file that is loaded; empty for a whole kind.
    pub name: String,
    /// The kind; of a file the hash of its content.
    pub kind: String,
    /// The function.
    pub entry: String,
}

/// What stands for the function while a file is loaded.
pub const LOAD: &str = "load";

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, name, kind, entry } = self;
        match (plugin.as_str(), name.as_str()) {
            ("", file) => write!(f, "the {entry} of {file}"),
            (plugin, "") => write!(f, "{kind}'s {entry} of plugin {plugin}"),
            (plugin, name) => write!(f, "{name}.{entry} of plugin {plugin}"),
        }
    }
}

impl Running {
    /// As it is written.
    fn to_text(&self) -> String {
        [&*self.plugin, &self.name, &self.kind, &self.entry].join(PLACE_SEPARATOR.encode_utf8(&mut [0; 4]))
    }

    fn from_text(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(PLACE_SEPARATOR).collect();
        let [plugin, name, kind, entry] = parts[..] else { return None };
        Some(Self { plugin: plugin.into(), name: name.into(), kind: kind.into(), entry: entry.into() })
    }
}

/// Memory for a process that is about to be started; it finds the file by its number.
///
/// # Errors
/// When the system has no room for it.
pub fn memory() -> io::Result<File> {
    // Inherited on purpose: the process that is started opens it by its number.
    let file = memfd_create("brickwork", MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&file, (WORDS * 8) as u64)?;
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW)?;
    Ok(file.into())
}

/// What a process has left behind.
#[derive(Debug, Default)]
pub struct Left {
    /// Its exit status, if it ended by its own will, well or with an error that it told.
    pub ended: Option<u8>,
    /// What ran at the end.
    pub running: Vec<Running>,
    /// The numbers of what was left off and is in use again.
    pub used_again: u64,
}

/// Reads what a process has in its memory, or has left there.
///
/// # Errors
/// When it cannot be read.
pub fn read(memory: &File) -> io::Result<Left> {
    let mut bytes = vec![0; WORDS * 8];
    memory.read_exact_at(&mut bytes, 0)?;
    let word = |at: usize| bytes[at * 8..].first_chunk().copied().map_or(0, u64::from_ne_bytes);
    let text = |slot: usize| {
        let at = HEAD + slot * SLOT;
        let length = usize::try_from(word(at)).ok().filter(|length| (1..=(SLOT - 1) * 8).contains(length))?;
        let text = &bytes[(at + 1) * 8..][..length];
        Running::from_text(&String::from_utf8_lossy(text))
    };
    let mut running: Vec<Running> = (0..SLOTS).filter_map(text).collect();
    running.sort();
    running.dedup();
    let ended = word(ENDED).checked_sub(1).and_then(|code| u8::try_from(code).ok());
    Ok(Left { ended, running, used_again: word(USED_AGAIN) })
}

/// Forgets what the process before has left.
///
/// # Errors
/// When it cannot be written.
pub fn wipe(memory: &File) -> io::Result<()> {
    memory.write_all_at(&vec![0; WORDS * 8], 0)
}

/// Notes from now on in this memory what runs. `careful`: at first one at a time.
///
/// # Errors
/// When the memory is none of [`memory`].
pub fn note_in(memory: &File, careful: bool) -> io::Result<()> {
    let words = shared_words(memory, WORDS)?;
    let turn = Turn { until: careful.then(|| Instant::now() + CAREFUL), ..Turn::default() };
    // Once for a process.
    let _ = HERE.set(Crumbs { words, taken: Mutex::new([false; SLOTS]), turn });
    Ok(())
}

/// The process ends by its own will now, with this exit status.
pub fn ends(status: u8) {
    if let Some(crumbs) = HERE.get() {
        crumbs.words[ENDED].store(u64::from(status) + 1, Ordering::Release);
    }
}

/// What was left off under this number is in use again.
pub fn uses_again(number: usize) {
    if let Some(crumbs) = HERE.get() {
        crumbs.words[USED_AGAIN].fetch_or(1 << (number % 64), Ordering::AcqRel);
    }
}

/// A plugin's code begins to run on this thread, as its sdk says; empty when it has returned.
pub fn enters(place: &str) {
    let Some(crumbs) = HERE.get() else { return };
    // A thread that ends has no slot any more; what it still runs is not noted.
    let _ = MINE.try_with(|mine| {
        let mut mine = mine.borrow_mut();
        if mine.is_none() {
            *mine = crumbs.claim();
        }
        if let Some(Claim(slot)) = &*mine {
            crumbs.note(*slot, place);
        }
    });
}

/// A file is loaded on this thread until the value is dropped.
pub struct Loading;

impl Loading {
    /// Begins.
    pub fn of(file: &str, hash: u64) -> Self {
        let what =
            Running { name: file.into(), kind: format!("{hash:016x}"), entry: LOAD.into(), ..Running::default() };
        enters(&what.to_text());
        Self
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        enters("");
    }
}

/// What runs on this thread, if a plugin does.
pub fn here() -> Option<Running> {
    let crumbs = HERE.get()?;
    let slot = MINE.try_with(|mine| mine.borrow().as_ref().map(|Claim(slot)| *slot)).ok()??;
    crumbs.running(slot)
}

/// The plugins whose code runs now, and the one whose code began last.
pub fn likely_plugins() -> Vec<String> {
    let Some(crumbs) = HERE.get() else { return Vec::new() };
    let last = usize::try_from(crumbs.words[LAST].load(Ordering::Acquire)).unwrap_or(0);
    let last = last.checked_sub(1).and_then(|slot| Running::from_text(&crumbs.text(slot, crumbs.length_before(slot))));
    let running = (0..SLOTS).filter_map(|slot| crumbs.running(slot));
    let mut plugins: Vec<String> =
        running.chain(last).map(|r| if r.plugin.is_empty() { r.name } else { r.plugin }).collect();
    plugins.sort();
    plugins.dedup();
    plugins
}

thread_local! {
    static MINE: RefCell<Option<Claim>> = const { RefCell::new(None) };
}

/// The slot of a thread, given back with it.
struct Claim(usize);

impl Drop for Claim {
    fn drop(&mut self) {
        let Some(crumbs) = HERE.get() else { return };
        // A thread does not end within a plugin's code, but where that ends the process: then it is what is to be told.
        if crumbs.running(self.0).is_none() {
            crumbs.taken.lock()[self.0] = false;
        }
    }
}

impl Crumbs {
    fn claim(&self) -> Option<Claim> {
        let mut taken = self.taken.lock();
        let free = taken.iter().position(|taken| !taken)?;
        taken[free] = true;
        Some(Claim(free))
    }

    fn slot(&self, slot: usize) -> &[AtomicU64] {
        &self.words[HEAD + slot * SLOT..][..SLOT]
    }

    fn note(&self, slot: usize, place: &str) {
        let words = self.slot(slot);
        let (length, text) = (&words[0], &words[1..]);
        // The high half keeps the length of what ran last.
        length.store(length.load(Ordering::Relaxed) << 32, Ordering::Release);
        if place.is_empty() {
            return self.turn.end(slot);
        }
        self.turn.take(slot);
        let bytes = &place.as_bytes()[..place.len().min(text.len() * 8)];
        for (word, piece) in text.iter().zip(bytes.chunks(8)) {
            let mut eight = [0; 8];
            eight[..piece.len()].copy_from_slice(piece);
            word.store(u64::from_ne_bytes(eight), Ordering::Relaxed);
        }
        length.store(bytes.len() as u64, Ordering::Release);
        self.words[LAST].store(slot as u64 + 1, Ordering::Release);
    }

    fn running(&self, slot: usize) -> Option<Running> {
        let length = usize::try_from(self.slot(slot)[0].load(Ordering::Acquire)).unwrap_or(usize::MAX);
        Running::from_text(&self.text(slot, length))
    }

    /// The length of what runs in a slot, or ran last.
    fn length_before(&self, slot: usize) -> usize {
        let word = self.slot(slot)[0].load(Ordering::Acquire);
        usize::try_from(if word >> 32 == 0 { word } else { word >> 32 }).unwrap_or(0)
    }

    fn text(&self, slot: usize, length: usize) -> String {
        if length > (SLOT - 1) * 8 {
            return String::new();
        }
        let bytes: Vec<u8> =
            self.slot(slot)[1..].iter().flat_map(|w| w.load(Ordering::Relaxed).to_ne_bytes()).collect();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }
}

/// Whose code may run while one at a time may.
#[derive(Default)]
struct Turn {
    until: Option<Instant>,
    over: AtomicBool,
    /// The slot, counted from 1.
    owner: Mutex<usize>,
    free: Condvar,
}

impl Turn {
    fn take(&self, slot: usize) {
        if !self.holds() {
            return;
        }
        let deadline = Instant::now() + TURN;
        let mut owner = self.owner.lock();
        while *owner != 0 && *owner != slot + 1 && !self.free.wait_until(&mut owner, deadline).timed_out() {}
        *owner = slot + 1;
    }

    fn end(&self, slot: usize) {
        if !self.holds() {
            return;
        }
        let mut owner = self.owner.lock();
        if *owner == slot + 1 {
            *owner = 0;
            self.free.notify_one();
        }
    }

    fn holds(&self) -> bool {
        let Some(until) = self.until else { return false };
        if self.over.load(Ordering::Relaxed) {
            return false;
        }
        let over = Instant::now() > until;
        self.over.store(over, Ordering::Relaxed);
        !over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_read_from_the_memory_and_forgotten_once_it_has_returned() {
        let memory = memory().expect("the system has memory");
        note_in(&memory, false).expect("it was just made");
        let place = |name: &str| Running {
            plugin: "fool".into(),
            name: name.into(),
            kind: "fool.motor".into(),
            entry: "move_to".into(),
        };
        enters(&place("omega").to_text());
        assert_eq!(here(), Some(place("omega")));
        let long = "k".repeat(400);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                enters(&place("kappa").to_text());
                let left = read(&memory).expect("it is there");
                assert_eq!(left.running, [place("kappa"), place("omega")], "each thread has its own");
                assert_eq!(left.ended, None);
                // What is too long is cut and says nothing, rather than something else.
                enters(&place(&long).to_text());
                assert_eq!(read(&memory).expect("it is there").running, [place("omega")]);
                enters("");
            });
        });
        enters(&place("omega").to_text());
        enters("");
        assert_eq!(likely_plugins(), ["fool"], "whose code ran last is known when it has returned");
        uses_again(3);
        ends(2);
        let left = read(&memory).expect("it is there");
        assert!(left.running.is_empty());
        assert_eq!(left.ended, Some(2));
        assert_eq!(left.used_again, 8);
        let load = Loading::of("libfool.so", 255);
        assert_eq!(here().expect("it is loaded").to_string(), "the load of libfool.so");
        drop(load);
        assert_eq!(place("omega").to_string(), "omega.move_to of plugin fool");
    }
}
