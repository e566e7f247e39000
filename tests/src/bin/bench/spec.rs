//! `bench spec`: events and calls of a spec through the plugin into an engine alone, and how soon a spec that is back
//! is met. spec is the simulated one, in this process; `pyspec` measures the client of others on the same one.
//!
//! What is counted: `events_per_s` are events of `error`, each of which the session publishes, so every one that reached
//! the bus has gone all the way; the time is from the first that is sent to the last that is seen, the 16 ms of the link
//! to this bench in it. A variable is followed by its newest value: of `number_events_per_s` all were read and brought
//! to the object, and `number_published_per_s` were new to it when it had its turn.

use std::time::{Duration, Instant};

use brickwork_mxspecsim::{Setup, Simulator};
use brickwork_sdk::protocol::Outcome as End;
use brickwork_sdk::status::Link;
use brickwork_sdk::{Value, from_value};
use brickwork_spec_protocol::{Data, Property};
use brickwork_tests::engine::EngineClient;
use brickwork_tests::random::Random;
use brickwork_tests::{PATIENCE, spec};

use serde::Deserialize;

use crate::Outcome;
use crate::pyspec;
use crate::report::{Aim, Report, percentile};
use crate::stage::Stage;

const PLUGINS: [&str; 2] = ["spec", "bench-sink"];
const MOTOR: &str = "omega";
const VARIABLE: &str = "BENCH";
/// Events of one round, and rounds.
const FLOOD: u32 = 200_000;
const ROUNDS: usize = 5;
/// Events that the server writes at once, and how many such pieces may wait: it always has some, and never too many.
const PIECE: u32 = 200;
const MOST_PIECES: usize = 16;
const ROUND_TRIPS: i64 = 5_000;
/// Deaths of the server, and for how long: until the client tries as rarely as it ever does.
const DEATHS: usize = 5;
const DEAD: (Duration, Duration) = (Duration::from_millis(2_500), Duration::from_millis(3_500));

/// Measures all of it.
pub fn run(report: &mut Report, seed: u64) -> Outcome {
    let mut server = Simulator::start(Setup::on_any_port())?;
    server.set_variable(VARIABLE, Data::number(-1.0))?;
    let ours = {
        let stage = Stage::new(&layout(server.port), &PLUGINS)?;
        let engine = EngineClient::connect(&stage.socket()?);
        for object in ["number", "macros", "caller"] {
            until(|| engine.status(object).link == Link::Live).ok_or("an object is not live")?;
        }
        let events_per_s = events(report, &server, &engine)?;
        let trip_us = round_trips(report, &engine)?;
        reconnect(report, &mut server, &engine, seed)?;
        (events_per_s, trip_us)
    };
    server_alone(report, &server)?;
    match pyspec::measure(&server) {
        Ok(theirs) => {
            report.figure("pyspec_events_per_s", theirs.events_per_s, Aim::None);
            report.figure("events_ratio", ours.0 / theirs.events_per_s, Aim::AtLeast(10.0));
            report.figure("pyspec_round_trip_us", theirs.round_trip_us, Aim::None);
            report.figure("round_trip_ratio", ours.1 / theirs.round_trip_us, Aim::AtMost(0.3));
            report.samples("pyspec", theirs);
        }
        Err(error) => eprintln!("chess-pyspec is not measured: {error}"),
    }
    Ok(())
}

/// What `bench.caller` found.
#[derive(Deserialize)]
struct Trips {
    took_us: Vec<f64>,
    work_us: Vec<f64>,
}

