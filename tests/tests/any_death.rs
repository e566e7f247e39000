//! Any order, any death: server, engine and shell are paused and killed with commands under way. At the end everything
//! is live again without a click, and every command has ended once.

use std::time::{Duration, Instant};

use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::engine::EngineClient;
use brickwork_tests::programs::{self, Paused};
use brickwork_tests::{PATIENCE, display, mjpeg, poll};

/// What is promised of a server or an engine that is dead or does not answer.
const SAID_WITHIN: Duration = Duration::from_secs(2);

/// The demo's motors with a camera behind a real server.
fn layout(port: u16) -> String {
    let text = shipped("demo-mjpeg.ron");
    assert!(text.contains(":8093/"), "the layout names the port of the command above it");
    text.replace(":8093/", &format!(":{port}/"))
}

fn open(port: u16) -> Option<Beamline> {
    (programs::have(display::PROGRAMS) && programs::have(&["ffmpeg"])).then(|| Beamline::open(&layout(port)))
}

fn link_of(engine: &EngineClient, object: &str, wanted: &Link) -> bool {
    poll(PATIENCE, || (engine.status(object).link == *wanted).then_some(())).is_some()
}

#[test]
fn a_server_that_hangs_is_said_in_time_and_a_new_one_is_met() {
    let port = mjpeg::free_port();
    let Some(beamline) = open(port) else { return };
    let engine = beamline.engine();
    let mut server = mjpeg::serve(port);
    assert!(link_of(&engine, "onaxis", &Link::Live), "a server that starts later is met");
    let paused = Paused::pause(server.child().id());
    let since = Instant::now();
    beamline.sees_after(since, SAID_WITHIN + Duration::from_millis(500), "disconnected since");
    // This server ends once its only client has left it.
    drop(paused);
    server.kill();
    let mut server = mjpeg::serve(port);
    assert!(link_of(&engine, "onaxis", &Link::Live), "it is met again without a click");
    beamline.no_longer_sees("disconnected since");

    // A motion goes on whatever becomes of the camera, and ends once.
    let call = engine.move_to("omega", 90.0);
    engine.moves("omega");
    server.kill();
    assert!(matches!(engine.end_of(call), Outcome::Finished(_)));
    let _server = mjpeg::serve(port);
    assert!(link_of(&engine, "onaxis", &Link::Live), "a new server is met without a click");
    assert_eq!(engine.ends_of(call), 1);
}

#[test]
fn an_engine_that_hangs_is_said_in_time_and_its_command_ends_once() {
    let Some(beamline) = open(mjpeg::free_port()) else { return };
    let engine = beamline.engine();
    let call = engine.move_to("omega", 120.0);
    engine.moves("omega");
    let paused = Paused::pause(engine.process());
    beamline.sees_after(Instant::now(), SAID_WITHIN + Duration::from_millis(500), "The engine does not answer since");
    drop(paused);
    beamline.no_longer_sees("The engine does not answer");
    assert!(matches!(engine.end_of(call), Outcome::Finished(_)), "the motion was not lost");
    assert_eq!(engine.ends_of(call), 1);
    beamline.sees("120.000");
}

#[test]
fn a_shell_that_hangs_holds_up_nothing_and_shows_the_truth_when_it_goes_on() {
    let Some(mut beamline) = open(mjpeg::free_port()) else { return };
    let engine = beamline.engine();
    let paused = Paused::pause(beamline.shell_process());
    let calls = [("omega", 45.0), ("focus", 5.0)].map(|(motor, to)| engine.move_to(motor, to));
    for call in calls {
        assert!(matches!(engine.end_of(call), Outcome::Finished(_)), "nobody waits for a window");
        assert_eq!(engine.ends_of(call), 1);
    }
    drop(paused);
    beamline.sees("45.000");
    beamline.no_longer_sees("does not answer");
}

#[test]
fn commands_of_a_killed_shell_end_in_the_engine_and_a_killed_engine_leaves_none_behind() {
    let Some(mut beamline) = open(mjpeg::free_port()) else { return };
    let engine = beamline.engine();
    let call = engine.move_to("omega", 60.0);
    beamline.kill_shell();
    engine.arrives("omega", 60.0);
    assert_eq!((engine.ends_of(call), engine.running()), (1, 0));
    beamline.run();
    beamline.sees("60.000");
    engine.move_to("omega", 700.0);
    engine.moves("omega");
    programs::kill_with_keeper(engine.process());
    beamline.sees("The engine does not answer since");
    let _engine = beamline.run_engine();
    beamline.no_longer_sees("The engine does not answer");
    let engine = beamline.engine();
    assert_eq!(engine.running(), 0, "what ran died with its engine, and nothing is said to run");
    beamline.sees("nothing runs");
}
