//! What an engine bears while a motor moves: no descriptors left, strangers that say nothing, too much or read nothing, and
//! a process that stands still. The motion goes on, and nothing moves late.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use brickwork_link::{LINK_PROTOCOL, ToEngine, split, uptime_ns};
use brickwork_sdk::Value;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::headless::Headless;
use brickwork_tests::programs::{Paused, built};
use brickwork_tests::{PATIENCE, display, poll, programs};
use rustix::process::{Pid, Resource, Rlimit, prlimit};

const LAYOUT: &str = r#"Beamline(
    format: 1,
    name: "TEST",
    objects: {"omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 20))},
    windows: [],
)"#;

/// What strangers may make the engine hold.
const MAX_GROWTH_KB: u64 = 100_000;

fn start() -> Headless {
    Headless::start(LAYOUT, &[(&built("libbrickwork_sim.so"), "libbrickwork_sim.so")])
}

fn stranger(headless: &Headless) -> UnixStream {
    let socket = poll(PATIENCE, || headless.folder().socket());
    UnixStream::connect(socket.expect("the engine listens")).expect("the engine listens")
}

fn log_says(headless: &Headless, words: &str) {
    let said = poll(PATIENCE, || headless.said().contains(words).then_some(()));
    let all = headless.said();
    assert!(said.is_some(), "{words:?} is not in {}", &all[all.len().saturating_sub(2000)..]);
}

/// Whether the engine ends this connection soon.
fn is_dropped(stream: &mut UnixStream) -> bool {
    stream.set_read_timeout(Some(PATIENCE)).expect("the socket takes it");
    let mut rest = Vec::new();
    !matches!(stream.read_to_end(&mut rest),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut))
}

fn message(message: &ToEngine) -> Vec<u8> {
    let (here, mut there) = UnixStream::pair().expect("the system has sockets");
    let (_, mut writer) = split(here).expect("a socket can be doubled");
    writer.send(message).expect("the other side is there");
    writer.close();
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).expect("the other side has closed");
    bytes
}

fn hello() -> Vec<u8> {
    message(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: "stranger".into() })
}

#[test]
fn a_motion_goes_on_while_no_descriptor_is_left_and_windows_are_taken_again_afterwards() {
    let mut headless = start();
    let call = headless.engine.move_to("omega", 60.0);
    headless.engine.moves("omega");
    let process = Pid::from_raw(headless.engine.process().cast_signed());
    let limit = Rlimit { current: Some(80), maximum: Some(80) };
    prlimit(process, Resource::Nofile, limit).expect("the engine is ours");
    let socket = headless.folder().socket().expect("the engine listens");
    let idle: Vec<UnixStream> = (0..120).map_while(|_| UnixStream::connect(&socket).ok()).collect();
    assert_eq!(idle.len(), 120, "they wait at the engine's door");
    log_says(&headless, "connection");
    assert!(headless.engine.end_of(call).into_result().is_ok(), "the motor arrives");
    headless.engine.arrives("omega", 60.0);
    assert!(headless.runs());
    drop(idle);
    let mut late = stranger(&headless);
    late.write_all(&hello()).expect("the engine reads");
    late.set_read_timeout(Some(PATIENCE)).expect("the socket takes it");
    late.read_exact(&mut [0; 4]).expect("the engine greets again");
}

