//! `commands.panel`: every command of a `command_set` with its arguments and a button; how the last run ended.
//!
//! What a person has entered is the brick's own; it is checked before it is sent, in the words of the set.

use std::collections::BTreeMap;

use brickwork_sdk::interfaces::command_set::{self, CommandSet};
use brickwork_sdk::interfaces::{ArgumentKind, ArgumentSpec, CommandSpec, limits_in_words};
use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_sdk::view::{
    Tone, View, button, choice, column, group, number_input, row, space, state, text, text_input, toggle,
};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::last::last;

const SCHEMA: &str = "commands.panel 1";

/// What a layout may say of it.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The heading; the object's name if it is empty.
    title: String,
    /// The names of the commands that are shown, in this order; all of them if it is empty.
    only: Vec<String>,
}

/// The panel of one set.
pub struct CommandPanel {
    set: CommandSet,
    config: Config,
    /// What was entered, by command and argument.
    entered: BTreeMap<String, BTreeMap<String, Value>>,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Another value for an argument.
    Number(String, String, f64),
    /// The same for text and choices.
    Text(String, String, String),
    /// The same for a flag.
    Flag(String, String, bool),
    /// Runs a command.
    Run(String),
    /// Ends what runs.
    Abort,
}

impl Brick for CommandPanel {
    const KIND: &'static str = "commands.panel";
    const HELP: &'static str =
        "The commands of a set: arguments, a button for each, abort, and how the last one ended.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("commands", command_set::NAME).help("The object that offers the commands.")]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        Ok(Self { set: CommandSet::bind(ctx, "commands")?, config, entered: BTreeMap::new() })
    }

    fn update(&mut self, message: Message) {
        let (command, argument, value) = match message {
            Message::Number(command, argument, number) => (command, argument, Value::Float(number)),
            Message::Text(command, argument, text) => (command, argument, text.as_str().into()),
            Message::Flag(command, argument, flag) => (command, argument, Value::Bool(flag)),
            Message::Run(name) => return self.run(&name),
            Message::Abort => return self.set.abort().detach(),
        };
        self.entered.entry(command).or_default().insert(argument, value);
    }

    fn view(&self) -> View<Message> {
        let title = if self.config.title.is_empty() { self.set.object() } else { &self.config.title };
        let abort = button("abort", "Abort").danger().help("End what runs").on_press(Message::Abort);
        let head = row([text(title).tone(Tone::Title), state(self.set.object()), space(), abort]);
        let commands = self.commands();
        let busy = self.busy();
        let lines = commands.iter().map(|spec| self.command(spec, &busy));
        let last = self.set.last().value().map(|result| last(&result, &commands));
        column([head].into_iter().chain(self.missing()).chain(lines).chain(last))
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.entered).lasting()
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.entered)
    }
}

impl CommandPanel {
    /// The commands that are shown, in their order.
    fn commands(&self) -> Vec<CommandSpec> {
        let all = self.set.commands().value().unwrap_or_default();
        if self.config.only.is_empty() {
            return all;
        }
        self.config.only.iter().filter_map(|name| all.iter().find(|spec| spec.name == *name).cloned()).collect()
    }

    /// What should be shown and cannot be.
    fn missing(&self) -> Vec<View<Message>> {
        let Some(all) = self.set.commands().value() else { return vec![text("no commands are known yet").muted()] };
        let unknown = self.config.only.iter().filter(|name| !all.iter().any(|spec| spec.name == **name));
        let unknown = unknown.map(|name| {
            let known: Vec<_> = all.iter().map(|spec| spec.name.as_str()).collect();
            format!("{} has no command {name:?}, but {}", self.set.object(), known.join(", "))
        });
        let none = all.is_empty().then(|| "it offers no commands now".to_owned());
        unknown.chain(none).map(|words| text(words).tone(Tone::Warning)).collect()
    }

