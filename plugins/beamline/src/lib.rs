//! Bricks about the beamline as a whole: a bar of any channels that the layout names, and the storage ring.

#![forbid(unsafe_code)]

mod bar;
mod machine;
#[cfg(test)]
mod tests;

use bar::Bar;
use machine::Machine;

brickwork_sdk::plugin! {
    objects: [],
    bricks: [Bar, Machine],
}
