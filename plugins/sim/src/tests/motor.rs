//! The simulated motor as the engine and a person meet it.

use brickwork_sdk::interfaces::MotorState;
use brickwork_sdk::status::{Activity, Link};
use brickwork_sdk::testing::{FakeHost, New, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};

use super::{ended, host, live};

fn omega(host: &FakeHost) -> New<TestObject> {
    host.object("omega", "sim.motor").config(fields! { limits: (-10.0, 10.0), velocity: 5.0, acceleration: 10.0 })
}

/// One whose motions take minutes of the engine's time.
fn slow(host: &FakeHost) -> TestObject {
    live(omega(host).config(fields! { limits: (-10.0, 10.0), velocity: 0.05, acceleration: 1.0 }))
}

#[test]
fn it_moves_smoothly_to_its_target_and_says_what_it_does() {
    let host = host();
    let motor = live(omega(&host));
    let call = motor.begin("motor", "move_to", fields! { position: 7.5 });
    let status = motor.wait_status("moving", |status| status.activity == Activity::Moving);
    assert_eq!(status.message, "moving to 7.500 deg");
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    assert_eq!(motor.value::<f64>("position"), 7.5);
    let positions = motor.history::<f64>("position");
    assert!(positions.len() > 5 && positions.is_sorted(), "{positions:?}");
    assert!(motor.history::<MotorState>("state").contains(&MotorState::Moving));
    motor.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
    motor.wait_status("idle", |status| status.activity == Activity::Idle && status.message.is_empty());
}

#[test]
fn it_refuses_a_target_outside_its_limits_with_the_number_and_the_limit() {
    let host = host();
    let motor = live(omega(&host));
    let (kind, message) = ended(motor.call("motor", "move_to", fields! { position: -12.5 }));
    assert_eq!((kind, message.as_str()), (ErrorKind::Refused, "-12.5 is below the limit -10 deg"));
    assert_eq!(motor.value::<f64>("position"), 0.0);
}

#[test]
fn stop_brakes_and_the_motion_ends_aborted() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: 9.0 });
    motor.wait_value("position", |position: &f64| *position > 0.2);
    assert_eq!(motor.call("motor", "stop", fields! {}), Outcome::Finished(Value::Null));
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    let stands = motor.value::<f64>("position");
    assert!(stands < 8.0, "it went on to {stands}");
    motor.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
}

#[test]
fn an_abort_of_the_call_stops_it_too() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: 9.0 });
    motor.wait_value("position", |position: &f64| *position > 0.2);
    call.abort();
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    assert!(motor.value::<f64>("position") < 8.0);
}

#[test]
fn with_backlash_it_always_arrives_from_below() {
    let host = host();
    let config = fields! { limits: (-10.0, 10.0), velocity: 20.0, acceleration: 100.0, backlash: 0.5 };
    let motor = live(omega(&host).config(config));
    let lowest = |motor: &TestObject| motor.history::<f64>("position").into_iter().fold(f64::MAX, f64::min);
    motor.call("motor", "move_to", fields! { position: -4.0 });
    assert_eq!((motor.value::<f64>("position"), lowest(&motor)), (-4.0, -4.5));
    motor.call("motor", "move_to", fields! { position: -10.0 });
    assert_eq!((motor.value::<f64>("position"), lowest(&motor)), (-10.0, -10.0));
    motor.call("motor", "move_to", fields! { position: 3.0 });
    let positions = motor.history::<f64>("position");
    assert_eq!(positions.iter().copied().fold(f64::MIN, f64::max), 3.0);
}

#[test]
fn a_stalled_motor_moves_until_it_is_stopped() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: 9.0 });
    motor.wait_value("position", |position: &f64| *position > 0.1);
    motor.call("sim_fault", "stall", fields! {});
    let stands = motor.value::<f64>("position");
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!((motor.value::<f64>("position") - stands).abs() < 0.1 && !call.is_over());
    motor.call("motor", "stop", fields! {});
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
}

#[test]
fn a_stalled_motor_goes_on_when_the_fault_is_cleared() {
    let host = host();
    let motor = live(omega(&host));
    motor.call("sim_fault", "stall", fields! {});
    let call = motor.begin("motor", "move_to", fields! { position: 1.0 });
    motor.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    motor.call("sim_fault", "clear", fields! {});
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_limit_switch_ends_the_motion_and_shows_on_its_side() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: -9.0 });
    motor.wait_value("position", |position: &f64| *position < -0.1);
    motor.call("sim_fault", "limit", fields! {});
    let (kind, message) = ended(call.wait());
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.starts_with("the lower limit switch closed at -"), "{message}");
    assert_eq!(motor.value::<MotorState>("state"), MotorState::LowLimit);
    motor.call("sim_fault", "clear", fields! {});
    motor.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
}

#[test]
fn a_disconnected_motor_fails_its_motion_and_comes_back_by_itself() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: 9.0 });
    motor.wait_value("position", |position: &f64| *position > 0.1);
    motor.call("sim_fault", "disconnect", fields! { seconds: 20.0 });
    motor.wait_lost();
    let (kind, message) = ended(call.wait());
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.starts_with("the simulated controller is out of reach"), "{message}");
    assert!(motor.status().last_error.contains("out of reach"));
    motor.wait_live();
    assert_eq!(motor.status().reconnects, 1);
    assert!(motor.call("motor", "move_to", fields! { position: 0.0 }).into_result().is_ok());
}

