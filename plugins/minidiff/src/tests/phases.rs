//! The phases: where each brings everything, what is refused before anything moves, and that each can be ended.

use brickwork_sdk::interfaces::{ActuatorState, CommandResult, CommandSpec, MotorState};
use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, New, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{Error, ErrorKind, Value};

use super::stage::{Config, actuator, ended, host, motor, refused, still_motor};

fn config() -> Value {
    let lit = fields! { backlight: "in", beamstop: "out" };
    let dark = fields! { backlight: "out", beamstop: "in" };
    let phase = |name: &str, set: &Value, omega: f64| {
        Value::map([
            ("name", name.into()),
            ("help", "It helps.".into()),
            ("set", set.clone()),
            ("move", fields! { omega: omega }),
        ])
    };
    fields! { phases: vec![phase("centring", &lit, 0.0), phase("data_collection", &dark, 40.0)] }
}

fn described(host: &FakeHost, name: &str) -> New<TestObject> {
    let phases = host.object(name, "minidiff.phases");
    phases.role("actuators", "backlight").role("actuators", "beamstop").role("motors", "omega").config(config())
}

/// Phases of two actuators that only publish and a motor that a test has made.
fn phases(host: &FakeHost) -> TestObject {
    actuator(host, "backlight", &["out", "in"], "out");
    actuator(host, "beamstop", &["in", "out"], "in");
    let phases = described(host, "phases").start();
    phases.wait_live();
    phases
}

fn begin(phases: &TestObject, name: &str) -> TestCall {
    phases.begin("command_set", "run", fields! { name: name, arguments: fields! {} })
}

fn run(phases: &TestObject, name: &str) -> Outcome {
    begin(phases, name).wait()
}

fn endless() -> Config {
    Config { endless: true, ..Config::deg(-180.0, 180.0) }
}

#[test]
fn each_phase_is_a_command_without_arguments() {
    let host = host();
    let _omega = motor(&host, "omega", &Config::deg(-180.0, 180.0));
    let specs: Vec<CommandSpec> = phases(&host).value("commands");
    let seen: Vec<_> = specs.iter().map(|spec| (spec.name.as_str(), spec.label.as_str())).collect();
    assert_eq!(seen, [("centring", "Centring"), ("data_collection", "Data collection")]);
    assert!(specs.iter().all(|spec| spec.arguments.is_empty() && spec.disabled.is_empty()), "{specs:?}");
}

#[test]
fn a_phase_brings_everything_to_its_place_and_says_that_it_is_reached() {
    let host = host();
    let omega = motor(&host, "omega", &Config::deg(-180.0, 180.0));
    let phases = phases(&host);
    phases.wait_status("in no phase", |status| status.message == "in no phase");
    assert_eq!(run(&phases, "data_collection"), Outcome::Finished(Value::Null));
    let mut calls = host.calls();
    calls.sort();
    let moved = ["backlight.move_to(position: \"out\")", "beamstop.move_to(position: \"in\")"];
    assert_eq!(calls, [moved[0], moved[1], "omega.move_to(position: 40.0)"]);
    assert_eq!(omega.value::<f64>("position"), 40.0);
    phases.wait_status("there", |status| status.activity == Activity::Idle && status.message == "in data_collection");
    phases.wait_value("last", |last: &CommandResult| last.name == "data_collection" && last.end == "finished");
    host.publish("backlight", "position", "in");
    phases.wait_status("elsewhere again", |status| status.message == "in no phase");
}

#[test]
fn of_several_phases_that_are_reached_the_one_that_was_asked_for_is_said() {
    let host = host();
    actuator(&host, "backlight", &["out", "in"], "out");
    let phase = |name: &str| fields! { name: name, set: fields! { backlight: "out" } };
    let config = fields! { phases: vec![phase("data_collection"), phase("transfer")] };
    let phases = host.object("phases", "minidiff.phases").role("actuators", "backlight").config(config).start();
    phases.wait_status("in both", |status| status.message == "in data_collection, transfer");
    assert_eq!(run(&phases, "transfer"), Outcome::Finished(Value::Null));
    phases.wait_status("in one", |status| status.message == "in transfer");
}

#[test]
fn all_that_is_in_the_way_is_said_before_anything_moves() {
    let host = host();
    let _omega = motor(&host, "omega", &Config::deg(-10.0, 10.0));
    let phases = phases(&host);
    host.publish("backlight", "state", ActuatorState::Interlocked);
    host.publish("backlight", "interlock", "the dewar is near");
    host.publish("beamstop", "positions", ["parked", "out"]);
    let why = "backlight: the dewar is near; \
               beamstop: it has no position \"in\", but parked, out; omega: 40 is above the limit 10 deg";
    assert_eq!(refused(run(&phases, "data_collection")), format!("{why}; nothing was moved"));
    assert_eq!(host.calls(), Vec::<String>::new());
    phases.wait_value("commands", |specs: &Vec<CommandSpec>| specs[1].disabled == why);
}

