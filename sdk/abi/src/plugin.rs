//! What a plugin library offers to the host: its root module.

use abi_stable::StableAbi;
use abi_stable::library::RootModule;
use abi_stable::package_version_strings;
use abi_stable::sabi_types::VersionStrings;

use crate::{HostRef, Value};

/// The functions of a plugin library. No panic leaves any of them: the sdk's glue catches it inside.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = PluginRef)))]
pub struct Plugin {
    /// The kinds, interfaces and versions of the library, a `PluginInfo` as a value.
    pub describe: extern "C" fn() -> Value,
    /// Called once before any other; an error says why the library cannot work here.
    pub init: extern "C" fn(HostRef) -> Value,
    /// A request to a hardware object: enqueued, never waits; answers come through `HostTable::post`.
    pub send: extern "C" fn(u64, Value),
    /// A request that is answered on the calling thread: to a brick, or about a kind.
    pub ask: extern "C" fn(u64, Value) -> Value,
    /// A subscription went from empty to not empty.
    pub wake: extern "C" fn(u64),
    /// Stops all within so many milliseconds; answers how many threads stay.
    #[sabi(last_prefix_field)]
    pub shutdown: extern "C" fn(u64) -> u64,
}

impl RootModule for PluginRef {
    abi_stable::declare_root_module_statics! {PluginRef}
    const BASE_NAME: &'static str = "brickwork";
    const NAME: &'static str = "brickwork plugin";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}