#[test]
fn a_panic_on_command_is_a_fault_with_its_place() {
    let host = host();
    let motor = live(omega(&host));
    let (kind, message) = ended(motor.call("sim_fault", "panic", fields! {}));
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.contains("a simulated fault") && message.contains("faults.rs:"), "{message}");
    assert!(motor.take_panic().place.contains("faults.rs:"));
    assert_eq!(motor.status().link, Link::Fault);
}

#[test]
fn its_position_survives_a_reload() {
    let host = host();
    let motor = live(omega(&host));
    motor.call("motor", "move_to", fields! { position: 2.25 });
    let motor = motor.reload();
    motor.wait_live();
    assert_eq!(motor.value::<f64>("position"), 2.25);
    assert_eq!(motor.value::<f64>("target"), 2.25);
}

#[test]
fn a_reload_in_the_middle_of_a_motion_ends_it_aborted() {
    let host = host();
    let motor = slow(&host);
    let call = motor.begin("motor", "move_to", fields! { position: 9.0 });
    let there = motor.wait_value("position", |position: &f64| *position > 0.2);
    let motor = motor.reload();
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    motor.wait_live();
    motor.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
    assert!(motor.value::<f64>("position") >= there);
}

#[test]
fn mistakes_in_a_config_are_all_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("sim.motor", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(fields! {}), Vec::<String>::new());
    assert_eq!(
        paths(fields! { limits: (5.0, -5.0), velocity: 0.0, backlash: -1.0 }),
        ["limits", "velocity", "backlash"]
    );
    assert_eq!(paths(fields! { position: 200.0, unit: "furlong" }), ["position", "unit"]);
    let choices = host.check("sim.motor", fields! { unit: "inch" })[0].choices.clone();
    assert!(["mm", "keV", "angstrom", "steps", "%"].iter().all(|unit| choices.iter().any(|known| known == unit)));
    assert_eq!(host.check("sim.motor", fields! { speed: 2.0 }).len(), 1);
}

#[test]
fn numbers_that_no_axis_can_have_are_found_in_the_config() {
    let host = host();
    let inf = f64::INFINITY;
    let paths = |config: Value| host.check("sim.motor", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    for no_number in [inf, -inf, f64::NAN, 1e300] {
        let all = ["position", "velocity", "acceleration", "backlash"];
        for field in all {
            let config =
                Value::map([(field, Value::Float(no_number)), ("limits", Value::list([-inf, inf].map(Value::Float)))]);
            assert_eq!(paths(config), [field], "{no_number}");
        }
    }
    assert_eq!(paths(fields! { limits: (f64::NAN, 1.0) }), ["limits"]);
    assert_eq!(paths(fields! { limits: (-inf, inf) }), Vec::<String>::new());
}

#[test]
fn without_limits_it_moves_and_stops_and_never_panics() {
    let host = host();
    for limits in [(f64::MIN, f64::MAX), (f64::NEG_INFINITY, f64::INFINITY), (-1e300, 1e300)] {
        let motor = live(host.object("far", "sim.motor").config(fields! { limits: limits, velocity: 1e12 }));
        for to in [1e300, f64::NAN, f64::INFINITY] {
            let (kind, why) = ended(motor.call("motor", "move_to", fields! { position: to }));
            assert_eq!(kind, ErrorKind::Refused, "{why}");
        }
        let call = motor.begin("motor", "move_to", fields! { position: 1e11 });
        motor.wait_value("position", |position: &f64| *position > 0.0);
        assert_eq!(motor.call("motor", "stop", fields! {}), Outcome::Finished(Value::Null));
        assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
        assert_eq!(ended(motor.call("sim_fault", "by_hand", fields! { by: f64::NAN })).0, ErrorKind::Refused);
        assert!(motor.history::<f64>("position").iter().all(|position| position.is_finite()));
        motor.stop();
    }
}

#[test]
fn an_axis_beyond_its_limit_goes_back_in_steps_and_no_farther() {
    let host = host();
    let motor = live(omega(&host));
    motor.call("sim_fault", "by_hand", fields! { by: 10.3 });
    let go = |to: f64| motor.call("motor", "move_to", fields! { position: to });
    assert_eq!(ended(go(10.4)).1, "10.4 is above the limit 10 deg");
    assert_eq!(ended(go(10.3)).1, "10.3 is above the limit 10 deg");
    assert_eq!(go(10.2), Outcome::Finished(Value::Null));
    assert_eq!(ended(go(10.25)).1, "10.25 is above the limit 10 deg");
    assert_eq!(go(9.5), Outcome::Finished(Value::Null));
}

#[test]
fn every_spelling_of_a_unit_is_published_as_one() {
    let host = host();
    for (index, (written, unit)) in
        [("\u{b5}m", "um"), ("\u{3bc}m", "um"), ("\u{b0}", "deg"), ("keV", "keV")].into_iter().enumerate()
    {
        let motor = live(host.object(&format!("m{index}"), "sim.motor").config(fields! { unit: written }));
        assert_eq!(motor.value::<String>("unit"), unit);
    }
}
