//! What this process leaves off, because the processes before it died of it three times in a row. The process that
//! started this one says so, and what the one before died of; a person's restart or a new build takes it back.

use parking_lot::Mutex;

use crate::crumbs::{self, LOAD, Running};

/// Something that is left off.
#[derive(Clone, Debug)]
pub struct LeftOff {
    /// What ran when the processes died.
    pub what: Running,
    /// What is said of it.
    pub why: String,
}

/// Each with its number in the list of whoever started this process.
static ALL: Mutex<Vec<(usize, LeftOff)>> = Mutex::new(Vec::new());
static DIED: Mutex<Option<String>> = Mutex::new(None);

/// Leaves these off from now on; `died` tells what became of the process before.
pub fn leave(all: Vec<LeftOff>, died: Option<String>) {
    *ALL.lock() = all.into_iter().enumerate().collect();
    *DIED.lock() = died;
}

/// What the process before this one died of, if it did.
pub fn died() -> Option<String> {
    DIED.lock().clone()
}

/// Why an object is left off, if it is.
pub fn object(name: &str, kind: &str) -> Option<String> {
    why(|what| is_object(what, name, kind))
}

/// Why the bricks of a kind are left off, if they are.
pub fn brick(kind: &str) -> Option<String> {
    why(|what| is_of_kind(what, kind))
}

/// Why a plugin's file with this content is left off, if it is.
pub fn file(path: &str, hash: u64) -> Option<String> {
    why(|what| what.entry == LOAD && what.name == path && what.kind == format!("{hash:016x}"))
}

/// Why the kinds of some plugin are not there: its file is left off.
pub fn any_file() -> Option<String> {
    let all = ALL.lock();
    let left = all.iter().find(|(_, left)| left.what.entry == LOAD);
    left.map(|(_, left)| format!("{} is left off: {}", left.what.name, left.why))
}

/// Whether the configs of a kind are not to be checked.
pub fn is_unchecked(kind: &str) -> bool {
    why(|what| what.name.is_empty() && is_of_kind(what, kind)).is_some()
}

/// An object is used again.
pub fn use_object(name: &str, kind: &str) {
    use_again(|what| is_object(what, name, kind));
}

/// The bricks of a kind are used again.
pub fn use_brick(kind: &str) {
    use_again(|what| is_of_kind(what, kind));
}

/// A file has another content, which was taken.
pub fn use_file(path: &str) {
    use_again(|what| what.entry == LOAD && what.name == path);
}

fn is_of_kind(what: &Running, kind: &str) -> bool {
    what.entry != LOAD && what.kind == kind
}

fn is_object(what: &Running, name: &str, kind: &str) -> bool {
    is_of_kind(what, kind) && (what.name == name || what.name.is_empty())
}

fn why(is_it: impl Fn(&Running) -> bool) -> Option<String> {
    ALL.lock().iter().find(|(_, left)| is_it(&left.what)).map(|(_, left)| left.why.clone())
}

fn use_again(is_it: impl Fn(&Running) -> bool) {
    ALL.lock().retain(|(number, left)| {
        let again = is_it(&left.what);
        if again {
            crumbs::uses_again(*number);
        }
        !again
    });
}
