//! The simulated actuator: positions, interlock, faults, reload.

use brickwork_sdk::interfaces::ActuatorState;
use brickwork_sdk::status::{Activity, Link};
use brickwork_sdk::testing::{FakeHost, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{ErrorKind, Restored, State, Value};

use super::{ended, host, live};

fn zoom(host: &FakeHost, travel_secs: f64) -> TestObject {
    let config = fields! { positions: ["1", "2", "3"], position: "2", travel_secs: travel_secs };
    live(host.object("zoom", "sim.actuator").config(config))
}

/// A motion that takes minutes of the engine's time, once it is under way.
fn under_way(zoom: &TestObject) -> TestCall {
    let call = zoom.begin("actuator", "move_to", fields! { position: "3" });
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Moving);
    call
}

#[test]
fn a_shutter_opens_by_way_of_between() {
    let host = host();
    let shutter = live(host.object("shutter", "sim.actuator"));
    assert_eq!(shutter.value::<Vec<String>>("positions"), ["closed", "open"]);
    let call = shutter.begin("actuator", "move_to", fields! { position: "open" });
    let status = shutter.wait_status("moving", |status| status.activity == Activity::Moving);
    assert_eq!(status.message, "moving to open");
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    assert_eq!(shutter.history::<String>("position"), ["closed", "", "open"]);
    assert_eq!(shutter.history::<String>("target"), ["closed", "open"]);
    use ActuatorState::{Moving, Ready};
    assert_eq!(shutter.history::<ActuatorState>("state"), [Ready, Moving, Ready]);
    shutter.wait_status("idle", |status| status.activity == Activity::Idle && status.message.is_empty());
}

#[test]
fn a_position_that_it_has_not_is_refused_with_those_that_it_has() {
    let host = host();
    let zoom = zoom(&host, 0.5);
    let (kind, message) = ended(zoom.call("actuator", "move_to", fields! { position: "7" }));
    assert_eq!((kind, message.as_str()), (ErrorKind::Refused, "\"7\" is none of 1, 2, 3"));
    assert_eq!(zoom.value::<String>("position"), "2");
}

#[test]
fn going_where_it_stands_is_done_without_a_motion() {
    let host = host();
    let zoom = zoom(&host, 1000.0);
    assert_eq!(zoom.call("actuator", "move_to", fields! { position: "2" }), Outcome::Finished(Value::Null));
    assert_eq!(zoom.history::<String>("position"), ["2"]);
}

#[test]
fn an_interlock_forbids_every_motion_with_its_sentence() {
    let host = host();
    let config = fields! { interlock: "the hutch is not searched" };
    let shutter = live(host.object("shutter", "sim.actuator").config(config));
    assert_eq!(shutter.value::<ActuatorState>("state"), ActuatorState::Interlocked);
    assert_eq!(shutter.value::<String>("interlock"), "the hutch is not searched");
    let outcome = shutter.call("actuator", "move_to", fields! { position: "open" });
    assert_eq!(ended(outcome), (ErrorKind::Refused, "the hutch is not searched".into()));
    assert_eq!(shutter.history::<String>("position"), ["closed"]);
}

#[test]
fn stop_and_abort_leave_it_between_two_positions() {
    let host = host();
    let zoom = zoom(&host, 1000.0);
    let call = under_way(&zoom);
    assert_eq!(zoom.call("actuator", "stop", fields! {}), Outcome::Finished(Value::Null));
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Between);
    assert_eq!(zoom.value::<String>("position"), "");
    let call = under_way(&zoom);
    call.abort();
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Between);
}

#[test]
fn a_stalled_actuator_moves_until_it_is_stopped_or_the_fault_is_cleared() {
    let host = host();
    let zoom = zoom(&host, 0.5);
    zoom.call("sim_fault", "stall", fields! {});
    let call = under_way(&zoom);
    zoom.call("actuator", "stop", fields! {});
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    let call = under_way(&zoom);
    zoom.call("sim_fault", "clear", fields! {});
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    assert_eq!(zoom.value::<String>("position"), "3");
}

#[test]
fn a_limit_switch_is_refused_since_it_has_none() {
    let host = host();
    let zoom = zoom(&host, 0.5);
    let (kind, message) = ended(zoom.call("sim_fault", "limit", fields! {}));
    assert_eq!(kind, ErrorKind::Refused);
    assert!(message.starts_with("an actuator has no limit switch"), "{message}");
}

#[test]
fn a_disconnected_actuator_fails_its_motion_and_comes_back_by_itself() {
    let host = host();
    let zoom = zoom(&host, 1000.0);
    let call = under_way(&zoom);
    zoom.call("sim_fault", "disconnect", fields! { seconds: 20.0 });
    zoom.wait_lost();
    let (kind, message) = ended(call.wait());
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.starts_with("the simulated controller is out of reach"), "{message}");
    zoom.wait_live();
    assert_eq!(zoom.value::<ActuatorState>("state"), ActuatorState::Between);
}

#[test]
fn a_panic_on_command_is_a_fault_with_its_place() {
    let host = host();
    let zoom = zoom(&host, 0.5);
    let (kind, message) = ended(zoom.call("sim_fault", "panic", fields! {}));
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.contains("a simulated fault"), "{message}");
    assert!(zoom.take_panic().place.contains("faults.rs:"));
    assert_eq!(zoom.status().link, Link::Fault);
}

#[test]
fn its_position_survives_a_reload_and_a_motion_ends_between() {
    let host = host();
    let shutter = live(host.object("shutter", "sim.actuator"));
    shutter.call("actuator", "move_to", fields! { position: "open" });
    let shutter = shutter.reload();
    shutter.wait_live();
    assert_eq!(shutter.value::<String>("position"), "open");
    let zoom = zoom(&host, 1000.0);
    let call = under_way(&zoom);
    let zoom = zoom.reload();
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    zoom.wait_live();
    assert_eq!(zoom.value::<String>("position"), "");
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Between);
}

#[test]
fn a_saved_position_that_is_no_longer_there_is_not_taken() {
    let host = host();
    let shutter = host.object("shutter", "sim.actuator").state(State::new("sim.actuator 1", &"half")).start();
    assert_eq!(shutter.restored(), &Restored::Refused("\"half\" is none of closed, open".into()));
    assert_eq!(shutter.value::<String>("position"), "closed");
}

#[test]
fn mistakes_in_a_config_are_all_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("sim.actuator", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(fields! {}), Vec::<String>::new());
    assert_eq!(paths(fields! { positions: ["only"] }), ["positions"]);
    assert_eq!(
        paths(fields! { positions: ["in", "", "in"], travel_secs: -1.0 }),
        ["positions[1]", "positions[2]", "travel_secs"]
    );
    assert_eq!(host.check("sim.actuator", fields! { position: "half" })[0].choices, ["closed", "open"]);
}
