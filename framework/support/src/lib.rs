//! What is known of a running beamline, as text for people: which connections hold, which versions run, and the
//! archive with all of it that is sent to whoever is on call.
//!
//! The shell's panels and `brickwork support` use it. It draws nothing, changes nothing, and lets no secret through
//! (`secrets`).

mod archive;
mod bundle;
mod connections;
mod environment;
mod secrets;
mod text;
mod versions;
mod word_of_engine;
pub mod words;

pub use bundle::{Checked, Request, SupportError, Window, file_name, write};
pub use connections::{Connection, connections, connections_text};
pub use text::table;
pub use versions::{Versions, plugins_text};
pub use word_of_engine::{AskError, EngineWord, ask};
pub use words::Now;
