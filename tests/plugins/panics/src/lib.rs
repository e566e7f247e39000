//! `panics.brick`: a brick that panics where its config says. Built for the tests alone, never shipped.

#![forbid(unsafe_code)]

use brickwork_sdk::view::{View, button, column, text};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "panics.brick 1";

/// Where it panics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum At {
    /// It does not.
    #[default]
    Nowhere,
    /// When it is made.
    New,
    /// When it is drawn.
    View,
    /// When its button is pressed.
    Update,
    /// When it is saved.
    Save,
    /// When it is restored.
    Restore,
    /// When it is dropped.
    Drop,
}

/// The config of `panics.brick`.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it panics.
    pub at: At,
    /// Shown; another number replaces the brick.
    pub round: u32,
}

struct PanicBrick {
    config: Config,
    presses: u32,
}

#[derive(Debug, Serialize, Deserialize)]
enum Message {
    Press,
}

impl PanicBrick {
    fn reach(&self, at: At) {
        assert!(self.config.at != at, "this brick panics at {at:?}");
    }
}

impl Brick for PanicBrick {
    const KIND: &'static str = "panics.brick";
    const HELP: &'static str = "Panics where its config says, for the tests of the window.";
    type Config = Config;
    type Message = Message;

    fn new(config: Config, _: &BrickContext) -> Result<Self> {
        // Nothing is dropped where making it panics: a second panic would end the process.
        assert!(config.at != At::New, "this brick panics at New");
        Ok(Self { config, presses: 0 })
    }

    fn update(&mut self, message: Message) {
        self.reach(At::Update);
        let Message::Press = message;
        self.presses += 1;
    }

    fn view(&self) -> View<Message> {
        self.reach(At::View);
        let Config { at, round } = self.config;
        let words = text(format!("{at:?}, round {round}, {} presses", self.presses));
        column([words, button("press", "Press").on_press(Message::Press)])
    }

    fn save(&self) -> State {
        self.reach(At::Save);
        State::new(SCHEMA, &self.presses)
    }

    fn restore(&mut self, state: &State) -> Restored {
        self.reach(At::Restore);
        state.restore(SCHEMA, &mut self.presses)
    }
}

impl Drop for PanicBrick {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.reach(At::Drop);
        }
    }
}

brickwork_sdk::plugin! {
    objects: [],
    bricks: [PanicBrick],
}
