//! The shipped gallery in its window: every tab shows its brick, and the bricks hear their controls.

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::{display, programs};

const CONTROLS: &str = "gallery.controls(signal=moving)";
const TALK: &str = "gallery.talk(asker=asker)";

fn gallery() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("gallery.ron")))
}

fn turn_to(beamline: &Beamline, tab: usize) {
    beamline.click(&format!("window 0//tab{tab}"));
}

#[test]
fn every_tab_of_the_gallery_shows_its_brick() {
    let Some(beamline) = gallery() else { return };
    let words = [
        "Signs in every tone",
        "One of many, not now",
        "unit from a channel",
        "lyso 3",
        "A group in a group",
        "lost camera",
        "Panic this brick",
    ];
    for (tab, words) in words.into_iter().enumerate() {
        turn_to(&beamline, tab);
        beamline.sees(words);
    }
}

#[test]
fn every_mark_of_quality_and_link_is_seen() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, 2);
    for words in ["swinging slowly", "⚠ minor", "⚠ major", "invalid", " ago", "loading", "write `state: Live`"] {
        beamline.sees(words);
    }
}

#[test]
fn a_refusal_and_a_failure_stand_beside_their_buttons() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, 6);
    beamline.click(&format!("{TALK}/refuse"));
    beamline.sees("12.5 is above the limit 10 mm");
    beamline.click(&format!("{TALK}/fail"));
    beamline.sees("the pretended gripper did not close");
}

#[test]
fn a_brick_that_is_asked_to_panic_becomes_a_red_card_and_the_others_go_on() {
    let Some(beamline) = gallery() else { return };
    turn_to(&beamline, 6);
    beamline.click(&format!("{TALK}/panic"));
    beamline.sees("this brick was asked to panic");
    turn_to(&beamline, 1);
    beamline.click(&format!("{CONTROLS}/home"));
    beamline.sees("last message: Home");
}
