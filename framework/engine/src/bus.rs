//! The bus: channels by name, their newest readings and who wants them.
//!
//! Publishers never wait for subscribers, and no wake fires while a lock is held. A channel outlives
//! the object that publishes on it, so that a reload costs its subscribers nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use brickwork_abi::{ChannelId, PublishStatus, Reading, Value};
use parking_lot::{Mutex, RwLock};

use crate::clock::Clock;

/// Called when a subscription goes from empty to not empty; it may only enqueue.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// The bytes that one ordered subscription may hold.
const MAX_QUEUE_BYTES: usize = 64 << 20;

/// All channels of an engine.
pub struct Bus {
    clock: Clock,
    slots: RwLock<Vec<Arc<Slot>>>,
    names: RwLock<HashMap<(String, String), u32>>,
    subscriptions: RwLock<HashMap<u64, Arc<Subscription>>>,
    next_subscription: AtomicU64,
}

struct Slot {
    state: Mutex<SlotState>,
}

#[derive(Default)]
struct SlotState {
    /// Which life of the object may publish; 0 for none.
    epoch: u32,
    latest: Option<Reading>,
    sequence: u64,
    subscribers: Vec<Arc<Subscription>>,
}

/// One subscriber of one channel.
struct Subscription {
    id: u64,
    slot: u32,
    pending: AtomicBool,
    queue: Option<Mutex<Queue>>,
    wake: Wake,
}

/// What an ordered subscriber has not taken yet.
struct Queue {
    readings: VecDeque<Reading>,
    bytes: usize,
    capacity: usize,
    lost: u64,
}

impl Queue {
    fn push(&mut self, reading: Reading) {
        self.bytes += reading.value.weight();
        self.readings.push_back(reading);
        while self.readings.len() > self.capacity || self.bytes > MAX_QUEUE_BYTES {
            let Some(oldest) = self.readings.pop_front() else { return };
            self.bytes -= oldest.value.weight();
            self.lost += 1;
        }
    }
}

impl Subscription {
    /// Takes note of a reading; true when the subscriber must be woken.
    fn offer(&self, reading: &Reading) -> bool {
        if let Some(queue) = &self.queue {
            queue.lock().push(reading.clone());
        }
        !self.pending.load(Ordering::Relaxed) && !self.pending.swap(true, Ordering::AcqRel)
    }
}

