#![doc = "x"]
pub mod syntax;
