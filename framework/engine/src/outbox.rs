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
/// Values and lines of the log are sent at most so often; pictures and messages at once.
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
    /// The writing thread looks again by itself when the period is over: what can wait need not wake it.
    looks_again: bool,
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
            // Nobody reads them any more.
            state.closed = true;
            state.messages.clear();
            tracing::warn!("a shell is cut off: {MAX_MESSAGES} messages wait and it does not read them");
        } else if !state.closed {
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
        let wake = (first && !state.looks_again) || (urgent && !state.urgent);
        state.urgent |= urgent;
        drop(state);
        if wake {
            self.ready.notify_one();
        }
    }

    /// There are new lines in the log.
    pub fn log_due(&self) {
        let mut state = self.state.lock();
        let wake = !std::mem::replace(&mut state.log, true) && !state.looks_again;
        drop(state);
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
            let has_values = !state.due.is_empty() || state.log;
            let values_due = has_values && (state.urgent || wait.is_zero());
            if values_due {
                state.urgent = false;
                state.last_values = Some(Instant::now());
                let due = state.due.drain().map(|(id, ())| id).collect();
                let log = std::mem::take(&mut state.log);
                return Work::Send(state.messages.drain(..).collect(), due, log);
            }
            if !state.messages.is_empty() {
                return Work::Send(state.messages.drain(..).collect(), Vec::new(), false);
            }
            if wait.is_zero() {
                self.ready.wait(&mut state);
            } else {
                // Also with nothing to send yet: what comes within the period goes at its end.
                state.looks_again = true;
                self.ready.wait_for(&mut state, wait);
                state.looks_again = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> ToShell {
        ToShell::Refused { reason: "a test".into() }
    }

    fn sent(outbox: &Outbox) -> (usize, Vec<u64>, bool) {
        match outbox.next() {
            Work::Send(messages, due, log) => (messages.len(), due, log),
            Work::Closed => panic!("it is open"),
        }
    }

    #[test]
    fn values_and_the_log_wait_for_the_period_and_pictures_and_messages_do_not() {
        let outbox = Outbox::default();
        outbox.due(1, false);
        assert_eq!(sent(&outbox), (0, vec![1], false), "the first goes at once");
        let begun = Instant::now();
        outbox.due(1, false);
        outbox.log_due();
        outbox.push(refused());
        assert_eq!(sent(&outbox), (1, vec![], false));
        assert_eq!(sent(&outbox), (0, vec![1], true), "the rest goes together");
        assert!(begun.elapsed() >= VALUE_PERIOD / 2);
        outbox.due(2, true);
        assert_eq!(sent(&outbox), (0, vec![2], false));
    }

    #[test]
    fn what_comes_while_the_writing_thread_waits_is_sent_within_the_period() {
        let outbox = std::sync::Arc::new(Outbox::default());
        outbox.due(1, false);
        assert_eq!(sent(&outbox).1, [1]);
        let waiting = outbox.clone();
        let writer = std::thread::spawn(move || sent(&waiting));
        std::thread::sleep(VALUE_PERIOD / 4);
        outbox.log_due();
        assert_eq!(writer.join().expect("it does not panic"), (0, vec![], true));
        let waiting = outbox.clone();
        let writer = std::thread::spawn(move || sent(&waiting));
        std::thread::sleep(VALUE_PERIOD * 3);
        outbox.due(3, false);
        assert_eq!(writer.join().expect("it does not panic").1, [3], "also after a long silence");
    }

    #[test]
    fn a_shell_that_does_not_read_is_cut_off() {
        let outbox = Outbox::default();
        (0..=MAX_MESSAGES).for_each(|_| outbox.push(refused()));
        assert!(matches!(outbox.next(), Work::Closed));
    }
}
