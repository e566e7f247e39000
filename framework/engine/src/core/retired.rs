//! Libraries that were replaced: what an object can go back to, and what nothing uses any more.
//!
//! A library is never unmapped; but its threads end and its copy is removed once no object needs it.

use std::sync::Arc;

use brickwork_sdk::protocol::States;

use super::Core;
use crate::loader::Library;

/// What an object was before its present library.
pub(super) struct Proven {
    pub library: Arc<Library>,
    pub generation: u64,
    pub states: States,
}

impl Core {
    /// Puts a library into force; answers its generation.
    pub fn put_into_force(&mut self, library: Arc<Library>) -> u64 {
        let (generation, before) = self.catalogue.insert(library);
        self.replaced.extend(before);
        let catalogue = &self.catalogue;
        self.given_up.retain(|number, _| catalogue.libraries().any(|library| library.number == *number));
        generation
    }

    /// The replaced libraries that nothing uses any more; they are to be shut down. With `all` also those in use.
    pub fn unused(&mut self, all: bool) -> Vec<Arc<Library>> {
        let unused = self.replaced.extract_if(.., |library| all || Arc::strong_count(library) == 1);
        let unused: Vec<_> = unused.collect();
        unused.iter().for_each(|library| _ = self.heard.remove(&library.number));
        unused
    }
}
