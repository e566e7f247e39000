//! `gallery.values`: values of every type in every state of quality and link, and the states themselves.

use brickwork_sdk::view::{View, choice, column, grid, group, row, scroll, space, state, text, value};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use super::title;
use crate::echo::Echo;
use crate::signal::gallery_signal::{self, GallerySignal};

const SCHEMA: &str = "gallery.values 1";
const DECIMALS: [u8; 4] = [0, 1, 3, 6];

/// Values in rows, one object in each.
pub struct ValuesBrick {
    signals: Vec<GallerySignal>,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    last: Echo,
    decimals: u8,
}

/// What its control sends.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// How many digits follow the point.
    Decimals(String),
}

impl Brick for ValuesBrick {
    const KIND: &'static str = "gallery.values";
    const HELP: &'static str = "Values of every type in every state of quality and link.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::many("signals", gallery_signal::NAME).help("one row for each; the first is also shown large")]
    }

    fn new(_: (), ctx: &BrickContext) -> Result<Self> {
        let kept = Kept { last: Echo::default(), decimals: 3 };
        Ok(Self { signals: GallerySignal::bind_all(ctx, "signals"), kept })
    }

    fn update(&mut self, message: Message) {
        self.kept.last.note(&message);
        let Message::Decimals(decimals) = message;
        self.kept.decimals = decimals.parse().unwrap_or(self.kept.decimals);
    }

    fn view(&self) -> View<Message> {
        scroll(column([
            title("Values"),
            self.digits(),
            group("Numbers", self.numbers()),
            group("Words, truths and lists", self.others()),
            group("States in full", self.states()),
            self.kept.last.view(),
        ]))
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

impl ValuesBrick {
    /// The choice of digits, and at the right a value as large as the one that a brick is about.
    fn digits(&self) -> View<Message> {
        let options = DECIMALS.map(|decimals| decimals.to_string());
        let choice = choice("decimals", "Digits after the point", options, &self.kept.decimals.to_string())
            .on_select(Message::Decimals);
        let large = self.signals.first().map(|signal| value(signal.number()).decimals(self.kept.decimals).primary());
        row([text("Digits after the point").muted(), choice, space(), text("large").muted()].into_iter().chain(large))
    }

    fn numbers(&self) -> View<Message> {
        let heads = ["object", "state", "unit from a channel", "unit of the interface", "whole number"];
        let rows = self.signals.iter().flat_map(|signal| {
            [
                text(signal.object()).muted(),
                state(signal.object()),
                value(signal.number()).decimals(self.kept.decimals),
                value(signal.share()).decimals(1),
                value(signal.count()),
            ]
        });
        grid(heads.len(), heads.map(|head| text(head).muted()).into_iter().chain(rows))
    }

    fn others(&self) -> View<Message> {
        let heads = ["object", "word", "truth", "list"];
        let rows = self.signals.iter().flat_map(|signal| {
            [
                text(signal.object()).muted(),
                value(signal.text()),
                value(signal.flag()),
                value(signal.list()).decimals(1),
            ]
        });
        grid(heads.len(), heads.map(|head| text(head).muted()).into_iter().chain(rows))
    }

    /// Each below its name: beside it, as in a row of a table, a state says less.
    fn states(&self) -> View<Message> {
        grid(4, self.signals.iter().map(|signal| column([text(signal.object()).muted(), state(signal.object())])))
    }
}
