//! `gallery.signal`: one object for each mark that a value can carry, chosen in the layout.
//!
//! The bricks `gallery.values` and `gallery.controls` show it. Its values mean nothing.

use std::time::Duration;

use brickwork_sdk::{Activity, HardwareObject, ObjectContext, Publisher, Quality, Result, interface};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often a moving signal changes.
const TICK: Duration = Duration::from_millis(200);
/// How far a moving signal goes to either side, and how long it takes there and back.
const SWING: f64 = 5.0;
const PERIOD_SECS: f64 = 20.0;

interface! {
    /// Values of every type, to see how they are shown.
    pub gallery_signal v1 {
        /// A number whose unit is told by the channel `unit`.
        channel number: f64 in unit;
        /// The unit of `number`.
        channel unit: String;
        /// A number whose unit is fixed.
        channel share: f64 in "%";
        /// A whole number.
        channel count: i64;
        /// A word.
        channel text: String;
        /// A yes or no.
        channel flag: bool;
        /// Several numbers.
        channel list: Vec<f64> in "mm";
    }
}

/// What the values of a signal look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Look {
    /// All is well.
    #[default]
    Live,
    /// All is well and the number changes slowly.
    Moving,
    /// Somebody should know.
    Minor,
    /// Somebody must act.
    Major,
    /// Not to be believed.
    Invalid,
    /// It was there once and is not any more.
    Disconnected,
    /// It was never there.
    Loading,
}

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What its values look like.
    state: Look,
    /// The number, in `unit`; a moving one swings about it.
    number: f64,
    /// The unit of the number, any text.
    unit: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { state: Look::Live, number: 12.3456, unit: "deg".into() }
    }
}

/// One pretended source of values.
pub struct Signal {
    config: Config,
    channels: gallery_signal::Channels,
}

impl HardwareObject for Signal {
    const KIND: &'static str = "gallery.signal";
    const HELP: &'static str = "Pretended values of every type, good, bad, old or absent, for the gallery.";
    type Config = Config;

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { config, channels: gallery_signal::Channels::new(ctx) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        if self.config.state == Look::Loading {
            return std::future::pending().await;
        }
        self.publish();
        ctx.live();
        match self.config.state {
            Look::Moving => self.swing(ctx).await,
            Look::Disconnected => {
                ctx.lost("the gallery pretends that its cable was pulled", "write `state: Live` in the layout");
                std::future::pending().await
            }
            _ => std::future::pending().await,
        }
    }
}

impl Signal {
    fn publish(&self) {
        let (channels, number) = (&self.channels, self.config.number);
        self.say(&channels.unit, self.config.unit.clone());
        self.say(&channels.number, number);
        self.say(&channels.share, 87.5);
        self.say(&channels.count, 21);
        self.say(&channels.text, "closed".to_owned());
        self.say(&channels.flag, true);
        self.say(&channels.list, vec![-5.0, 0.0, 7.5]);
    }

    /// Publishes with the quality that the layout asks for.
    fn say<T: Serialize>(&self, channel: &Publisher<T>, value: T) {
        let quality = match self.config.state {
            Look::Minor => Quality::Minor,
            Look::Major => Quality::Major,
            Look::Invalid => Quality::Invalid,
            Look::Live | Look::Moving | Look::Disconnected | Look::Loading => Quality::Ok,
        };
        channel.publish_as(value, quality, 0.0);
    }

    async fn swing(&self, ctx: &ObjectContext) -> Result<()> {
        ctx.activity(Activity::Moving, "swinging slowly");
        let clock = ctx.clock();
        let began_secs = clock.now_secs();
        loop {
            clock.sleep(TICK).await;
            let turns = (clock.now_secs() - began_secs) / PERIOD_SECS;
            self.say(&self.channels.number, self.config.number + SWING * (turns * std::f64::consts::TAU).sin());
        }
    }
}

impl gallery_signal::Serve for Signal {}
