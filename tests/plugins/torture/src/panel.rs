//! `torture.panel`: counts the presses of its button, keeps the count over reloads, and fails where the mark says.

use brickwork_sdk::view::{View, button, column, text};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, State};
use serde::{Deserialize, Serialize};

use crate::mark;

/// Presses.
pub struct Panel {
    presses: i64,
}

/// What a person does to it.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// The button.
    Press,
}

impl Brick for Panel {
    const KIND: &'static str = "torture.panel";
    const HELP: &'static str = "Counts presses, and fails as it is told; for tests.";
    type Config = ();
    type Message = Message;

    fn new(_: (), _: &BrickContext) -> Result<Self> {
        mark::may_panic("bnew");
        Ok(Self { presses: 0 })
    }

    fn update(&mut self, Message::Press: Message) {
        mark::may_panic("bupdate");
        self.presses += 1;
    }

    fn view(&self) -> View<Message> {
        mark::may_panic("bview");
        mark::may_hang("bhang");
        let words = format!("build {}: {} presses", mark::number(), self.presses);
        column([text(words), button("press", "Press").on_press(Message::Press)])
    }

    fn save(&self) -> State {
        State::new(&mark::schema("panel"), &self.presses)
    }

    fn restore(&mut self, state: &State) -> Restored {
        mark::may_panic("brestor");
        state.restore(&mark::schema("panel"), &mut self.presses)
    }
}
