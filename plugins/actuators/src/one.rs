//! `actuators.one`: the brick of one actuator.

use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::view::{Tone, View, column, row, space, state, text};
use brickwork_sdk::{Brick, BrickContext, Result, Role};

use crate::part::{Act, Part};

/// One actuator: where it is, where to send it, how to stop it.
pub struct ActuatorBrick {
    part: Part,
}

impl Brick for ActuatorBrick {
    const KIND: &'static str = "actuators.one";
    const HELP: &'static str = "One actuator: its positions, state, interlock and stop.";
    type Config = ();
    type Message = Act;

    fn roles() -> Vec<Role> {
        vec![Role::one("actuator", actuator::NAME).help("A shutter, a light, a beamstop, a zoom.")]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self { part: Part::new(Actuator::bind(ctx, "actuator")?) })
    }

    fn update(&mut self, act: Act) {
        self.part.act(act);
    }

    fn view(&self) -> View<Act> {
        let part = &self.part;
        column([
            row([text(part.name()).tone(Tone::Title)]
                .into_iter()
                .chain(part.warning())
                .chain([space(), state(part.name())])),
            row([
                text("Position").muted(),
                part.positions("positions", |act| act),
                space(),
                part.stop("stop", |act| act),
            ]),
        ])
    }
}
