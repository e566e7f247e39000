//! The messages between the host and the glue inside a plugin, as serde types that cross as values.
//!
//! Plugin authors never see them. Fields may be added; a reader ignores what it does not know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::interface::Interface;
pub use crate::state::States;
use crate::status::{Activity, Question};
use crate::view::Node;
use crate::{Error, ErrorKind, State, Value};

/// What a library contributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PluginInfo {
    /// The Cargo name of the library.
    pub name: String,
    /// The Cargo version of the library.
    pub version: String,
    /// The kinds of hardware objects.
    pub objects: Vec<KindInfo>,
    /// The kinds of bricks.
    pub bricks: Vec<KindInfo>,
    /// Every interface that its kinds serve.
    pub interfaces: Vec<Interface>,
}

/// One kind of object or brick.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KindInfo {
    /// Its name in a layout, such as `sim.motor`.
    pub kind: String,
    /// One sentence of help.
    pub help: String,
    /// What it refers to.
    pub roles: Vec<Role>,
    /// The interfaces that it serves, with their versions.
    pub serves: Vec<(String, u32)>,
    /// The JSON schema of its config.
    pub config: Value,
}

/// A name under which a kind refers to other objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Role {
    /// The name in `uses`.
    pub name: String,
    /// The interface that the object must serve.
    pub interface: String,
    /// The lowest version that will do.
    pub version: u32,
    /// How many objects it takes.
    pub count: RoleCount,
    /// What it is for, in a sentence.
    pub help: String,
}

/// How many objects a role takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleCount {
    /// Exactly one.
    #[default]
    One,
    /// None or one.
    Optional,
    /// Any number, in order.
    Many,
}

impl Role {
    /// A role that one object of `interface` fills.
    pub fn one(name: &str, interface: &str) -> Self {
        Self { name: name.into(), interface: interface.into(), version: 1, count: RoleCount::One, help: String::new() }
    }

    /// A role that may stay empty.
    pub fn optional(name: &str, interface: &str) -> Self {
        Self { count: RoleCount::Optional, ..Self::one(name, interface) }
    }

    /// A role that any number of objects fill, in order.
    pub fn many(name: &str, interface: &str) -> Self {
        Self { count: RoleCount::Many, ..Self::one(name, interface) }
    }

    /// The same, saying what it is for.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The same, asking for at least this version of the interface.
    pub fn at_least(self, version: u32) -> Self {
        Self { version, ..self }
    }
}

/// A mistake in a config, at a path such as `axes[1].name`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigProblem {
    /// Where in the config; empty for the whole.
    pub path: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right, if there is a list.
    pub choices: Vec<String>,
}

/// The name and connections of a new instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// The kind.
    pub kind: String,
    /// The object's name, or the brick's identity.
    pub name: String,
    /// The objects that fill each role.
    pub roles: BTreeMap<String, Vec<String>>,
    /// The config from the layout.
    pub config: Value,
    /// What the generations before saved.
    pub states: States,
}

/// Who asks for a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Caller {
    /// A person at a brick.
    Person {
        /// The user.
        name: String,
        /// The brick's identity; empty for the shell itself.
        brick: String,
    },
    /// A hardware object, such as a procedure.
    Object(String),
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person { name, .. } => f.write_str(name),
            Self::Object(name) => f.write_str(name),
        }
    }
}

/// The one end of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It did what it should; its answer.
    Finished(Value),
    /// It did not; why.
    Ended(Error),
}

impl From<Result<Value, Error>> for Outcome {
    fn from(result: Result<Value, Error>) -> Self {
        result.map_or_else(Self::Ended, Self::Finished)
    }
}

impl Outcome {
    /// The answer or the error.
    ///
    /// # Errors
    /// Whatever ended the command.
    pub fn into_result(self) -> Result<Value, Error> {
        match self {
            Self::Finished(value) => Ok(value),
            Self::Ended(error) => Err(error),
        }
    }

    /// The word for it in a log or on a screen.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Finished(_) => "finished",
            Self::Ended(error) => match error.kind {
                ErrorKind::Failed => "failed",
                ErrorKind::Refused => "refused",
                ErrorKind::Aborted => "aborted",
            },
        }
    }
}

