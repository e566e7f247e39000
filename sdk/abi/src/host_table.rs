//! Makes a host table, as plugins see it, from a safe trait: the engine, the shell and the test kit are hosts.
#![allow(unsafe_code)]

use std::ffi::c_void;

use crate::{ChannelId, HostRef, HostTable, PublishStatus, Reading, SubscribeMode, Value};
use abi_stable::std_types::{RStr, RVec};

/// What a host does for a plugin; see [`HostTable`] for the meaning of each function.
#[allow(missing_docs)]
pub trait HostFunctions: Send + Sync + 'static {
    fn log(&self, level: u8, instance: u64, target: &str, message: &str);
    fn channel(&self, instance: u64, name: &str) -> ChannelId;
    fn publish(&self, channel: ChannelId, value: &mut Value, quality: u8, source_time: f64) -> PublishStatus;
    fn subscribe(
        &self,
        instance: u64,
        object: &str,
        channel: &str,
        mode: SubscribeMode,
        capacity: u64,
        token: u64,
    ) -> u64;
    fn drain(&self, subscription: u64, max: u64, out: &mut RVec<Reading>) -> u64;
    fn latest(&self, subscription: u64) -> Option<Reading>;
    fn unsubscribe(&self, subscription: u64);
    fn post(&self, instance: u64, message: Value);
    fn now_ns(&self) -> u64;
    fn time_scale(&self) -> f64;
    fn enters(&self, _place: &str) {}
}

/// The table of a host that lives for ever.
pub fn host_table<H: HostFunctions>(host: &'static H) -> HostRef {
    HostRef::new(Box::leak(Box::new(HostTable {
        size: size_of::<HostTable>(),
        context: std::ptr::from_ref(host).cast(),
        log: log::<H>,
        channel: channel::<H>,
        publish: publish::<H>,
        subscribe: subscribe::<H>,
        drain: drain::<H>,
        latest: latest::<H>,
        unsubscribe: unsubscribe::<H>,
        post: post::<H>,
        now_ns: now_ns::<H>,
        time_scale: time_scale::<H>,
        enters: enters::<H>,
    })))
}

fn of<H: HostFunctions>(context: *const c_void) -> &'static H {
    // Only `host_table` makes tables with these functions, always with a context of this type.
    unsafe { &*context.cast::<H>() }
}

extern "C" fn log<H: HostFunctions>(at: *const c_void, level: u8, instance: u64, target: RStr<'_>, text: RStr<'_>) {
    of::<H>(at).log(level, instance, &target, &text);
}

extern "C" fn channel<H: HostFunctions>(at: *const c_void, instance: u64, name: RStr<'_>) -> ChannelId {
    of::<H>(at).channel(instance, &name)
}

extern "C" fn publish<H: HostFunctions>(
    at: *const c_void,
    id: ChannelId,
    value: &mut Value,
    quality: u8,
    source_time: f64,
) -> PublishStatus {
    of::<H>(at).publish(id, value, quality, source_time)
}

extern "C" fn subscribe<H: HostFunctions>(
    at: *const c_void,
    instance: u64,
    object: RStr<'_>,
    channel: RStr<'_>,
    mode: SubscribeMode,
    capacity: u64,
    token: u64,
) -> u64 {
    of::<H>(at).subscribe(instance, &object, &channel, mode, capacity, token)
}

extern "C" fn drain<H: HostFunctions>(at: *const c_void, id: u64, max: u64, out: &mut RVec<Reading>) -> u64 {
    of::<H>(at).drain(id, max, out)
}

extern "C" fn latest<H: HostFunctions>(at: *const c_void, id: u64, out: &mut Reading) -> bool {
    of::<H>(at).latest(id).map(|reading| *out = reading).is_some()
}

extern "C" fn unsubscribe<H: HostFunctions>(at: *const c_void, id: u64) {
    of::<H>(at).unsubscribe(id);
}

extern "C" fn post<H: HostFunctions>(at: *const c_void, instance: u64, message: Value) {
    of::<H>(at).post(instance, message);
}

extern "C" fn now_ns<H: HostFunctions>(at: *const c_void) -> u64 {
    of::<H>(at).now_ns()
}

extern "C" fn time_scale<H: HostFunctions>(at: *const c_void) -> f64 {
    of::<H>(at).time_scale()
}

extern "C" fn enters<H: HostFunctions>(at: *const c_void, place: RStr<'_>) {
    of::<H>(at).enters(&place);
}
