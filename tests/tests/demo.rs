//! The shipped demo, used as a person uses it.

use brickwork_sdk::ErrorKind;
use brickwork_sdk::protocol::Outcome;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::{display, programs};

const OMEGA: &str = "motors.one motor=omega";

#[test]
fn a_motor_goes_where_it_is_sent_and_stops_when_it_is_told() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = Beamline::open(&shipped("demo.ron"));
    let engine = beamline.engine();
    beamline.sees("On-axis microscope");
    beamline.enter(&format!("{OMEGA}/target"), "12.5");
    engine.arrives("omega", 12.5);
    beamline.sees("12.500");
}
