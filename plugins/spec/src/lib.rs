//! The spec plugin: a client of the servers of spec (Certified Scientific Software). Its objects are a session, motors,
//! counters, variables, shutters, macros and scans of a spec; its bricks a console and a plot.
//!
//! Objects share one connection for each address and keep no state that spec has: what happens at spec's own console is
//! seen here.

#![forbid(unsafe_code)]

mod address;
mod attend;
mod link;
mod motor;
mod session;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::motor as motor_v1;
use brickwork_sdk::plugin;

use motor::SpecMotor;
use session::{SpecServer, spec_session};

plugin! {
    objects: [SpecServer: spec_session, SpecMotor: motor_v1],
    bricks: [],
}
