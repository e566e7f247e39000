//! What is known of a value and of an object: quality, link and activity, three facts kept apart.

use serde::{Deserialize, Serialize};

/// How good a value is, as its source says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// As it should be.
    #[default]
    Ok,
    /// Usable, but somebody should know.
    Minor,
    /// Usable, and somebody must act.
    Major,
    /// Not to be believed.
    Invalid,
}

impl Quality {
    /// The quality as it crosses.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The quality of a code; what is unknown is not to be believed.
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Ok,
            1 => Self::Minor,
            2 => Self::Major,
            _ => Self::Invalid,
        }
    }
}

/// Whether an object has its hardware.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// It was not there yet.
    #[default]
    Loading,
    /// Its values are fresh.
    Live,
    /// Its values are old.
    Disconnected,
    /// It failed in its own code and waits to be started again.
    Fault,
}

/// What an object is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Nothing.
    #[default]
    Idle,
    /// It moves.
    Moving,
    /// It works.
    Busy,
}

/// Everything the built-in interface `object` says of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectStatus {
    /// Whether it has its hardware.
    pub link: Link,
    /// When it came into this link state, in nanoseconds of the engine's clock.
    pub since_ns: u64,
    /// What it is doing.
    pub activity: Activity,
    /// One sentence for a person.
    pub message: String,
    /// How often it became live again after a loss.
    pub reconnects: u64,
    /// The last thing that went wrong.
    pub last_error: String,
    /// What to do about it, if the object knows.
    pub remedy: String,
    /// What it wants to know from a person.
    pub questions: Vec<Question>,
    /// The generation of its plugin.
    pub generation: u64,
}

/// Something an object wants to know from a person, on any screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Names it to `answer`.
    pub id: String,
    /// The question.
    pub text: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// The answer that is taken at the deadline, if there is one.
    pub default: Option<String>,
    /// Nanoseconds of the engine's clock.
    pub deadline_ns: Option<u64>,
}
