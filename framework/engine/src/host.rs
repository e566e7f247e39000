//! The host table of the engine: what a library's objects can do. One table per loaded generation.
//!
//! Called from the plugins' threads. Publishing goes straight to the bus; all else is a short step
//! under the core's lock.

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Arc, OnceLock, Weak};

use abi_stable::std_types::{RStr, RVec};
use brickwork_abi::{ChannelId, HostRef, HostTable, PublishStatus, Reading, SubscribeMode, Value};
use brickwork_sdk::from_value;
use parking_lot::Mutex;

use crate::bus::{Bus, Wake};
use crate::engine::Engine;

/// What the functions of one table refer to; it lives as long as the process.
pub struct HostContext {
    engine: Weak<Engine>,
    bus: Arc<Bus>,
    name: String,
    /// The plugin's name, once it is known.
    pub plugin: OnceLock<String>,
    /// What wakes the plugin, once it is loaded.
    pub wake: OnceLock<extern "C" fn(u64)>,
    subscriptions: Mutex<HashMap<u64, u64>>,
}

impl HostContext {
    /// A table for one library; `name` is said in the log until the library has told its own.
    pub fn leak(engine: &Arc<Engine>, name: &str) -> (&'static Self, HostRef) {
        let context: &'static Self = Box::leak(Box::new(Self {
            engine: Arc::downgrade(engine),
            bus: engine.bus().clone(),
            name: name.into(),
            plugin: OnceLock::new(),
            wake: OnceLock::new(),
            subscriptions: Mutex::default(),
        }));
        let table = Box::leak(Box::new(HostTable {
            size: size_of::<HostTable>(),
            context: std::ptr::from_ref(context).cast(),
            log,
            channel,
            publish,
            subscribe,
            drain,
            latest,
            unsubscribe,
            post,
            now_ns,
            time_scale,
        }));
        (context, HostRef::new(table))
    }

    fn plugin(&self) -> &str {
        self.plugin.get().unwrap_or(&self.name)
    }

    fn object(&self, instance: u64) -> Option<String> {
        self.engine.upgrade()?.core().instance_name(instance).map(str::to_owned)
    }
}

fn context(pointer: *const c_void) -> &'static HostContext {
    crate::loader::context_of(pointer)
}

extern "C" fn log(pointer: *const c_void, level: u8, _instance: u64, target: RStr<'_>, message: RStr<'_>) {
    let (plugin, target, message) = (context(pointer).plugin(), target.as_str(), message.as_str());
    match level {
        1 => tracing::error!(plugin, target, "{message}"),
        2 => tracing::warn!(plugin, target, "{message}"),
        3 => tracing::info!(plugin, target, "{message}"),
        _ => tracing::debug!(plugin, target, "{message}"),
    }
}

extern "C" fn channel(pointer: *const c_void, instance: u64, name: RStr<'_>) -> ChannelId {
    let context = context(pointer);
    match (context.object(instance), u32::try_from(instance)) {
        (Some(object), Ok(epoch)) => context.bus.open(&object, &name, epoch),
        _ => ChannelId { index: u32::MAX, epoch: 0 },
    }
}

extern "C" fn publish(pointer: *const c_void, id: ChannelId, value: &mut Value, quality: u8, time: f64) -> PublishStatus {
    context(pointer).bus.publish(id, value, quality, time)
}

extern "C" fn subscribe(
    pointer: *const c_void,
    _instance: u64,
    object: RStr<'_>,
    channel: RStr<'_>,
    mode: SubscribeMode,
    capacity: u64,
    token: u64,
) -> u64 {
    let context = context(pointer);
    let wake: Wake = Box::new(move || {
        if let Some(wake) = context.wake.get() {
            wake(token);
        }
    });
    let capacity = match mode {
        SubscribeMode::Latest => None,
        SubscribeMode::Every => Some(usize::try_from(capacity).unwrap_or(usize::MAX)),
    };
    let id = context.bus.subscribe(&object, &channel, capacity, wake);
    context.subscriptions.lock().insert(id, token);
    id
}

extern "C" fn drain(pointer: *const c_void, id: u64, max: u64, out: &mut RVec<Reading>) -> u64 {
    context(pointer).bus.drain(id, usize::try_from(max).unwrap_or(usize::MAX), out)
}

extern "C" fn latest(pointer: *const c_void, id: u64, out: &mut Reading) -> bool {
    match context(pointer).bus.take_latest(id) {
        Some(reading) => {
            *out = reading;
            true
        }
        None => false,
    }
}

extern "C" fn unsubscribe(pointer: *const c_void, id: u64) {
    let context = context(pointer);
    context.subscriptions.lock().remove(&id);
    context.bus.unsubscribe(id);
}

extern "C" fn post(pointer: *const c_void, instance: u64, message: Value) {
    let context = context(pointer);
    let Some(engine) = context.engine.upgrade() else { return };
    match from_value(message) {
        Ok(post) => engine.core().post(context.plugin(), instance, post),
        Err(error) => tracing::error!(plugin = context.plugin(), "a post is not understood: {error}"),
    }
}

extern "C" fn now_ns(pointer: *const c_void) -> u64 {
    context(pointer).bus.clock().now_ns()
}

extern "C" fn time_scale(pointer: *const c_void) -> f64 {
    context(pointer).bus.clock().scale()
}