fn layout(port: u16) -> String {
    let argument = |name| format!(r#"(name: "{name}", kind: Number(default: 1, range: (0, 1000000)))"#);
    let more = format!(
        r#""number": (kind: "spec.number", uses: {{"session": "spec"}}, config: (variable: "{VARIABLE}")),
           "macros": (kind: "spec.macros", uses: {{"session": "spec"}}, config: (macros: [
               (macro: "add", run_as: Function, arguments: [{}, {}])])),
           "caller": (kind: "bench.caller", uses: {{"set": "macros"}}),"#,
        argument("a"),
        argument("b")
    );
    spec::layout(port, "", &[(MOTOR, "phi", "deg")], &more)
}

fn until(mut is_so: impl FnMut() -> bool) -> Option<()> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > PATIENCE {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Some(())
}

/// Sends `count` events of a property, each with a value of its own, the last of them `count`, as fast as its slowest
/// client reads.
pub fn flood(server: &Simulator, property: &Property, count: u32) {
    for first in (1..=count).step_by(PIECE as usize) {
        while server.waiting() >= MOST_PIECES {
            std::thread::sleep(Duration::from_micros(100));
        }
        let values: Vec<Data> =
            (first..(first + PIECE).min(count + 1)).map(|number| Data::number(number.into())).collect();
        server.send_events(property, &values);
    }
}

/// What came of one flood.
struct Came {
    secs: f64,
    published: u64,
}

fn came(server: &Simulator, engine: &EngineClient, property: &Property, channel: (&str, &str)) -> Outcome<Came> {
    let last = |value: &Value| {
        value.as_str().map_or_else(|| value.as_f64(), |text| text.parse().ok()) == Some(f64::from(FLOOD))
    };
    // Before: another value than the last one.
    server.send_event(property, &Data::number(0.0));
    let zero = |engine: &EngineClient| !last(&engine.latest(channel.0, channel.1).0);
    until(|| zero(engine)).ok_or("the first event does not come")?;
    let (_, before) = engine.latest(channel.0, channel.1);
    let begun = Instant::now();
    flood(server, property, FLOOD);
    until(|| last(&engine.latest(channel.0, channel.1).0)).ok_or("the last event does not come")?;
    let secs = begun.elapsed().as_secs_f64();
    Ok(Came { secs, published: engine.latest(channel.0, channel.1).1 - before })
}

/// Floods the session, which publishes each event, and a number, which publishes the newest. The rate of the former.
fn events(report: &mut Report, server: &Simulator, engine: &EngineClient) -> Outcome<f64> {
    let flood_of = |property: Property, channel: (&str, &str)| -> Outcome<Vec<Came>> {
        (0..ROUNDS).map(|_| came(server, engine, &property, channel)).collect()
    };
    let each = flood_of(Property::Error, ("spec", "error"))?;
    let newest = flood_of(Property::variable(VARIABLE), ("number", "value"))?;
    let published = |came: &Came| came.published as f64 / came.secs;
    let each_per_s: Vec<f64> = each.iter().map(published).collect();
    let number_per_s: Vec<f64> = newest.iter().map(|came| f64::from(FLOOD) / came.secs).collect();
    let shown_per_s: Vec<f64> = newest.iter().map(published).collect();
    let lost = each.iter().map(|came| u64::from(FLOOD).saturating_sub(came.published)).sum::<u64>();
    let events_per_s = percentile(&each_per_s, 50.0);
    report.figure("events_per_s", events_per_s, Aim::None);
    report.figure("events_lost", lost as f64, Aim::AtMost(0.0));
    report.figure("number_events_per_s", percentile(&number_per_s, 50.0), Aim::None);
    report.figure("number_published_per_s", percentile(&shown_per_s, 50.0), Aim::None);
    report.samples("events_per_s", each_per_s);
    report.samples("number_events_per_s", number_per_s);
    report.samples("number_published_per_s", shown_per_s);
    Ok(events_per_s)
}

/// A call of a function of spec, as an object of another plugin sees it: from the command to its answer there, through
/// the engine to `spec.macros`, over the socket, through spec's queue, and back. The time within `spec.macros` is what a
/// client measures in its own process, and what is compared. The median of that.
fn round_trips(report: &mut Report, engine: &EngineClient) -> Outcome<f64> {
    let count = Value::map([("count", Value::Int(ROUND_TRIPS))]);
    let trips = match engine.end_of(engine.call_on("caller", "bench_caller", "round_trips", count)) {
        End::Finished(trips) => from_value::<Trips>(trips)?,
        End::Ended(error) => return Err(error.message.into()),
    };
    let inside_us = percentile(&trips.work_us, 50.0);
    report.figure("command_round_trip_us", percentile(&trips.took_us, 50.0), Aim::None);
    report.figure("round_trip_us", inside_us, Aim::None);
    report.figure("round_trip_p99_us", percentile(&trips.work_us, 99.0), Aim::None);
    report.samples("command_round_trip_us", trips.took_us);
    report.samples("round_trip_us", trips.work_us);
    Ok(inside_us)
}

/// From a server that listens again to a motor that is live, as a shell hears it.
fn reconnect(report: &mut Report, server: &mut Simulator, engine: &EngineClient, seed: u64) -> Outcome {
    let (mut random, mut took_ms) = (Random::new(seed), Vec::new());
    let is = |link| until(|| engine.status(MOTOR).link == link);
    for _ in 0..DEATHS {
        is(Link::Live).ok_or("the motor is not live")?;
        server.kill();
        is(Link::Disconnected).ok_or("a spec that died is not seen")?;
        std::thread::sleep(random.pause(DEAD.0, DEAD.1));
        *server = Simulator::start(Setup { port: Some(server.port), ..Setup::default() })?;
        let begun = Instant::now();
        is(Link::Live).ok_or("a spec that is back is not met")?;
        took_ms.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    report.figure("reconnect_ms", percentile(&took_ms, 50.0), Aim::AtMost(2000.0));
    report.samples("reconnect_ms", took_ms);
    Ok(())
}

/// What the server itself can send, to a client that only takes the bytes: the proof that it was not what was measured.
fn server_alone(report: &mut Report, server: &Simulator) -> Outcome {
    let rates = (0..ROUNDS).map(|_| pyspec::swallow(server)).collect::<Outcome<Vec<f64>>>()?;
    report.figure("server_events_per_s", percentile(&rates, 50.0), Aim::None);
    report.samples("server_events_per_s", rates);
    let bare_us = pyspec::bare_calls(server)?;
    report.figure("bare_round_trip_us", percentile(&bare_us, 50.0), Aim::None);
    report.samples("bare_round_trip_us", bare_us);
    Ok(())
}
