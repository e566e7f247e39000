//! What the layout is checked against: the kinds that the plugins contribute. The host implements
//! [`Kinds`]; this crate never loads a plugin.

use brickwork_abi::Value;
use serde::{Deserialize, Serialize};

/// All kinds of objects and bricks that are known.
pub trait Kinds {
    /// What there is to know about a kind of object.
    fn object(&self, kind: &str) -> Option<KindInfo>;

    /// What there is to know about a kind of brick.
    fn brick(&self, kind: &str) -> Option<KindInfo>;

    /// The names of all kinds of objects.
    fn object_kinds(&self) -> Vec<String>;

    /// The names of all kinds of bricks.
    fn brick_kinds(&self) -> Vec<String>;

    /// Everything that is wrong with a config for this kind; null is a config that is not given.
    fn check_config(&self, kind: &str, config: &Value) -> Vec<ConfigProblem>;
}

/// What the layout may know about one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindInfo {
    /// The interfaces that an object of this kind serves; none for a brick.
    pub interfaces: Vec<InterfaceRef>,
    /// The roles in which it uses objects.
    pub roles: Vec<RoleInfo>,
}

/// An interface in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceRef {
    /// Its name: "motor".
    pub name: String,
    /// Its version; a newer one serves whoever asks for an older one.
    pub version: u32,
}

/// One role of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleInfo {
    /// Its name: "session".
    pub name: String,
    /// The interface that an object in this role must serve.
    pub interface: String,
    /// The oldest version of it that will do.
    pub min_version: u32,
    /// How many objects it takes.
    pub count: Count,
}

/// How many objects a role takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number, in order; also none.
    Many,
}

/// One thing that is wrong with a config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigProblem {
    /// What it is about, as a path in the config: `axes[0].Rotation[1]`; "" is the whole. Of an
    /// unknown field it is the path of that field; of a missing one, the path of what it is missing from.
    pub path: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What could stand there instead: fields or variants. Empty if that is no closed set.
    pub choices: Vec<String>,
}
