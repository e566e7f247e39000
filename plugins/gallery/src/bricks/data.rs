//! `gallery.data`: a table of ten thousand rows, a tree and two plots. Its samples and counts are computed.

use brickwork_sdk::view::{Column, Series, TreeItem, View, column, group, plot, row, scroll, table, text, tree};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, State};
use serde::{Deserialize, Serialize};

use super::title;
use crate::echo::Echo;

const SCHEMA: &str = "gallery.data 1";
/// The rows of the table, and how many of them are given at once.
const TOTAL: usize = 10_000;
const PAGE: usize = 64;
const PUCKS: usize = 5;
const PINS: usize = 10;

/// A table, a tree and plots.
#[derive(Default)]
pub struct DataBrick {
    kept: Kept,
}

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    last: Echo,
    first: usize,
    sample: String,
    pin: String,
}

/// What its controls send.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// Rows came into sight; the first of them.
    Page(f64),
    /// A row of the table was selected.
    Sample(String),
    /// An entry of the tree was selected.
    Pin(String),
}

impl Brick for DataBrick {
    const KIND: &'static str = "gallery.data";
    const HELP: &'static str = "A table of 10,000 rows, a tree and plots.";
    type Config = ();
    type Message = Message;

    fn new(_: (), _: &BrickContext) -> Result<Self> {
        Ok(Self::default())
    }

    fn update(&mut self, message: Message) {
        self.kept.last.note(&message);
        match message {
            Message::Page(first) => self.kept.first = (first as usize).min(TOTAL - PAGE),
            Message::Sample(sample) => self.kept.sample = sample,
            Message::Pin(pin) => self.kept.pin = pin,
        }
    }

    fn view(&self) -> View<Message> {
        let samples = group("Table of 10,000 rows", self.samples());
        let others = column([
            group("Tree", tree("pucks", "Pucks", &pucks(), &self.kept.pin).on_select(Message::Pin)),
            group("Two curves", plot("Rocking curve", "omega [deg]", "counts", &curves())),
            group("No curve yet", plot("Nothing is measured", "energy [keV]", "counts", &[])),
        ]);
        scroll(column([title("Data"), row([samples.grow(), others.grow()]), self.kept.last.view()]))
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        let restored = state.restore(SCHEMA, &mut self.kept);
        self.kept.first = self.kept.first.min(TOTAL - PAGE);
        restored
    }
}

impl DataBrick {
    fn samples(&self) -> View<Message> {
        let columns = [
            Column::new("Sample").grow(1.0),
            Column::new("Place"),
            Column::numeric("Images"),
            Column::numeric("Resolution [Å]"),
        ];
        let first = self.kept.first;
        table("samples", "Samples", &columns, (first, TOTAL), (first..first + PAGE).map(sample))
            .on_page(Message::Page)
            .on_select(Message::Sample)
            .selected(self.kept.sample.as_str())
    }
}

/// The row of a sample, its number counted from 0.
fn sample(number: usize) -> Vec<View<Message>> {
    let resolution = 1.2 + (number * 37 % 180) as f64 / 100.0;
    vec![
        text(format!("lyso {number}")),
        text(format!("puck {} pin {}", number / PINS + 1, number % PINS + 1)),
        text(format!("{}", 100 + number * 7 % 1800)),
        text(format!("{resolution:.2}")),
    ]
}

fn pucks() -> Vec<TreeItem> {
    let pin = |puck: usize, pin: usize| TreeItem {
        id: format!("{puck}/{pin}"),
        label: format!("Pin {pin}"),
        children: Vec::new(),
    };
    let puck = |puck: usize| TreeItem {
        id: format!("{puck}"),
        label: format!("Puck {puck}"),
        children: (1..=PINS).map(|number| pin(puck, number)).collect(),
    };
    (1..=PUCKS).map(puck).collect()
}

fn curves() -> [Series; 2] {
    let peak = |omega_deg: f64| 950.0 * (-(omega_deg / 0.12).powi(2)).exp() + 40.0;
    let omegas = || (-50..=50).map(|step| f64::from(step) * 0.01);
    let ripple = |omega_deg: f64| 30.0 * (omega_deg * 170.0).sin();
    [
        Series {
            name: "measured".into(),
            points: omegas().map(|omega| (omega, peak(omega) + ripple(omega))).collect(),
        },
        Series { name: "fit".into(), points: omegas().map(|omega| (omega, peak(omega))).collect() },
    ]
}
