//! Bricks for motors: `motors.one` for one axis, `motors.table` for many in rows.
//!
//! Both show and move through [`axis::Axis`]. They serve any object with the interface `motor`.

#![forbid(unsafe_code)]

mod axis;
mod one;
mod table;

#[cfg(test)]
mod tests;

use one::MotorBrick;
use table::MotorTable;

brickwork_sdk::plugin! {
    objects: [],
    bricks: [MotorBrick, MotorTable],
}
