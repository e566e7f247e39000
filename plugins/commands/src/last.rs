//! How the last run ended, as a person reads it. [`panel`](crate::panel) shows it; nothing here sends anything.

use brickwork_sdk::Value;
use brickwork_sdk::interfaces::{CommandResult, CommandSpec};
use brickwork_sdk::view::{Tone, View, column, grid, group, text};

/// Digits of a number that are shown.
const DIGITS: usize = 6;

/// The end, the error with what to do about it, the answer.
pub fn last<M>(result: &CommandResult, commands: &[CommandSpec]) -> View<M> {
    let label = commands.iter().find(|spec| spec.name == result.name).map_or(result.name.as_str(), |spec| &spec.label);
    let tone = match result.end.as_str() {
        "finished" => Tone::Normal,
        "aborted" => Tone::Muted,
        _ => Tone::Danger,
    };
    let head = text(format!("{label} {} after {}", result.end, time(result.seconds))).tone(tone);
    // "aborted" was said.
    let error = Some(&result.error).filter(|error| !error.is_empty() && **error != result.end).map(text);
    let remedy = Some(&result.remedy).filter(|remedy| !remedy.is_empty()).map(|remedy| text(remedy).muted());
    group("Last run", column([head].into_iter().chain(error).chain(remedy).chain(answer(&result.answer))))
}

fn time(secs: f64) -> String {
    let whole = secs.round().max(0.0) as u64;
    if whole < 120 { format!("{secs:.1} s") } else { format!("{} min {:02} s", whole / 60, whole % 60) }
}

/// What a command answered, one line for each thing.
fn answer<M>(value: &Value) -> Option<View<M>> {
    match value {
        Value::Null => None,
        Value::Map(entries) => {
            let line = |name: &str, value: &Value| [text(name).muted(), text(words(value)).grow()];
            Some(grid(2, entries.iter().flat_map(|entry| line(&entry.key, &entry.value))))
        }
        value => Some(text(words(value))),
    }
}

/// A value as a person reads it.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "not known".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Float(float) => number(*float),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(items) if items.is_empty() => "none".into(),
        Value::List(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| format!("{} {}", entry.key, words(&entry.value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(array) => {
            let shape: Vec<_> = array.shape.iter().map(u64::to_string).collect();
            format!("an array of {} numbers", shape.join(" × "))
        }
        Value::Frame(frame) => format!("a picture of {} × {} pixels", frame.width, frame.height),
    }
}

/// A number without the noise of its last digits; a very large or small one in powers of ten.
fn number(number: f64) -> String {
    let rounded: f64 = format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number);
    match rounded.abs() {
        0.0 => "0".into(),
        size if (1e-4..1e9).contains(&size) => rounded.to_string(),
        _ if rounded.is_nan() => "not a number".into(),
        _ => format!("{rounded:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_they_say_and_lose_their_noise() {
        let read = [0.1 + 0.2, 2.1e12, -1.6e-9, 12.5, -0.0, 123_456.0, f64::NAN].map(number);
        assert_eq!(read, ["0.3", "2.1e12", "-1.6e-9", "12.5", "0", "123456", "not a number"]);
    }

    #[test]
    fn every_kind_of_value_has_words() {
        let list = Value::list([Value::Null, Value::Bool(true), Value::Int(7), "omega".into()]);
        assert_eq!(words(&list), "not known, yes, 7, omega");
        assert_eq!(words(&Value::map([("x", Value::Float(1.5)), ("list", Value::list([]))])), "x 1.5, list none");
    }
}
