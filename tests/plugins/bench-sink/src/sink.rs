//! `bench.sink`: receives what a source publishes, in order, and says how quickly it came.

use std::time::Instant;

use brickwork_sdk::client::{Every, Lagged};
use brickwork_sdk::{Call, Clock, HardwareObject, ObjectContext, Result, Role};
use serde::{Deserialize, Serialize};

use crate::contract::bench_source::{self, BenchSource};

/// How fast values went from one plugin to another.
#[derive(Default, Serialize, Deserialize)]
pub struct Throughput {
    /// Values per second of each round, from the first publication to the last reception.
    pub updates_per_s: Vec<f64>,
    /// What one publication cost the source in each round, in microseconds.
    pub emit_us: Vec<f64>,
    /// Values that did not arrive.
    pub lagged: u64,
}

/// How late values came.
#[derive(Default, Serialize, Deserialize)]
pub struct Latency {
    /// From the publication of each value to this object's code, in microseconds.
    pub latency_us: Vec<f64>,
    /// What each publication cost the source, in microseconds.
    pub emit_us: Vec<f64>,
    /// Values that did not arrive.
    pub lagged: u64,
}

brickwork_sdk::interface! {
    /// Measures how values and commands go between plugins.
    pub bench_sink v1 {
        /// Receives `rounds` floods of `count` values each. There is room for a whole flood, so that a
        /// source that is faster than this object loses nothing.
        command throughput(rounds: i64, count: i64) -> Throughput;
        /// Receives `count` values, one each `period_us`, and sleeps between them.
        command latency(count: i64, period_us: i64) -> Latency;
        /// Sends `count` commands, one after the other; answers what each took, in microseconds.
        command round_trips(count: i64) -> Vec<f64>;
    }
}

/// The measuring end.
pub struct Sink {
    source: BenchSource,
}

impl HardwareObject for Sink {
    const KIND: &'static str = "bench.sink";
    const HELP: &'static str = "Measures how values and commands of a source arrive.";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("source", bench_source::NAME)]
    }

    fn new(_: (), ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { source: BenchSource::bind(ctx, "source")? })
    }
}

impl bench_sink::Serve for Sink {
    async fn throughput(&self, call: &Call, rounds: i64, count: i64) -> Result<Throughput> {
        let mut readings = self.source.value().every(room(count));
        let mut found = Throughput::default();
        for _ in 0..rounds {
            let flood = self.source.flood(count);
            let run = receive(&mut readings, call.clock(), count, |_| {}).await;
            found.updates_per_s.push(count as f64 / run.secs);
            found.lagged += run.lagged;
            found.emit_us.push(flood.await?);
        }
        Ok(found)
    }

    async fn latency(&self, call: &Call, count: i64, period_us: i64) -> Result<Latency> {
        let mut readings = self.source.value().every(room(count));
        let pace = self.source.pace(count, period_us);
        let mut latency_us = Vec::new();
        let clock = call.clock();
        let note = |published_secs: f64| latency_us.push((clock.now_secs() - published_secs) * 1e6);
        let run = receive(&mut readings, clock, count, note).await;
        Ok(Latency { latency_us, emit_us: pace.await?, lagged: run.lagged })
    }

    async fn round_trips(&self, _: &Call, count: i64) -> Result<Vec<f64>> {
        let mut took_us = Vec::new();
        for _ in 0..count {
            let begun = Instant::now();
            self.source.ping().await?;
            took_us.push(begun.elapsed().as_secs_f64() * 1e6);
        }
        Ok(took_us)
    }
}

/// Room for one whole run and the value before it.
fn room(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0) + 1
}

/// One received run.
struct Run {
    secs: f64,
    lagged: u64,
}

/// Receives one run from its value 0 to its last; `each` hears when every value was published.
async fn receive(readings: &mut Every<f64>, clock: Clock, count: i64, mut each: impl FnMut(f64)) -> Run {
    let (mut begun_secs, mut lagged) = (None, 0);
    loop {
        match readings.next().await {
            Ok(reading) => {
                let published_secs = reading.engine_ns as f64 * 1e-9;
                if reading.value == 0.0 {
                    begun_secs = Some(published_secs);
                }
                // What a run before this one left is no part of it.
                let Some(begun_secs) = begun_secs else { continue };
                each(published_secs);
                if reading.value == (count - 1) as f64 {
                    return Run { secs: clock.now_secs() - begun_secs, lagged };
                }
            }
            Err(Lagged(lost)) => lagged += lost,
        }
    }
}
