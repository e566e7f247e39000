//! Values that bricks share: `shared.text`, `shared.number` and `shared.flag`.
//!
//! One generic object, [`Shared`], serves all three. It keeps its value over a reload and never touches a device.

#![forbid(unsafe_code)]

mod kinds;
mod shared;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::{shared_flag, shared_number, shared_text};
use shared::Shared;

type SharedText = Shared<String>;
type SharedNumber = Shared<f64>;
type SharedFlag = Shared<bool>;

brickwork_sdk::plugin! {
    objects: [SharedText: shared_text, SharedNumber: shared_number, SharedFlag: shared_flag],
    bricks: [],
}
