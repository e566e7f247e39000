//! The layout in the shape of the beamlines of 2006, in the real window: spec runs macros, dies, returns, and refuses
//! rubbish.

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::mjpeg::free_port;
use brickwork_tests::spec::simulator;
use brickwork_tests::{display, programs};

const MACROS: &str = "commands.panel(commands=macros)";
const CONSOLE: &str = "spec.console(session=spec)";

#[test]
fn a_beamline_that_lives_in_spec_runs_its_macros_and_survives_the_death_of_spec_without_a_click() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let (port, shipped) = (free_port(), shipped("id14-4.ron"));
    let layout = shipped.replacen("localhost:eh4sim", &format!("127.0.0.1:{port}"), 1);
    assert_ne!(layout, shipped, "it talks to the simulator of this test");
    let mut spec = simulator(port);
    let beamline = Beamline::open(&layout);

    beamline.click("window 0//tab2");
    beamline.sees("a command, then Enter");
    beamline.click("window 0//tab1");
    beamline.sees("Quick realign");
    beamline.click(&format!("{MACROS}/run:prodc_quick_realign"));
    beamline.sees("Quick realign finished after");
    beamline.click("window 0//tab2");
    beamline.enter(&format!("{CONSOLE}/command"), "rubbish (");
    beamline.sees("Syntax error");
    beamline.enter(&format!("{CONSOLE}/command"), "p 6*7");
    beamline.sees("42");

    spec.kill();
    beamline.sees("disconnected since");
    beamline.click("window 0//tab0");
    beamline.sees("disconnected since");
    let _again = simulator(port);
    beamline.no_longer_sees("disconnected since");
    beamline.sees("closed");
}
