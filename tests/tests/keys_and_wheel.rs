//! Keys and the wheel as a keyboard and a mouse send them, by their codes: nothing moves but by Enter.

use std::process::Command;
use std::time::Duration;

use brickwork_tests::beamline::Beamline;
use brickwork_tests::engine::EngineClient;
use brickwork_tests::window::Seen;
use brickwork_tests::{PATIENCE, display, poll, programs};

/// Key codes of every PC keyboard: by its name a key of the keypad would be sent as if NumLock did not matter.
mod code {
    /// Its code, 9, would be taken for the name of a figure.
    pub const ESCAPE: &str = "Escape";
    pub const FIVE: &str = "14";
    pub const NUMBER_0: &str = "19";
    pub const PLUS: &str = "21";
    pub const ENTER: &str = "36";
    pub const CTRL: &str = "37";
    pub const L: &str = "46";
    pub const K: &str = "45";
    pub const F1: &str = "67";
    pub const NUM_LOCK: &str = "77";
    pub const PAD_8: &str = "80";
    pub const PAD_2: &str = "88";
}

const TARGET: &str = "motors.one(motor=m)/target";
const STEP: &str = "motors.one(motor=m)/step";
/// What has not happened within this is not going to.
const NOTHING: Duration = Duration::from_millis(300);

fn pad() -> Option<(Beamline, EngineClient)> {
    let layout = r#"Beamline(
        format: 1,
        name: "PAD",
        objects: {"m": (kind: "sim.motor", config: (unit: "mm", limits: (-1000, 1000), velocity: 50))},
        windows: [Window("W", Brick("motors.one", uses: {"motor": "m"}, config: (step: 10)))],
    )"#;
    let beamline = programs::have(display::PROGRAMS).then(|| Beamline::open(layout))?;
    beamline.sees("idle");
    let engine = beamline.engine();
    Some((beamline, engine))
}

fn press(beamline: &Beamline, codes: &[&str]) {
    codes.iter().for_each(|code| beamline.display.act(&["key", code]));
}

fn press_with_ctrl(beamline: &Beamline, code: &str) {
    beamline.display.act(&["keydown", code::CTRL, "key", code, "keyup", code::CTRL]);
}

/// Waits until the field says so.
fn says(beamline: &Beamline, words: &str) {
    let is_it = |seen: &Seen| seen.kind == "input" && seen.id == TARGET && seen.words == words;
    beamline.wait(&format!("target that says {words:?}"), PATIENCE, |seen| seen.iter().any(is_it));
}

/// Waits until whole steps were added to what stood in the field. How many a notch gives is the X server's: without
/// smooth scrolling, winit hears its press and its release.
fn shows_more_than(beamline: &Beamline, before: f64) {
    let is_more = |number: f64| number > before && (number - before) % 10.0 == 0.0;
    let is_it = |seen: &Seen| seen.id == TARGET && seen.words.parse().is_ok_and(is_more);
    beamline.wait("target that was stepped", PATIENCE, |seen| seen.iter().any(is_it));
}

/// Fails if the motor was sent anywhere.
fn stays(engine: &EngineClient, at: f64) {
    std::thread::sleep(NOTHING);
    assert_eq!((engine.number("m", "target"), engine.number("m", "position"), engine.running()), (at, at, 0));
}

#[test]
fn keypad_arrows_and_wheel_change_the_number_in_the_field_and_only_enter_moves_the_motor() {
    let Some((beamline, engine)) = pad() else { return };
    let field = beamline.find("input", TARGET).middle();
    let wheel = |button: &str| beamline.display.act(&["click", button]);
    beamline.display.act(&["mousemove", &field.0.to_string(), &field.1.to_string()]);
    wheel("4");
    stays(&engine, 0.0);
    says(&beamline, "0.000");

    beamline.click(TARGET);
    press(&beamline, &[code::NUM_LOCK, code::PAD_8, code::PAD_2]);
    says(&beamline, "82");
    stays(&engine, 0.0);
    press(&beamline, &[code::ESCAPE, code::NUM_LOCK]);
    says(&beamline, "0.000");
    press(&beamline, &[code::PAD_8, code::PAD_8, code::PAD_2, code::PAD_8]);
    says(&beamline, "20.000");
    wheel("4");
    shows_more_than(&beamline, 20.0);
    stays(&engine, 0.0);
    press(&beamline, &[code::FIVE]);
    says(&beamline, "5");
    press(&beamline, &[code::ENTER]);
    engine.arrives("m", 5.0);

    // While it moves, steps count from where it goes, not from where it is.
    press(&beamline, &[code::FIVE, code::NUMBER_0, code::NUMBER_0, code::ENTER]);
    engine.moves("m");
    says(&beamline, "500.000");
    press(&beamline, &[code::PAD_8]);
    says(&beamline, "510.000");
    wheel("4");
    shows_more_than(&beamline, 510.0);
    assert_eq!(engine.number("m", "target"), 500.0);
    press(&beamline, &[code::F1]);
    beamline.sees("Keys and mouse");
    press(&beamline, &[code::ESCAPE]);
    beamline.no_longer_sees("Keys and mouse");
    shows_more_than(&beamline, 510.0);
    press(&beamline, &[code::ESCAPE]);
    says(&beamline, "500.000");
    assert_eq!(engine.running(), 1, "it closed the list and took back what was typed");
    press(&beamline, &[code::ESCAPE]);
    poll(PATIENCE, || (engine.running() == 0).then_some(())).expect("Escape stops what the brick in focus began");
    assert!(engine.number("m", "position") < 490.0);
}

