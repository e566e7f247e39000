//! The fake host's channels: the newest reading, a history for tests, and subscriptions.
//!
//! Everything happens under the host's one lock; whom to wake is answered, never done here.

use std::collections::{HashMap, VecDeque};

use brickwork_abi::{Reading, SubscribeMode, Value};

/// Readings that a test can look back on, for each channel.
const HISTORY: usize = 10_000;
/// Heavier values (pictures) are not kept for looking back.
const HEAVY: usize = 1024;

#[derive(Default)]
pub(super) struct Bus {
    channels: HashMap<(String, String), Channel>,
    subscriptions: HashMap<u64, Subscription>,
    last: u64,
}

#[derive(Default)]
struct Channel {
    latest: Reading,
    history: VecDeque<Value>,
}

struct Subscription {
    channel: (String, String),
    mode: SubscribeMode,
    capacity: usize,
    token: u64,
    queue: VecDeque<Reading>,
    lost: u64,
}

impl Subscription {
    /// Takes a reading; whether its reader is to be woken.
    fn take(&mut self, reading: Reading) -> bool {
        if self.mode == SubscribeMode::Latest {
            return true;
        }
        if self.queue.len() >= self.capacity {
            self.queue.pop_front();
            self.lost += 1;
        }
        self.queue.push_back(reading);
        self.queue.len() == 1
    }
}

impl Bus {
    /// Takes a reading (its sequence is given here); whom to wake.
    pub(super) fn publish(&mut self, object: &str, channel: &str, mut reading: Reading) -> (Value, Vec<u64>) {
        let key = (object.to_owned(), channel.to_owned());
        let kept = self.channels.entry(key.clone()).or_default();
        reading.sequence = kept.latest.sequence + 1;
        if reading.value.weight() < HEAVY {
            kept.history.truncate(HISTORY - 1);
            kept.history.push_front(reading.value.clone());
        }
        let previous = std::mem::replace(&mut kept.latest, reading.clone()).value;
        let mut wake = Vec::new();
        for subscription in self.subscriptions.values_mut().filter(|subscription| subscription.channel == key) {
            if subscription.take(reading.clone()) {
                wake.push(subscription.token);
            }
        }
        (previous, wake)
    }

    /// A new subscription; it has the newest reading at once, if there is one, and is then to be woken.
    pub(super) fn subscribe(
        &mut self,
        object: &str,
        channel: &str,
        mode: SubscribeMode,
        capacity: u64,
        token: u64,
    ) -> (u64, bool) {
        let channel = (object.to_owned(), channel.to_owned());
        let first = self.channels.get(&channel).map(|channel| channel.latest.clone());
        let capacity = usize::try_from(capacity).unwrap_or(usize::MAX).max(1);
        let mut subscription = Subscription { channel, mode, capacity, token, queue: VecDeque::new(), lost: 0 };
        let wake = first.is_some_and(|reading| subscription.take(reading));
        self.last += 1;
        self.subscriptions.insert(self.last, subscription);
        (self.last, wake)
    }

    pub(super) fn unsubscribe(&mut self, id: u64) {
        self.subscriptions.remove(&id);
    }

    /// Moves readings out; how many were lost before them.
    pub(super) fn drain(&mut self, id: u64, max: u64, out: &mut impl Extend<Reading>) -> u64 {
        let Some(subscription) = self.subscriptions.get_mut(&id) else { return 0 };
        let count = subscription.queue.len().min(usize::try_from(max).unwrap_or(usize::MAX));
        out.extend(subscription.queue.drain(..count));
        std::mem::take(&mut subscription.lost)
    }

    pub(super) fn latest_of(&self, id: u64) -> Option<Reading> {
        let (object, channel) = &self.subscriptions.get(&id)?.channel;
        self.latest(object, channel)
    }

    pub(super) fn latest(&self, object: &str, channel: &str) -> Option<Reading> {
        self.channels.get(&(object.to_owned(), channel.to_owned())).map(|channel| channel.latest.clone())
    }

    /// What was published, the oldest first.
    pub(super) fn history(&self, object: &str, channel: &str) -> Vec<Value> {
        let channel = self.channels.get(&(object.to_owned(), channel.to_owned()));
        channel.map(|channel| channel.history.iter().rev().cloned().collect()).unwrap_or_default()
    }
}
