//! `gallery.talk`: what the window says to a person: questions, progress, refusals, failures, a panic.

use brickwork_sdk::view::{View, button, column, group, number_input, progress, row, state, text, value};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use super::{explained, title};
use crate::asker::gallery_asker::{self, GalleryAsker};
use crate::echo::Echo;

const SCHEMA: &str = "gallery.talk 1";

/// The commands of one `gallery.asker`, and a panic of its own.
pub struct TalkBrick {
    asker: GalleryAsker,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    last: Echo,
    deadline_secs: f64,
}

/// What its controls send.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// How long the question waits.
    Deadline(f64),
    /// Asks.
    Ask,
    /// Works for ten seconds.
    Work,
    /// Is refused.
    Refuse,
    /// Fails.
    Fail,
    /// Panics in `update`.
    Panic,
}

impl Brick for TalkBrick {
    const KIND: &'static str = "gallery.talk";
    const HELP: &'static str = "Questions, progress, refusals, failures and a panic, each at the press of a button.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("asker", gallery_asker::NAME).help("what asks, works, refuses and fails")]
    }

    fn new(_: (), ctx: &BrickContext) -> Result<Self> {
        let kept = Kept { last: Echo::default(), deadline_secs: 20.0 };
        Ok(Self { asker: GalleryAsker::bind(ctx, "asker")?, kept })
    }

    fn update(&mut self, message: Message) {
        self.kept.last.note(&message);
        match message {
            Message::Deadline(secs) => self.kept.deadline_secs = secs,
            Message::Ask => self.asker.ask(self.kept.deadline_secs).detach(),
            Message::Work => self.asker.work().detach(),
            Message::Refuse => self.asker.refuse().detach(),
            Message::Fail => self.asker.fail().detach(),
            Message::Panic => panic!("this brick was asked to panic, to show what is seen then"),
        }
    }

    fn view(&self) -> View<Message> {
        column([
            row([title("Talk"), state(self.asker.object())]),
            group("A question, on every screen, with a deadline", self.question()),
            group("A command that takes ten seconds", self.work()),
            group("A command that is refused", explained_button("It is not begun.", refuse())),
            group("A command that fails", explained_button("It says why, and what to do.", fail())),
            group("A brick that panics", explained_button("A red card takes the place of this brick alone.", panic())),
            self.kept.last.view(),
        ])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

fn explained_button(explanation: &str, button: View<Message>) -> View<Message> {
    row([button, text(explanation).muted()])
}

fn refuse() -> View<Message> {
    button("refuse", "Be refused").on_press(Message::Refuse)
}

fn fail() -> View<Message> {
    button("fail", "Fail").on_press(Message::Fail)
}

fn panic() -> View<Message> {
    button("panic", "Panic this brick").danger().on_press(Message::Panic)
}

impl TalkBrick {
    fn question(&self) -> View<Message> {
        let deadline = number_input("deadline", "Deadline", self.kept.deadline_secs).unit("s").decimals(0);
        let deadline = deadline.on_submit(Message::Deadline);
        let limits = self.asker.deadlines().value();
        column([
            row([
                text("Waits for").muted(),
                limits.map_or(deadline.clone(), |limits| deadline.range(limits)),
                button("ask", "Ask").primary().on_press(Message::Ask),
            ]),
            explained("answered", row([value(self.asker.answer()), text("by").muted(), value(self.asker.origin())])),
        ])
    }

    fn work(&self) -> View<Message> {
        column([
            row([button("work", "Work").on_press(Message::Work), text("The status line says how far it is.").muted()]),
            progress("done", self.asker.done().value().unwrap_or(0.0)),
        ])
    }
}