impl Bus {
    /// A bus without channels.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            slots: RwLock::default(),
            names: RwLock::default(),
            subscriptions: RwLock::default(),
            next_subscription: AtomicU64::new(1),
        }
    }

    /// The clock that stamps readings.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    fn slot(&self, object: &str, channel: &str) -> u32 {
        let key = (object.to_owned(), channel.to_owned());
        if let Some(index) = self.names.read().get(&key) {
            return *index;
        }
        let mut names = self.names.write();
        *names.entry(key).or_insert_with(|| {
            let mut slots = self.slots.write();
            slots.push(Arc::new(Slot { state: Mutex::default() }));
            u32::try_from(slots.len() - 1).expect("a layout has fewer channels than u32 counts")
        })
    }

    /// Opens a channel for the life `epoch` of an object; earlier lives can publish no more.
    pub fn open(&self, object: &str, channel: &str, epoch: u32) -> ChannelId {
        let index = self.slot(object, channel);
        let slot = self.slots.read()[index as usize].clone();
        slot.state.lock().epoch = epoch;
        ChannelId { index, epoch }
    }

    /// Publishes; the previous value comes back in `value`.
    pub fn publish(&self, channel: ChannelId, value: &mut Value, quality: u8, source_time: f64) -> PublishStatus {
        let engine_ns = self.clock.now_ns();
        let slots = self.slots.read();
        let Some(slot) = slots.get(channel.index as usize) else { return PublishStatus::Stale };
        let mut state = slot.state.lock();
        if state.epoch != channel.epoch || channel.epoch == 0 {
            return PublishStatus::Stale;
        }
        state.sequence += 1;
        let reading =
            Reading { value: std::mem::take(value), quality, sequence: state.sequence, engine_ns, source_time };
        let mut first = None;
        let mut others = Vec::new();
        for subscription in &state.subscribers {
            if subscription.offer(&reading) {
                match first {
                    None => first = Some(subscription.clone()),
                    Some(_) => others.push(subscription.clone()),
                }
            }
        }
        let previous = state.latest.replace(reading);
        drop(state);
        drop(slots);
        if let Some(previous) = previous {
            *value = previous.value;
        }
        for subscription in first.iter().chain(&others) {
            (subscription.wake)();
        }
        PublishStatus::Ok
    }

    /// Marks the newest reading of every channel of an object as not to be believed.
    pub fn invalidate(&self, object: &str) {
        let indices: Vec<u32> = {
            let names = self.names.read();
            names.iter().filter(|((name, channel), _)| name == object && channel != "status").map(|(_, i)| *i).collect()
        };
        for index in indices {
            let slot = self.slots.read()[index as usize].clone();
            let mut woken = Vec::new();
            let mut state = slot.state.lock();
            let SlotState { latest, subscribers, .. } = &mut *state;
            if let Some(reading) = latest {
                reading.quality = 3;
                woken.extend(subscribers.iter().filter(|s| s.offer(reading)).cloned());
            }
            drop(state);
            for subscription in woken {
                (subscription.wake)();
            }
        }
    }

    /// Forgets which life of the object may publish.
    pub fn close(&self, object: &str) {
        let names = self.names.read();
        let slots = self.slots.read();
        for ((name, channel), index) in names.iter() {
            if name == object && channel != "status" {
                slots[*index as usize].state.lock().epoch = 0;
            }
        }
    }

    /// The newest reading of a channel.
    pub fn latest(&self, object: &str, channel: &str) -> Option<Reading> {
        let index = *self.names.read().get(&(object.to_owned(), channel.to_owned()))?;
        let slot = self.slots.read()[index as usize].clone();
        let state = slot.state.lock();
        state.latest.clone()
    }

    /// Subscribes: every reading with `capacity` room, or the newest only when it is `None`.
    /// If there is a reading already, `wake` is called before this returns.
    pub fn subscribe(&self, object: &str, channel: &str, capacity: Option<usize>, wake: Wake) -> u64 {
        let index = self.slot(object, channel);
        let id = self.next_subscription.fetch_add(1, Ordering::Relaxed);
        let queue = capacity.map(|capacity| {
            Mutex::new(Queue { readings: VecDeque::new(), bytes: 0, capacity: capacity.max(1), lost: 0 })
        });
        let subscription = Arc::new(Subscription { id, slot: index, pending: AtomicBool::new(false), queue, wake });
        self.subscriptions.write().insert(id, subscription.clone());
        let slot = self.slots.read()[index as usize].clone();
        let mut state = slot.state.lock();
        let wake = state.latest.as_ref().is_some_and(|latest| subscription.offer(latest));
        state.subscribers.push(subscription.clone());
        drop(state);
        if wake {
            (subscription.wake)();
        }
        id
    }

    /// Ends a subscription.
    pub fn unsubscribe(&self, id: u64) {
        let Some(subscription) = self.subscriptions.write().remove(&id) else { return };
        let slot = self.slots.read()[subscription.slot as usize].clone();
        slot.state.lock().subscribers.retain(|other| other.id != id);
    }

    /// The newest reading of a subscription; the next publication wakes again.
    pub fn take_latest(&self, id: u64) -> Option<Reading> {
        let subscription = self.subscriptions.read().get(&id).cloned()?;
        subscription.pending.store(false, Ordering::Release);
        let slot = self.slots.read()[subscription.slot as usize].clone();
        let state = slot.state.lock();
        state.latest.clone()
    }

    /// Moves up to `max` readings of an ordered subscription to `out`; answers how many were lost before them.
    pub fn drain(&self, id: u64, max: usize, out: &mut impl Extend<Reading>) -> u64 {
        let Some(subscription) = self.subscriptions.read().get(&id).cloned() else { return 0 };
        let Some(queue) = &subscription.queue else { return 0 };
        let mut queue = queue.lock();
        let count = queue.readings.len().min(max);
        if count < max {
            // Emptied: the next publication wakes. Set under the queue's lock, so that none slips between.
            subscription.pending.store(false, Ordering::Release);
        }
        let mut bytes = 0;
        out.extend(queue.readings.drain(..count).inspect(|reading| bytes += reading.value.weight()));
        queue.bytes -= bytes;
        std::mem::take(&mut queue.lost)
    }
}
