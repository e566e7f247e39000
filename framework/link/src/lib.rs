//! The one protocol between engine and shell: serde messages, sent as values over a Unix socket.
//!
//! The engine and the shell both use it; it knows neither. Everything is serialisable, so that a
//! remote shell is another transport, not another protocol.

mod age;
mod door;
mod files;
mod holder;
mod kept;
mod lock;
mod message;
mod place;
mod transport;
mod trust;

pub use age::{MAX_AGE, too_old, uptime_ns};
pub use door::Door;
pub use files::{resident_bytes, write_private};
pub use holder::Holder;
pub use kept::Kept;
pub use lock::Lock;
pub use message::{
    Action, CallInfo, EngineInfo, LINK_PROTOCOL, LogLine, Notice, NoticeLevel, ObjectInfo, PluginFile, ToEngine,
    ToShell, Update,
};
pub use place::{Place, PlaceError, layout_name, private_folder, state_folder};
pub use transport::{Bounds, Reader, TransportError, Writer, split};
pub use trust::{Rights, Trust, Untrusted, rights};
