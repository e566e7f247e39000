//! From RON to a checked layout: a value and *all* the errors, each with its place.
//!
//! The engine calls [`load()`] with the kinds that its plugins contribute and gets a [`Beamline`], or
//! every mistake of every file in one go; `brickwork check` prints them. The crate loads no plugin,
//! starts nothing, and writes no file.
//!
//! ```text
//! syntax   text -> lossless tree, all syntax errors
//! read     tree -> what one file says          (windows, value)
//! load     files -> one layout                 (includes, overrides)
//! check    names, kinds, roles, configs        (kinds, schema)
//! ```
//!
//! Beside that path lie [`format()`], which writes a layout in the house style, and [`document`], which
//! says what a kind is.

mod check;
mod circles;
mod config;
mod diagnostic;
pub mod document;
mod draft;
mod file;
mod format;
mod json;
mod kinds;
mod load;
mod model;
mod read;
mod report;
mod schema;
mod source;
mod suggest;
pub mod syntax;
mod value;
mod windows;

pub use diagnostic::{Diagnostic, Label, Severity, render};
pub use file::read_text;
pub use format::{FormatError, format};
pub use json::to_json;
pub use kinds::Kinds;
pub use load::{Loaded, Reader, load, load_from};
pub use model::{Beamline, BrickSpec, Direction, Node, ObjectSpec, Place, TabSpec, WindowSpec};
pub use read::FORMAT;
pub use schema::check as check_config;
pub use source::{Source, Sources};
pub use suggest::nearest;
pub use value::{Converted, convert};
