//! Things of spec with named positions: `spec.shutter`, open and closed; `spec.choice`, any names for the values of a
//! variable; and `spec.multiposition`, places of a motor. The first two are one thing, [`Named`].

mod choice;
mod multiposition;
mod named;
mod shutter;

pub use choice::SpecChoice;
pub use multiposition::Multiposition;
pub use shutter::SpecShutter;
