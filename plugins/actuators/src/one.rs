//! `actuators.one`: the brick of one actuator.

use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::view::{Tone, View, column, grid, row, space, state, text};
use brickwork_sdk::{Brick, BrickContext, Result, Role};

use crate::part::{Act, Part};

/// One actuator: where it is, where to send it, how to stop it.
pub struct ActuatorBrick {
    part: Part,
}

impl Brick for ActuatorBrick {
    const KIND: &'static str = "actuators.one";
    const HELP: &'static str = "One actuator: position, where to send it, state, interlock and stop.";
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
        // Beside the name, where nothing else can take its room.
        let stop = part.stop("stop", |act| act);
        let head = row([text(part.name()).tone(Tone::Title), state(part.name()), space(), stop]);
        let position = [text("Position").muted(), part.position(), part.warning().unwrap_or_else(|| part.way()).grow()];
        let target = [text("Move to").muted(), part.positions("positions", |act| act), text("")];
        column([head, grid(3, position.into_iter().chain(target))])
    }
}
