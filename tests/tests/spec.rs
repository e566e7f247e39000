//! A beamline whose motors live in spec, with an engine alone: spec dies, hangs and comes back under motion, people move
//! motors at its console and by hand, and another spec than ours is talked to.
#![allow(clippy::print_stderr)]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_mxspecsim::{Setup, Simulator};
use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::headless::Headless;
use brickwork_tests::mjpeg::free_port;
use brickwork_tests::programs::{Paused, Program, built, root};
use brickwork_tests::spec::{engine, layout, simulator};
use brickwork_tests::{PATIENCE, poll};

/// A server that dies is seen within this time.
const SEEN: Duration = Duration::from_secs(2);
const MOTORS: [(&str, &str, &str); 2] = [("omega", "phi", "deg"), ("phiy", "phiy", "mm")];

fn waits(what: &str, limit: Duration, is_so: impl Fn() -> bool) {
    assert!(poll(limit, || is_so().then_some(())).is_some(), "{what} was not so within {limit:?}");
}

fn is(headless: &Headless, object: &str, link: Link) -> bool {
    headless.engine.status(object).link == link
}

fn near(number: f64, wanted: f64) -> bool {
    (number - wanted).abs() < 1e-3
}

/// What the engine's process has open, and its threads.
fn kept(headless: &Headless) -> [usize; 2] {
    ["fd", "task"].map(|what| {
        let path = format!("/proc/{}/{what}", headless.engine.process());
        std::fs::read_dir(path).expect("it is our process").count()
    })
}

fn run_in_spec(headless: &Headless, command: &str) -> u64 {
    headless.engine.call_on("spec", "spec_session", "run", Value::map([("command", Value::from(command))]))
}

#[test]
fn a_spec_that_dies_hangs_and_returns_twenty_times_under_motion_loses_nothing() {
    let port = free_port();
    let headless = engine(&layout(port, "", &MOTORS, ""));
    let engine = &headless.engine;
    let mut spec = simulator(port);
    let mut calls = Vec::new();
    let mut before = None;
    for round in 0..20 {
        for (name, ..) in MOTORS {
            waits("a live motor", PATIENCE, || is(&headless, name, Link::Live));
        }
        // Back to where it is a known motion from.
        let start = engine.number("omega", "position");
        let call = engine.move_to("omega", start + 3000.0);
        calls.push(call);
        engine.moves("omega");
        if round == 3 {
            before = Some(kept(&headless));
        }
        if round % 4 == 3 {
            let paused = Paused::pause(spec.child().id());
            let begun = Instant::now();
            waits("a motor that is disconnected", SEEN, || is(&headless, "omega", Link::Disconnected));
            assert!(begun.elapsed() < SEEN, "{:?}", begun.elapsed());
            drop(paused);
            // It was only away: it is where it says, and the motion that it has goes on until it is stopped.
            waits("a live motor", PATIENCE, || is(&headless, "omega", Link::Live));
            calls.push(engine.call("omega", "stop", Value::map::<&str>([])));
        } else {
            spec.kill();
            let begun = Instant::now();
            for (name, ..) in MOTORS {
                waits("a motor that is disconnected", SEEN, || is(&headless, name, Link::Disconnected));
            }
            assert!(begun.elapsed() < SEEN, "{:?}", begun.elapsed());
            spec = simulator(port);
            // A new spec has its motors where it begins; nobody clicked.
            waits("the value of the new spec", PATIENCE, || {
                is(&headless, "omega", Link::Live) && near(engine.number("omega", "position"), 0.0)
            });
        }
        let Outcome::Ended(error) = engine.end_of(call) else {
            panic!("round {round}: a lost motion has not finished")
        };
        assert!(!error.message.is_empty(), "round {round}");
    }
    for call in calls {
        engine.end_of(call);
        assert_eq!(engine.ends_of(call), 1, "every command has exactly one end");
    }
    waits("no more is kept than before", PATIENCE, || {
        let (now, before) = (kept(&headless), before.expect("it was counted"));
        now.iter().zip(before).all(|(now, before)| *now <= before + 2)
    });
}

#[test]
fn what_moves_at_the_console_or_by_hand_is_seen_and_limits_follow_the_offset() {
    let spec = Simulator::start(Setup::on_any_port()).expect("it has a port of its own");
    let headless = engine(&layout(spec.port, "", &MOTORS, ""));
    let engine = &headless.engine;
    waits("a live motor", PATIENCE, || is(&headless, "omega", Link::Live));
    spec.move_by_hand("phi", 12.0).expect("it has this motor");
    waits("the place where the hand left it", SEEN, || near(engine.number("omega", "position"), 12.0));

    let typed = run_in_spec(&headless, "umv phi 150");
    waits("a motion that nobody here began", SEEN, || engine.latest("omega", "state").0.as_str() == Some("moving"));
    assert!(matches!(engine.end_of(typed), Outcome::Finished(_)));
    waits("the place where spec left it", SEEN, || near(engine.number("omega", "position"), 150.0));

    // A new offset: position and limits go with it, and nothing moves.
    let limits = || engine.latest("omega", "limits").0;
    let pair = |low: f64, high: f64| Value::list([low, high].map(Value::Float));
    waits("the limits", SEEN, || limits() == pair(-36_000.0, 36_000.0));
    assert!(matches!(engine.end_of(run_in_spec(&headless, "set phi 100")), Outcome::Finished(_)));
    waits("the new position", SEEN, || near(engine.number("omega", "position"), 100.0));
    waits("the new limits", SEEN, || limits() == pair(-36_050.0, 35_950.0));
    assert_eq!(spec.position("phi"), Some(100.0));
    let outside = engine.end_of(engine.move_to("omega", 35_951.0));
    let Outcome::Ended(error) = outside else { panic!("it is outside of the limits") };
    assert!(error.message.contains("35951 is above the limit 35950 deg"), "{error:?}");
    assert!(matches!(engine.end_of(engine.move_to("omega", 120.0)), Outcome::Finished(_)));
    assert_eq!(spec.position("phi"), Some(120.0));
}

