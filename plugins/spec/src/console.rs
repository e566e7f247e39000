//! `spec.console`: what spec writes to its screen, a line to run commands in, and the past commands to choose from. It
//! shows what a session tells and sends what a person entered, and nothing else.

use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::view::{Tone, View, button, choice, column, row, scroll, space, state, tabs, text, text_input};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Restored, Result, Role, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::session::SpecState;
use crate::session::spec_session::{self, SpecSession};

const SCHEMA: &str = "spec.console 1";
/// The choice that stands there before one is made.
const NONE: &str = "past commands";
/// The fewest and the most lines of output that are shown.
const LINES: (u32, u32) = (1, 2000);

/// How many letters of a command a button shows.
const LABEL: usize = 30;

/// What a layout may say of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The heading; the name of the spec if it is empty.
    title: String,
    /// How many of the last lines of output are seen at once; all that the session keeps are on a page of their own.
    lines: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { title: String::new(), lines: 16 }
    }
}

/// The console of a spec.
pub struct Console {
    session: SpecSession,
    config: Config,
    /// What stands in the line, ready to be changed and run.
    entered: String,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Runs what was entered.
    Run(String),
    /// Puts a past command into the line.
    Take(String),
    /// Runs the past command that was put into the line, as it was.
    Again,
    /// Sends `^C`.
    Abort,
}

impl Brick for Console {
    const KIND: &'static str = "spec.console";
    const HELP: &'static str = "The output of a spec, a line to run commands in, past commands, and abort (^C).";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("session", spec_session::NAME).help("The `spec.session` that is talked to.")]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let is_right = (LINES.0..=LINES.1).contains(&config.lines);
        let why = || format!("{} is not a number of lines from {} to {}", config.lines, LINES.0, LINES.1);
        (!is_right).then(|| ConfigProblem::at("lines", why())).into_iter().collect()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { session: SpecSession::bind(ctx, "session")?, config, entered: String::new() })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Run(command) if command.trim().is_empty() => self.entered.clear(),
            Message::Run(command) => {
                self.session.run(command.trim().to_owned()).detach();
                self.entered.clear();
            }
            Message::Take(command) if command == NONE => self.entered.clear(),
            Message::Take(command) => self.entered = command,
            Message::Again => {
                self.session.run(std::mem::take(&mut self.entered)).detach();
            }
            Message::Abort => self.session.abort().detach(),
        }
    }

    fn view(&self) -> View<Message> {
        let error = self.session.error().value().filter(|error| !error.is_empty());
        let error = error.map(|error| text(format!("last error: {error}")).tone(Tone::Warning));
        let lines = self.session.output().value().unwrap_or_default();
        let newest = &lines[lines.len().saturating_sub(self.config.lines as usize)..];
        let pages = [("Newest", newest), ("All", &lines[..])];
        let pages = pages.map(|(title, lines)| (title.to_owned(), scroll(text(lines.join("\n")).fixed())));
        let parts = [self.head(), tabs("output", "Output", pages).grow()];
        column(parts.into_iter().chain(error).chain([self.line()]))
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.entered)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.entered)
    }
}

impl Console {
    fn head(&self) -> View<Message> {
        let name = self.session.name().value().unwrap_or_default();
        let title = [&self.config.title, &name].into_iter().find(|title| !title.is_empty());
        let title = title.map_or(self.session.object(), String::as_str);
        let mut words = Vec::new();
        // What a spec that is away was last said to do is not what it does.
        let is_live = self.session.status().value().is_some_and(|status| status.link == Link::Live);
        match self.session.state().value().filter(|_| is_live) {
            Some(SpecState::Ready) => words.push("ready"),
            Some(SpecState::Busy) => words.push("busy"),
            Some(SpecState::Ends) => words.push("has said that it ends"),
            None => {}
        }
        words.extend((is_live && self.session.shell().value() == Some(true)).then_some("in a subshell"));
        words.extend((is_live && self.session.simulate().value() == Some(true)).then_some("simulates: nothing moves"));
        let abort =
            button("abort", "Abort").danger().help("Sends ^C: ends whatever spec does").on_press(Message::Abort);
        let parts = [text(title).tone(Tone::Title), state(self.session.object()), text(words.join(", ")).muted()];
        row(parts.into_iter().chain([space(), abort]))
    }

    fn line(&self) -> View<Message> {
        let past: Vec<String> = self.session.history().value().unwrap_or_default().into_iter().rev().collect();
        let past = std::iter::once(NONE.to_owned()).chain(past);
        let selected = if self.entered.is_empty() { NONE } else { &self.entered };
        let why_not = self.why_not();
        let past = choice("past", "Past commands", past, selected).on_select(Message::Take);
        let input = text_input("command", "Command", &self.entered)
            .placeholder("a command, then Enter")
            .disabled_as_said(&why_not)
            .on_text(Message::Run);
        // It says what it runs: what is typed over it is run by Enter alone.
        let again = (!self.entered.is_empty()).then(|| {
            let start: String = self.entered.chars().take(LABEL).collect();
            let more = if start.len() < self.entered.len() { "..." } else { "" };
            let again = button("again", format!("Run {start}{more}")).help(&self.entered);
            again.disabled_as_said(why_not).on_press(Message::Again)
        });
        row([input.grow()].into_iter().chain(again).chain([past]))
    }

    /// Why nothing can be run now; empty if something can. A spec that is busy takes commands and runs them later.
    fn why_not(&self) -> String {
        match self.session.status().value() {
            Some(ObjectStatus { link: Link::Live, .. }) => String::new(),
            Some(ObjectStatus { last_error, .. }) if !last_error.is_empty() => last_error,
            _ => format!("{} is not connected", self.session.object()),
        }
    }
}
