//! Stub docs.
#![cfg_attr(doc, allow(rustdoc::broken_intra_doc_links))]

#[cfg(panic = "abort")]
compile_error!(
    "a plugin needs `panic = \"unwind\"`: with \"abort\" one mistake of a plugin ends the whole beamline GUI"
);

extern crate self as brickwork_sdk;

mod brick;
pub mod client;
mod context;
mod error;
#[doc(hidden)]
pub mod glue;
pub mod interface;
pub mod interfaces;
#[doc(hidden)]
pub mod object;
mod plugin;
#[doc(hidden)]
pub mod protocol;
mod state;
pub mod status;
pub mod testing;
pub mod view;

#[doc(hidden)]
pub use brickwork_abi as __abi;
pub use brickwork_abi::{
    Frame, Number, NumericArray, PixelFormat, PublishStatus, SharedBytes, Value, ValueError, from_value, to_value,
};
pub use brickwork_macros::interface;

pub use brick::Brick;
pub use context::{BrickContext, Clock, Context, ObjectContext, Reservation};
pub use error::{Error, ErrorKind, Result};
pub use object::{Call, HardwareObject, Publisher};
pub use protocol::{Caller, ConfigProblem, Role, RoleCount};
pub use state::{Restored, State};
pub use status::{Activity, Quality};
