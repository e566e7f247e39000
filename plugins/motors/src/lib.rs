//! Bricks for motors: `motors.one` for one axis, `motors.table` for many in rows, `motors.chosen` for the one of many
//! that is chosen in a shared text.
//!
//! All show and move through [`axis::Axis`]. They serve any object with the interface `motor`.

#![forbid(unsafe_code)]

mod axis;
mod chosen;
mod one;
mod table;

#[cfg(test)]
mod tests;

use chosen::ChosenMotor;
use one::MotorBrick;
use table::MotorTable;

brickwork_sdk::plugin! {
    objects: [],
    bricks: [MotorBrick, MotorTable, ChosenMotor],
}
