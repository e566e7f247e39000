//! What a layout says of a set of macros, and what is wrong with it.

use std::collections::BTreeMap;

use brickwork_sdk::ConfigProblem;
use brickwork_sdk::interfaces::{ArgumentKind, ArgumentSpec, CommandSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::motor::{wrong_name, wrong_time};

/// The shortest and the longest time limit of a macro, in seconds.
const LIMITS_SECS: (f64, f64) = (1.0, 7.0 * 86_400.0);

/// What a layout says of it.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The macros in the order in which they are shown, such as `(name: "centre_beam", macro: "centrebeam")`.
    #[schemars(example = [BTreeMap::from([("macro", "centrebeam")])])]
    pub macros: Vec<Macro>,
}

/// One macro or function of spec.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Macro {
    /// Its name here, which runs it; the macro's own when it is left out.
    pub name: Option<String>,
    /// What a person reads; the name when it is left out.
    pub label: Option<String>,
    /// What it does, in a sentence.
    pub help: String,
    /// The macro or function in spec.
    #[serde(rename = "macro")]
    pub spec_macro: String,
    /// `Command`: it is run as if it was typed, `anneal 5`; `Function`: it is called as a function, `anneal(5)`.
    pub run_as: RunAs,
    /// What it takes, in order.
    pub arguments: Vec<Argument>,
    /// Whether it is only sent, and its end is not awaited: for a macro that does not end, such as one that waits for
    /// events.
    pub only_send: bool,
    /// How long it may take, in seconds; for ever when it is left out. What takes longer is said to have failed and is
    /// not stopped.
    pub limit_secs: Option<f64>,
}

/// How a macro is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RunAs {
    /// As if it was typed at spec's prompt, with the arguments behind it.
    #[default]
    Command,
    /// As a function, with the arguments in parentheses.
    Function,
}

/// One argument.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// What a person reads; the name when it is left out.
    pub label: Option<String>,
    /// What may be entered.
    pub kind: Kind,
}

/// What may be entered for an argument.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A number within a range.
    Number {
        /// What stands there at first.
        default: f64,
        /// The lowest and the highest; `inf` for no limit.
        #[schemars(extend("infinite" = true))]
        range: (f64, f64),
        /// Its unit.
        #[serde(default)]
        unit: String,
    },
    /// Any text of one line.
    Text {
        /// What stands there at first.
        #[serde(default)]
        default: String,
    },
    /// Yes or no: 1 or 0 to spec.
    Flag {
        /// What stands there at first.
        #[serde(default)]
        default: bool,
    },
    /// One of several words.
    Choice {
        /// The words; the first stands there at first.
        options: Vec<String>,
    },
}

impl Default for Kind {
    fn default() -> Self {
        Self::Text { default: String::new() }
    }
}

impl Kind {
    fn spec(&self) -> ArgumentKind {
        match self.clone() {
            Self::Number { default, range, unit } => ArgumentKind::Number { default, range, unit },
            Self::Text { default } => ArgumentKind::Text { default },
            Self::Flag { default } => ArgumentKind::Flag { default },
            Self::Choice { options } => {
                ArgumentKind::Choice { default: options.first().cloned().unwrap_or_default(), options }
            }
        }
    }

    fn problem(&self) -> Option<String> {
        match self {
            Self::Number { range: (low, high), .. } if low.partial_cmp(high) != Some(std::cmp::Ordering::Less) => {
                Some(format!("the lowest {low} is not below the highest {high}"))
            }
            Self::Number { default, range, unit } => brickwork_sdk::interfaces::outside(*default, *range, unit),
            Self::Choice { options } if options.is_empty() => Some("there is nothing to choose from".into()),
            _ => None,
        }
    }
}

impl Macro {
    /// Its name here.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.spec_macro)
    }

    /// As a panel shows it.
    pub fn spec(&self) -> CommandSpec {
        let argument = |argument: &Argument| ArgumentSpec {
            name: argument.name.clone(),
            label: argument.label.clone().unwrap_or_else(|| argument.name.clone()),
            kind: argument.kind.spec(),
        };
        CommandSpec {
            name: self.name().to_owned(),
            label: self.label.clone().unwrap_or_else(|| self.name().to_owned()),
            help: self.help.clone(),
            arguments: self.arguments.iter().map(argument).collect(),
            disabled: String::new(),
        }
    }

    fn problems(&self) -> Vec<ConfigProblem> {
        let mut problems: Vec<_> = wrong_name("macro", "the macro", &self.spec_macro).into_iter().collect();
        problems.extend(self.limit_secs.and_then(|secs| wrong_time("limit_secs", secs, LIMITS_SECS)));
        for (at, argument) in self.arguments.iter().enumerate() {
            let mut wrong =
                |field: &str, why| problems.push(ConfigProblem::at(format!("arguments[{at}].{field}"), why));
            if argument.name.trim().is_empty() {
                wrong("name", "an argument needs a name".to_owned());
            } else if self.arguments[..at].iter().any(|other| other.name == argument.name) {
                wrong("name", format!("{:?} is there twice", argument.name));
            }
            if let Some(why) = argument.kind.problem() {
                wrong("kind", why);
            }
        }
        problems
    }
}

impl Config {
    /// Every mistake in it.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        if self.macros.is_empty() {
            let cure = "name one macro at least, such as (name: \"centre_beam\", macro: \"centrebeam\")";
            return vec![ConfigProblem::at("macros", cure)];
        }
        let mut problems = Vec::new();
        for (at, own) in self.macros.iter().enumerate() {
            let place =
                |problem: ConfigProblem| ConfigProblem { path: format!("macros[{at}].{}", problem.path), ..problem };
            problems.extend(own.problems().into_iter().map(place));
            if self.macros[..at].iter().any(|other| other.name() == own.name()) {
                let why = format!("{:?} is there twice: give each a name of its own", own.name());
                problems.push(ConfigProblem::at(format!("macros[{at}].name"), why));
            }
        }
        problems
    }
}
