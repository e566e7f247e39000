//! `motors.one`: the brick of one motor.

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::view::{Tone, View, column, row, space, state, text};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Restored, Result, Role, State};
use serde::Serialize;

use crate::axis::{Act, Axis, Config};

const SCHEMA: &str = "motors.one 1";

/// One motor: where it is, where to send it, how to stop it.
pub struct MotorBrick {
    axis: Axis,
}

impl Brick for MotorBrick {
    const KIND: &'static str = "motors.one";
    const HELP: &'static str = "One motor: position, state, limits, moves, steps and stop.";
    type Config = Config;
    type Message = Act;

    fn roles() -> Vec<Role> {
        vec![Role::one("motor", motor::NAME).help("The motor that is shown and moved.")]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { axis: Axis::new(Motor::bind(ctx, "motor")?, &config) })
    }

    fn update(&mut self, act: Act) {
        self.axis.act(act);
    }

    fn view(&self) -> View<Act> {
        panel(&self.axis, str::to_owned, |act| act)
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.axis.step).lasting()
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.axis.step)
    }
}

/// Everything of one motor, below each other; `id` names the controls.
pub fn panel<M: Serialize>(axis: &Axis, id: impl Fn(&str) -> String, send: impl Fn(Act) -> M + Copy) -> View<M> {
    let [target, stop, minus, step, plus] = ["target", "stop", "minus", "step", "plus"].map(id);
    column([
        row([text(axis.name()).tone(Tone::Title), space(), axis.warning(), state(axis.name())]),
        row([axis.position().primary().label("Position"), space(), axis.range()]),
        row([text("Move to").muted(), axis.target(&target, send), space(), axis.stop(&stop, send)]),
        row([text("Step").muted(), axis.minus(&minus, send), axis.step(&step, send), axis.plus(&plus, send)]),
    ])
}
