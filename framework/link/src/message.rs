//! What engine and shell say to each other. Fields may be added; a reader ignores what it does not know.

use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use serde::{Deserialize, Serialize};

/// Raised when a message changes its meaning; an engine refuses a shell of another number.
pub const LINK_PROTOCOL: u32 = 2;

/// What a shell says to the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// The first message.
    Hello {
        /// [`LINK_PROTOCOL`].
        protocol: u32,
        /// Who sits there.
        user: String,
    },
    /// Send the newest value of a channel, now and whenever it changes.
    Subscribe {
        /// The shell's name for it.
        id: u64,
        /// The object.
        object: String,
        /// The channel.
        channel: String,
    },
    /// Send it no more.
    Unsubscribe {
        /// The shell's name for it.
        id: u64,
    },
    /// A person wants a command.
    Call {
        /// The shell's name for the call.
        id: u64,
        /// The object.
        object: String,
        /// The interface that the brick knows it by.
        interface: String,
        /// The command.
        command: String,
        /// Its arguments by name.
        arguments: Value,
        /// The brick's identity.
        brick: String,
        /// When the person acted, by [`uptime_ns`](crate::uptime_ns): what is too old is refused.
        given_ns: u64,
    },
    /// End any call early, by the engine's name for it.
    Abort {
        /// [`CallInfo::call`].
        call: u64,
    },
    /// End whatever a person has begun at this brick, also what no shell has heard of yet.
    AbortBrick {
        /// The brick's identity.
        brick: String,
    },
    /// End every command and call every stop, now.
    AbortAll,
    /// A person's answer to a question.
    Answer {
        /// The object that asked.
        object: String,
        /// The question.
        question: String,
        /// The option chosen.
        option: String,
        /// When the person acted, as for a call.
        given_ns: u64,
    },
    /// Something that every shell should show, as long as the connection of who says it lasts: that a plugin does not
    /// build.
    Notice {
        /// How much it matters.
        level: NoticeLevel,
        /// What it is about; a later notice replaces an earlier one.
        subject: String,
        /// At most ten lines; empty takes back what was said of the subject.
        text: String,
    },
    /// End the engine.
    Shutdown,
}

/// What the engine says to a shell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToShell {
    /// The answer to `Hello`.
    Welcome {
        /// [`LINK_PROTOCOL`].
        protocol: u32,
        /// The process that owns the objects.
        engine_pid: u32,
        /// The layout that it runs.
        layout: String,
        /// What it is.
        #[serde(default)]
        engine: EngineInfo,
    },
    /// The engine refuses this shell.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// The beamline as it is now, or what is wrong with its layout.
    Beamline {
        /// Counts the layouts that came into force.
        revision: u64,
        /// The checked layout in force; null while there was none yet.
        beamline: Value,
        /// What is wrong with the file as it is now, rendered; empty when nothing is.
        diagnostics: String,
        /// The objects.
        objects: Vec<ObjectInfo>,
    },
    /// The libraries in force.
    Plugins(Vec<PluginFile>),
    /// The newest values of subscribed channels.
    Updates(Vec<Update>),
    /// A call of this shell has ended.
    CallEnd {
        /// The shell's name for the call.
        id: u64,
        /// How.
        outcome: Outcome,
    },
    /// Everything that is running, after each change.
    Running(Vec<CallInfo>),
    /// Something that a person should know.
    Notice(Notice),
    /// New lines of the engine's log; at first those that it has in memory.
    Log(Vec<LogLine>),
    /// The engine turns; sent every half second.
    Heartbeat {
        /// Its clock.
        engine_ns: u64,
        /// The wall's clock, seconds since 1970, for showing.
        wall_secs: f64,
        /// What its process holds in memory, in bytes; 0 if it does not say.
        #[serde(default)]
        memory_bytes: u64,
    },
}

/// What an engine is, which never changes while it runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngineInfo {
    /// The version of Brickwork.
    pub version: String,
    /// The number of the protocol that its plugins speak.
    pub abi_protocol: u32,
    /// When it started, seconds since 1970; 0 if it does not say.
    pub started_wall_secs: f64,
}

/// One value on its way to a shell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// The shell's name for the subscription.
    pub id: u64,
    /// The value.
    pub value: Value,
    /// Its quality code.
    pub quality: u8,
    /// Counts the publications of the channel.
    pub sequence: u64,
    /// When the engine took it.
    pub engine_ns: u64,
    /// When its source made it, seconds since 1970; 0 if unknown.
    pub source_time: f64,
}

/// One object as a shell knows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectInfo {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
}

/// One library as a shell loads it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PluginFile {
    /// The plugin's Cargo name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file that is watched.
    pub source: String,
    /// The private copy that is loaded.
    pub copy: String,
    /// The kinds of objects in it.
    pub objects: Vec<String>,
    /// The kinds of bricks in it.
    pub bricks: Vec<String>,
    /// Counts its successful loads; the generations before the present one stay in memory.
    pub generation: u64,
    /// Names its content.
    pub hash: String,
    /// When this generation was loaded, seconds since 1970; 0 if the engine does not say.
    pub loaded_wall_secs: f64,
    /// Why the file as it lies there now is not in force; empty when it is.
    pub refused: String,
    /// When it was refused, seconds since 1970.
    pub refused_wall_secs: f64,
    /// Threads of its older generations that do not end; they stay as long as the engine.
    pub threads_left: u64,
}

/// One running command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallInfo {
    /// The engine's name for it.
    pub call: u64,
    /// The object.
    pub object: String,
    /// The command.
    pub command: String,
    /// Who asked.
    pub caller: String,
    /// When it began, in nanoseconds of the engine's clock.
    pub since_ns: u64,
    /// 0 to 1, if known.
    pub fraction: Option<f64>,
    /// What is being done.
    pub message: String,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Good to know.
    #[default]
    Info,
    /// Somebody should look.
    Warning,
    /// Something did not work.
    Error,
}

/// Something that a person should know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notice {
    /// How much it matters.
    pub level: NoticeLevel,
    /// What it is about, such as a plugin's or an object's name; a later notice replaces an earlier one.
    pub subject: String,
    /// At most ten lines; empty takes back what was said of the subject.
    pub text: String,
    /// Seconds since 1970.
    pub wall_secs: f64,
    /// What a person can do about it with one click, if there is something.
    pub action: Option<Action>,
}

/// A command that the engine answers for every object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Action {
    /// What the button says.
    pub label: String,
    /// The object.
    pub object: String,
    /// The command of the interface "object".
    pub command: String,
}

impl NoticeLevel {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One event in a log: what happened, to what, for whom, and what is known of the cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogLine {
    /// Counts the lines of its process.
    pub number: u64,
    /// Seconds since 1970.
    pub wall_secs: f64,
    /// How much it matters.
    pub level: NoticeLevel,
    /// The object or brick; empty if it is about none.
    pub object: String,
    /// The plugin; empty if no plugin said it.
    pub plugin: String,
    /// Who asked for it; empty if nobody did.
    pub caller: String,
    /// What happened.
    pub text: String,
    /// What led to it, the nearest cause first.
    pub causes: Vec<String>,
    /// What a person can do about it.
    pub remedy: String,
    /// The source place, `file:line`.
    pub place: String,
}

impl LogLine {
    /// What it is about, in a word.
    pub fn subject(&self) -> &str {
        match (self.object.as_str(), self.plugin.as_str()) {
            ("", "") => "brickwork",
            ("", plugin) => plugin,
            (object, _) => object,
        }
    }
}
