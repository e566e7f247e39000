//! What the host offers to a plugin: a table of functions that only grows at its end.
//!
//! The table is opaque to the layout check, so that an older plugin meets a newer host; `size`
//! says how much of it is there.

use std::ffi::c_void;

use abi_stable::StableAbi;
use abi_stable::std_types::{RStr, RVec};

use crate::Value;

/// One published value with what is known of it.
#[repr(C)]
#[derive(StableAbi, Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The value.
    pub value: Value,
    /// 0 Ok, 1 Minor, 2 Major, 3 Invalid.
    pub quality: u8,
    /// Counts the publications of one channel since the engine started, from 1.
    pub sequence: u64,
    /// When the engine took it, in nanoseconds of the engine's monotonic clock: the only base for age.
    pub engine_ns: u64,
    /// When its source made it, in seconds since 1970; shown, never trusted for age. 0 if unknown.
    pub source_time: f64,
}

/// A channel of a living instance; stale once the instance is replaced.
#[repr(C)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelId {
    /// Its place in the host's table.
    pub index: u32,
    /// The life of the instance that opened it.
    pub epoch: u32,
}

/// What became of a publication.
#[repr(u8)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishStatus {
    /// It is the channel's value now.
    Ok,
    /// A subscriber that asked publishers to wait has no room.
    Full,
    /// The publisher was replaced; its values count no more.
    Stale,
}

/// How a subscriber receives a channel.
#[repr(u8)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeMode {
    /// The newest value only.
    Latest,
    /// Every value in order; an overflow is counted and the oldest are dropped.
    Every,
}

/// The functions of the host, called from any thread; none of them waits for a plugin.
///
/// `context` is passed back as the first argument of each.
#[repr(C)]
#[allow(missing_docs)]
pub struct HostTable {
    /// `size_of::<HostTable>()` of the host that made it.
    pub size: usize,
    pub context: *const c_void,
    /// level (1 error … 5 trace), instance (0: the plugin), target, message.
    pub log: extern "C" fn(*const c_void, u8, u64, RStr<'_>, RStr<'_>),
    /// Opens a channel of an instance for publishing.
    pub channel: extern "C" fn(*const c_void, u64, RStr<'_>) -> ChannelId,
    /// Publishes; takes the value and leaves the previous one (or null) in its place.
    pub publish: extern "C" fn(*const c_void, ChannelId, &mut Value, u8, f64) -> PublishStatus,
    /// Subscribes an instance to object.channel; wakes come as `Plugin::wake(token)`.
    pub subscribe: extern "C" fn(*const c_void, u64, RStr<'_>, RStr<'_>, SubscribeMode, u64, u64) -> u64,
    /// Moves up to `max` readings of a subscription to the vector; answers how many were lost.
    pub drain: extern "C" fn(*const c_void, u64, u64, &mut RVec<Reading>) -> u64,
    /// Copies the newest reading of a subscription; false if there was none yet.
    pub latest: extern "C" fn(*const c_void, u64, &mut Reading) -> bool,
    pub unsubscribe: extern "C" fn(*const c_void, u64),
    /// Any other message of an instance to the host, a serde type of the sdk as a value.
    pub post: extern "C" fn(*const c_void, u64, Value),
    /// Nanoseconds of the engine's clock, which may run faster than the wall's.
    pub now_ns: extern "C" fn(*const c_void) -> u64,
    /// How many engine seconds pass in one real second.
    pub time_scale: extern "C" fn(*const c_void) -> f64,
    /// What of the plugin's code begins to run on this thread, to be told should the process die of it: plugin,
    /// object or brick, kind and entry, parted by the unit separator (U+001F). Empty when it has returned.
    pub enters: extern "C" fn(*const c_void, RStr<'_>),
}

/// The host table as it crosses: opaque to the layout check.
#[repr(transparent)]
#[derive(StableAbi, Clone, Copy)]
pub struct HostRef(#[sabi(unsafe_opaque_field)] &'static HostTable);

#[allow(unsafe_code)]
// The table holds function pointers and a context that the host promises to be shared by threads.
unsafe impl Send for HostTable {}
#[allow(unsafe_code)]
unsafe impl Sync for HostTable {}

macro_rules! forward {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $kind:ty),*) $(-> $out:ty)?;)*) => {$(
        $(#[$doc])*
        pub fn $name(self $(, $argument: $kind)*) $(-> $out)? {
            (self.0.$name)(self.0.context $(, $argument)*)
        }
    )*};
}

impl HostRef {
    /// The table, which lives as long as the process.
    pub const fn new(table: &'static HostTable) -> Self {
        Self(table)
    }

    /// See [`HostTable`]; an older host is told nothing.
    pub fn enters(self, place: RStr<'_>) {
        if self.0.size > std::mem::offset_of!(HostTable, enters) {
            (self.0.enters)(self.0.context, place);
        }
    }

    forward! {
        /// See [`HostTable`].
        fn log(level: u8, instance: u64, target: RStr<'_>, message: RStr<'_>);
        /// See [`HostTable`].
        fn channel(instance: u64, name: RStr<'_>) -> ChannelId;
        /// See [`HostTable`].
        fn publish(channel: ChannelId, value: &mut Value, quality: u8, source_time: f64) -> PublishStatus;
        /// See [`HostTable`].
        fn subscribe(instance: u64, object: RStr<'_>, channel: RStr<'_>, mode: SubscribeMode, capacity: u64, token: u64) -> u64;
        /// See [`HostTable`].
        fn drain(subscription: u64, max: u64, out: &mut RVec<Reading>) -> u64;
        /// See [`HostTable`].
        fn latest(subscription: u64, out: &mut Reading) -> bool;
        /// See [`HostTable`].
        fn unsubscribe(subscription: u64);
        /// See [`HostTable`].
        fn post(instance: u64, message: Value);
        /// See [`HostTable`].
        fn now_ns() -> u64;
        /// See [`HostTable`].
        fn time_scale() -> f64;
    }
}
