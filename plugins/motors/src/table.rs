//! `motors.table`: many motors, one in each row.

use std::collections::BTreeMap;

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::view::{Column, View, row, state, table, text};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use crate::axis::{Act, Axis, Config};

const SCHEMA: &str = "motors.table 1";

/// Motors in the order of the layout.
pub struct MotorTable {
    axes: Vec<Axis>,
}

/// What to do with which motor.
#[derive(Serialize, Deserialize)]
pub struct Message {
    motor: String,
    act: Act,
}

impl Brick for MotorTable {
    const KIND: &'static str = "motors.table";
    const HELP: &'static str = "Motors in rows: position, state, limits, moves, steps and stop.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::many("motors", motor::NAME)]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { axes: Motor::bind_all(ctx, "motors").into_iter().map(|motor| Axis::new(motor, &config)).collect() })
    }

    fn update(&mut self, Message { motor, act }: Message) {
        if let Some(axis) = self.axes.iter_mut().find(|axis| axis.name() == motor) {
            axis.act(act);
        }
    }

    fn view(&self) -> View<Message> {
        let columns = [
            Column::new("Motor"),
            Column::new("Position"),
            Column::new("State").grow(1.0),
            Column::new("Limits"),
            Column::new("Target"),
            Column::new("Step"),
            Column::new(""),
        ];
        table("motors", "Motors", &columns, (0, self.axes.len()), self.axes.iter().map(cells))
    }

    fn save(&self) -> State {
        let steps: BTreeMap<&str, f64> = self.axes.iter().map(|axis| (axis.name(), axis.step)).collect();
        State::new(SCHEMA, &steps)
    }

    fn restore(&mut self, state: &State) -> Restored {
        let mut steps = BTreeMap::<String, f64>::new();
        let restored = state.restore(SCHEMA, &mut steps);
        for axis in &mut self.axes {
            axis.step = steps.remove(axis.name()).unwrap_or(axis.step);
        }
        restored
    }
}

/// The row of one motor, with the motor's name behind each id.
fn cells(axis: &Axis) -> Vec<View<Message>> {
    let name = axis.name();
    let id = |part: &str| format!("{part}:{name}");
    let send = |act| Message { motor: name.into(), act };
    vec![
        text(name),
        axis.position(),
        row([axis.warning(), state(name)]),
        axis.range(),
        axis.target(&id("target"), send),
        row([axis.minus(&id("minus"), send), axis.step(&id("step"), send), axis.plus(&id("plus"), send)]),
        axis.stop(&id("stop"), send),
    ]
}