/// What the engine sends to an object; none of it is answered on the calling thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ObjectRequest {
    /// Make it; no I/O yet. Answered by `Post::Created` or `Post::Failed`.
    New(Setup),
    /// Begin to connect and work.
    Start,
    /// Do something; answered by exactly one `Post::End`.
    Command {
        /// Names the call in progress, end and abort.
        call: u64,
        /// The interface that it belongs to.
        interface: String,
        /// The command.
        command: String,
        /// Its arguments by name.
        arguments: Value,
        /// Who asks.
        caller: Caller,
        /// When the engine handed it on, by its clock: a thread that takes it up late refuses it. 0 for what is never
        /// too late, such as a stop.
        #[serde(default)]
        begun_ns: u64,
    },
    /// End a call early.
    Abort(u64),
    /// The outcome of something that the object asked for.
    Reply {
        /// The token of `Post::Call` or `Post::Reserve`.
        token: u64,
        /// The end of it.
        outcome: Outcome,
    },
    /// A person's answer to a question.
    Answer {
        /// The question.
        question: String,
        /// The option chosen.
        option: String,
    },
    /// Say what a successor should know, and go on. Answered by `Post::Saved`.
    Save,
    /// Stop all work, save, be dropped. Answered by `Post::Stopped`.
    Stop,
}

/// What an object says to the engine; `Call` also comes from bricks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Post {
    /// It exists.
    Created {
        /// What became of the saved state.
        restored: crate::Restored,
    },
    /// It could not be made.
    Failed(Failure),
    /// It has its hardware.
    Live,
    /// It lost its hardware, or could not reach it, and why; it tries again by itself.
    Lost(Error),
    /// It does something, or no more.
    Activity {
        /// What it does.
        activity: Activity,
        /// One sentence for a person.
        message: String,
    },
    /// Its own code panicked: it does not run any more.
    Panicked(Failure),
    /// A call goes on.
    Progress {
        /// The call.
        call: u64,
        /// 0 to 1, if known.
        fraction: Option<f64>,
        /// What is being done.
        message: String,
    },
    /// A call has ended.
    End {
        /// The call.
        call: u64,
        /// How.
        outcome: Outcome,
    },
    /// It goes on; this is what a successor should know.
    Saved {
        /// What a new life would get.
        state: State,
    },
    /// Everything of it has stopped.
    Stopped {
        /// What the next generation gets.
        state: State,
    },
    /// It wants a command of another object.
    Call {
        /// Names the reply; 0 when none is wanted.
        token: u64,
        /// The object.
        object: String,
        /// The interface that the caller knows it by.
        interface: String,
        /// The command.
        command: String,
        /// Its arguments by name.
        arguments: Value,
        /// The control that was used, for a brick.
        node: String,
    },
    /// It wants the end of a command that it asked for.
    AbortCall {
        /// The token of the call.
        token: u64,
    },
    /// It wants objects for itself.
    Reserve {
        /// Names the reply and the reservation.
        token: u64,
        /// The objects.
        objects: Vec<String>,
        /// What others are told, such as "centring in progress".
        reason: String,
    },
    /// It gives them back.
    Release {
        /// The token of the reservation.
        token: u64,
    },
    /// A brick wants a picture that it shows in a file, with what is drawn over it.
    SavePicture {
        /// The node of its view.
        node: String,
        /// How the name of the file begins.
        name: String,
    },
    /// It wants to know something from a person.
    Ask(Question),
    /// It no longer wants to know.
    Withdraw {
        /// The question.
        question: String,
    },
    /// The plugin's thread turns; sent for instance 0.
    Heartbeat,
}

/// The target of the log line that tells of a panic on a thread of a plugin's own.
pub const UNCAUGHT_PANIC: &str = "uncaught panic";

/// What parts the plugin, the name, the kind and the entry in what a host is told of running code.
pub const PLACE_SEPARATOR: char = '\u{1f}';

/// Something that went wrong in a plugin's code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// What was said.
    pub message: String,
    /// The source place, `file:line`, if it was a panic.
    pub place: String,
}

/// What is answered on the calling thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// All mistakes in a config of a kind.
    Check {
        /// The kind of object or brick.
        kind: String,
        /// The config.
        config: Value,
    },
    /// Make a brick.
    New(Setup),
    /// The person did something; the author's message as data.
    Message(Value),
    /// What it shows now.
    View,
    /// What the next generation gets.
    Save,
    /// The end of it.
    Drop,
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Done.
    Done,
    /// Made; what became of the saved state.
    Created(crate::Restored),
    /// The mistakes found.
    Problems(Vec<ConfigProblem>),
    /// The view.
    View(Node),
    /// The state.
    State(State),
    /// The plugin could not, and says why.
    Refused(String),
    /// The plugin's code panicked.
    Panicked(Failure),
}

impl ConfigProblem {
    /// A mistake without a list of what would be right.
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), choices: Vec::new() }
    }
}

impl std::fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "`{}`: {}", self.path, self.message) }
    }
}
