//! The shipped gallery in its window: every tab shows its brick, and the bricks hear their controls.

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::window::Seen;
use brickwork_tests::{PATIENCE, display, programs};

const CONTROLS: &str = "gallery.controls(signal=moving)";
const TALK: &str = "gallery.talk(asker=asker)";

fn gallery() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("gallery.ron")))
}

fn turn_to(beamline: &Beamline, tab: &str) {
    // The titles stand in the bar at the top.
    let is_title = |seen: &&Seen| seen.kind == "text" && seen.words == tab && seen.place.1 < 40;
    let seen = beamline.wait(tab, PATIENCE, |seen| seen.iter().any(|seen| is_title(&seen)));
    beamline.display.click(seen.iter().find(is_title).expect("it was just seen").middle());
}

#[test]
fn every_tab_of_the_gallery_shows_its_brick() {
    let Some(beamline) = gallery() else { return };
    let words = [
        ("Text", "Signs in every tone"),
        ("Controls", "One of many, not now"),
        ("Values", "unit from a channel"),
        ("Data", "lyso 3"),
        ("Containers", "A group in a group"),
        ("Picture", "lost camera"),
        ("Talk", "Panic this brick"),
    ];
    for (tab, words) in words {
        turn_to(&beamline, tab);
        beamline.sees(words);
    }
}

#[test]
fn every_mark_of_quality_and_link_is_seen() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, "Values");
    for words in ["swinging slowly", "⚠ minor", "⚠ major", "invalid", " ago", "loading", "write `state: Live`"] {
        beamline.sees(words);
    }
}

#[test]
fn a_refusal_and_a_failure_stand_beside_their_buttons() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, "Talk");
    beamline.click(&format!("{TALK}/refuse"));
    beamline.sees("12.5 is above the limit 10 mm");
    beamline.click(&format!("{TALK}/fail"));
    beamline.sees("the pretended gripper did not close");
}

#[test]
fn a_brick_that_is_asked_to_panic_becomes_a_red_card_and_the_others_go_on() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, "Talk");
    beamline.click(&format!("{TALK}/panic"));
    beamline.sees("this brick was asked to panic");
    turn_to(&beamline, "Controls");
    beamline.click(&format!("{CONTROLS}/home"));
    beamline.sees("last message: Home");
}
