//! `minidiff.centring`: starts and stops centrings, and keeps the positions that were centred.

use brickwork_sdk::interfaces::diffractometer::{self, Diffractometer};
use brickwork_sdk::interfaces::{CentredPosition, Centring, CentringPhase};
use brickwork_sdk::view::{Column, Tone, View, button, column, picture, row, table, text, text_input};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "minidiff.centring 2";

/// The controls of a centring.
pub struct CentringPanel {
    diffractometer: Diffractometer,
    kept: Kept,
}

/// What a reload does not lose.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// The name of the next position, as it is typed.
    name: String,
    /// The saved position whose picture is shown.
    shown: String,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Centre by clicks.
    Centre,
    /// Centre by itself.
    Automatically,
    /// End it.
    Stop,
    /// The name of the next position.
    Name(String),
    /// Save the present position under that name.
    Save,
    /// Go to a saved one.
    Go(String),
    /// Forget a saved one.
    Forget(String),
    /// Show the picture of a saved one.
    Show(String),
}

impl Brick for CentringPanel {
    const KIND: &'static str = "minidiff.centring";
    const HELP: &'static str = "Centres the sample by clicks or by itself, and keeps centred positions.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("diffractometer", diffractometer::NAME)]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self { diffractometer: Diffractometer::bind(ctx, "diffractometer")?, kept: Kept::default() })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Centre => self.diffractometer.centre().detach(),
            Message::Automatically => self.diffractometer.centre_automatically().detach(),
            Message::Stop => self.diffractometer.stop().detach(),
            Message::Name(name) => self.kept.name = name,
            Message::Save => self.diffractometer.save(self.next_name()).detach(),
            Message::Go(name) => self.diffractometer.go_to(name).detach(),
            Message::Forget(name) => self.diffractometer.forget(name).detach(),
            Message::Show(name) => {
                self.kept.shown.clone_from(&name);
                self.diffractometer.show(name).detach();
            }
        }
    }

    fn view(&self) -> View<Message> {
        let centring = self.diffractometer.centring().value().unwrap_or_default();
        let saved = self.diffractometer.saved().value().unwrap_or_default();
        let start = |view: View<Message>| {
            if centring.is_running() { view.disabled_as_said("a centring goes on") } else { view }
        };
        let clicks = button("clicks", "Centre by clicks").help("Click the sample at several angles").primary();
        let pictures =
            button("pictures", "Automatically").help("The sample is looked for in the pictures, and centred");
        let buttons = [
            start(clicks.on_press(Message::Centre)),
            start(pictures.on_press(Message::Automatically)),
            button("stop", "Stop").danger().on_press(Message::Stop),
        ];
        let name = text_input("name", "Position", self.kept.name.as_str()).placeholder(self.next_name()).form();
        let save = button("save", "Save").help("Keeps where the axes stand now");
        let mut lines = vec![
            row(buttons).wrap(),
            said(&centring),
            row([name.on_text(Message::Name), start(save.on_press(Message::Save))]),
            positions(&saved, &self.kept.shown),
        ];
        if let Some(position) = saved.iter().find(|position| position.name == self.kept.shown) {
            let title = format!("Position {}", position.name);
            lines.push(picture("shown", title, self.diffractometer.shown()).grow());
        }
        column(lines)
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

impl CentringPanel {
    /// The name that is typed, or the first number that is free.
    fn next_name(&self) -> String {
        if !self.kept.name.trim().is_empty() {
            return self.kept.name.trim().to_owned();
        }
        let saved = self.diffractometer.saved().value().unwrap_or_default();
        let is_free = |number: &u32| !saved.iter().any(|position| position.name == number.to_string());
        (1..).find(is_free).unwrap_or_default().to_string()
    }
}

fn said(centring: &Centring) -> View<Message> {
    match (centring.phase, centring.message.as_str()) {
        (_, "") => text("nothing was centred yet").muted(),
        (CentringPhase::WaitsForClick, words) => text(words).tone(Tone::Primary),
        (CentringPhase::Ended, words) => text(words).tone(Tone::Warning),
        (_, words) => text(words).muted(),
    }
}

fn positions(saved: &[CentredPosition], shown: &str) -> View<Message> {
    if saved.is_empty() {
        return text("no position is saved").muted();
    }
    let columns = [Column::new("Position").grow(1.0), Column::new(""), Column::new("")];
    let names: Vec<&str> = saved.iter().map(|position| position.name.as_str()).collect();
    let rows = names.iter().map(|name| {
        vec![
            text(*name),
            button(format!("go:{name}"), "Go").on_press(Message::Go((*name).into())),
            button(format!("forget:{name}"), "Forget").on_press(Message::Forget((*name).into())),
        ]
    });
    table("positions", "Saved positions", &columns, (0, saved.len()), rows)
        .rows(&names)
        .on_select(Message::Show)
        .selected(shown)
}
