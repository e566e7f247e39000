//! `bench.source`: the publisher of the benches. The bench `bus` tells it how to publish, and the
//! screen benches let it count by itself. It is built for the benches alone, never shipped.

#![forbid(unsafe_code)]

#[path = "../../bench_source_v1.rs"]
pub mod contract;

use std::time::{Duration, Instant};

use brickwork_sdk::{Call, HardwareObject, ObjectContext, Result};
use contract::bench_source;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a layout may say of it.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How often it counts by itself; 0 for never.
    hz: f64,
}

/// A channel that counts.
pub struct Source {
    config: Config,
    channels: bench_source::Channels,
}

impl HardwareObject for Source {
    const KIND: &'static str = "bench.source";
    const HELP: &'static str = "A channel that counts.";
    type Config = Config;

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { config, channels: bench_source::Channels::new(ctx) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.value.publish(-1.0);
        ctx.live();
        if self.config.hz <= 0.0 {
            return std::future::pending().await;
        }
        // Against the time of the start, so that a late wake does not lower the rate.
        let (clock, begun_secs) = (ctx.clock(), ctx.clock().now_secs());
        for count in 1_u64.. {
            let due_secs = begun_secs + count as f64 / self.config.hz;
            clock.sleep(Duration::from_secs_f64((due_secs - clock.now_secs()).max(0.0))).await;
            self.channels.value.publish(count as f64);
        }
        Ok(())
    }
}

impl bench_source::Serve for Source {
    async fn flood(&self, _: &Call, count: i64) -> Result<f64> {
        let begun = Instant::now();
        for number in 0..count {
            self.channels.value.publish(number as f64);
        }
        Ok(begun.elapsed().as_secs_f64() * 1e6 / count.max(1) as f64)
    }

    async fn pace(&self, _: &Call, count: i64, period_us: i64) -> Result<Vec<f64>> {
        let period = Duration::from_micros(period_us.unsigned_abs());
        let begun = Instant::now();
        let mut costs_us = Vec::new();
        for number in 0..count {
            // Not the context's clock: that of the runtime knows whole milliseconds only.
            let due = begun + period * number as u32;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let before = Instant::now();
            self.channels.value.publish(number as f64);
            costs_us.push(before.elapsed().as_secs_f64() * 1e6);
        }
        Ok(costs_us)
    }

    async fn ping(&self, _: &Call) -> Result<()> {
        Ok(())
    }
}

brickwork_sdk::plugin! {
    objects: [Source: bench_source],
    bricks: [],
}
