//! How a click becomes the author's message.
//!
//! A message travels in the view as data, so that a person who clicks sends exactly what was drawn.
//! One that carries input has a [`Hole`] where the shell puts the value.

use serde::Serialize;

use crate::Value;

/// The number that marks a hole: a NaN that no computation gives. The next three mark what follows it in a place or a
/// drag.
const NUMBER_HOLE: u64 = 0x7ff8_6272_6963_6b77;
const NUMBER_HOLES: u64 = 4;
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
        number_hole(0)
    }
}

impl Hole for String {
    fn hole() -> Self {
        TEXT_HOLE.into()
    }
}

impl Hole for (f64, f64) {
    fn hole() -> Self {
        (number_hole(0), number_hole(1))
    }
}

impl Hole for ((f64, f64), (f64, f64)) {
    fn hole() -> Self {
        ((number_hole(0), number_hole(1)), (number_hole(2), number_hole(3)))
    }
}

fn number_hole(index: u64) -> f64 {
    f64::from_bits(NUMBER_HOLE + index)
}

/// Which hole a number marks, if it is one.
fn hole_at(number: f64) -> Option<usize> {
    let index = number.to_bits().checked_sub(NUMBER_HOLE).filter(|index| *index < NUMBER_HOLES)?;
    usize::try_from(index).ok()
}

/// The message that `make` builds, with its hole; false when the value does not arrive in it.
pub(super) fn template<T: Hole, M: Serialize>(make: impl FnOnce(T) -> M) -> (Value, bool) {
    let message = crate::to_value(&make(T::hole())).unwrap_or_default();
    let has_hole = holes(&message) > 0;
    (message, has_hole)
}

fn holes(value: &Value) -> usize {
    match value {
        Value::Float(number) => usize::from(hole_at(*number).is_some()),
        Value::Text(text) => usize::from(text == TEXT_HOLE),
        Value::List(items) => items.iter().map(holes).sum(),
        Value::Map(entries) => entries.iter().map(|entry| holes(&entry.value)).sum(),
        _ => 0,
    }
}

/// The message with what was entered: a number, text, or a list of two numbers for a place and four for a drag.
pub fn fill(message: &Value, entered: &Value) -> Value {
    let part = |index: usize| match entered {
        Value::List(items) => items.get(index).cloned().unwrap_or_default(),
        single => single.clone(),
    };
    match message {
        Value::Float(number) if hole_at(*number).is_some() => part(hole_at(*number).unwrap_or_default()),
        Value::Text(text) if text == TEXT_HOLE => entered.clone(),
        Value::List(items) => Value::list(items.iter().map(|item| fill(item, entered))),
        Value::Map(entries) => Value::map(entries.iter().map(|e| (e.key.clone(), fill(&e.value, entered)))),
        other => other.clone(),
    }
}
