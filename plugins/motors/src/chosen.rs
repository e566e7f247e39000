//! `motors.chosen`: the one of many motors whose name a shared text holds; other bricks choose it too.

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::shared_text::{self, SharedText};
use brickwork_sdk::view::{View, choice, column, text};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use crate::axis::{Act, Axis, Config, restore_steps, save_steps};
use crate::one::panel;

const SCHEMA: &str = "motors.chosen 1";

/// The chosen motor of several.
pub struct ChosenMotor {
    axes: Vec<Axis>,
    chosen: SharedText,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Chooses another motor, for all who share the text.
    Choose(String),
    /// Does something with the motor of this name.
    Act(String, Act),
}

impl Brick for ChosenMotor {
    const KIND: &'static str = "motors.chosen";
    const HELP: &'static str = "One motor of many: the one whose name a shared text holds.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::many("motors", motor::NAME).help("The motors to choose from."),
            Role::one("choice", shared_text::NAME).help("The shared text that holds the name of the chosen one."),
        ]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let axes = Motor::bind_all(ctx, "motors").into_iter().map(|motor| Axis::new(motor, &config)).collect();
        Ok(Self { axes, chosen: SharedText::bind(ctx, "choice")? })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Choose(name) => self.chosen.set(name).detach(),
            Message::Act(name, act) => {
                // By the name that stood there: the choice may have changed under the click.
                if let Some(axis) = self.axes.iter_mut().find(|axis| axis.name() == name) {
                    axis.act(act);
                }
            }
        }
    }

    fn view(&self) -> View<Message> {
        let name = self.chosen.value().value().unwrap_or_default();
        let names = self.axes.iter().map(|axis| axis.name().to_owned());
        let choice = choice("choice", "Motor", names, &name).on_select(Message::Choose);
        let panel = match self.axes.iter().find(|axis| axis.name() == name) {
            // Each motor has its own controls: what is being typed for one must not be sent to another.
            Some(axis) => panel(axis, |part| format!("{part}:{name}"), |act| Message::Act(axis.name().into(), act)),
            None if name.is_empty() => text("no motor is chosen").muted(),
            None => text(format!("{name} is not among these motors")).muted(),
        };
        column([choice, panel])
    }

    fn save(&self) -> State {
        save_steps(SCHEMA, &self.axes)
    }

    fn restore(&mut self, state: &State) -> Restored {
        restore_steps(SCHEMA, state, &mut self.axes)
    }
}
