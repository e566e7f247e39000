//! What bricks would have their successors know, on disk while they live and when the window is closed.

use std::time::{Duration, Instant};

use super::{Manager, SAVE_LIMIT};
use crate::thread::Job;

/// How often a brick is asked.
const PERIOD: Duration = Duration::from_secs(10);
/// How long the disk may take at the end.
const WRITE_LIMIT: Duration = Duration::from_secs(1);

impl Manager {
    /// Asks those whose time has come and who are not in their own code.
    pub(super) fn ask_to_save(&mut self) {
        for brick in self.bricks.values_mut().filter(|brick| brick.saving.is_none() && brick.asked.elapsed() > PERIOD) {
            if let Some(present) = brick.present.as_ref().filter(|present| present.thread.busy_for().is_none()) {
                brick.asked = Instant::now();
                present.thread.give(Job::Save(present.number));
            }
        }
    }

    /// Asks all who can answer, for the last time.
    pub(super) fn ask_all_to_save(&mut self) {
        let present = self.bricks.values().filter_map(|brick| brick.present.as_ref());
        let answering = present.filter(|present| present.thread.busy_for().is_none_or(|busy| busy < SAVE_LIMIT));
        let asked = answering.filter(|present| present.thread.give(Job::Save(present.number)));
        self.unsaved = Some(asked.map(|present| present.number).collect());
    }

    /// Waits until it is on disk.
    pub(super) fn write_last(&self) {
        if !self.kept.flush(WRITE_LIMIT) {
            tracing::warn!("not everything that the bricks saved is on disk: it takes too long");
        }
    }
}