    fn run(&self, name: &str) {
        let Some(spec) = self.commands().into_iter().find(|spec| spec.name == name) else { return };
        if self.refusal(&spec).is_none() {
            let arguments = spec.arguments.iter().map(|argument| (argument.name.as_str(), self.value(&spec, argument)));
            self.set.run(spec.name.clone(), Value::map(arguments)).detach();
        }
    }

    /// What was entered for an argument, unless the set now takes something of another kind; else its default.
    fn value(&self, spec: &CommandSpec, argument: &ArgumentSpec) -> Value {
        let entered = self.entered.get(&spec.name).and_then(|arguments| arguments.get(&argument.name));
        entered.filter(|value| is_of(&argument.kind, value)).cloned().unwrap_or_else(|| argument.default_value())
    }

    /// Why a command cannot be run as it stands there.
    fn refusal(&self, spec: &CommandSpec) -> Option<String> {
        let by_set = Some(spec.disabled.clone()).filter(|why| !why.is_empty());
        by_set.or_else(|| spec.arguments.iter().find_map(|argument| argument.refusal(&self.value(spec, argument))))
    }

    /// Why nothing can be run now, as the state at the top says too; empty if something can.
    fn busy(&self) -> String {
        match self.set.status().value() {
            Some(ObjectStatus { link: Link::Live, activity: Activity::Idle, .. }) => String::new(),
            Some(ObjectStatus { link: Link::Live, message, .. }) if message.is_empty() => "it is busy".into(),
            Some(ObjectStatus { link: Link::Live, message, .. }) => format!("busy: {message}"),
            _ => format!("{} is not connected", self.set.object()),
        }
    }

    fn command(&self, spec: &CommandSpec, busy: &str) -> View<Message> {
        let run =
            button(format!("run:{}", spec.name), "Run").help(&spec.help).on_press(Message::Run(spec.name.clone()));
        let run = match self.refusal(spec) {
            Some(why) => run.disabled(why),
            None => run.disabled_as_said(busy),
        };
        let head = row([text(&spec.label), space(), run]);
        let inputs = spec.arguments.iter().map(|argument| self.argument(spec, argument));
        let inputs = (!spec.arguments.is_empty()).then(|| row(inputs).wrap());
        group("", column([head].into_iter().chain(inputs)))
    }

    fn argument(&self, spec: &CommandSpec, argument: &ArgumentSpec) -> View<Message> {
        let (command, name) = (spec.name.clone(), argument.name.clone());
        let id = format!("{command}/{name}");
        let (label, value) = (argument.label.as_str(), self.value(spec, argument));
        match &argument.kind {
            ArgumentKind::Number { default, range, unit } => {
                number_input(id, label, value.as_f64().unwrap_or(*default))
                    .form()
                    .range(*range)
                    .unit(unit)
                    .help(limits_in_words(*range, unit))
                    .on_submit(|number| Message::Number(command, name, number))
            }
            ArgumentKind::Text { .. } => text_input(id, label, value.as_str().unwrap_or_default())
                .form()
                .on_text(|words| Message::Text(command, name, words)),
            ArgumentKind::Flag { .. } => toggle(id, label, value == Value::Bool(true))
                .on_toggle(move |flag| Message::Flag(command.clone(), name.clone(), flag)),
            ArgumentKind::Choice { options, .. } => {
                choice(id, label, options.clone(), value.as_str().unwrap_or_default())
                    .on_select(|option| Message::Text(command, name, option))
            }
        }
    }
}

/// Whether a value is of the kind that an argument takes, be it allowed or not.
fn is_of(kind: &ArgumentKind, value: &Value) -> bool {
    match kind {
        ArgumentKind::Number { .. } => value.as_f64().is_some(),
        ArgumentKind::Text { .. } | ArgumentKind::Choice { .. } => value.as_str().is_some(),
        ArgumentKind::Flag { .. } => matches!(value, Value::Bool(_)),
    }
}
