//! The frozen types that cross between the host and a plugin library.
//!
//! Only [`Value`] and the functions of [`Plugin`] and [`HostTable`] cross; everything richer is a
//! serde type of the sdk that travels *as* a `Value`. The crate has no features, and its Cargo
//! version is the protocol number: abi_stable refuses a library whose crossing types differ.
//! Plugin authors never name this crate.

mod codec;
mod de;
mod header;
mod host;
mod host_table;
mod plugin;
mod ser;
mod value;

pub use codec::{DecodeError, decode, decode_within, encode};
pub use de::from_value;
pub use header::{PROTOCOL, PROTOCOL_MARK, ProtocolMark, protocol_in};
pub use host::{ChannelId, HostRef, HostTable, PublishStatus, Reading, SubscribeMode};
pub use host_table::{HostFunctions, host_table};
pub use plugin::{Plugin, PluginRef};
pub use ser::to_value;
pub use value::{Entry, Frame, Number, NumericArray, PixelFormat, SharedBytes, Value, ValueError};

/// What the sdk's `plugin!` macro needs to emit the library header without naming abi_stable.
#[doc(hidden)]
pub mod export {
    pub use abi_stable::library::{__call_root_module_loader, CheckTypeLayout, LibHeader, RootModuleResult};
    pub use abi_stable::prefix_type::PrefixTypeTrait;
    pub use abi_stable::std_types::{RStr, RString, RVec};
}
