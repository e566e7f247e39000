//! `actuators.list`: many actuators, one in each row.

use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::view::{Column, View, state, table, text};
use brickwork_sdk::{Brick, BrickContext, Result, Role};
use serde::{Deserialize, Serialize};

use crate::part::{Act, Part};

/// Actuators in the order of the layout.
pub struct ActuatorList {
    parts: Vec<Part>,
}

/// What to do with which actuator.
#[derive(Serialize, Deserialize)]
pub struct Message {
    actuator: String,
    act: Act,
}

impl Brick for ActuatorList {
    const KIND: &'static str = "actuators.list";
    const HELP: &'static str = "Actuators in rows: positions to choose from, state or interlock, and stop.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::many("actuators", actuator::NAME).help("Shutters, lights, beamstops, zooms, in this order.")]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self { parts: Actuator::bind_all(ctx, "actuators").into_iter().map(Part::new).collect() })
    }

    fn update(&mut self, Message { actuator, act }: Message) {
        if let Some(part) = self.parts.iter().find(|part| part.name() == actuator) {
            part.act(act);
        }
    }

    fn view(&self) -> View<Message> {
        let columns =
            [Column::new("Actuator"), Column::new("Position"), Column::new(""), Column::new("State").grow(1.0)];
        table("actuators", "Actuators", &columns, (0, self.parts.len()), self.parts.iter().map(cells))
    }
}

/// The row of one actuator, with its name behind each id.
fn cells(part: &Part) -> Vec<View<Message>> {
    let name = part.name();
    let send = |act| Message { actuator: name.into(), act };
    vec![
        text(name),
        part.positions(&format!("positions:{name}"), send),
        part.stop(&format!("stop:{name}"), send),
        // The last: in a narrow tile long words must not lie over the stop.
        part.warning().unwrap_or_else(|| state(name)),
    ]
}
