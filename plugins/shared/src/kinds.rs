//! What differs between a shared text, number and flag: their config, what they take, and their interface.

use brickwork_sdk::interfaces::{outside, shared_flag, shared_number, shared_text};
use brickwork_sdk::{Call, ConfigProblem, ObjectContext, Publisher, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::{Shareable, Shared};

/// What a layout may say of a shared text or flag.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config<T: Default> {
    /// What it is at first.
    initial: T,
}

/// What a layout may say of a shared number.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NumberConfig {
    /// What it is at first.
    initial: f64,
    /// The lowest and the highest number that it may be; any number without it.
    range: Option<(f64, f64)>,
}

impl Shareable for String {
    const KIND: &'static str = "shared.text";
    const HELP: &'static str = "A text that bricks share: what one of them selects, others follow.";
    type Config = Config<String>;

    fn initial(config: &Self::Config) -> Self {
        config.initial.clone()
    }

    fn open(ctx: &ObjectContext) -> Publisher<Self> {
        shared_text::Channels::new(ctx).value
    }
}

impl Shareable for bool {
    const KIND: &'static str = "shared.flag";
    const HELP: &'static str = "A yes or no that bricks share.";
    type Config = Config<bool>;

    fn initial(config: &Self::Config) -> Self {
        config.initial
    }

    fn open(ctx: &ObjectContext) -> Publisher<Self> {
        shared_flag::Channels::new(ctx).value
    }
}

impl Shareable for f64 {
    const KIND: &'static str = "shared.number";
    const HELP: &'static str = "A number that bricks share, within a range if it has one.";
    type Config = NumberConfig;

    fn initial(config: &Self::Config) -> Self {
        config.initial
    }

    fn problems(config: &Self::Config) -> Vec<ConfigProblem> {
        if let Some((low, high)) = config.range {
            let ordered = low < high;
            if !ordered {
                return vec![ConfigProblem::at("range", format!("the lowest {low} is not below the highest {high}"))];
            }
        }
        config.initial.refusal(config).map(|why| ConfigProblem::at("initial", why)).into_iter().collect()
    }

    fn refusal(&self, config: &Self::Config) -> Option<String> {
        match self.is_finite() {
            true => config.range.and_then(|range| outside(*self, range, "")),
            false => Some(format!("{self} is not a number that can be shared")),
        }
    }

    fn open(ctx: &ObjectContext) -> Publisher<Self> {
        shared_number::Channels::new(ctx).value
    }
}

impl shared_text::Serve for Shared<String> {
    async fn set(&self, _: &Call, value: String) -> Result<()> {
        self.change(value)
    }
}

impl shared_number::Serve for Shared<f64> {
    async fn set(&self, _: &Call, value: f64) -> Result<()> {
        self.change(value)
    }
}

impl shared_flag::Serve for Shared<bool> {
    async fn set(&self, _: &Call, value: bool) -> Result<()> {
        self.change(value)
    }
}