#[test]
fn what_is_lost_faulty_or_without_limits_is_not_moved() {
    let host = host();
    still_motor(&host, "omega", "deg", (-180.0, 180.0));
    let phases = phases(&host);
    let why = |phases: &TestObject| refused(run(phases, "centring"));
    host.publish("omega", "state", MotorState::Fault);
    assert!(why(&phases).contains("omega: fault: somebody must look at it"));
    host.publish("omega", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    assert_eq!(why(&phases), "omega: it is not connected; nothing was moved");
    still_motor(&host, "omega", "deg", (-180.0, 180.0));
    host.publish("omega", "limits", Value::Null);
    assert_eq!(why(&phases), "omega: its limits are not known; nothing was moved");
    assert_eq!(host.calls(), Vec::<String>::new());
}

#[test]
fn what_is_no_phase_or_has_arguments_is_refused() {
    let host = host();
    let _omega = motor(&host, "omega", &Config::deg(-180.0, 180.0));
    let phases = phases(&host);
    assert_eq!(refused(run(&phases, "transfr")), "there is no phase \"transfr\", but centring, data_collection");
    let arguments = fields! { speed: 1.0 };
    let call = phases.call("command_set", "run", fields! { name: "centring", arguments: arguments });
    assert_eq!(refused(call), "centring takes no arguments");
    assert_eq!(host.calls(), Vec::<String>::new());
}

#[test]
fn an_aborted_phase_leaves_nothing_moving_and_gives_everything_back() {
    let host = host();
    let omega = motor(&host, "omega", &endless());
    let phases = phases(&host);
    for by_set in [true, false] {
        let call = begin(&phases, "data_collection");
        omega.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
        phases.wait_status("busy", |status| {
            status.activity == Activity::Busy && status.message == "on its way to data_collection"
        });
        let other = omega.call("motor", "move_to", fields! { position: 1.0 });
        assert_eq!(refused(other), "the way to the phase data_collection is in progress");
        assert_eq!(refused(run(&phases, "centring")), "data_collection is running");
        if by_set {
            phases.call("command_set", "abort", fields! {});
        } else {
            call.abort();
        }
        assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
        assert_eq!(omega.value::<MotorState>("state"), MotorState::Ready);
        assert!(host.calls().iter().any(|call| call == "omega.stop()"));
        phases.wait_status("idle", |status| status.activity == Activity::Idle);
    }
    let again = omega.begin("motor", "move_to", fields! { position: 1.0 });
    omega.wait_value("target", |target: &f64| *target == 1.0);
    again.abort();
    assert_eq!(ended(again.wait()).0, ErrorKind::Aborted, "it was free to move");
}

#[test]
fn one_that_does_not_get_there_ends_the_others() {
    let host = host();
    let omega = motor(&host, "omega", &endless());
    let phases = phases(&host);
    host.answer("beamstop", "move_to", Err::<(), _>(Error::failed("the air pressure is low")));
    let (kind, message) = ended(run(&phases, "data_collection"));
    assert_eq!((kind, message.as_str()), (ErrorKind::Failed, "beamstop did not get there: the air pressure is low"));
    assert_eq!(omega.value::<MotorState>("state"), MotorState::Ready);
    phases.wait_value("last", |last: &CommandResult| last.end == "failed" && last.error == message);
}

#[test]
fn what_cannot_be_stopped_is_said() {
    let host = host();
    let omega = motor(&host, "omega", &endless());
    let phases = phases(&host);
    host.answer("beamstop", "stop", Err::<(), _>(Error::failed("no answer")));
    let call = begin(&phases, "data_collection");
    omega.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    phases.call("command_set", "abort", fields! {});
    let message = "aborted; what was moving may still move: no answer";
    assert_eq!(ended(call.wait()), (ErrorKind::Failed, message.into()));
}

#[test]
fn objects_that_another_procedure_has_are_not_moved() {
    let host = host();
    let omega = motor(&host, "omega", &endless());
    let phases = phases(&host);
    let other = described(&host, "other phases").start();
    other.wait_live();
    let call = begin(&other, "centring");
    omega.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    host.calls();
    assert_eq!(refused(run(&phases, "data_collection")), "the way to the phase centring is in progress");
    assert!(!host.calls().iter().any(|call| call.contains("move_to")));
    call.abort();
    call.wait();
}

#[test]
fn mistakes_in_the_phases_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| {
        let problems = host.check("minidiff.phases", config);
        problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(config()), Vec::<String>::new());
    assert_eq!(paths(fields! {}), ["phases"]);
    let twice = fields! { name: "transfer", set: fields! { backlight: "out" } };
    let odd = Value::map([("name", "odd".into()), ("move", fields! { omega: f64::NAN })]);
    let phases = vec![twice.clone(), twice, fields! { help: "nothing" }, odd];
    let wrong = fields! { phases: phases, tolerance: 0.0 };
    assert_eq!(paths(wrong), ["tolerance", "phases[1].name", "phases[2].name", "phases[2]", "phases[3].move.omega"]);
}

#[test]
fn an_object_that_is_in_no_role_is_named_with_its_place_when_the_phases_are_made() {
    let host = host();
    let made = host.object("phases", "minidiff.phases").role("actuators", "backlight").config(config()).try_start();
    let Err(failure) = made else { panic!("beamstop and omega are in no role") };
    let place = "phases[0].set: \"beamstop\" is not in the role actuators, which has backlight; \
                 phases[0].move: \"omega\" is not in the role motors, which has none; phases[1].set: ";
    assert!(failure.message.starts_with(place), "{}", failure.message);
}
