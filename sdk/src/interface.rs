//! The contract of an interface as data: what the layout checks and what the engine enforces.

use serde::{Deserialize, Serialize};

/// A named, versioned contract: channels and commands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Interface {
    /// Its name, such as `motor`.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// What it is for.
    pub help: String,
    /// What it publishes.
    pub channels: Vec<ChannelInfo>,
    /// What it does.
    pub commands: Vec<CommandInfo>,
}

/// One channel of an interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelInfo {
    /// Its name.
    pub name: String,
    /// What it says.
    pub help: String,
    /// The Rust type, such as `f64`.
    pub kind: String,
    /// Its unit.
    pub unit: Unit,
    /// Whether a server may do without it.
    pub optional: bool,
    /// Seconds within which a live server publishes again; a motor at rest has none.
    pub period_secs: Option<f64>,
}

/// Where the unit of a channel comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// It has none.
    #[default]
    None,
    /// The interface fixes it.
    Fixed(String),
    /// The named channel of the same object carries it.
    Channel(String),
}

/// One command of an interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandInfo {
    /// Its name.
    pub name: String,
    /// What it does.
    pub help: String,
    /// What it takes.
    pub arguments: Vec<ArgumentInfo>,
    /// Whether it passes every check, from anyone: stop and abort.
    pub always: bool,
    /// Whether a server may do without it.
    pub optional: bool,
    /// What a busy object does with it.
    pub while_busy: WhileBusy,
}

/// One argument of a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArgumentInfo {
    /// Its name.
    pub name: String,
    /// The Rust type.
    pub kind: String,
    /// The channel of (low, high) within which it must lie.
    pub within: Option<String>,
}

/// What a busy object does with another command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhileBusy {
    /// Says that it is busy, and with what.
    #[default]
    Refuse,
    /// Does it afterwards.
    Queue,
    /// Ends the present command first.
    Replace,
}

impl Interface {
    /// The command of this name.
    pub fn command(&self, name: &str) -> Option<&CommandInfo> {
        self.commands.iter().find(|command| command.name == name)
    }

    /// The channel of this name.
    pub fn channel(&self, name: &str) -> Option<&ChannelInfo> {
        self.channels.iter().find(|channel| channel.name == name)
    }
}
