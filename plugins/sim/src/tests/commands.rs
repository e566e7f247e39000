//! The simulated set of commands: what it offers, what it refuses, and that each can be ended.

use brickwork_sdk::interfaces::{ArgumentKind, CommandResult, CommandSpec, MotorState};
use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{FakeHost, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{Error, ErrorKind, Value};

use super::{ended, host, live};

fn scripts(host: &FakeHost) -> TestObject {
    live(host.object("scripts", "sim.commands"))
}

/// A motor at 0 deg and a set that moves it, which knows the motor's limits.
fn scripts_with_motor(host: &FakeHost, velocity: f64) -> (TestObject, TestObject) {
    let config = fields! { limits: (-10.0, 10.0), velocity: velocity, acceleration: 100.0 };
    let motor = live(host.object("omega", "sim.motor").config(config));
    let scripts = live(host.object("scripts", "sim.commands").role("motor", "omega"));
    scripts.wait_value("commands", |specs: &Vec<CommandSpec>| specs.iter().all(|spec| spec.disabled.is_empty()));
    (motor, scripts)
}

fn begin(scripts: &TestObject, name: &str, arguments: Value) -> TestCall {
    scripts.begin("command_set", "run", fields! { name: name, arguments: arguments })
}

fn run(scripts: &TestObject, name: &str, arguments: Value) -> Outcome {
    begin(scripts, name, arguments).wait()
}

fn refused(outcome: Outcome) -> String {
    let (kind, message) = ended(outcome);
    assert_eq!(kind, ErrorKind::Refused, "{message}");
    message
}

fn scan(steps: f64, dwell: f64, back: bool) -> Value {
    fields! { from: -4.0, to: 4.0, steps: steps, dwell: dwell, back: back }
}

/// The arguments of a report with everything in it.
fn full_report() -> Value {
    fields! { note: "morning", detail: "full", time: true }
}

#[test]
fn the_set_says_what_each_command_takes_with_values_that_are_accepted() {
    let host = host();
    let (_motor, scripts) = scripts_with_motor(&host, 50.0);
    let specs: Vec<CommandSpec> = scripts.value("commands");
    let names: Vec<_> = specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names, ["wait", "scan", "fail", "report"]);
    for argument in specs.iter().flat_map(|spec| &spec.arguments) {
        assert_eq!(argument.refusal(&argument.default_value()), None, "{argument:?}");
    }
    let from = &specs[1].arguments[0].kind;
    assert_eq!(*from, ArgumentKind::Number { default: -10.0, range: (-10.0, 10.0), unit: "deg".into() });
}

#[test]
fn waiting_says_how_far_it_is_and_ends_by_itself() {
    let host = host();
    let scripts = scripts(&host);
    let call = begin(&scripts, "wait", fields! { seconds: 2.0 });
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    let fractions: Vec<f64> = call.progress().into_iter().filter_map(|(fraction, _)| fraction).collect();
    assert!(fractions.len() > 2 && fractions.is_sorted() && fractions[0] < 0.2, "{fractions:?}");
    assert_eq!(run(&scripts, "wait", fields! { seconds: 0.0 }), Outcome::Finished(Value::Null));
}

#[test]
fn how_the_last_run_ended_is_published_for_all_who_look() {
    let host = host();
    let scripts = scripts(&host);
    run(&scripts, "report", fields! { note: "morning", detail: "brief", time: false });
    scripts.wait_value("last", |last: &CommandResult| last.end == "finished" && last.answer.get("note").is_some());
    run(&scripts, "fail", fields! { text: "no beam", kind: "failed", causes: true });
    scripts.wait_value("last", |last: &CommandResult| last.error == "no beam" && !last.remedy.is_empty());
}

#[test]
fn a_wait_ends_by_abort_of_the_set_and_of_the_call() {
    let host = host();
    let scripts = scripts(&host);
    let call = begin(&scripts, "wait", fields! { seconds: 3600.0 });
    scripts.wait_status("busy", |status| status.activity == Activity::Busy && status.message == "Wait");
    assert_eq!(scripts.call("command_set", "abort", fields! {}), Outcome::Finished(Value::Null));
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    let call = begin(&scripts, "wait", fields! { seconds: 3600.0 });
    scripts.wait_status("busy", |status| status.activity == Activity::Busy);
    call.abort();
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    scripts.wait_status("idle", |status| status.activity == Activity::Idle && status.message.is_empty());
}

#[test]
fn a_scan_moves_the_motor_through_its_steps_and_back() {
    let host = host();
    let (motor, scripts) = scripts_with_motor(&host, 50.0);
    let call = begin(&scripts, "scan", scan(5.0, 0.0, true));
    let answer = call.wait().into_result().expect("it was not refused");
    let positions = [-4.0, -2.0, 0.0, 2.0, 4.0];
    assert_eq!(answer.get("positions"), Some(&Value::list(positions.map(Value::from))));
    assert_eq!(motor.history::<f64>("target"), [&[0.0], &positions[..], &[0.0]].concat());
    assert_eq!(motor.value::<f64>("position"), 0.0);
    assert!(call.progress().contains(&(Some(0.4), "step 3/5".into())), "{:?}", call.progress());
}

