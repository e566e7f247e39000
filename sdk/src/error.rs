//! The one error type of plugins: a sentence for a person, what kind of end it is, and what helps to mend it.

use std::fmt;
use std::panic::Location;

use serde::{Deserialize, Serialize};

use crate::secrets::without_secrets;

/// Why something did not happen. The message says what, where and what to do, in one or two sentences; the rest is
/// for who looks closer. Logins in addresses and passwords that are written as such are taken out when it is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Error {
    /// What kind of end it is.
    pub kind: ErrorKind,
    /// For a person.
    pub message: String,
    /// What led to it, the nearest cause first.
    pub causes: Vec<String>,
    /// What a person can do about it; empty if that is not known.
    pub remedy: String,
    /// The source place where it was made, `file:line`.
    pub place: String,
}

/// Two errors are equal that say the same; where they were made does not matter.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        let said = |error: &Self| (error.kind, error.message.clone(), error.causes.clone(), error.remedy.clone());
        said(self) == said(other)
    }
}

impl Default for Error {
    fn default() -> Self {
        Self::failed(String::new())
    }
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
    #[track_caller]
    fn new(kind: ErrorKind, message: String) -> Self {
        let message = without_secrets(&message);
        Self { kind, message, causes: Vec::new(), remedy: String::new(), place: String::new() }.at(Location::caller())
    }

    /// The same, made elsewhere: by whoever called the sdk for it.
    pub(crate) fn at(self, place: &Location<'_>) -> Self {
        Self { place: format!("{}:{}", place.file(), place.line()), ..self }
    }

    /// It was tried and went wrong.
    #[track_caller]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message.into())
    }

    /// It was not begun.
    #[track_caller]
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Refused, message.into())
    }

    /// Somebody stopped it.
    #[track_caller]
    pub fn aborted() -> Self {
        Self::new(ErrorKind::Aborted, "aborted".into())
    }

    /// The same, with what led to it.
    pub fn because(mut self, cause: &(impl std::error::Error + ?Sized)) -> Self {
        self.causes.push(without_secrets(&cause.to_string()));
        let mut source = cause.source();
        while let Some(deeper) = source {
            self.causes.push(without_secrets(&deeper.to_string()));
            source = deeper.source();
        }
        self
    }

    /// The same, with what a person can do about it.
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: without_secrets(&remedy.into()), ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    #[track_caller]
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<crate::ValueError> for Error {
    #[track_caller]
    fn from(error: crate::ValueError) -> Self {
        Self::failed(error.to_string())
    }
}
