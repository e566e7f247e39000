//! `bench bus`: values and commands between objects of two plugins, measured by an object itself in the
//! headless engine; then what 200 channels at 100 Hz on screen cost.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use brickwork_sdk::Value;
use serde::Deserialize;

use crate::Outcome;
use crate::client::Client;
use crate::report::{Aim, Report, percentile};
use crate::screen::Area;
use crate::stage::Stage;

const PLUGINS: [&str; 2] = ["bench-source", "bench-sink"];

/// A flood is as long as the largest queue of small values that the bus holds in its 64 MiB, so that
/// none is lost however much faster the publisher is.
const FLOOD: i64 = 1_000_000;
const ROUNDS: i64 = 10;
/// Values at 1 kHz.
const PACED: i64 = 10_000;
const PACE_US: i64 = 1_000;
const ROUND_TRIPS: i64 = 5_000;
/// Channels on screen, and how often each changes.
const CHANNELS: usize = 200;
const HZ: f64 = 100.0;
/// Until the window has opened and everything in it is live.
const WARM_UP: Duration = Duration::from_secs(4);

#[derive(Deserialize)]
struct Throughput {
    updates_per_s: Vec<f64>,
    emit_us: Vec<f64>,
    lagged: u64,
}

#[derive(Deserialize)]
struct Latency {
    latency_us: Vec<f64>,
    emit_us: Vec<f64>,
    lagged: u64,
}

/// Measures all of it.
pub fn run(report: &mut Report, secs: f64) -> Outcome {
    between_plugins(report)?;
    on_screen(report, secs)
}

fn between_plugins(report: &mut Report) -> Outcome {
    let stage = Stage::new(
        r#"Beamline(format: 1, name: "bench",
            objects: {"source": (kind: "bench.source"), "sink": (kind: "bench.sink", uses: {"source": "source"})},
            windows: [])"#,
        &PLUGINS,
    )?;
    let mut client = stage.client()?;
    let flood: Throughput = sink(&mut client, "throughput", &[("rounds", ROUNDS), ("count", FLOOD)])?;
    let paced: Latency = sink(&mut client, "latency", &[("count", PACED), ("period_us", PACE_US)])?;
    let trips_us: Vec<f64> = sink(&mut client, "round_trips", &[("count", ROUND_TRIPS)])?;

    let bare_per_s: Vec<f64> = (0..ROUNDS).map(|_| bare_channel()).collect();
    let (ours, bare) = (percentile(&flood.updates_per_s, 50.0), percentile(&bare_per_s, 50.0));

    report.figure("updates_per_s", ours, Aim::None);
    report.figure("bare_channel_per_s", bare, Aim::None);
    report.figure("updates_ratio", ours / bare, Aim::AtLeast(0.5));
    report.figure("publish_to_object_p99_us", percentile(&paced.latency_us, 99.0), Aim::AtMost(100.0));
    report.figure("publish_to_object_p50_us", percentile(&paced.latency_us, 50.0), Aim::None);
    report.figure("emit_us", percentile(&flood.emit_us, 50.0), Aim::AtMost(0.5));
    report.figure("emit_parked_us", percentile(&paced.emit_us, 50.0), Aim::None);
    report.figure("command_round_trip_us", percentile(&trips_us, 50.0), Aim::None);
    report.figure("lagged", (flood.lagged + paced.lagged) as f64, Aim::AtMost(0.0));
    report.samples("updates_per_s", flood.updates_per_s);
    report.samples("bare_channel_per_s", bare_per_s);
    report.samples("emit_us", flood.emit_us);
    report.samples("publish_to_object_us", paced.latency_us);
    report.samples("emit_parked_us", paced.emit_us);
    report.samples("command_round_trip_us", trips_us);
    Ok(())
}

/// What a bounded channel of the standard library carries of the same values between two threads, per second: what the
/// bus is compared with, since machines differ.
fn bare_channel() -> f64 {
    let count = FLOOD as usize;
    let (sender, receiver) = std::sync::mpsc::sync_channel::<Value>(count);
    let begun = Instant::now();
    let publisher = std::thread::spawn(move || (0..count).all(|number| sender.send((number as f64).into()).is_ok()));
    let last = receiver.iter().last();
    let secs = begun.elapsed().as_secs_f64();
    assert!(publisher.join().is_ok_and(|all| all) && last == Some(((count - 1) as f64).into()), "all of it came");
    count as f64 / secs
}

fn sink<T: serde::de::DeserializeOwned>(client: &mut Client, command: &str, arguments: &[(&str, i64)]) -> Outcome<T> {
    client.call("sink", "bench_sink", command, arguments)
}

fn on_screen(report: &mut Report, secs: f64) -> Outcome {
    let mut stage = Stage::new(&many_channels(), &PLUGINS)?;
    stage.open_window()?;
    std::thread::sleep(WARM_UP);
    let (redraws, cpu_percent) = stage.cpu_percent(|| count_changes(&stage, secs))?;
    report.figure("hz100x200_cpu_percent", cpu_percent, Aim::AtMost(50.0));
    report.figure("hz100x200_drawn_per_s", redraws as f64 / secs, Aim::None);
    Ok(())
}

/// A layout that shows every source.
fn many_channels() -> String {
    let (mut objects, mut names) = (String::new(), String::new());
    for number in 0..CHANNELS {
        // Writing to a string cannot fail.
        let _ = write!(objects, "\"s{number}\": (kind: \"bench.source\", config: (hz: {HZ:.1})), ");
        let _ = write!(names, "\"s{number}\", ");
    }
    format!(
        r#"Beamline(format: 1, name: "bench", objects: {{{objects}}},
            windows: [Window("Bench", Brick("bench.panel", uses: {{"sources": [{names}]}}))])"#
    )
}

/// How often the screen changes while it is watched: a proof that what is paid for is seen.
fn count_changes(stage: &Stage, secs: f64) -> Outcome<u64> {
    let screen = stage.screen();
    let whole = screen.whole();
    let strip = Area { y: whole.height / 2, height: 40, ..whole };
    let (begun, mut seen, mut changes) = (Instant::now(), Vec::new(), 0);
    while begun.elapsed().as_secs_f64() < secs {
        let now = screen.pixels(strip)?;
        changes += u64::from(now != seen);
        seen = now;
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(changes)
}
