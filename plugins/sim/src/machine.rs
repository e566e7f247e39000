//! `sim.machine`: a storage ring whose current decays and is topped up, in the engine's time.
//!
//! The current follows `I(t) = I0 exp(-t / lifetime)` since the last refill, which brings it back to `I0`.

use std::cell::Cell;
use std::time::Duration;

use brickwork_sdk::interfaces::{machine_info, outside};
use brickwork_sdk::{ConfigProblem, HardwareObject, ObjectContext, Restored, Result, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const TICK: Duration = Duration::from_secs(1);
const SCHEMA: &str = "sim.machine 1";
/// This long before a refill the control room says that one is coming.
const SOON_SECS: f64 = 60.0;

const CURRENTS_MA: (f64, f64) = (1e-3, 1e4);
const LIFETIMES_H: (f64, f64) = (1e-3, 1e4);
const REFILLS_SECS: (f64, f64) = (1.0, 1e6);

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The current after a refill, in mA.
    current_ma: f64,
    /// After how many hours the current would have fallen to 1/e.
    lifetime_h: f64,
    /// Seconds from one refill to the next.
    refill_secs: f64,
    /// How the ring is filled.
    filling_mode: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { current_ma: 200.0, lifetime_h: 60.0, refill_secs: 1200.0, filling_mode: "7/8 + 1".into() }
    }
}

/// One simulated storage ring.
pub struct SimMachine {
    config: Config,
    channels: machine_info::Channels,
    /// When it was last filled, in seconds of the engine's clock; not yet when there is none.
    filled_at_secs: Cell<Option<f64>>,
}

impl HardwareObject for SimMachine {
    const KIND: &'static str = "sim.machine";
    const HELP: &'static str = "A simulated storage ring: its current decays with a lifetime and is topped up.";
    type Config = Config;

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let within = |path, number, range, unit| outside(number, range, unit).map(|why| ConfigProblem::at(path, why));
        let checks = [
            within("current_ma", config.current_ma, CURRENTS_MA, "mA"),
            within("lifetime_h", config.lifetime_h, LIFETIMES_H, "h"),
            within("refill_secs", config.refill_secs, REFILLS_SECS, "s"),
        ];
        checks.into_iter().flatten().collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { config, channels: machine_info::Channels::new(ctx), filled_at_secs: Cell::new(None) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.filling_mode.publish(self.config.filling_mode.clone());
        self.channels.lifetime.publish(self.config.lifetime_h);
        self.tick(ctx.clock().now_secs());
        ctx.live();
        loop {
            ctx.clock().sleep(TICK).await;
            self.tick(ctx.clock().now_secs());
        }
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.filled_at_secs.get())
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, self.filled_at_secs.get_mut())
    }
}

impl machine_info::Serve for SimMachine {}

impl SimMachine {
    /// Refills when it is time, and says how the ring is now.
    fn tick(&self, now_secs: f64) {
        let Config { current_ma, lifetime_h, refill_secs, .. } = self.config;
        // What another engine saved lies in the future of this one's clock.
        let filled_secs = self.filled_at_secs.get().filter(|secs| *secs <= now_secs).unwrap_or(now_secs);
        let age_secs = (now_secs - filled_secs) % refill_secs;
        let left_secs = refill_secs - age_secs;
        self.filled_at_secs.set(Some(now_secs - age_secs));
        self.channels.current.publish(current_ma * (-age_secs / (lifetime_h * 3600.0)).exp());
        self.channels.refill_in.publish(left_secs.round());
        let news = if left_secs <= SOON_SECS { "refill within a minute" } else { "beam for users" };
        self.channels.message.publish(format!("Simulated ring: {news}"));
    }
}
