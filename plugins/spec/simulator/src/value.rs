//! A value in the language of the simulated spec, to and from what travels. The interpreter computes with it, and the
//! variables hold it.

use brickwork_spec_protocol::{Array, Assoc, Data};

use crate::error::SpecError;

/// A value of the language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An associative array.
    Assoc(Assoc),
    /// A data array.
    Array(Array),
}

impl Value {
    /// What a macro without a result gives.
    pub const NOTHING: Self = Self::Number(0.0);

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What a client sent. A text that is a number is one, as spec takes it.
    pub fn from_data(data: Data) -> Result<Self, SpecError> {
        if let Ok(number) = data.to_number() {
            return Ok(Self::Number(number));
        }
        match data {
            Data::Empty => Ok(Self::text("")),
            Data::Text(text) => Ok(Self::Text(text)),
            Data::Assoc(assoc) => Ok(Self::Assoc(assoc)),
            Data::Array(array) => Ok(Self::Array(array)),
            Data::Double(number) => Ok(Self::Number(number)),
            Data::Error(_) => Err(SpecError::new("an error is no value that a variable can have")),
        }
    }

    /// As it travels.
    pub fn to_data(&self) -> Data {
        match self {
            Self::Number(number) => Data::number(*number),
            Self::Text(text) => Data::text(text),
            Self::Assoc(assoc) => Data::Assoc(assoc.clone()),
            Self::Array(array) => Data::Array(array.clone()),
        }
    }

    /// The number that it is or, as a text, looks like.
    pub fn number(&self) -> Result<f64, SpecError> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => {
                let wrong = |_| SpecError::new(format!("{text:?} is no number"));
                Data::text(text).to_number().map_err(wrong)
            }
            Self::Assoc(_) | Self::Array(_) => Err(SpecError::new("an array is no number")),
        }
    }

    /// Whether it is neither 0 nor empty.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty() && self.number() != Ok(0.0),
            _ => self.number().is_ok_and(|number| number != 0.0),
        }
    }

    /// The value as an index or as part of a text.
    pub fn to_text(&self) -> Result<String, SpecError> {
        self.to_data().to_text().map_err(|_| SpecError::new("an array is no text"))
    }

    /// As `print` shows it, arrays over several lines.
    pub fn shown(&self, name: &str) -> String {
        match self {
            Self::Number(number) => short(*number),
            Self::Text(text) => text.clone(),
            Self::Assoc(assoc) => {
                let lines = assoc.iter().map(|(key, value)| format!("{name}{key} = {value}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Array(array) => match array.numbers() {
                Some(numbers) => format!("{{{}}}", numbers.into_iter().map(short).collect::<Vec<_>>().join(", ")),
                None => format!("{{an array of {} texts}}", array.elements().len()),
            },
        }
    }
}

/// A number with the eight digits that people read.
pub(crate) fn short(number: f64) -> String {
    let rounded = format!("{number:.7e}").parse().unwrap_or(number);
    plain(rounded)
}

/// A number with all its digits, as `printf("%.15g")`.
pub(crate) fn plain(number: f64) -> String {
    Data::number(number).to_text().unwrap_or_default()
}
