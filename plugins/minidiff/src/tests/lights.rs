//! The brick of zoom and lights, used as a person does.

use brickwork_sdk::interfaces::{ActuatorState, MotorState};
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick};

use super::host;
use super::stage::{actuator, still_motor};

const ZOOMS: [&str; 3] = ["1", "2", "3"];

fn brick(host: &FakeHost) -> TestBrick {
    let brick = host.brick("minidiff.lights").role("zoom", "zoom");
    brick.role("lights", "backlight").role("lights", "filter").role("levels", "front").open()
}

fn there(host: &FakeHost) {
    actuator(host, "zoom", &ZOOMS, "2");
    actuator(host, "backlight", &["out", "in"], "out");
    actuator(host, "filter", &["red", "green", "none"], "none");
    still_motor(host, "front", "%", (0.0, 100.0));
}

#[test]
fn the_zoom_goes_to_a_position_and_to_those_beside_it() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    assert_eq!(brick.node("positions:zoom").text("selected"), "2");
    brick.click("zoom:plus");
    brick.click("zoom:minus");
    brick.select("positions:zoom", "3");
    let moved = ["3", "1", "3"].map(|to| format!("zoom.move_to(position: {to:?})"));
    assert_eq!(host.calls(), moved);
    host.publish("zoom", "position", "3");
    assert_eq!(brick.why_not("zoom:plus").as_deref(), Some("\"3\" is its last position"));
    host.publish("zoom", "position", "1");
    assert_eq!(brick.why_not("zoom:minus").as_deref(), Some("\"1\" is its first position"));
}

#[test]
fn on_its_way_the_zoom_steps_on_from_where_it_goes() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    host.publish("zoom", "position", "");
    assert_eq!(brick.why_not("zoom:plus").as_deref(), Some("it is at none of its positions: choose one"));
    host.publish("zoom", "state", ActuatorState::Moving);
    host.publish("zoom", "target", "2");
    brick.click("zoom:plus");
    assert_eq!(host.calls(), ["zoom.move_to(position: \"3\")"]);
}

#[test]
fn a_light_with_two_states_is_switched_and_another_is_chosen() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    assert!(!brick.node("light:backlight").flag("on"));
    brick.toggle("light:backlight");
    host.publish("backlight", "position", "in");
    assert!(brick.node("light:backlight").flag("on"));
    brick.toggle("light:backlight");
    brick.select("positions:filter", "red");
    let moved = [("backlight", "in"), ("backlight", "out"), ("filter", "red")];
    assert_eq!(host.calls(), moved.map(|(name, to)| format!("{name}.move_to(position: {to:?})")));
    host.publish("backlight", "positions", ["on", "off"]);
    host.publish("backlight", "position", "on");
    assert!(brick.node("light:backlight").flag("on"), "whichever comes first");
}

#[test]
fn a_level_is_dragged_or_entered_within_its_limits() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    brick.enter("slider:front", 40.0);
    brick.enter("level:front", 55.5);
    assert_eq!(brick.why_not_enter("level:front", 101.0).as_deref(), Some("101 is above the limit 100 %"));
    assert_eq!(host.calls(), ["front.move_to(position: 40.0)", "front.move_to(position: 55.5)"]);
    host.publish("front", "state", MotorState::Fault);
    assert!(brick.why_not("slider:front").is_some() && brick.why_not("level:front").is_some());
    assert!(brick.text().contains("fault: somebody must look at it"));
}

#[test]
fn what_cannot_be_moved_says_why_beside_it_and_leaves_the_rest_usable() {
    let host = host();
    there(&host);
    let mut brick = brick(&host);
    host.publish("backlight", "state", ActuatorState::Interlocked);
    host.publish("backlight", "interlock", "the dewar is near");
    assert_eq!(brick.why_not("light:backlight").as_deref(), Some("the dewar is near"));
    assert!(brick.text().contains("\nbacklight: the dewar is near"), "{}", brick.text());
    host.publish("zoom", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    for control in ["zoom:minus", "positions:zoom", "zoom:plus"] {
        assert_eq!(brick.why_not(control).as_deref(), Some("it is not connected"));
    }
    host.publish("filter", "state", ActuatorState::Between);
    assert!(brick.text().contains("between its positions"));
    assert_eq!(brick.why_not("positions:filter"), None);
    brick.click("stop");
    assert_eq!(host.calls(), ["zoom.stop()", "backlight.stop()", "filter.stop()", "front.stop()"]);
}

#[test]
fn without_values_nothing_is_offered_that_is_not_known() {
    let host = host();
    let mut brick = brick(&host);
    assert!(brick.text().contains("its positions are not known") && brick.text().contains("its limits are not known"));
    assert!(brick.why_not("zoom:plus").is_some());
    let mut empty = host.brick("minidiff.lights").open();
    assert_eq!(empty.text(), "Zoom and lights\nStop");
}
