//! The value that a packet carries, in Rust's types. Packets hold one; clients and servers make them, and ask them for
//! what a property is known to be.

use crate::{Array, Assoc, DataType, Elements, ValueError, number};

/// The value that a packet carries.
///
/// spec has no types: it sends numbers as text, and a text that looks like a number is one where a number is wanted
/// (*help*, and *manual* 2.3.4.2.2). So [`Data::to_number`] and its kin say what a value is to be taken for; nothing
/// here guesses.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Data {
    /// No data: most packets of a client, and from some servers a text of no characters.
    #[default]
    Empty,
    /// A number of 8 bytes. spec takes them and does not send them (*help*).
    Double(f64),
    /// A text, or a number as text. It has NULs in it when it is a call; see [`Call`](crate::Call).
    Text(String),
    /// Why there is no value, in the words of spec.
    Error(String),
    /// An associative array, or the elements of one that changed.
    Assoc(Assoc),
    /// A data array.
    Array(Array),
}

impl Data {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number, as spec sends it: as the text that `printf("%.15g")` makes of it, so with 15 digits (*help*).
    #[must_use]
    pub fn number(number: f64) -> Self {
        Self::Text(number::format(number))
    }

    /// Numbers with a blank between them, as `motor/NAME/limits` wants them.
    #[must_use]
    pub fn numbers(numbers: impl IntoIterator<Item = f64>) -> Self {
        let numbers: Vec<String> = numbers.into_iter().map(number::format).collect();
        Self::Text(numbers.join(" "))
    }

    /// A whole number, as text.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        Self::Text(number.to_string())
    }

    /// Yes or no as spec has it: `1` or `0`.
    #[must_use]
    pub fn flag(flag: bool) -> Self {
        Self::integer(i64::from(flag))
    }

    /// An error, in words for a person.
    #[must_use]
    pub fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into())
    }

    /// A data array of one row.
    ///
    /// # Panics
    /// As [`Array::row`] does.
    #[must_use]
    pub fn array(elements: impl Into<Elements>) -> Self {
        Self::Array(Array::row(elements))
    }

    /// What the header of its packet calls it. That of no data is a text, as spec's own programs have it; 0 is seen
    /// too (*peers*), and read as no data.
    #[must_use]
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Double(_) => DataType::Double,
            Self::Empty | Self::Text(_) => DataType::String,
            Self::Error(_) => DataType::Error,
            Self::Assoc(_) => DataType::Assoc,
            Self::Array(array) => array.elements().data_type(),
        }
    }

    /// The text; that of no data is empty. `None`: it is something else.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Empty => Some(""),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The associative array, if it is one.
    #[must_use]
    pub fn as_assoc(&self) -> Option<&Assoc> {
        if let Self::Assoc(assoc) = self { Some(assoc) } else { None }
    }

    /// The data array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&Array> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    /// The value as text; a number becomes what spec would print.
    ///
    /// # Errors
    /// It is an error or an array.
    pub fn to_text(&self) -> Result<String, ValueError> {
        match self {
            Self::Double(number) => Ok(number::format(*number)),
            _ => self.as_text().map(str::to_owned).ok_or_else(|| self.is_not("a text")),
        }
    }

    /// The value as a number: also of a text that is one, decimal or, behind `0x`, hexadecimal, with or without blanks
    /// around it. Where spec would take any other text for 0, this is an error.
    ///
    /// # Errors
    /// It is no number, or an error.
    pub fn to_number(&self) -> Result<f64, ValueError> {
        if let Self::Double(number) = self {
            return Ok(*number);
        }
        self.as_text().and_then(number::parse).ok_or_else(|| self.is_not("a number"))
    }

    /// The value as a whole number, which `1`, `1.0` and `1e3` are.
    ///
    /// # Errors
    /// It is no number, has decimals or more than 53 bits, or is an error.
    pub fn to_integer(&self) -> Result<i64, ValueError> {
        // Up to there each whole number is a double.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let number = self.to_number()?;
        if number.fract() == 0.0 && number.abs() <= LARGEST {
            Ok(number as i64)
        } else {
            Err(self.is_not("a whole number"))
        }
    }

    /// The value as yes or no, as in C: every number but 0 is a yes.
    ///
    /// # Errors
    /// It is no number, or an error.
    pub fn to_flag(&self) -> Result<bool, ValueError> {
        Ok(self.to_number()? != 0.0)
    }

    /// The value as numbers: those of a data array, or those that a text has between blanks or commas, as
    /// `motor/NAME/limits` and `motor/NAME/sync_check` do.
    ///
    /// # Errors
    /// It is an array of texts, an associative array, a text in which something is no number, or an error.
    pub fn to_numbers(&self) -> Result<Vec<f64>, ValueError> {
        let numbers = match self {
            Self::Double(number) => Some(vec![*number]),
            Self::Array(array) => array.numbers(),
            _ => self.as_text().and_then(|text| {
                let parts = text.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|part| !part.is_empty());
                parts.map(number::parse).collect()
            }),
        };
        numbers.ok_or_else(|| self.is_not("a list of numbers"))
    }

    fn is_not(&self, wanted: &'static str) -> ValueError {
        let found = match self {
            Self::Error(text) => return ValueError::Refused(text.clone()),
            Self::Empty => "an empty value".to_owned(),
            Self::Double(number) => format!("the number {number}"),
            Self::Text(text) => format!("the text {text:?}"),
            Self::Assoc(assoc) => format!("an associative array of {} elements", assoc.len()),
            Self::Array(array) => {
                let kind = array.elements().data_type();
                format!("an array of {} rows and {} columns of {kind}", array.rows(), array.columns())
            }
        };
        ValueError::Not { wanted, found }
    }
}
