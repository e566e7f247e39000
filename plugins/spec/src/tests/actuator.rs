//! `spec.shutter`, `spec.choice` and `spec.multiposition`.

use brickwork_sdk::interfaces::ActuatorState;
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Command, Data, Packet};

use super::server::Server;
use super::{error, host, is_disconnected, live_session, object};

fn actuator(kind: &str, config: Value, name: &str, value: &str) -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.set(name, Data::text(value));
    live_session(&host, &server);
    let actuator = object(&host, "actuator", kind, config);
    actuator.wait_live();
    (host, server, actuator)
}

fn go(actuator: &TestObject, position: &str) -> brickwork_sdk::testing::TestCall {
    actuator.begin("actuator", "move_to", fields! { position: position })
}

#[test]
fn a_shutter_is_opened_by_its_macro_and_open_when_its_variable_says_so() {
    let config = fields! { variable: "MS_STATE", open: Some("msopen"), close: Some("msclose") };
    let (_host, server, shutter) = actuator("spec.shutter", config, "var/MS_STATE", "0");
    assert_eq!(shutter.value::<Vec<String>>("positions"), ["closed", "open"]);
    assert_eq!(shutter.value::<String>("position"), "closed");
    let call = go(&shutter, "open");
    let asked = server.wait_for("CMD_WITH_RETURN msopen");
    shutter.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Moving);
    server.send(&Packet::reply(asked.serial, "", Data::text("0")));
    server.set("var/MS_STATE", Data::text("1.0"));
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    shutter.wait_value("position", |position: &String| position == "open");
    shutter.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Ready);
}

#[test]
fn a_shutter_whose_variable_does_not_follow_its_macro_has_failed() {
    let config = fields! { variable: "MS_STATE", open: Some("msopen"), travel_secs: 0.2 };
    let (_host, server, shutter) = actuator("spec.shutter", config, "var/MS_STATE", "0");
    let call = go(&shutter, "open");
    let asked = server.wait_for("CMD_WITH_RETURN msopen");
    server.send(&Packet::reply(asked.serial, "", Data::text("0")));
    let end = error(call.wait());
    assert_eq!(end.message, "MS_STATE is \"0\" after 0.2 s, not 1 or open, as at open");
    assert_eq!(shutter.value::<String>("position"), "closed");
}

#[test]
fn a_choice_sets_its_variable_and_knows_a_value_that_is_none_of_its_own() {
    let positions = Value::list([
        Value::map([("name", "in"), ("value", "1")].map(|(k, v)| (k, Value::from(v)))),
        Value::map([("name", "out"), ("value", "0")].map(|(k, v)| (k, Value::from(v)))),
    ]);
    let config = fields! { variable: "LIGHT", positions: positions };
    let (_host, server, light) = actuator("spec.choice", config, "var/LIGHT", "0");
    assert_eq!(light.value::<String>("position"), "out");
    let call = go(&light, "in");
    server.wait_for("CHAN_SEND var/LIGHT 1");
    server.set("var/LIGHT", Data::text("1"));
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    server.set("var/LIGHT", Data::text("7"));
    light.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Between);
    light.wait_status("told", |status| status.message.contains("LIGHT is \"7\", which is none of its positions"));
}

#[test]
fn a_stop_of_an_actuator_is_control_c_only_while_it_moves() {
    let config = fields! { variable: "MS_STATE", open: Some("msopen") };
    let (_host, server, shutter) = actuator("spec.shutter", config, "var/MS_STATE", "0");
    assert_eq!(shutter.call("actuator", "stop", fields! {}), Outcome::Finished(Value::Null));
    assert!(server.seen(Command::Abort).is_empty());
    let call = go(&shutter, "open");
    server.wait_for("CMD_WITH_RETURN msopen");
    assert_eq!(shutter.call("actuator", "stop", fields! {}), Outcome::Finished(Value::Null));
    server.wait_for("ABORT");
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
}

#[test]
fn a_link_that_dies_on_the_way_ends_the_motion_of_an_actuator() {
    let config = fields! { variable: "MS_STATE", open: Some("msopen") };
    let (_host, server, shutter) = actuator("spec.shutter", config, "var/MS_STATE", "0");
    let call = go(&shutter, "open");
    server.wait_for("CMD_WITH_RETURN msopen");
    server.cut();
    assert!(error(call.wait()).message.starts_with("spec was lost on the way to open"));
}

fn zoom() -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.motor("zoom", 1.0);
    live_session(&host, &server);
    let motor = object(&host, "zoom_motor", "spec.motor", fields! { motor: "zoom" });
    motor.wait_live();
    let place = |name: &str, at: f64| Value::map([("name", Value::from(name)), ("at", Value::Float(at))]);
    let config = fields! { positions: Value::list([place("1x", 1.0), place("2x", 2.0)]) };
    let zoom = host.object("zoom", "spec.multiposition").role("motor", "zoom_motor").config(config).start();
    zoom.wait_live();
    (host, server, zoom)
}

#[test]
fn a_multiposition_moves_its_motor_to_the_place_and_names_where_it_stands() {
    let (_host, server, zoom) = zoom();
    zoom.wait_value("position", |position: &String| position == "1x");
    let call = go(&zoom, "2x");
    server.wait_for("CHAN_SEND motor/zoom/start_one 2");
    server.set_number("motor/zoom/move_done", 1.0);
    server.set_number("motor/zoom/position", 1.5);
    zoom.wait_value("position", |position: &String| position.is_empty());
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Moving);
    server.set_number("motor/zoom/position", 2.0005);
    server.set_number("motor/zoom/move_done", 0.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    zoom.wait_value("position", |position: &String| position == "2x");
    zoom.wait_value("state", |state: &ActuatorState| *state == ActuatorState::Ready);
}

#[test]
fn a_multiposition_is_lost_with_its_motor() {
    let (_host, server, zoom) = zoom();
    drop(server);
    let status = zoom.wait_status("lost", is_disconnected);
    assert!(status.last_error.starts_with("motor zoom_motor: spec 127.0.0.1:"), "{}", status.last_error);
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |kind: &str, config: Value| host.check(kind, config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths("spec.shutter", fields! { variable: "MS" }), Vec::<String>::new());
    let wrong = fields! { variable: "", open_values: ["0"], closed_values: ["0"], close: Some(" "), travel_secs: 0.0 };
    assert_eq!(paths("spec.shutter", wrong), ["variable", "closed_values[0]", "close", "travel_secs"]);
    let named = |name: &str, value: &str| fields! { name: name, value: value };
    let twice = fields! { variable: "A", positions: [named("in", "1"), named("in", "0"), named("out", "1")] };
    assert_eq!(paths("spec.choice", twice), ["positions[1].name", "positions[2].value"]);
    assert_eq!(paths("spec.choice", fields! { variable: "A" }), ["positions"]);
    let place = |name: &str, at: f64| fields! { name: name, at: at };
    let near = fields! { positions: [place("1x", 1.0), place("2x", 1.001)], tolerance: 0.01 };
    assert_eq!(paths("spec.multiposition", near), ["positions[1].at"]);
}
