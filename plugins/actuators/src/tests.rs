//! Both bricks, used as a person does.

use brickwork_sdk::interfaces::ActuatorState;
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick};

/// An actuator that is not there but has published all that one does.
fn actuator(host: &FakeHost, name: &str, position: &str, state: ActuatorState) {
    host.publish(name, "positions", ["closed", "open"]);
    host.publish(name, "position", position);
    host.publish(name, "target", "open");
    host.publish(name, "state", state);
    host.publish(name, "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
}

fn one(host: &FakeHost) -> TestBrick {
    host.brick("actuators.one").role("actuator", "shutter").open()
}

#[test]
fn choosing_a_position_goes_there() {
    let host = FakeHost::new(crate::plugin());
    actuator(&host, "shutter", "closed", ActuatorState::Ready);
    let mut brick = one(&host);
    assert_eq!(brick.node("positions").text("selected"), "closed");
    brick.select("positions", "open");
    brick.click("stop");
    assert_eq!(host.calls(), ["shutter.move_to(position: \"open\")", "shutter.stop()"]);
}

#[test]
fn an_interlock_and_a_lost_link_say_why_and_leave_the_stop() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = one(&host);
    actuator(&host, "shutter", "closed", ActuatorState::Interlocked);
    host.publish("shutter", "interlock", "the hutch is not searched");
    assert_eq!(brick.why_not("positions").as_deref(), Some("the hutch is not searched"));
    assert!(brick.text().contains("\nthe hutch is not searched\n"));
    assert!(brick.node("positions").flag("said"), "it is said beside the position, where it moves nothing");
    host.publish("shutter", "interlock", "");
    assert_eq!(brick.why_not("positions").as_deref(), Some("an interlock forbids it"));
    assert_eq!(brick.why_not("stop"), None);
    host.publish("shutter", "state", ActuatorState::Fault);
    assert!(brick.text().contains("fault: somebody must look at it"));
    assert!(brick.why_not("positions").is_some());
    host.publish("shutter", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    assert_eq!(brick.why_not("positions").as_deref(), Some("shutter is not connected"));
    assert!(!brick.text().contains("fault"), "what held when it was lost need not hold now");
    brick.click("stop");
    assert_eq!(host.calls(), ["shutter.stop()"]);
}

#[test]
fn on_its_way_no_position_is_chosen_and_the_target_is_said() {
    let host = FakeHost::new(crate::plugin());
    actuator(&host, "shutter", "", ActuatorState::Moving);
    let mut brick = one(&host);
    assert_eq!(brick.node("positions").text("selected"), "");
    assert!(brick.text().contains("on its way to open"));
    host.publish("shutter", "state", ActuatorState::Between);
    assert!(brick.text().contains("between its positions"));
}

#[test]
fn each_row_of_a_list_moves_its_own_actuator() {
    let host = FakeHost::new(crate::plugin());
    actuator(&host, "shutter", "closed", ActuatorState::Ready);
    actuator(&host, "light", "open", ActuatorState::Ready);
    let mut list = host.brick("actuators.list").role("actuators", "shutter").role("actuators", "light").open();
    list.select("positions:light", "closed");
    list.click("stop:shutter");
    assert_eq!(host.calls(), ["light.move_to(position: \"closed\")", "shutter.stop()"]);
    host.publish("light", "state", ActuatorState::Interlocked);
    host.publish("light", "interlock", "the dewar is near");
    assert_eq!(list.why_not("positions:light").as_deref(), Some("the dewar is near"));
    assert!(list.text().contains("the dewar is near"), "a row says why it cannot be moved");
    assert_eq!(list.why_not("positions:shutter"), None);
}

#[test]
fn only_a_position_that_the_actuator_has_is_sent() {
    let host = FakeHost::new(crate::plugin());
    actuator(&host, "shutter", "closed", ActuatorState::Ready);
    let options: Vec<String> = one(&host).node("positions").read("options").unwrap_or_default();
    assert_eq!(options, ["closed", "open"]);
    host.publish("shutter", "positions", ["closed"]);
    let options: Vec<String> = one(&host).node("positions").read("options").unwrap_or_default();
    assert_eq!(options, ["closed"], "an old choice is gone");
}

#[test]
fn an_actuator_without_values_shows_none_and_can_be_stopped() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = one(&host);
    let seen = "shutter\nLoading\nStop\nPosition\nPosition --\nMove to\nits positions are not known";
    assert_eq!(brick.text(), seen);
    host.publish("shutter", "positions", ["closed", "open"]);
    assert_eq!(brick.why_not("positions").as_deref(), Some("shutter is not connected"));
    host.publish("shutter", "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
    assert_eq!(brick.why_not("positions").as_deref(), Some("the state of shutter is not known"));
    brick.click("stop");
    assert_eq!(host.calls(), ["shutter.stop()"]);
}
