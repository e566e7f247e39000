//! Bricks for actuators, things with named positions: `actuators.one` and `actuators.list`.
//!
//! Both show and move through [`part::Part`].

#![forbid(unsafe_code)]

mod list;
mod one;
mod part;
#[cfg(test)]
mod tests;

use list::ActuatorList;
use one::ActuatorBrick;

brickwork_sdk::plugin! {
    objects: [],
    bricks: [ActuatorBrick, ActuatorList],
}
