//! What goes on when a process is killed: the shell, its display, the engine.

use std::time::{Duration, Instant};

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::{display, programs};

/// What is promised when the engine dies.
const SAID_WITHIN: Duration = Duration::from_secs(2);

fn demo() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("demo.ron")))
}

#[test]
fn a_motion_outlives_a_killed_shell_and_the_next_one_shows_where_it_ended() {
    let Some(mut beamline) = demo() else { return };
    let engine = beamline.engine();
    engine.move_to("omega", 123.25);
    engine.moves("omega");
    beamline.kill_shell();
    assert!(engine.running() > 0, "the motor still moves when the shell is dead");
    engine.arrives("omega", 123.25);
    beamline.run();
    beamline.sees("123.250");
    assert_eq!(beamline.engine().process(), engine.process(), "it is the engine of before");
}

#[test]
fn a_motion_outlives_a_killed_display_and_the_next_one_shows_where_it_ended() {
    let Some(mut beamline) = demo() else { return };
    let engine = beamline.engine();
    engine.move_to("omega", 234.5);
    engine.moves("omega");
    beamline.kill_display();
    assert!(engine.running() > 0, "the motor still moves when the display is dead");
    engine.arrives("omega", 234.5);
    beamline.new_display();
    beamline.run();
    beamline.sees("234.500");
    assert_eq!(beamline.engine().process(), engine.process(), "it is the engine of before");
}

#[test]
fn a_killed_engine_is_said_within_two_seconds_and_a_new_one_is_met_without_a_click() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    beamline.sees("idle");
    programs::kill_with_keeper(engine.process());
    let killed = Instant::now();
    beamline.sees_after(killed, SAID_WITHIN, "The engine does not answer since");
    beamline.sees_after(killed, SAID_WITHIN, "disconnected since");

    let _engine = beamline.run_engine();
    beamline.no_longer_sees("The engine does not answer");
    beamline.no_longer_sees("disconnected since");
    let engine = beamline.engine();
    beamline.enter("motors.one(motor=omega)/target", "7.5");
    engine.arrives("omega", 7.5);
    beamline.sees("7.500");
}
