//! What objects would have their successors know, on disk while they live: so that it is there at the next start, and
//! after a death that left no time to save.

use std::time::{Duration, Instant};

use brickwork_layout::ObjectSpec;
use brickwork_link::Kept;
use brickwork_sdk::State;
use brickwork_sdk::protocol::{ObjectRequest, States};

use super::Core;

/// How soon after a command an object is asked; what commands change is what persons have set up.
const AFTER_COMMAND: Duration = Duration::from_secs(1);
/// How often it is asked else.
const PERIOD: Duration = Duration::from_secs(30);

/// When an object is to be asked next.
#[derive(Clone, Copy)]
pub(super) struct SaveDue(Instant);

impl SaveDue {
    pub fn after_start() -> Self {
        Self(Instant::now() + AFTER_COMMAND)
    }

    /// A command has ended.
    pub fn soon(&mut self) {
        self.0 = self.0.min(Instant::now() + AFTER_COMMAND);
    }
}

impl Core {
    /// Keeps states from now on. After the death of the engine before, all that it last saved comes back; else what is
    /// to last.
    pub fn keep_states(&mut self, kept: Kept, after_death: bool) {
        self.kept = Some(kept);
        self.after_death = after_death;
    }

    /// Hands the states over for the last writing.
    pub fn take_kept(&mut self) -> Option<Kept> {
        self.kept.take()
    }

    /// What an object of the layout begins with.
    pub(super) fn states_at_start(&self, name: &str, spec: &ObjectSpec) -> States {
        let states = self.kept.as_ref().map(|kept| kept.states(name, &spec.kind)).unwrap_or_default();
        if self.after_death { states } else { states.for_next_start(spec.keep) }
    }

    /// Asks those whose time has come.
    pub(super) fn ask_to_save(&mut self, now: Instant) {
        if self.kept.is_none() {
            return;
        }
        for object in self.objects.values_mut().filter(|object| object.is_running() && now >= object.save_due.0) {
            object.save_due.0 = now + PERIOD;
            object.library.send(object.instance, &ObjectRequest::Save);
        }
    }

    /// An object that goes on says what its successor should know. What has not shown yet that it works is not kept.
    pub(super) fn saved(&mut self, name: &str, state: State) {
        if let Some(object) = self.objects.get_mut(name).filter(|object| object.fall_back.is_none()) {
            object.states.keep(state);
            self.keep(name);
        }
    }

    /// Keeps what an object has saved so far.
    pub(super) fn keep(&mut self, name: &str) {
        if let (Some(object), Some(kept)) = (self.objects.get(name), &mut self.kept) {
            kept.keep(name, &object.spec.kind, &object.states);
        }
    }
}
