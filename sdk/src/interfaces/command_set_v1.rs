//! Commands that are known only when the object runs: macros of spec, scripts of a beamline.

use serde::{Deserialize, Serialize};

use crate::Value;

/// One command of a set, as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandSpec {
    /// Names it to `run`.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What it does, in a sentence.
    pub help: String,
    /// What it takes, in order.
    pub arguments: Vec<ArgumentSpec>,
    /// Why it cannot be run now; empty when it can.
    pub disabled: String,
}

/// One argument of a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArgumentSpec {
    /// Names it to `run`.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What may be entered.
    pub kind: ArgumentKind,
}

/// What may be entered for an argument, and what stands there at first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentKind {
    /// A number within a range.
    Number {
        /// At first.
        default: f64,
        /// The lowest and the highest.
        range: (f64, f64),
        /// Its unit; empty for none.
        unit: String,
    },
    /// Any text.
    Text {
        /// At first.
        default: String,
    },
    /// Yes or no.
    Flag {
        /// At first.
        default: bool,
    },
    /// One of several words.
    Choice {
        /// At first.
        default: String,
        /// The words.
        options: Vec<String>,
    },
}

/// How the last run of a set ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandResult {
    /// Which command.
    pub name: String,
    /// `finished`, `failed`, `refused` or `aborted`.
    pub end: String,
    /// Why it did not finish; empty if it did.
    pub error: String,
    /// What a person can do about that, if it is known.
    pub remedy: String,
    /// What it answered.
    pub answer: Value,
    /// How long it ran.
    pub seconds: f64,
}

impl CommandResult {
    /// The end of a run of `name` that took so long.
    pub fn new(name: &str, result: &crate::Result<Value>, seconds: f64) -> Self {
        let outcome = crate::protocol::Outcome::from(result.clone());
        let (name, end) = (name.to_owned(), outcome.word().to_owned());
        match result {
            Ok(answer) => Self { name, end, answer: answer.clone(), seconds, ..Self::default() },
            Err(error) => Self {
                name,
                end,
                error: error.message.clone(),
                remedy: error.remedy.clone(),
                seconds,
                ..Self::default()
            },
        }
    }
}

impl Default for ArgumentKind {
    fn default() -> Self {
        Self::Text { default: String::new() }
    }
}

impl ArgumentSpec {
    /// What stands there at first.
    pub fn default_value(&self) -> Value {
        match &self.kind {
            ArgumentKind::Number { default, .. } => Value::Float(*default),
            ArgumentKind::Text { default } | ArgumentKind::Choice { default, .. } => default.as_str().into(),
            ArgumentKind::Flag { default } => Value::Bool(*default),
        }
    }

    /// Why a value is not what may be entered, if it is not. Bricks and objects refuse with the same words.
    pub fn refusal(&self, value: &Value) -> Option<String> {
        let wrong = |what: &str| Some(format!("{} must be {what}", self.label));
        match (&self.kind, value) {
            (ArgumentKind::Number { range, unit, .. }, value) => match value.as_f64() {
                Some(number) => super::outside(number, *range, unit).map(|why| format!("{}: {why}", self.label)),
                None => wrong("a number"),
            },
            (ArgumentKind::Text { .. }, value) if value.as_str().is_none() => wrong("text"),
            (ArgumentKind::Flag { .. }, value) if !matches!(value, Value::Bool(_)) => wrong("yes or no"),
            (ArgumentKind::Choice { options, .. }, value)
                if !value.as_str().is_some_and(|word| options.iter().any(|option| option == word)) =>
            {
                wrong(&format!("one of {}", options.join(", ")))
            }
            _ => None,
        }
    }
}

crate::interface! {
    /// Commands that are known only when the object runs.
    pub command_set v1 {
        /// What can be run, in the order in which it is shown.
        channel commands: Vec<CommandSpec>;
        /// How the last run ended, whoever asked for it.
        optional channel last: CommandResult;
        /// Runs one with its arguments by name; its answer is shown to who asked.
        command run(name: String, arguments: Value) -> Value;
        /// Ends what runs now.
        always command abort();
    }
}
