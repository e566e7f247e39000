//! `gallery.text`: words in every tone, and every sign that a brick may name. It has no controls.

use brickwork_sdk::view::{Tone, View, column, grid, group, icon, row, text};
use brickwork_sdk::{Brick, BrickContext, Result};
use serde::{Deserialize, Serialize};

use super::{explained, title};

/// The signs of the bundled font, by the names that bricks use.
pub const ICONS: [&str; 17] = [
    "ok", "done", "failed", "close", "warning", "start", "play", "stop", "dot", "ring", "up", "down", "left", "right",
    "light", "plus", "minus",
];
const TONES: [(&str, Tone); 6] = [
    ("Normal", Tone::Normal),
    ("Muted", Tone::Muted),
    ("Primary", Tone::Primary),
    ("Title", Tone::Title),
    ("Warning", Tone::Warning),
    ("Danger", Tone::Danger),
];
const LONG: &str = "Words that are longer than their room go on in the next line. The tone says how they are meant, and \
                    the window chooses colour, size and weight: a brick that wants to be seen says what it is, not how \
                    it looks.";

/// Words and signs.
pub struct TextBrick;

/// Nothing is sent.
#[derive(Serialize, Deserialize)]
pub enum Message {}

impl Brick for TextBrick {
    const KIND: &'static str = "gallery.text";
    const HELP: &'static str = "Words in every tone and every sign, as the window draws them.";
    type Config = ();
    type Message = Message;

    fn new(_: (), _: &BrickContext) -> Result<Self> {
        Ok(Self)
    }

    fn update(&mut self, message: Message) {
        match message {}
    }

    fn view(&self) -> View<Message> {
        let tones = TONES.into_iter().flat_map(|(name, tone)| {
            let words = if tone == Tone::Primary { "45.000 deg" } else { "omega stands at 45.000 deg" };
            [text(name).muted(), text(words).tone(tone)]
        });
        column([
            title("Text"),
            group("Tones", grid(2, tones)),
            group("Long words", column([text(LONG), text(LONG).muted(), text(LONG).tone(Tone::Warning)])),
            group(
                "Help",
                text("The pointer rests here: help is said").help("This is help. It is one sentence or two."),
            ),
            group("Signs", grid(6, ICONS.map(|name| row([icon(name, name), text(name).muted()])))),
            group("Signs in every tone", row(TONES.map(|(name, tone)| icon("warning", name).tone(tone)))),
            explained("A sign that is not known shows its label:", icon("no such sign", "goniometer")),
        ])
    }
}
