//! The brick of the minikappa, used as a person does.

use brickwork_sdk::interfaces::{CentredPosition, Centring, CentringPhase};
use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick};

use super::host;
use super::stage::{live, still_motor};

fn brick(host: &FakeHost) -> TestBrick {
    let brick = host.brick("minidiff.minikappa").role("diffractometer", "md");
    brick.role("kappa", "kappa").role("kappa_phi", "phi").open()
}

fn there(host: &FakeHost) {
    still_motor(host, "kappa", "deg", (-5.0, 245.0));
    still_motor(host, "phi", "deg", (-360.0, 360.0));
    live(host, "md");
}

fn save(host: &FakeHost, names: &[&str]) {
    let position = |name: &&str| CentredPosition { name: (*name).into(), ..CentredPosition::default() };
    host.publish("md", "saved", names.iter().map(position).collect::<Vec<_>>());
}

#[test]
fn both_angles_are_shown_and_the_minikappa_turns_where_it_is_told() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    host.publish("kappa", "position", 12.345);
    assert!(brick.text().contains("Kappa 12.35 deg") && brick.text().contains("Phi 0.00 deg"), "{}", brick.text());
    brick.enter("kappa", 30.0);
    brick.click("turn");
    brick.enter("kappa_phi", -90.0);
    brick.click("turn");
    brick.click("home");
    let turned = [(30.0, 0.0), (30.0, -90.0), (0.0, 0.0)];
    let turned = turned.map(|(kappa, phi)| format!("md.turn_head(kappa: {kappa:?}, kappa_phi: {phi:?})"));
    assert_eq!(host.calls(), turned);
    assert_eq!(brick.node("kappa").number("value"), Some(0.0), "home begins anew");
}

#[test]
fn what_was_entered_outlives_a_reload() {
    let host = host();
    there(&host);
    let mut first = brick(&host);
    first.enter("kappa", 30.0);
    assert_eq!(first.reload().node("kappa").number("value"), Some(30.0));
}

#[test]
fn only_angles_within_the_limits_of_the_motors_are_taken() {
    let host = host();
    let mut brick = brick(&host);
    live(&host, "md");
    assert_eq!(brick.why_not("kappa").as_deref(), Some("the limits of kappa are not known"));
    assert_eq!(brick.why_not("turn").as_deref(), Some("the position of kappa is not known"));
    there(&host);
    assert_eq!(brick.why_not_enter("kappa", 250.0).as_deref(), Some("250 is above the limit 245 deg"));
    brick.enter("kappa", 240.0);
    host.publish("kappa", "limits", (10.0, 90.0));
    assert_eq!(brick.why_not("turn").as_deref(), Some("kappa: 240 is above the limit 90 deg"));
    assert_eq!(brick.why_not("home").as_deref(), Some("kappa: 0 is below the limit 10 deg"));
    host.publish("kappa", "unit", "mrad");
    host.publish("kappa", "limits", (0.0, std::f64::consts::PI * 1000.0));
    assert_eq!(brick.node("kappa").number("max"), Some(180.0), "angles are in degrees, whatever the motor has");
    host.publish("kappa", "unit", "mm");
    assert_eq!(brick.why_not("kappa").as_deref(), Some("kappa moves in \"mm\", which is no angle"));
}

#[test]
fn while_a_centring_or_another_motion_runs_only_the_stop_can_be_used() {
    let host = host();
    there(&host);
    save(&host, &["1", "2"]);
    let mut brick = brick(&host);
    brick.select("from", "1");
    brick.select("to", "2");
    assert_eq!(brick.why_not("align"), None);
    let message = "click the sample: 1 of 3".to_owned();
    host.publish("md", "centring", Centring { phase: CentringPhase::WaitsForClick, message, ..Centring::default() });
    let why = "a centring goes on: click the sample: 1 of 3";
    for button in ["turn", "home", "align"] {
        assert_eq!(brick.why_not(button).as_deref(), Some(why));
    }
    assert!(brick.text().contains(why), "it is said once, for all of them");
    brick.click("stop");
    assert_eq!(host.calls(), ["md.stop()"]);
    host.publish("md", "centring", Centring::default());
    assert_eq!(brick.why_not("turn"), None);
    let message = "the way to 1 is in progress".to_owned();
    let busy = ObjectStatus { link: Link::Live, activity: Activity::Busy, message, ..ObjectStatus::default() };
    host.publish("md", "status", busy);
    assert_eq!(brick.why_not("align").as_deref(), Some("the way to 1 is in progress"));
    host.publish("md", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    assert_eq!(brick.why_not("turn").as_deref(), Some("md is not connected"));
}

#[test]
fn a_line_is_aligned_between_two_different_saved_positions() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    assert!(brick.text().contains("save two positions of the sample"), "there is nothing to align yet");
    save(&host, &["tip", "base", "middle"]);
    assert_eq!(brick.why_not("align").as_deref(), Some("choose the two ends of the line"));
    brick.select("from", "tip");
    brick.select("to", "tip");
    assert_eq!(brick.why_not("align").as_deref(), Some("choose two different ends"));
    brick.select("to", "base");
    brick.click("align");
    assert_eq!(host.calls(), ["md.align(from: \"tip\", to: \"base\")"]);
    save(&host, &["tip", "middle"]);
    assert_eq!(brick.why_not("align").as_deref(), Some("choose the two ends of the line"), "one was forgotten");
}
