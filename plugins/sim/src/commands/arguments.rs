//! The arguments of one run: checked against what the command says that it takes, then read by name.

use brickwork_sdk::interfaces::CommandSpec;
use brickwork_sdk::{Error, Result, Value};

/// Arguments that fit their command.
pub struct Arguments<'a>(&'a Value);

impl<'a> Arguments<'a> {
    /// Refuses what is missing, misspelt or not what may be entered.
    pub fn check(spec: &CommandSpec, given: &'a Value) -> Result<Self> {
        let takes = spec.arguments.iter().map(|argument| argument.name.as_str()).collect::<Vec<_>>();
        let names: Vec<&str> = match given {
            Value::Null => Vec::new(),
            Value::Map(entries) => entries.iter().map(|entry| entry.key.as_str()).collect(),
            other => {
                let why = format!("{} takes its arguments by name, not as a {}", spec.name, other.kind());
                return Err(Error::refused(why));
            }
        };
        if let Some(unknown) = names.iter().find(|name| !takes.contains(name)) {
            let why = format!("{} has no argument {unknown:?}; it takes {}", spec.name, takes.join(", "));
            return Err(Error::refused(why));
        }
        for argument in &spec.arguments {
            let Some(value) = given.get(&argument.name) else {
                return Err(Error::refused(format!("{} is missing", argument.label)));
            };
            if let Some(why) = argument.refusal(value) {
                return Err(Error::refused(why));
            }
        }
        Ok(Self(given))
    }

    fn value(&self, name: &str) -> Result<&'a Value> {
        self.0.get(name).ok_or_else(|| Error::failed(format!("the command takes no argument {name:?}")))
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<f64> {
        self.value(name)?.as_f64().ok_or_else(|| Error::failed(format!("{name} is no number")))
    }

    /// A whole number that counts something.
    pub fn count(&self, name: &str) -> Result<u32> {
        let number = self.number(name)?;
        match number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            true => Ok(number as u32),
            false => Err(Error::refused(format!("{name} must be a whole number, not {number}"))),
        }
    }

    /// A text or a choice.
    pub fn text(&self, name: &str) -> Result<&'a str> {
        self.value(name)?.as_str().ok_or_else(|| Error::failed(format!("{name} is no text")))
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Ok(*flag),
            _ => Err(Error::failed(format!("{name} is neither yes nor no"))),
        }
    }
}
