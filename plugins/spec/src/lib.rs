//! The spec plugin: a client of the servers of spec (Certified Scientific Software). Its objects are a session, motors,
//! counters, variables, shutters, macros and scans of a spec; its bricks a console and a plot.
//!
//! Objects share one connection for each address and keep no state that spec has: what happens at spec's own console is
//! seen here.

#![forbid(unsafe_code)]

mod actuator;
mod address;
mod attend;
mod console;
mod counter;
mod link;
mod macros;
mod motor;
mod scan;
mod session;
#[cfg(test)]
mod tests;
mod variable;

use brickwork_sdk::interfaces::{actuator as actuator_v1, command_set, motor as motor_v1, shared_number, shared_text};
use brickwork_sdk::plugin;

use actuator::{Multiposition, SpecChoice, SpecShutter};
use console::Console;
use counter::{SpecCounter, spec_counter};
use macros::SpecMacros;
use motor::SpecMotor;
use scan::{ScanPlot, SpecScan, spec_scan};
use session::{SpecServer, spec_session};
use variable::Variable;

type SpecNumber = Variable<f64>;
type SpecText = Variable<String>;

plugin! {
    objects: [
        SpecServer: spec_session,
        SpecMotor: motor_v1,
        SpecCounter: spec_counter,
        SpecNumber: shared_number,
        SpecText: shared_text,
        SpecChoice: actuator_v1,
        SpecShutter: actuator_v1,
        Multiposition: actuator_v1,
        SpecMacros: command_set,
        SpecScan: spec_scan,
    ],
    bricks: [Console, ScanPlot],
}
