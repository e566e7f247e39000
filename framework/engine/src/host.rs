//! The host table of the engine: what a library's objects can do. One table per loaded generation.
//!
//! Called from the plugins' threads. Publishing goes straight to the bus; all else is a short step
//! under the core's lock.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use abi_stable::std_types::RVec;
use brickwork_abi::{ChannelId, HostFunctions, HostRef, PublishStatus, Reading, SubscribeMode, Value, host_table};
use brickwork_link::{NoticeLevel, uptime_ns};
use brickwork_sdk::from_value;
use brickwork_sdk::protocol::UNCAUGHT_PANIC;

use crate::bus::{Bus, Wake};
use crate::crumbs;
use crate::engine::Engine;
use crate::loader::Library;

/// How long a thread that panicked waits to have it said.
const PATIENCE: Duration = Duration::from_millis(200);

/// What the functions of one table refer to; it lives as long as the process.
pub struct HostContext {
    engine: Weak<Engine>,
    bus: Arc<Bus>,
    name: String,
    /// The plugin's name and the number of the load, once they are known.
    library: OnceLock<(String, u64)>,
    /// What wakes the plugin, once it is loaded.
    wake: Arc<OnceLock<extern "C" fn(u64)>>,
}

impl HostContext {
    /// A table for one library; `name` is said in the log until the library has told its own.
    pub fn leak(engine: &Arc<Engine>, name: &str) -> (&'static Self, HostRef) {
        let context: &'static Self = Box::leak(Box::new(Self {
            engine: Arc::downgrade(engine),
            bus: engine.bus().clone(),
            name: name.into(),
            library: OnceLock::new(),
            wake: Arc::new(OnceLock::new()),
        }));
        (context, host_table(context))
    }

    /// The library that the table is for has been loaded.
    pub fn loaded(&self, library: &Library) {
        // Once, on the thread that made the table.
        let _ = self.library.set((library.info.name.clone(), library.number));
        let _ = self.wake.set(library.wake());
    }

    fn plugin(&self) -> &str {
        self.library.get().map_or(&self.name, |(plugin, _)| plugin)
    }

    /// A thread that the author has started is gone; whose it was nobody knows.
    fn thread_died(&self, panic: &str) {
        let Some(engine) = self.engine.upgrade() else { return };
        let plugin = self.plugin();
        let text = format!(
            "{plugin}: a thread of its own ended by a {panic}\nWhat it did is done no more. Restart the objects of the plugin, and have it mended."
        );
        // The thread may have held anything when it panicked: it does not wait here for ever.
        if let Some(mut core) = engine.core_within(PATIENCE) {
            core.notice(NoticeLevel::Error, plugin, text);
        }
    }

    fn object(&self, instance: u64) -> Option<String> {
        self.engine.upgrade()?.core().instance_name(instance).map(str::to_owned)
    }
}

impl HostFunctions for HostContext {
    fn log(&self, level: u8, _instance: u64, target: &str, message: &str) {
        let plugin = self.plugin();
        // Its sdk does not know whose code has said it; this thread may.
        let object = crumbs::here().map(|running| running.name).unwrap_or_default();
        match level {
            1 => tracing::error!(plugin, object, target, "{message}"),
            2 => tracing::warn!(plugin, object, target, "{message}"),
            3 => tracing::info!(plugin, object, target, "{message}"),
            _ => tracing::debug!(plugin, object, target, "{message}"),
        }
        if target == UNCAUGHT_PANIC {
            self.thread_died(message);
        }
    }

    fn channel(&self, instance: u64, name: &str) -> ChannelId {
        match (self.object(instance), u32::try_from(instance)) {
            (Some(object), Ok(epoch)) => self.bus.open(&object, name, epoch),
            _ => ChannelId { index: u32::MAX, epoch: 0 },
        }
    }

    fn publish(&self, id: ChannelId, value: &mut Value, quality: u8, source_time: f64) -> PublishStatus {
        self.bus.publish(id, value, quality, source_time)
    }

    fn subscribe(
        &self,
        _instance: u64,
        object: &str,
        channel: &str,
        mode: SubscribeMode,
        capacity: u64,
        token: u64,
    ) -> u64 {
        let woken = self.wake.clone();
        let wake: Wake = Box::new(move || {
            if let Some(wake) = woken.get() {
                wake(token);
            }
        });
        let capacity = match mode {
            SubscribeMode::Latest => None,
            SubscribeMode::Every => Some(usize::try_from(capacity).unwrap_or(usize::MAX)),
        };
        self.bus.subscribe(object, channel, capacity, wake)
    }

    fn drain(&self, id: u64, max: u64, out: &mut RVec<Reading>) -> u64 {
        self.bus.drain(id, usize::try_from(max).unwrap_or(usize::MAX), out)
    }

    fn latest(&self, id: u64) -> Option<Reading> {
        self.bus.take_latest(id)
    }

    fn unsubscribe(&self, id: u64) {
        self.bus.unsubscribe(id);
    }

    fn post(&self, instance: u64, message: Value) {
        // Before the core is waited for: what was held up there is as old as it is.
        let given_ns = uptime_ns();
        let Some(engine) = self.engine.upgrade() else { return };
        let library = self.library.get().map_or(0, |(_, number)| *number);
        match from_value(message) {
            Ok(post) => engine.core().post(library, instance, post, given_ns),
            Err(error) => tracing::error!(plugin = self.plugin(), "a post is not understood: {error}"),
        }
    }

    fn now_ns(&self) -> u64 {
        self.bus.clock().now_ns()
    }

    fn time_scale(&self) -> f64 {
        self.bus.clock().scale()
    }

    fn enters(&self, place: &str) {
        crumbs::enters(place);
    }
}
