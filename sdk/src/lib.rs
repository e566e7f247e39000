//! stub
pub mod client;
mod error;
pub mod status;
pub mod view;
pub use brickwork_abi::{Frame, Number, NumericArray, PixelFormat, SharedBytes, Value, ValueError, from_value, to_value};
pub use error::{Error, ErrorKind, Result};
