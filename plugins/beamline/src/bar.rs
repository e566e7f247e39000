//! `beamline.bar`: channels that the layout names, in one row that wraps, each with its label, unit, quality and age.

use brickwork_sdk::client::ChannelName;
use brickwork_sdk::view::{View, row, text, value};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Error, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a layout says of it.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What is shown, from left to right.
    items: Vec<Item>,
}

/// One value of the bar.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The object; it must be in the role `objects` too.
    object: String,
    /// The channel of the object.
    channel: String,
    /// What stands before the value; the object's name if it is empty.
    #[serde(default)]
    label: String,
    /// The unit behind a number; empty for none.
    #[serde(default)]
    unit: String,
    /// The channel of the object that carries the unit instead, such as that of a motor.
    #[serde(default)]
    unit_channel: String,
    /// Digits after the point.
    #[serde(default = "two")]
    #[schemars(range(max = 9))]
    decimals: u8,
}

fn two() -> u8 {
    2
}

/// The bar.
pub struct Bar {
    items: Vec<Item>,
}

impl Brick for Bar {
    const KIND: &'static str = "beamline.bar";
    const HELP: &'static str = "Any channels in one row: current, energy, shutter, whatever the layout names.";
    type Config = Config;
    type Message = ();

    fn roles() -> Vec<Role> {
        vec![Role::many("objects", "object").help("The objects whose channels are shown.")]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let empty = config.items.is_empty().then(|| ConfigProblem::at("items", "nothing is named to be shown"));
        let both =
            config.items.iter().enumerate().filter(|(_, item)| !item.unit.is_empty() && !item.unit_channel.is_empty());
        let both = both
            .map(|(at, _)| ConfigProblem::at(format!("items[{at}].unit"), "give `unit` or `unit_channel`, not both"));
        empty.into_iter().chain(both).collect()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let objects = ctx.role("objects");
        for Item { object, channel, .. } in &config.items {
            if !objects.contains(object) {
                let message =
                    format!("the item {object}.{channel} is of an object that is not in the role \"objects\"");
                return Err(Error::failed(format!("{message}: add \"{object}\" to its uses")));
            }
        }
        Ok(Self { items: config.items })
    }

    fn update(&mut self, (): ()) {}

    fn view(&self) -> View<()> {
        let items = self.items.iter().map(|item| {
            let label = if item.label.is_empty() { &item.object } else { &item.label };
            let mut name = ChannelName::new(&item.object, &item.channel, &item.unit);
            name.unit_channel.clone_from(&item.unit_channel);
            row([text(label).muted(), value(&name).decimals(item.decimals).label(label)])
        });
        row(items).wrap()
    }
}
