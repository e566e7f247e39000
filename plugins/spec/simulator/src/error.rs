//! What goes wrong: in the simulated spec, where a client is told in spec's manner, and when a simulator is started.
//! Every module gives these errors.

use std::io;

/// Why the simulated spec did not do what it was asked, in the words that its clients and its screen get.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub(crate) struct SpecError {
    /// The words.
    pub text: String,
    /// The number in a reply of version 3 and later, above 0.
    pub number: i32,
}

impl SpecError {
    /// The number of an error that has no number of its own.
    const ANY: i32 = 1;
    /// The number of what `^C` ended.
    const ABORTED: i32 = 2;

    /// An error in these words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: Self::ANY }
    }

    /// `^C` was typed, or sent.
    pub fn aborted() -> Self {
        Self { text: "^C: the command was aborted".to_owned(), number: Self::ABORTED }
    }

    /// The text makes no sense from `near` on.
    pub fn syntax(near: &str) -> Self {
        let near = if near.is_empty() { "the end" } else { near };
        Self::new(format!("Syntax error near \"{near}\""))
    }

    /// There is no variable, property or function of this name.
    pub fn missing(name: &str) -> Self {
        Self::new(format!("\"{name}\" does not exist"))
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The setup cannot be.
    #[error("the setup of the simulated spec cannot be: {0}")]
    Setup(String),
    /// The port is taken, or not allowed.
    #[error("the simulated spec cannot listen on 127.0.0.1:{port}: {cause}. Is another spec running there?")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// No port of spec's is free.
    #[error("none of spec's ports 6510 to 6530 is free on 127.0.0.1: end other simulators, or name a port")]
    NoPort,
    /// The system gave no thread, or no runtime.
    #[error("the simulated spec got no thread: {0}")]
    Thread(#[from] io::Error),
}