#[test]
fn while_a_scan_runs_others_may_not_move_its_motor() {
    let host = host();
    let (motor, scripts) = scripts_with_motor(&host, 50.0);
    let call = begin(&scripts, "scan", scan(5.0, 60.0, false));
    motor.wait_value("target", |target: &f64| *target == -4.0);
    assert_eq!(refused(motor.call("motor", "move_to", fields! { position: 1.0 })), "a scan from -4 to 4");
    assert_eq!(refused(run(&scripts, "wait", fields! { seconds: 1.0 })), "scan is running");
    scripts.call("command_set", "abort", fields! {});
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    assert_eq!(motor.call("motor", "move_to", fields! { position: 1.0 }), Outcome::Finished(Value::Null));
}

#[test]
fn an_aborted_scan_leaves_nothing_moving() {
    let host = host();
    let (motor, scripts) = scripts_with_motor(&host, 0.05);
    for end in [true, false] {
        let call = begin(&scripts, "scan", scan(5.0, 0.0, true));
        motor.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
        if end {
            scripts.call("command_set", "abort", fields! {});
        } else {
            call.abort();
        }
        assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
        assert_eq!(motor.value::<MotorState>("state"), MotorState::Ready);
        assert!(motor.value::<f64>("position") > -4.0);
    }
}

#[test]
fn a_scan_fails_with_the_words_of_its_motor() {
    let host = host();
    let (motor, scripts) = scripts_with_motor(&host, 50.0);
    motor.call("sim_fault", "limit", fields! {});
    let (kind, message) = ended(run(&scripts, "scan", scan(5.0, 0.0, true)));
    assert_eq!(kind, ErrorKind::Failed);
    assert!(message.contains("limit switch closed"), "{message}");
}

#[test]
fn without_a_motor_a_scan_says_why_it_cannot_run() {
    let host = host();
    let scripts = scripts(&host);
    let specs: Vec<CommandSpec> = scripts.value("commands");
    assert_eq!(specs[1].disabled, "no motor fills the role \"motor\": name one in the layout");
    assert_eq!(refused(run(&scripts, "scan", scan(5.0, 0.0, true))), specs[1].disabled);
}

#[test]
fn a_scan_cannot_run_while_its_motor_is_out_of_reach() {
    let host = host();
    let (motor, scripts) = scripts_with_motor(&host, 50.0);
    motor.call("sim_fault", "disconnect", fields! { seconds: 100.0 });
    let why = |specs: &Vec<CommandSpec>| specs[1].disabled == "omega is not connected";
    scripts.wait_value("commands", why);
    assert_eq!(refused(run(&scripts, "scan", scan(5.0, 0.0, true))), "omega is not connected");
}

#[test]
fn a_failure_has_its_text_its_causes_and_a_remedy() {
    let host = host();
    let scripts = scripts(&host);
    let fail = |kind: &str, causes: bool| -> Error {
        let arguments = fields! { text: "the robot is lost", kind: kind, causes: causes };
        run(&scripts, "fail", arguments).into_result().expect_err("it must fail")
    };
    let error = fail("failed", true);
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Failed, "the robot is lost"));
    assert_eq!(error.causes, ["the simulated controller did not answer in 2 s"]);
    assert!(error.remedy.starts_with("Nothing to do"), "{}", error.remedy);
    let error = fail("refused", false);
    assert_eq!((error.kind, error.causes.len(), error.remedy.as_str()), (ErrorKind::Refused, 0, ""));
}

#[test]
fn a_report_answers_with_what_is_known() {
    let host = host();
    let (_motor, scripts) = scripts_with_motor(&host, 50.0);
    run(&scripts, "wait", fields! { seconds: 0.0 });
    let answer = run(&scripts, "report", full_report()).into_result().expect("it was not refused");
    assert_eq!(answer.get("note"), Some(&"morning".into()));
    assert_eq!(answer.get("finished commands"), Some(&1i64.into()));
    assert_eq!(answer.get("motor"), Some(&"omega".into()));
    assert_eq!(answer.get("upper limit"), Some(&10.0.into()));
    assert!(answer.get("engine time (s)").is_some());
    let brief = run(&scripts, "report", fields! { note: "", detail: "brief", time: false });
    let brief = brief.into_result().expect("it was not refused");
    assert_eq!((brief.get("upper limit"), brief.get("engine time (s)")), (None, None));
}

#[test]
fn what_does_not_fit_is_refused_with_the_place_and_the_choices() {
    let host = host();
    let (_motor, scripts) = scripts_with_motor(&host, 50.0);
    let run = |name: &str, arguments: Value| refused(run(&scripts, name, arguments));
    assert_eq!(run("scna", fields! {}), "there is no command \"scna\", but wait, scan, fail, report");
    assert_eq!(run("wait", fields! {}), "Time is missing");
    assert_eq!(run("wait", fields! { second: 1.0 }), "wait has no argument \"second\"; it takes seconds");
    assert_eq!(run("wait", fields! { seconds: 4000.0 }), "Time: 4000 is above the limit 3600 s");
    assert_eq!(run("wait", "now".into()), "wait takes its arguments by name, not as a text");
    assert_eq!(run("scan", scan(2.5, 0.0, true)), "steps must be a whole number, not 2.5");
    let beyond = fields! { from: -40.0, to: 4.0, steps: 3.0, dwell: 0.0, back: true };
    assert_eq!(run("scan", beyond), "From: -40 is below the limit -10 deg");
    let odd = fields! { note: "", detail: "long", time: true };
    assert_eq!(run("report", odd), "Detail must be one of brief, full");
}
