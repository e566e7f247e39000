//! The shell's own panels: connections, versions, the log, what runs, shortcuts, and what objects ask. They are views like those
//! of bricks, so that focus, tables and keyboard are the same everywhere; the application hands them their messages and
//! carries out the [`Effect`]s that come back. They never talk to the engine themselves.

mod about;
mod connections;
mod keys;
mod log;
mod questions;
mod running;

use brickwork_sdk::Value;
use brickwork_sdk::view::Node;

pub use about::About;
pub use connections::ConnectionsPanel;
pub use keys::shortcuts;
pub use log::{LogPanel, Origin};
pub use questions::questions;
pub use running::running;

/// What identifies the panels among bricks: no layout can give a brick such an id.
const PREFIX: &str = "shell/";

/// A panel that is opened at the bottom of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The log with its details.
    Log,
    /// What runs.
    Running,
    /// Every object with its connection.
    Connections,
    /// Versions, plugins and their times.
    About,
    /// The list of shortcuts.
    Keys,
}

impl Panel {
    /// The identity that stands where a brick's would.
    pub const fn brick(self) -> &'static str {
        match self {
            Self::Log => "shell/log",
            Self::Running => "shell/running",
            Self::Connections => "shell/connections",
            Self::About => "shell/about",
            Self::Keys => "shell/keys",
        }
    }
}

/// The identity of the questions.
pub const QUESTIONS: &str = "shell/questions";

/// Whether a place is of a panel, not of a brick.
pub fn is_panel(brick: &str) -> bool {
    brick.starts_with(PREFIX)
}

/// What a panel wants from the application.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Nothing but to be drawn anew.
    Nothing,
    /// Put words into the clipboard.
    Copy(String),
    /// Write a report of this sort into the state folder.
    Save {
        /// The first word of its name.
        name: &'static str,
        /// What is in it.
        text: String,
    },
    /// Write the archive for the person on call.
    Support,
    /// Show the log of one object.
    Details(String),
    /// Make one object anew.
    Restart(String),
    /// End one running command.
    Abort(u64),
    /// Answer a question of an object.
    Answer {
        /// The object that asked.
        object: String,
        /// The question.
        question: String,
        /// The option chosen.
        option: String,
    },
}

/// What pressing a control of [`running`] or [`questions`] asks for.
pub fn effect_of(brick: &str, message: Value) -> Effect {
    let effect = match brick {
        QUESTIONS => brickwork_sdk::from_value(message).map(questions::effect),
        _ => brickwork_sdk::from_value(message).map(running::effect),
    };
    effect.unwrap_or_else(|error| {
        tracing::error!("a panel does not know its own message: {error}");
        Effect::Nothing
    })
}

/// A panel's view, once it was built.
pub type Drawn = Option<Node>;
