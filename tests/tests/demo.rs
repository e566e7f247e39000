//! The shipped demo, used as a person uses it: by mouse and keyboard, with the eyes on the screen.

use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::{ErrorKind, Value};
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::{PATIENCE, display, poll, programs};

const OMEGA: &str = "motors.one(motor=omega)";

fn demo() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("demo.ron")))
}

#[test]
fn a_motor_goes_where_it_is_sent_from_the_window() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    beamline.sees("omega");
    beamline.enter(&format!("{OMEGA}/target"), "12.5");
    engine.arrives("omega", 12.5);
    beamline.sees("12.500");
}

#[test]
fn a_target_outside_the_limits_is_refused_in_words_and_nothing_moves() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    beamline.enter(&format!("{OMEGA}/target"), "900");
    let words = beamline.wait("refusal", PATIENCE, |seen| {
        seen.iter().any(|seen| seen.words.contains("900") && seen.words.contains("720"))
    });
    assert!(words.iter().all(|seen| !seen.words.contains("panick")), "a refusal is no failure");
    assert_eq!(engine.number("omega", "position"), 0.0);
    assert_eq!(engine.running(), 0);
}

#[test]
fn the_engine_itself_refuses_a_target_outside_the_limits() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    let call = engine.move_to("omega", 900.0);
    let Outcome::Ended(error) = engine.end_of(call) else { panic!("900 lies beyond the limit of 720") };
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("900") && error.message.contains("720"), "{}", error.message);
    assert_eq!(engine.number("omega", "position"), 0.0);
}

#[test]
fn the_stop_button_ends_a_motion_where_the_motor_is() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    let call = engine.move_to("omega", 700.0);
    engine.moves("omega");
    beamline.click(&format!("{OMEGA}/stop"));
    let Outcome::Ended(error) = engine.end_of(call) else { panic!("it was stopped long before 700") };
    assert_eq!(error.kind, ErrorKind::Aborted);
    let stands = engine.number("omega", "position");
    assert!((0.0..700.0).contains(&stands), "it stands at {stands}");
    assert_eq!(engine.latest("omega", "state").0, Value::from("ready"));
}

#[test]
fn abort_ends_every_motion_of_every_motor() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    let calls = [("omega", 700.0), ("kappa", 240.0), ("focus", 9.9)].map(|(motor, to)| engine.move_to(motor, to));
    engine.moves("omega");
    beamline.click("bar/abort");
    for call in calls {
        let Outcome::Ended(error) = engine.end_of(call) else { panic!("it was aborted long before its target") };
        assert_eq!(error.kind, ErrorKind::Aborted);
    }
    poll(PATIENCE, || (engine.running() == 0).then_some(())).expect("nothing runs after ABORT");
    beamline.sees("nothing runs");
}
