//! `motors.table`: many motors, one in each row.

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::shared_text::{self, SharedText};
use brickwork_sdk::view::{Column, View, row, state, table, text};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use crate::axis::{Act, Axis, Config, restore_steps, save_steps};

const SCHEMA: &str = "motors.table 1";
/// Begins the names of rows, which must differ from those of all controls.
const ROW: &str = "row:";

/// Motors in the order of the layout.
pub struct MotorTable {
    axes: Vec<Axis>,
    chosen: Option<SharedText>,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Chooses a motor, for all who share the text.
    Choose(String),
    /// Does something with the motor of this name.
    Act(String, Act),
}

impl Brick for MotorTable {
    const KIND: &'static str = "motors.table";
    const HELP: &'static str =
        "Motors in rows: position, state, limits, moves, steps and stop; one can be chosen for other bricks.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::many("motors", motor::NAME).help("The motors, in this order."),
            Role::optional("choice", shared_text::NAME)
                .help("A shared text that takes the name of the row that is chosen."),
        ]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let axes = Motor::bind_all(ctx, "motors").into_iter().map(|motor| Axis::new(motor, &config)).collect();
        Ok(Self { axes, chosen: SharedText::bind_optional(ctx, "choice") })
    }

    fn update(&mut self, message: Message) {
        match (message, &self.chosen) {
            (Message::Choose(row), Some(chosen)) => chosen.set(row.strip_prefix(ROW).unwrap_or(&row).into()).detach(),
            (Message::Choose(_), None) => {}
            (Message::Act(name, act), _) => {
                if let Some(axis) = self.axes.iter_mut().find(|axis| axis.name() == name) {
                    axis.act(act);
                }
            }
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
        let rows = table("motors", "Motors", &columns, (0, self.axes.len()), self.axes.iter().map(cells));
        let Some(chosen) = &self.chosen else { return rows };
        let names: Vec<String> = self.axes.iter().map(|axis| format!("{ROW}{}", axis.name())).collect();
        let selected = format!("{ROW}{}", chosen.value().value().unwrap_or_default());
        rows.rows(&names).selected(selected).on_select(Message::Choose)
    }

    fn save(&self) -> State {
        save_steps(SCHEMA, &self.axes)
    }

    fn restore(&mut self, state: &State) -> Restored {
        restore_steps(SCHEMA, state, &mut self.axes)
    }
}

/// The row of one motor, with the motor's name behind each id.
fn cells(axis: &Axis) -> Vec<View<Message>> {
    let name = axis.name();
    let id = |part: &str| format!("{part}:{name}");
    let send = |act| Message::Act(name.into(), act);
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
