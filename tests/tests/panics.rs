//! A brick that panics, wherever it does, becomes a card or a banner that says what and where; the others go on.

use brickwork_tests::beamline::Beamline;
use brickwork_tests::programs::built;
use brickwork_tests::{PATIENCE, display, programs};

/// The bricks, each named as what it panics at.
const BRICKS: [&str; 7] = ["New", "View", "Update", "Save", "Restore", "Drop", "Nowhere"];
/// What is said of the source place.
const PLACE: &str = "panics/src/lib.rs:";

fn layout(round: u32) -> String {
    let bricks = BRICKS.map(|at| format!(r#"Brick("panics.brick", id: "{at}", config: (at: {at}, round: {round}))"#));
    let (left, right) = bricks.split_at(4);
    let (left, right) = (left.join(", "), right.join(", "));
    format!(
        r#"Beamline(format: 1, name: "PANICS", windows: [
            Window("Panics", Row([Column([{left}]), Column([{right}])])),
        ])"#
    )
}

fn open() -> Option<Beamline> {
    if !programs::have(display::PROGRAMS) {
        return None;
    }
    let mut beamline = Beamline::prepare(&layout(1));
    beamline.put_plugin(&built("libbrickwork_panics.so"), "libpanics.so");
    beamline.run();
    Some(beamline)
}

/// Waits until a card or banner says that a brick has panicked at `at`, and where.
fn says(beamline: &Beamline, at: &str) {
    let what = format!("this brick panics at {at}");
    beamline.wait(&format!("{what:?} with its place"), PATIENCE, |seen| {
        let is_place = |words: &str| words.contains(PLACE);
        // A card has the place in a line of its own, a banner behind the words.
        let at = seen.iter().position(|seen| seen.words.contains(&what));
        at.is_some_and(|at| seen[at..].iter().take(2).any(|seen| is_place(&seen.words)))
    });
}

#[test]
fn a_brick_that_panics_while_it_is_made_drawn_or_used_becomes_a_card_and_can_be_started_again() {
    let Some(beamline) = open() else { return };
    for at in ["New", "View"] {
        beamline.sees(&format!("{at} failed"));
        says(&beamline, at);
    }
    beamline.sees("Update, round 1, 0 presses");
    beamline.click("Update/press");
    beamline.sees("Update failed");
    says(&beamline, "Update");
    beamline.click("Nowhere/press");
    beamline.sees("Nowhere, round 1, 1 presses");
    beamline.click("Update/restart");
    beamline.sees("Update, round 1, 0 presses");
}

#[test]
fn a_brick_that_panics_while_it_is_replaced_is_said_in_a_banner_and_the_others_keep_their_state() {
    let Some(beamline) = open() else { return };
    beamline.sees("Drop, round 1, 0 presses");
    for at in ["Nowhere", "Save", "Restore"] {
        beamline.click(&format!("{at}/press"));
        beamline.sees(&format!("{at}, round 1, 1 presses"));
    }
    beamline.write_layout(&layout(2));
    for at in ["Save", "Restore", "Drop"] {
        says(&beamline, at);
    }
    // The state is lost with its brick's save alone, and what cannot be restored does not take the old one's place.
    for words in ["Nowhere, round 2, 1 presses", "Save, round 2, 0 presses", "Restore, round 1, 1 presses"] {
        beamline.sees(words);
    }
    beamline.sees("Drop, round 2, 0 presses");
    beamline.click("Restore/press");
    beamline.sees("Restore, round 1, 2 presses");
}
