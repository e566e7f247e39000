//! The one error type of plugins: a sentence for a person, and what kind of end it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why something did not happen. The message says what, where and what to do, in one or two sentences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// What kind of end it is.
    pub kind: ErrorKind,
    /// For a person.
    pub message: String,
}

/// The kinds of ends that are not success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// It was tried and went wrong.
    #[default]
    Failed,
    /// It was not begun: a limit, a reservation, a busy object.
    Refused,
    /// Somebody stopped it.
    Aborted,
}

/// The result of what a plugin does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// It was tried and went wrong.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Failed, message: message.into() }
    }

    /// It was not begun.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Refused, message: message.into() }
    }

    /// Somebody stopped it.
    pub fn aborted() -> Self {
        Self { kind: ErrorKind::Aborted, message: "aborted".into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<crate::ValueError> for Error {
    fn from(error: crate::ValueError) -> Self {
        Self::failed(error.to_string())
    }
}
