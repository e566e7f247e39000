//! `spec.plot`: the present or last scan of a spec as curves, with where its highest point is. It shows what
//! `spec.scan` tells, and interrupts or resumes it.

use brickwork_sdk::view::{Series, Tone, View, button, choice, column, plot, progress, row, space, state, text};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spec_scan::{self, SpecScan as Scan};
use super::{ScanData, ScanInfo, ScanState};

const SCHEMA: &str = "spec.plot 1";
/// The choice of all counters that spec plots.
const PLOTTED: &str = "as spec plots";

/// What a layout may say of it.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The heading; the title of the scan if it is empty.
    title: String,
}

/// The plot of a scan.
pub struct ScanPlot {
    scan: Scan,
    config: Config,
    /// The counter that is shown; [`PLOTTED`] or empty for those that spec plots.
    counter: String,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Shows this counter.
    Counter(String),
    /// Interrupts the scan.
    Abort,
    /// Goes on with it.
    Resume,
}

impl Brick for ScanPlot {
    const KIND: &'static str = "spec.plot";
    const HELP: &'static str =
        "The present or last scan of a spec: its curves, its highest point, interrupt and resume.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("scan", spec_scan::NAME).help("The `spec.scan` that is shown.")]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { scan: Scan::bind(ctx, "scan")?, config, counter: String::new() })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Counter(counter) => self.counter = counter,
            Message::Abort => self.scan.abort().detach(),
            Message::Resume => self.scan.resume().detach(),
        }
    }

    fn view(&self) -> View<Message> {
        let info = self.scan.scan().value().unwrap_or_default();
        let data = self.scan.data().value().unwrap_or_default();
        let shown = self.shown(&info, &data);
        let series: Vec<_> = shown.iter().map(|counter| series(counter, &data)).collect();
        let x_label = if info.x_label.is_empty() { &info.motor } else { &info.x_label };
        let curves = plot("Scan", x_label, &shown.join(", "), &series).grow();
        let highest = series.iter().filter_map(|series| highest(series, x_label)).map(|words| text(words).muted());
        let problem = Some(&info.problem).filter(|problem| !problem.is_empty());
        let problem = problem.map(|problem| text(problem).tone(Tone::Warning));
        column(
            [self.head(&info), self.counters(&info, &data)].into_iter().chain(problem).chain([curves]).chain(highest),
        )
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.counter).lasting()
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.counter)
    }
}

impl ScanPlot {
    fn head(&self, info: &ScanInfo) -> View<Message> {
        let title = match (self.config.title.as_str(), info.title.as_str()) {
            ("", "") => self.scan.object(),
            ("", title) => title,
            (title, _) => title,
        };
        let why_not = match info.state {
            ScanState::Interrupted => "",
            _ => "no scan is interrupted",
        };
        let resume = button("resume", "Resume").on_press(Message::Resume).disabled_as_said(why_not);
        let abort = button("abort", "Abort").danger().help("Interrupts the scan by spec's ^C").on_press(Message::Abort);
        row([text(title).tone(Tone::Title), state(self.scan.object()), space(), resume, abort])
    }

    /// The command, how far it is, and which counters are shown.
    fn counters(&self, info: &ScanInfo, data: &ScanData) -> View<Message> {
        let options = std::iter::once(PLOTTED.to_owned()).chain(data.y.keys().cloned());
        let selected = if data.y.contains_key(&self.counter) { self.counter.as_str() } else { PLOTTED };
        let counters = choice("counter", "Counter", options, selected).on_select(Message::Counter);
        let done = match (info.state, info.expected) {
            (_, 0) => text(format!("{} points", data.x.len())),
            (ScanState::Running, expected) => {
                progress(format!("{} of {expected} points", data.x.len()), data.x.len() as f64 / f64::from(expected))
            }
            (_, expected) => text(format!("{} of {expected} points", data.x.len())),
        };
        column([row([text(&info.command).grow(), done]), counters])
    }

    /// The counters whose curves are shown.
    fn shown(&self, info: &ScanInfo, data: &ScanData) -> Vec<String> {
        if data.y.contains_key(&self.counter) {
            return vec![self.counter.clone()];
        }
        let plotted: Vec<_> = info.counters.iter().filter(|counter| data.y.contains_key(*counter)).cloned().collect();
        if plotted.is_empty() { data.y.keys().cloned().collect() } else { plotted }
    }
}

fn series(counter: &str, data: &ScanData) -> Series {
    let values = data.y.get(counter).into_iter().flatten();
    let points = data.x.iter().copied().zip(values.copied()).filter(|(x, y)| x.is_finite() && y.is_finite());
    Series { name: counter.to_owned(), points: points.collect() }
}

fn highest(series: &Series, x_label: &str) -> Option<String> {
    let (x, y) = series.points.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let [x, y] = [*x, *y].map(short);
    Some(format!("{} is highest, {y}, at {x_label} {x}", series.name))
}

/// Six digits of a number: the others are those of the computation.
fn short(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}
