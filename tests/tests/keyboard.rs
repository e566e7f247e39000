//! The demo without a mouse: every control that is in sight can be reached, and is used.

use std::collections::BTreeSet;

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::window::Seen;
use brickwork_tests::{PATIENCE, display, poll, programs};

const OMEGA: &str = "motors.one(motor=omega)";
/// More presses than the demo has controls.
const MOST_PRESSES: usize = 400;

fn demo() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("demo.ron")))
}

/// The control that has the focus.
fn focused(seen: &[Seen]) -> Option<String> {
    let has_it = |seen: &&Seen| seen.kind == "control" && seen.words == "focused";
    seen.iter().find(has_it).map(|seen| seen.id.clone())
}

/// Presses Tab until a control has the focus.
fn tab_to(beamline: &Beamline, id: &str) {
    for _ in 0..MOST_PRESSES {
        if beamline.look().and_then(|seen| focused(&seen)).is_some_and(|focused| focused == id) {
            return;
        }
        tab(beamline);
    }
    panic!("{id} is not reached by {MOST_PRESSES} presses of Tab");
}

/// Presses Tab and waits until the focus has moved.
fn tab(beamline: &Beamline) {
    let before = beamline.look().and_then(|seen| focused(&seen));
    beamline.display.act(&["key", "Tab"]);
    // After the last control nothing has the focus; then it begins anew.
    let moved = poll(PATIENCE, || (focused(&beamline.look()?) != before).then_some(()));
    assert!(moved.is_some(), "Tab moves the focus on from {before:?}");
}

#[test]
fn tab_reaches_every_control_and_brings_it_into_sight() {
    let Some(beamline) = demo() else { return };
    beamline.sees("idle");
    let (mut reached, mut in_sight) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..MOST_PRESSES {
        let seen = beamline.look().expect("the window answers");
        in_sight.extend(seen.iter().filter(|seen| seen.kind == "control").map(|seen| seen.id.clone()));
        // What has the focus is listed, so it is in sight: the list holds nothing that is scrolled away.
        if !focused(&seen).is_none_or(|id| reached.insert(id)) {
            break;
        }
        tab(&beamline);
    }
    let missed: Vec<&String> = in_sight.difference(&reached).collect();
    assert!(missed.is_empty(), "Tab does not reach {missed:?}");
    for id in [format!("{OMEGA}/target"), format!("{OMEGA}/stop"), "bar/abort".into(), "bar/log".into()] {
        assert!(reached.contains(&id), "{id} is not among {reached:?}");
    }
}

#[test]
fn a_motor_is_moved_stepped_and_stopped_and_a_page_is_turned_by_keys_alone() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    tab_to(&beamline, &format!("{OMEGA}/target"));
    beamline.display.act(&["type", "12.5"]);
    beamline.display.act(&["key", "Return"]);
    engine.arrives("omega", 12.5);

    tab_to(&beamline, &format!("{OMEGA}/plus"));
    beamline.display.act(&["key", "space"]);
    engine.arrives("omega", 102.5);

    tab_to(&beamline, &format!("{OMEGA}/target"));
    beamline.display.act(&["type", "700"]);
    beamline.display.act(&["key", "Return"]);
    engine.moves("omega");
    // Nothing is typed, so Escape has nothing to cancel: it stops what this brick began.
    beamline.display.act(&["key", "Escape"]);
    poll(PATIENCE, || (engine.running() == 0).then_some(())).expect("Escape stops the motion");
    assert!(engine.number("omega", "position") < 690.0);

    tab_to(&beamline, "window 0//tab2");
    beamline.display.act(&["key", "space"]);
    beamline.find("control", "motors.table(motors=omega+kappa+phi+phiy+phiz+sampx+sampy+focus)/stop:omega");
    beamline.find("control", "bar/abort");
}