#[test]
fn a_plugin_that_is_replaced_goes_on_with_the_same_spec() {
    let spec = Simulator::start(Setup::on_any_port()).expect("it has a port of its own");
    let headless = engine(&layout(spec.port, "", &MOTORS, ""));
    let engine = &headless.engine;
    assert!(matches!(engine.end_of(engine.move_to("omega", 5.0)), Outcome::Finished(_)));
    for generation in 2..4 {
        // A byte behind the end makes another file of it and changes nothing else.
        let mut bytes = std::fs::read(built("libbrickwork_spec.so")).expect("it was built");
        bytes.extend(vec![0; generation as usize]);
        let library = headless.folder().path().join("next.so");
        std::fs::write(&library, bytes).expect("the folder is ours");
        headless.folder().put_plugin(&library, "libspec.so");
        waits("a new generation", PATIENCE, || engine.generation("brickwork-spec") >= generation);
        waits("its motor", PATIENCE, || is(&headless, "omega", Link::Live));
        assert!(near(engine.number("omega", "position"), 5.0));
    }
    waits("one connection again", PATIENCE, || spec.clients() == 1);
}

/// The Python that has the foreign programs; none where it may be left out, and then it is said.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("BRICKWORK_SPEC_PYTHON").map(PathBuf::from);
    if python.is_none() {
        let words = "BRICKWORK_SPEC_PYTHON names no Python with chess-pyspec; `cargo xtask test` makes one";
        assert!(std::env::var_os("CI").is_none(), "{words}");
        eprintln!("SKIPPED: {words}");
    }
    python
}

#[test]
fn a_spec_server_that_others_wrote_is_talked_to() {
    let Some(python) = python() else { return };
    let port = free_port();
    let mut command = Command::new(python);
    command.arg(root().join("tests/tests/peers/chess_server.py")).arg(port.to_string());
    let mut server = Program::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let said = server.child().stdout.take().expect("it is piped");
    let said = BufReader::new(said).lines().map_while(Result::ok).find(|line| line.trim() == port.to_string());
    assert!(said.is_some(), "it listens");

    let variables = r#"
        "number": (kind: "spec.number", uses: {"session": "spec"}, config: (variable: "NUMBER")),
        "words": (kind: "spec.text", uses: {"session": "spec"}, config: (variable: "WORDS")),
        "macros": (kind: "spec.macros", uses: {"session": "spec"}, config: (macros: [
            (macro: "add", run_as: Function, arguments: [
                (name: "a", kind: Number(default: 1, range: (0, 9))),
                (name: "b", kind: Number(default: 1, range: (0, 9))),
            ]),
            (macro: "slow", run_as: Function, arguments: [
                (name: "seconds", kind: Number(default: 1, range: (0, 99))),
            ]),
            (macro: "nothing_of_this_name", run_as: Function),
        ])),
    "#;
    let headless = engine(&layout(port, "call_form: Text", &MOTORS[..1], variables));
    let engine = &headless.engine;
    waits("a live motor", PATIENCE, || is(&headless, "omega", Link::Live));
    assert!(near(engine.number("omega", "position"), 10.0));
    let moved = engine.end_of(engine.move_to("omega", 20.0));
    assert!(matches!(moved, Outcome::Finished(_)), "{moved:?}");
    assert!(near(engine.number("omega", "position"), 20.0));

    waits("a number", PATIENCE, || near(engine.number("number", "value"), 4.5));
    waits("a text", PATIENCE, || engine.latest("words", "value").0.as_str() == Some("cold"));
    let set = Value::map([("value", Value::Float(7.25))]);
    assert!(matches!(engine.end_of(engine.call_on("number", "shared_number", "set", set)), Outcome::Finished(_)));
    waits("the new number", PATIENCE, || near(engine.number("number", "value"), 7.25));

    let run = |name: &str, arguments: Value| {
        let arguments = Value::map([("name", Value::from(name)), ("arguments", arguments)]);
        engine.call_on("macros", "command_set", "run", arguments)
    };
    let sum = engine.end_of(run("add", Value::map([("a", Value::Float(2.0)), ("b", Value::Float(3.0))])));
    assert!(matches!(&sum, Outcome::Finished(value) if format!("{value:?}").contains('5')), "{sum:?}");
    let Outcome::Ended(error) = engine.end_of(run("nothing_of_this_name", Value::map::<&str>([]))) else {
        panic!("there is no such function")
    };
    assert!(error.message.contains("nothing_of_this_name"), "{error:?}");
    let slow = run("slow", Value::map([("seconds", Value::Float(60.0))]));
    waits("a running function", PATIENCE, || engine.running() == 1);
    let stop = engine.call_on("macros", "command_set", "abort", Value::map::<&str>([]));
    assert!(matches!(engine.end_of(slow), Outcome::Ended(_)), "it was aborted");
    engine.end_of(stop);

    drop(server);
    waits("a motor that is disconnected", SEEN, || is(&headless, "omega", Link::Disconnected));
}
