//! `spec.counter`: one counter (scaler) of spec, and the counting of all of them, which spec has only together.

use std::cell::Cell;

use brickwork_sdk::interfaces::outside;
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role, interface};
use brickwork_spec_protocol::{Data, Property};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::attend::{Attended, Session};
use crate::link::{Dispatch, READ_LIMIT};
use crate::motor::{wrong_name, wrong_time};

/// How long spec may take to begin to count.
const START_LIMIT: std::time::Duration = std::time::Duration::from_secs(5);
/// The shortest and the longest time to count, in seconds.
const TIMES_SECS: (f64, f64) = (1e-3, 86_400.0);
/// The fewest and the most counts of the monitor.
const COUNTS: (f64, f64) = (1.0, 1e12);

interface! {
    /// A counter of spec.
    pub spec_counter v1 {
        /// What it shows: counts, or what the counter is scaled to.
        channel value: f64;
        /// Whether spec counts, whoever asked for it.
        channel counting: bool;
        /// The shortest and the longest time to count.
        channel times: (f64, f64) in "s";
        /// Counts for so long; finishes with what this counter shows then. All counters of spec count.
        command count(seconds: f64 within times) -> f64;
        /// Counts until the monitor of spec has so many counts; finishes with what this counter shows then.
        command count_monitor(counts: f64) -> f64;
        /// Ends the counting now.
        always command stop();
    }
}

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Its mnemonic in spec, such as `det`.
    #[schemars(example = &"det")]
    counter: String,
    /// The longest time that may be counted from here, in seconds.
    longest_secs: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { counter: String::new(), longest_secs: 3600.0 }
    }
}

/// One counter of spec.
pub struct SpecCounter {
    config: Config,
    session: Session,
    channels: spec_counter::Channels,
    /// How often spec began to count, and whether it does.
    counting: watch::Sender<(u64, bool)>,
    /// Whether a counting from here goes on.
    ours: Cell<bool>,
}

impl HardwareObject for SpecCounter {
    const KIND: &'static str = "spec.counter";
    const HELP: &'static str = "A counter of spec. It counts together with all counters of that spec.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let name = wrong_name("counter", "the mnemonic of the counter", &config.counter);
        name.into_iter().chain(wrong_time("longest_secs", config.longest_secs, TIMES_SECS)).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let (session, channels) = (Session::bind(ctx)?, spec_counter::Channels::new(ctx));
        Ok(Self { config, session, channels, counting: watch::Sender::new((0, false)), ours: Cell::new(false) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.times.publish((TIMES_SECS.0, self.config.longest_secs));
        self.session.attend(ctx, async |spec| self.follow(ctx, spec).await).await
    }
}

impl spec_counter::Serve for SpecCounter {
    async fn count(&self, call: &Call, seconds: f64) -> Result<f64> {
        match outside(seconds, (TIMES_SECS.0, self.config.longest_secs), "s") {
            Some(why) => Err(Error::refused(why)),
            None => self.count(call, seconds).await,
        }
    }

    async fn count_monitor(&self, call: &Call, counts: f64) -> Result<f64> {
        match outside(counts, COUNTS, "counts") {
            Some(why) => Err(Error::refused(why)),
            // spec knows counts of the monitor by their sign.
            None => self.count(call, -counts).await,
        }
    }

    async fn stop(&self, call: &Call) -> Result<()> {
        let spec = self.session.any_spec()?;
        let mut counting = self.counting.subscribe();
        if !self.ours.get() && !counting.borrow().1 {
            return Ok(());
        }
        spec.post(&Property::Count, Data::integer(0))?;
        let ended = call.clock().limit(START_LIMIT, counting.wait_for(|(_, counts)| !counts)).await;
        ended.map(|_| ()).map_err(|_| Error::failed("spec still counts although it was told to stop"))
    }
}

impl SpecCounter {
    async fn follow(&self, ctx: &ObjectContext, spec: &Attended<'_>) -> Result<()> {
        let value = Property::Counter(self.config.counter.clone());
        // The beginning and the end of a short counting may come at once.
        let events = spec.watch([(value.clone(), Dispatch::Newest), (Property::Count, Dispatch::Every)]);
        self.counting.send_modify(|(_, counts)| *counts = false);
        self.channels.counting.publish(false);
        let known = async { while !self.take(ctx, &events.next().await) {} };
        if ctx.clock().limit(READ_LIMIT, known).await.is_err() {
            let answer = spec.read(&value).await.err().map(|error| format!(" ({error})")).unwrap_or_default();
            let why = format!("spec {:?} says nothing of a counter {:?}{answer}", spec.name, self.config.counter);
            spec.lost(why, "See with `show_cnts` at spec's prompt whether it has it; else correct `counter`.");
            while !self.take(ctx, &events.next().await) {}
        }
        spec.live();
        loop {
            self.take(ctx, &events.next().await);
        }
    }

    /// Takes an event; whether it was a value of the counter.
    fn take(&self, ctx: &ObjectContext, seen: &crate::link::Seen) -> bool {
        let number = match seen.data.to_number() {
            Ok(number) => number,
            Err(error) => {
                tracing::warn!("counter {}: {error}", self.config.counter);
                return false;
            }
        };
        if seen.which == 0 {
            self.channels.value.publish(number);
            return true;
        }
        let counts = number != 0.0;
        if self.counting.borrow().1 != counts {
            self.counting.send_modify(|(began, now)| (*began, *now) = (*began + u64::from(counts), counts));
            self.channels.counting.publish(counts);
            let (activity, message) = if counts { (Activity::Busy, "counting") } else { (Activity::Idle, "") };
            ctx.activity(activity, message);
        }
        false
    }

    /// Counts for so many seconds or, below 0, counts of the monitor.
    async fn count(&self, call: &Call, preset: f64) -> Result<f64> {
        let spec = self.session.spec()?;
        if self.ours.get() || self.counting.borrow().1 {
            return Err(Error::refused("spec counts already"));
        }
        let _ours = Ours::begin(&self.ours);
        let mut counting = self.counting.subscribe();
        let (before, _) = *counting.borrow_and_update();
        let counted = async {
            spec.order(&Property::Count, Data::number(preset)).await?;
            let began = counting.wait_for(|(began, _)| *began > before);
            let began = call.clock().limit(START_LIMIT, began).await;
            began
                .map_err(|_| Error::failed(format!("spec did not begin to count within {} s", START_LIMIT.as_secs())))?
                .map_err(|_| Error::failed("the counter is no more"))?;
            counting.wait_for(|(_, counts)| !counts).await.map_err(|_| Error::failed("the counter is no more"))?;
            // The last event of the value may be older than the end.
            let value = spec.read(&Property::Counter(self.config.counter.clone())).await?;
            let value = value.to_number().map_err(|error| Error::failed(error.to_string()))?;
            self.channels.value.publish(value);
            Ok(value)
        };
        tokio::select! {
            biased;
            () = call.aborted() => {
                spec.post(&Property::Count, Data::integer(0))?;
                Err(Error::aborted())
            }
            error = spec.lost() => Err(Error::failed(format!("spec was lost while it counted: {error}"))),
            end = counted => end,
        }
    }
}

/// One counting from here, however it ends.
struct Ours<'a>(&'a Cell<bool>);

impl<'a> Ours<'a> {
    fn begin(ours: &'a Cell<bool>) -> Self {
        ours.set(true);
        Self(ours)
    }
}

impl Drop for Ours<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
