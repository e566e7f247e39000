//! Every control of `gallery.controls`, used once.

use brickwork_sdk::testing::{FakeHost, TestBrick};

use super::bricks::echoes;

fn controls(host: &FakeHost) -> TestBrick {
    host.publish("signal", "number", 4.5);
    host.brick("gallery.controls").role("signal", "signal").open()
}

#[test]
fn every_button_toggle_and_choice_says_what_it_sent() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    echoes(&mut brick, "none yet");
    for (id, message) in [("home", "Home"), ("collect", "Collect"), ("stop", "Stop"), ("details", "Details")] {
        brick.click(id);
        echoes(&mut brick, message);
    }
    brick.toggle("light");
    echoes(&mut brick, "Light(false)");
    assert!(!brick.node("light").flag("on"));
    brick.select("zoom", "2");
    echoes(&mut brick, "Zoom(\"2\")");
    assert_eq!(brick.node("zoom").text("selected"), "2");
    brick.select("space group", "P4(1)");
    echoes(&mut brick, "SpaceGroup(\"P4(1)\")");
    assert_eq!(brick.node("space group").text("selected"), "P4(1)");
}

#[test]
fn every_input_says_what_it_sent() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    let numbers = [
        ("images", 1800.0, "Images(1800.0)"),
        ("exposure", 0.5, "Exposure(0.5)"),
        ("follow", -1.5, "Follow(-1.5)"),
        ("backlight", 75.0, "Backlight(75.0)"),
        ("gain", 3.5, "Gain(3.5)"),
    ];
    for (id, number, message) in numbers {
        brick.enter(id, number);
        echoes(&mut brick, message);
        assert!(id == "follow" || brick.node(id).number("value") == Some(number), "{id}");
    }
    for (id, message) in [("prefix", "Prefix(\"thau_2\")"), ("comment", "Comment(\"thau_2\")")] {
        brick.enter(id, "thau_2");
        echoes(&mut brick, message);
        assert_eq!(brick.node(id).text("value"), "thau_2");
    }
}

#[test]
fn a_secret_is_neither_shown_nor_kept() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    brick.enter("password", "swordfish");
    echoes(&mut brick, "Password(9 characters that are not shown)");
    assert!(brick.node("password").flag("secret"));
    assert!(!format!("{:?} {:?}", brick.view(), brick.save()).contains("swordfish"));
}

#[test]
fn what_cannot_be_used_says_why() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    let disabled = ["mount", "measure", "open", "cryo", "door", "few off", "many off", "energy", "proposal", "focus"];
    for id in disabled {
        assert!(brick.why_not(id).is_some(), "{id} can be used");
    }
    let others = brick.view().walk().filter(|node| node.is_interactive() && node.text("disabled").is_empty()).count();
    assert_eq!(others, 15, "a control was added: use it in these tests");
}

#[test]
fn a_number_outside_its_range_is_not_taken() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    assert_eq!(brick.why_not_enter("exposure", 12.5).as_deref(), Some("12.5 is above the limit 10 s"));
    assert_eq!(brick.why_not_enter("exposure", 10.0), None);
}

#[test]
fn an_input_follows_the_signal() {
    let host = FakeHost::new(crate::plugin());
    assert_eq!(controls(&host).node("follow").bound(), Some(("signal", "number")));
}

#[test]
fn what_was_entered_survives_a_reload() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = controls(&host);
    brick.toggle("light");
    brick.enter("images", 100.0);
    let mut brick = brick.reload();
    echoes(&mut brick, "Images(100.0)");
    assert!(!brick.node("light").flag("on"));
    assert_eq!(brick.node("images").number("value"), Some(100.0));
}
