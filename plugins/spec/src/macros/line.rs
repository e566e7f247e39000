//! What is sent to spec to run a macro with its arguments: a line as it is typed, or a call. Every argument is checked
//! against what the macro takes, and a text can never become a command of its own.

use brickwork_sdk::interfaces::CommandSpec;
use brickwork_sdk::{Error, Result, Value};
use brickwork_spec_protocol::{Call, Data, quoted};

use super::config::Macro;

/// The arguments in spec's language, in their order.
///
/// # Errors
/// Refused: one is missing, misspelt or not what may be entered.
pub fn arguments(spec: &CommandSpec, given: &Value) -> Result<Vec<String>> {
    let names: Vec<&str> = match given {
        Value::Null => Vec::new(),
        Value::Map(entries) => entries.iter().map(|entry| entry.key.as_str()).collect(),
        other => {
            return Err(Error::refused(format!(
                "{} takes its arguments by name, not as a {}",
                spec.name,
                other.kind()
            )));
        }
    };
    let takes: Vec<&str> = spec.arguments.iter().map(|argument| argument.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !takes.contains(name)) {
        let takes = if takes.is_empty() { "takes none".into() } else { format!("takes {}", takes.join(", ")) };
        return Err(Error::refused(format!("{} has no argument {unknown:?}; it {takes}", spec.name)));
    }
    let argument = |argument: &brickwork_sdk::interfaces::ArgumentSpec| {
        let missing = || Error::refused(format!("{} is missing", argument.label));
        let value = given.get(&argument.name).ok_or_else(missing)?;
        match argument.refusal(value) {
            Some(why) => Err(Error::refused(why)),
            None => constant(value).map_err(|why| Error::refused(format!("{} {why}", argument.label))),
        }
    };
    spec.arguments.iter().map(argument).collect()
}

/// A value in spec's language.
fn constant(value: &Value) -> Result<String, String> {
    match value {
        Value::Bool(flag) => Ok(u8::from(*flag).to_string()),
        Value::Text(text) if text.contains(|c: char| c.is_control()) => Err("must be one line of text".into()),
        Value::Text(text) => Ok(quoted(text)),
        value => match value.as_f64().filter(|number| number.is_finite()) {
            Some(number) => Data::number(number).to_text().map_err(|error| error.to_string()),
            None => Err("must be a finite number".into()),
        },
    }
}

/// As it is typed at the prompt.
pub fn command(of: &Macro, arguments: &[String]) -> String {
    std::iter::once(&of.spec_macro).chain(arguments).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// As a call.
pub fn call(of: &Macro, arguments: Vec<String>) -> Call {
    Call { function: of.spec_macro.clone(), arguments }
}
