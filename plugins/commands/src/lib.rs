//! The brick of a set of commands: macros of spec, scripts of a beamline, whatever an object offers at run time.

#![forbid(unsafe_code)]

mod last;
mod panel;
#[cfg(test)]
mod tests;

use panel::CommandPanel;

brickwork_sdk::plugin! {
    objects: [],
    bricks: [CommandPanel],
}
