//! The line with which a brick says what its controls sent last. Every brick with controls has one.

use std::fmt::Debug;

use brickwork_sdk::view::{View, text};
use serde::{Deserialize, Serialize};

/// The last message of a brick, in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Echo(Option<String>);

impl Echo {
    /// Keeps a message.
    pub fn note(&mut self, message: &impl Debug) {
        self.0 = Some(format!("{message:?}"));
    }

    /// The line.
    pub fn view<M>(&self) -> View<M> {
        text(format!("last message: {}", self.0.as_deref().unwrap_or("none yet"))).muted()
    }
}

/// Text that is never shown or kept: only its length is said.
#[derive(Serialize, Deserialize)]
pub struct Hidden(pub String);

impl Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} characters that are not shown", self.0.chars().count())
    }
}
