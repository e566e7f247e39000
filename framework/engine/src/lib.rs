//! The engine: the process that owns the hardware objects. It has no display.
//!
//! It loads plugins, makes objects from a layout, carries commands and values between them, keeps
//! them alive through failures, reloads them, and serves shells over the link. The host binary
//! starts it; the shell uses [`loader`] for its bricks.

mod bus;
mod catalogue;
mod clock;
mod core;
pub mod crumbs;
mod engine;
mod host;
mod inspect;
pub mod left_off;
pub mod loader;
pub mod log;
mod memory;
mod mismatch;
mod outbox;
mod own_file;
mod reload;
mod retire;
mod seats;
mod server;
mod watch;

pub use brickwork_link::{Trust, Untrusted};
pub use bus::{Bus, Wake};
pub use catalogue::Catalogue;
pub use clock::Clock;
pub use engine::{Engine, Options};
pub use inspect::{Checked, Known, Listed, Listing};
pub use memory::release;
pub use seats::raise_descriptors;
pub use server::serve;
pub use watch::Watch;
