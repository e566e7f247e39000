//! How a click becomes the author's message.
//!
//! A message travels in the view as data, so that a person who clicks sends exactly what was drawn.
//! One that carries input has a [`Hole`] where the shell puts the value.

use serde::Serialize;

use crate::Value;

/// The number that marks a hole: a NaN that no computation gives.
const NUMBER_HOLE: u64 = 0x7ff8_6272_6963_6b77;
/// The text that marks a hole: private-use characters.
const TEXT_HOLE: &str = "\u{f8f0}\u{f8f1}\u{f8f2}";

/// What a brick does when its view is acted on: the message as data, perhaps with a hole.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
pub struct Action {
    /// The message.
    pub message: Value,
}

/// A type that a person can enter: it can stand for "what will be entered".
pub trait Hole: Sized {
    /// The value that marks the place.
    fn hole() -> Self;
}

impl Hole for f64 {
    fn hole() -> Self {
        f64::from_bits(NUMBER_HOLE)
    }
}

impl Hole for String {
    fn hole() -> Self {
        TEXT_HOLE.into()
    }
}

impl Hole for (f64, f64) {
    fn hole() -> Self {
        (f64::hole(), f64::from_bits(NUMBER_HOLE + 1))
    }
}

/// The message that `make` builds, with its hole; false when the value does not arrive in it.
pub(super) fn template<T: Hole, M: Serialize>(make: impl FnOnce(T) -> M) -> (Value, bool) {
    let message = crate::to_value(&make(T::hole())).unwrap_or_default();
    let has_hole = holes(&message) > 0;
    (message, has_hole)
}

fn holes(value: &Value) -> usize {
    match value {
        Value::Float(number) => usize::from(number.to_bits() & !1 == NUMBER_HOLE & !1),
        Value::Text(text) => usize::from(text == TEXT_HOLE),
        Value::List(items) => items.iter().map(holes).sum(),
        Value::Map(entries) => entries.iter().map(|entry| holes(&entry.value)).sum(),
        _ => 0,
    }
}

/// The message with what was entered: a number, text, or a list of two numbers for a place.
pub fn fill(message: &Value, entered: &Value) -> Value {
    let first = |index: usize| match entered {
        Value::List(items) => items.get(index).cloned().unwrap_or_default(),
        single => single.clone(),
    };
    match message {
        Value::Float(number) if number.to_bits() == NUMBER_HOLE => first(0),
        Value::Float(number) if number.to_bits() == NUMBER_HOLE + 1 => first(1),
        Value::Text(text) if text == TEXT_HOLE => entered.clone(),
        Value::List(items) => Value::list(items.iter().map(|item| fill(item, entered))),
        Value::Map(entries) => Value::map(entries.iter().map(|e| (e.key.clone(), fill(&e.value, entered)))),
        other => other.clone(),
    }
}
