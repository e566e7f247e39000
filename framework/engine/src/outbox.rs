//! What waits to be sent to one shell: control messages in order, and which subscriptions are due.
//!
//! Filled from any thread without waiting, emptied by the shell's writing thread. A shell that does
//! not read loses its connection, never the engine's memory.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use brickwork_link::ToShell;
use parking_lot::{Condvar, Mutex};

/// Control messages that may wait; a shell further behind is cut off.
const MAX_MESSAGES: usize = 10_000;
/// Values are sent at most so often; pictures at once.
const VALUE_PERIOD: Duration = Duration::from_millis(16);

/// The outgoing side of one shell.
#[derive(Default)]
pub struct Outbox {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    messages: VecDeque<ToShell>,
    /// Bus subscriptions that have something, with the shell's name for them.
    due: HashMap<u64, ()>,
    urgent: bool,
    /// There are new lines in the log.
    log: bool,
    closed: bool,
    last_values: Option<Instant>,
}

/// What the writing thread does next.
pub enum Work {
    /// Send these, then read and send the newest of these subscriptions, and the log if there is more of it.
    Send(Vec<ToShell>, Vec<u64>, bool),
    /// The shell is gone.
    Closed,
}

impl Outbox {
    /// Adds a control message.
    pub fn push(&self, message: ToShell) {
        let mut state = self.state.lock();
        if state.messages.len() >= MAX_MESSAGES {
            state.closed = true;
        } else {
            state.messages.push_back(message);
        }
        drop(state);
        self.ready.notify_one();
    }

    /// A subscription has something; an urgent one (a picture) is not held back.
    pub fn due(&self, subscription: u64, urgent: bool) {
        let mut state = self.state.lock();
        let first = state.due.is_empty();
        state.due.insert(subscription, ());
        let wake = first || (urgent && !state.urgent);
        state.urgent |= urgent;
        drop(state);
        if wake {
            self.ready.notify_one();
        }
    }

    /// There are new lines in the log.
    pub fn log_due(&self) {
        let wake = !std::mem::replace(&mut self.state.lock().log, true);
        if wake {
            self.ready.notify_one();
        }
    }

    /// Ends the writing thread.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.ready.notify_one();
    }

    /// Waits for work.
    pub fn next(&self) -> Work {
        let mut state = self.state.lock();
        loop {
            if state.closed {
                return Work::Closed;
            }
            let wait = state.last_values.map_or(Duration::ZERO, |last| VALUE_PERIOD.saturating_sub(last.elapsed()));
            let values_due = !state.due.is_empty() && (state.urgent || wait.is_zero());
            if values_due || state.log || !state.messages.is_empty() {
                let due = if values_due { state.due.drain().map(|(id, ())| id).collect() } else { Vec::new() };
                if values_due {
                    state.urgent = false;
                    state.last_values = Some(Instant::now());
                }
                let log = std::mem::take(&mut state.log);
                return Work::Send(state.messages.drain(..).collect(), due, log);
            }
            if state.due.is_empty() {
                self.ready.wait(&mut state);
            } else {
                self.ready.wait_for(&mut state, wait);
            }
        }
    }
}