#[test]
fn strangers_that_announce_much_say_nothing_or_greet_wrongly_cost_little_and_are_dropped() {
    let headless = start();
    let before = headless.memory_kb("Rss");
    let mut strangers: Vec<UnixStream> = (0..20).map(|_| stranger(&headless)).collect();
    for stranger in &mut strangers {
        stranger.write_all(&(120_u32 << 20).to_le_bytes()).expect("the engine reads");
    }
    let mut silent = stranger(&headless);
    let mut greeted: Vec<UnixStream> = (0..10).map(|_| stranger(&headless)).collect();
    for stranger in &mut greeted {
        stranger.write_all(&hello()).expect("the engine reads");
        stranger.write_all(&(4_u32 << 20).to_le_bytes()).expect("the engine reads");
    }
    let mut nulls = stranger(&headless);
    nulls.write_all(&hello()).expect("the engine reads");
    let count = (4_u32 << 20) - 5;
    let mut bytes = (count + 5).to_le_bytes().to_vec();
    bytes.push(6);
    bytes.extend(count.to_le_bytes());
    bytes.resize(bytes.len() + count as usize, 0);
    // It may be dropped in the midst of it.
    let _ = nulls.write_all(&bytes);
    assert!(is_dropped(&mut nulls), "who sends four million Nulls is dropped");
    for stranger in &mut strangers {
        assert!(is_dropped(stranger), "who announces 120 MB before a greeting is dropped");
    }
    assert!(is_dropped(&mut silent), "who says nothing is dropped");
    let grown = headless.memory_kb("Rss").saturating_sub(before);
    assert!(grown < MAX_GROWTH_KB, "the engine has grown by {grown} KB");
    log_says(&headless, "a shell was not served");
    headless.engine.move_to("omega", 5.0);
    headless.engine.arrives("omega", 5.0);
}

#[test]
fn who_subscribes_under_one_name_again_and_again_and_reads_nothing_is_dropped_and_said() {
    let headless = start();
    let before = headless.memory_kb("Rss");
    let mut deaf = stranger(&headless);
    deaf.write_all(&hello()).expect("the engine reads");
    deaf.set_write_timeout(Some(PATIENCE)).expect("the socket takes it");
    let (object, channel) = ("omega".to_owned(), "status".to_owned());
    let subscribe = message(&ToEngine::Subscribe { id: 1, object, channel }).repeat(1000);
    let object = "x".repeat(200);
    let call = ToEngine::Call {
        id: 1,
        object,
        interface: "motor".into(),
        command: "move_to".into(),
        arguments: Value::Null,
        brick: String::new(),
        given_ns: uptime_ns(),
    };
    let calls = message(&call).repeat(1000);
    for _ in 0..3 {
        if deaf.write_all(&subscribe).and_then(|()| deaf.write_all(&calls)).is_err() {
            break;
        }
    }
    log_says(&headless, "a shell is ");
    let grown = headless.memory_kb("Rss").saturating_sub(before);
    assert!(grown < MAX_GROWTH_KB, "the engine has grown by {grown} KB");
    headless.engine.move_to("omega", 5.0);
    headless.engine.arrives("omega", 5.0);
}

#[test]
fn a_command_given_to_an_engine_that_stands_still_is_refused_when_it_turns_again_and_nothing_moves() {
    let headless = start();
    let engine = &headless.engine;
    engine.move_to("omega", 1.0);
    engine.arrives("omega", 1.0);
    for _ in 0..2 {
        let live = || (engine.status("omega").link == Link::Live).then_some(());
        assert!(poll(PATIENCE, live).is_some(), "the motor comes back");
        let paused = Paused::pause(engine.process());
        let call = engine.call("omega", "move_to", Value::map([("position", Value::Float(90.0))]));
        let stop = engine.call("omega", "stop", Value::map::<&str>([]));
        std::thread::sleep(Duration::from_millis(1700));
        drop(paused);
        let refusal = engine.end_of(call).into_result().expect_err("it comes too late");
        assert!(refusal.message.contains("held up"), "{}", refusal.message);
        assert!(engine.end_of(stop).into_result().is_ok(), "a stop never comes too late");
        assert!((engine.number("omega", "position") - 1.0).abs() < 1e-3, "nothing has moved");
    }
    engine.move_to("omega", 2.0);
    engine.arrives("omega", 2.0);
}

#[test]
fn a_window_sends_nothing_to_an_engine_that_it_calls_silent() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = Beamline::open(&shipped("demo.ron"));
    let engine = beamline.engine();
    beamline.sees("idle");
    let before = engine.number("omega", "position");
    let paused = Paused::pause(engine.process());
    beamline.sees("The engine does not answer since");
    beamline.enter("motors.one(motor=omega)/target", "7.5");
    beamline.sees("nothing was sent");
    drop(paused);
    beamline.no_longer_sees("The engine does not answer since");
    assert!((engine.number("omega", "position") - before).abs() < 1e-3, "nothing has moved");
    assert_eq!(engine.running(), 0, "nothing has begun");
}
