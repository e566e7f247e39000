//! The libraries that this process has loaded: which threads of them do not end, and which kinds are left off because the
//! windows before this one died of them.

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

use brickwork_engine::left_off;
use brickwork_sdk::protocol::Failure;

use super::{ANSWER_LIMIT, Manager};
use crate::thread::BrickThread;

/// A library in use, or one whose thread does not end.
pub(super) struct Loaded {
    pub plugin: String,
    pub copy: PathBuf,
    pub handle: JoinHandle<()>,
    pub thread: Weak<BrickThread>,
}

impl Loaded {
    /// Whether nobody wants it any more, and its thread is in code that does not return.
    pub fn is_stuck(&self) -> bool {
        // In code of the author's a thread holds itself.
        let thread = self.thread.upgrade();
        thread.is_some_and(|t| Arc::strong_count(&t) <= 2 && t.busy_for().is_some_and(|busy| busy > ANSWER_LIMIT))
    }
}

impl Manager {
    /// Whether the windows before this one died of it with this library; another build is tried.
    pub(super) fn leaves_off(&mut self, name: &str, kind: &str, hash: &str) -> bool {
        let Some(why) = left_off::brick(kind) else { return false };
        let Some(brick) = self.bricks.get_mut(name) else { return true };
        if brick.refused.as_deref().is_some_and(|refused| refused != hash) {
            left_off::use_brick(kind);
            return false;
        }
        brick.refused = Some(hash.into());
        brick.trouble = Some(why.clone());
        self.card(name, &Failure { message: why, place: String::new() });
        true
    }
}
