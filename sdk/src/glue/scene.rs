//! Which code of the author's runs on a thread, said to the host while it does: should the process die of it, there is
//! something to say. Whoever calls the author's code does so through an [`Entry`].

use brickwork_abi::HostRef;

use super::panics::catch;
use crate::protocol::{Failure, PLACE_SEPARATOR};

/// One object or brick, or one kind of them.
#[derive(Clone)]
pub struct Scene {
    host: HostRef,
    /// Plugin, name and kind.
    whose: String,
}

impl Scene {
    /// The object or brick `name`; no name stands for its whole kind.
    pub(super) fn new(host: HostRef, plugin: &str, name: &str, kind: &str) -> Self {
        let separator = PLACE_SEPARATOR;
        Self { host, whose: format!("{plugin}{separator}{name}{separator}{kind}{separator}") }
    }

    /// One of its functions.
    pub(super) fn entry(&self, entry: &str) -> Entry {
        Entry { host: self.host, place: format!("{}{entry}", self.whose) }
    }
}

/// One function of the author's.
pub struct Entry {
    host: HostRef,
    place: String,
}

impl Entry {
    /// Runs it; a panic becomes an error.
    pub(super) fn run<T>(&self, code: impl FnOnce() -> T) -> Result<T, Failure> {
        self.begins();
        let done = catch(code);
        self.host.enters("".into());
        done
    }

    /// It runs from now on, in place of another that began before.
    pub(super) fn begins(&self) {
        self.host.enters(self.place.as_str().into());
    }
}
