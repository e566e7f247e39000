//! What the layout is checked against: the kinds that the plugins contribute. The host implements
//! [`Kinds`]; this crate never loads a plugin.

use brickwork_sdk::Value;
use brickwork_sdk::protocol::{ConfigProblem, KindInfo};

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

    /// Why kinds are missing that there are else, if some are: a layout that names them comes into force without them.
    fn missing(&self) -> Option<String> {
        None
    }

    /// Everything that is wrong with a config for this kind; null is a config that is not given.
    fn check_config(&self, kind: &str, config: &Value) -> Vec<ConfigProblem>;
}