#[test]
fn what_can_be_meant_in_two_ways_moves_nothing_and_a_unit_of_the_same_kind_is_understood() {
    let Some((beamline, engine)) = pad() else { return };
    beamline.enter(TARGET, "1,500");
    beamline.sees("can mean 1.5 or 1500");
    press(&beamline, &[code::ESCAPE]);
    beamline.enter(TARGET, "5 deg");
    beamline.sees("deg is an angle, this is a length in mm");
    stays(&engine, 0.0);
    press(&beamline, &[code::ESCAPE]);
    beamline.enter(TARGET, "900 um");
    engine.arrives("m", 0.9);
    beamline.sees("900 um is 0.9 mm");

    // A value is copied, its unit with it, and can be put into another field.
    beamline.click(TARGET);
    press_with_ctrl(&beamline, "54");
    beamline.sees("copied: 0.900 mm");
    beamline.click(STEP);
    press_with_ctrl(&beamline, "55");
    beamline.wait("pasted value", PATIENCE, |seen| seen.iter().any(|seen| seen.id == STEP && seen.words == "0.900 mm"));
    press(&beamline, &[code::ENTER]);
    beamline.wait("step", PATIENCE, |seen| seen.iter().any(|seen| seen.id == STEP && seen.words == "0.9"));
    let seen = beamline.look().expect("the window answers");
    let at =
        seen.iter().find(|seen| seen.kind == "text" && seen.words == "0.900").expect("the position is shown").middle();
    beamline.display.act(&["mousemove", &at.0.to_string(), &at.1.to_string(), "click", "3"]);
    beamline.sees("Copy 0.900 mm");
    let seen = beamline.look().expect("the window answers");
    let offer = seen.iter().find(|seen| seen.words == "Copy m.position").expect("the channel can be copied");
    beamline.display.click(offer.middle());
    beamline.sees("copied: m.position");
    beamline.no_longer_sees("Copy 0.900 mm");
}

#[test]
fn shortcuts_are_found_on_keyboards_without_latin_letters_and_the_content_grows_and_is_remembered() {
    let Some((mut beamline, engine)) = pad() else { return };
    for layout in ["ru", "gr", "us"] {
        if programs::have(&["setxkbmap"]) {
            let status = Command::new("setxkbmap").env("DISPLAY", beamline.display.name()).arg(layout).status();
            assert!(status.is_ok_and(|status| status.success()), "setxkbmap {layout}");
        }
        for (key, control) in [(code::L, "shell/log/filter"), (code::K, "shell/connections/filter")] {
            press_with_ctrl(&beamline, key);
            beamline.find("input", control);
            press_with_ctrl(&beamline, key);
            beamline.wait("closed panel", PATIENCE, |seen| seen.iter().all(|seen| seen.id != control));
        }
    }
    let clock = |seen: &[Seen]| {
        let is_time = |words: &str| words.len() == 8 && words.matches(':').count() == 2;
        seen.iter().find(|seen| seen.kind == "text" && is_time(&seen.words)).map(|seen| seen.words.clone())
    };
    let first = clock(&beamline.look().expect("the window answers")).expect("there is a clock");
    beamline.wait("later time", PATIENCE, |seen| clock(seen).is_some_and(|now| now > first));

    let width = |beamline: &Beamline| beamline.find("area", "window 0/").place.2;
    assert_eq!(width(&beamline), 1280);
    press_with_ctrl(&beamline, code::PLUS);
    press_with_ctrl(&beamline, code::PLUS);
    beamline.sees("drawn at 125 %");
    assert_eq!(width(&beamline), 1024);
    let place = beamline.find("control", "motors.one(motor=m)/plus").middle();
    beamline.display.click((place.0 * 5 / 4, place.1 * 5 / 4));
    engine.arrives("m", 10.0);
    // It is written within a tick or two.
    std::thread::sleep(Duration::from_secs(2));
    beamline.kill_shell();
    beamline.run();
    assert_eq!(width(&beamline), 1024);
    press_with_ctrl(&beamline, code::NUMBER_0);
    beamline
        .wait("first size", PATIENCE, |seen| seen.iter().any(|seen| seen.id == "window 0/" && seen.place.2 == 1280));
}

#[test]
fn escape_stops_what_the_button_in_focus_began_but_leaves_a_question_alone() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let layout = r#"Beamline(
        format: 1,
        name: "TALK",
        objects: {"asker": (kind: "gallery.asker")},
        windows: [Window("W", Brick("gallery.talk", uses: {"asker": "asker"}))],
    )"#;
    let beamline = Beamline::open(layout);
    let engine = beamline.engine();
    let begin = |control: &str, words: &str| {
        beamline.click(&format!("gallery.talk(asker=asker)/{control}"));
        beamline.sees(words);
        assert_eq!(engine.running(), 1);
        press(&beamline, &[code::ESCAPE]);
    };
    begin("work", "asker work");
    poll(PATIENCE, || (engine.running() == 0).then_some(())).expect("Escape stops what the button began");
    begin("ask", "asker asks:");
    beamline.sees("a question waits: answer it");
    assert_eq!(engine.running(), 1);
    beamline.sees("asker asks:");
}
