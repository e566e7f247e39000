//! `torture.counter` and `torture.panel`: an object and a brick that count, and that misbehave as a mark in the built
//! file says. The test `reload_torture` changes the mark, so that it has many plugins without a compiler. Built for
//! the tests alone, never shipped.

#![forbid(unsafe_code)]

mod counter;
mod mark;
mod panel;

use counter::{Counter, torture};
use panel::Panel;

brickwork_sdk::plugin! {
    objects: [Counter: torture],
    bricks: [Panel],
}
