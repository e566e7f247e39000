//! `bench.panel`: the values of many objects in a grid, below a mark of the plugin and a label of the layout.

use brickwork_sdk::view::{Tone, View, column, grid, text, value};
use brickwork_sdk::{Brick, BrickContext, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::bench_source::{self, BenchSource};

/// The bench `reload` makes another build of this plugin by changing the letters after the colon in
/// the built file.
#[used]
static MARK: [u8; 24] = *b"brickwork-bench-mark:AAA";

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What stands above the values.
    label: String,
    /// How many values stand side by side.
    columns: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { label: String::new(), columns: 8 }
    }
}

/// Values in a grid.
pub struct Panel {
    config: Config,
    sources: Vec<BenchSource>,
}

impl Brick for Panel {
    const KIND: &'static str = "bench.panel";
    const HELP: &'static str = "The values of many objects in a grid.";
    type Config = Config;
    type Message = ();

    fn roles() -> Vec<Role> {
        vec![Role::many("sources", bench_source::NAME)]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { config, sources: BenchSource::bind_all(ctx, "sources") })
    }

    fn update(&mut self, (): ()) {}

    fn view(&self) -> View<()> {
        let mark = String::from_utf8_lossy(std::hint::black_box(&MARK)).into_owned();
        column([
            text(mark).tone(Tone::Title),
            text(self.config.label.as_str()).tone(Tone::Title),
            grid(self.config.columns, self.sources.iter().map(|source| value(source.value()).decimals(0))),
        ])
    }
}
