//! The one protocol between engine and shell: serde messages, sent as values over a Unix socket.
//!
//! The engine and the shell both use it; it knows neither. Everything is serialisable, so that a
//! remote shell is another transport, not another protocol.

mod files;
mod kept;
mod message;
mod place;
mod transport;

pub use files::{resident_bytes, write_private};
pub use kept::Kept;
pub use message::{
    CallInfo, EngineInfo, LINK_PROTOCOL, LogLine, Notice, NoticeLevel, ObjectInfo, PluginFile, ToEngine, ToShell,
    Update,
};
pub use place::{Place, PlaceError, private_folder, state_folder};
pub use transport::{Reader, TransportError, Writer, split};
