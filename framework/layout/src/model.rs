//! What a checked layout is: plain data, sent from the engine to the shell. Nothing here knows how
//! it was written, but for the place that each part names for messages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use brickwork_sdk::Value;
use serde::{Deserialize, Serialize};

/// One beamline: its hardware objects by name and its windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Beamline {
    /// What the beamline is called: "ID14-4".
    pub name: String,
    /// The hardware objects by name, those of all includes among them.
    pub objects: BTreeMap<String, ObjectSpec>,
    /// The windows, those of the including file first.
    pub windows: Vec<WindowSpec>,
}

/// A hardware object as the layout asks for it. Two are equal when kind, roles and config are: an
/// instance whose spec is unchanged keeps living, wherever its line has moved to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ObjectSpec {
    /// Its kind: "spec.motor".
    pub kind: String,
    /// The names of the objects in each of its roles, in order.
    pub uses: BTreeMap<String, Vec<String>>,
    /// Its config; null if none is given.
    pub config: Value,
    /// Whether what it saves comes back at the next start; its author decides where the layout says nothing.
    pub keep: Option<bool>,
    /// Where it is written.
    pub place: Place,
}

impl PartialEq for ObjectSpec {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.uses == other.uses && self.config == other.config
    }
}

/// A place in a file, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// One window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowSpec {
    /// Its title.
    pub title: String,
    /// What fills it.
    pub root: Node,
}

/// One part of a window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Node {
    /// Parts of which one is seen at a time.
    Tabs(Vec<TabSpec>),
    /// Parts side by side.
    Row(Vec<Node>),
    /// Parts one below the other.
    Column(Vec<Node>),
    /// Two parts with a border that can be moved.
    Split {
        /// On which side of the first part the second lies.
        direction: Direction,
        /// What the first part takes of the whole, between 0 and 1.
        fraction: f32,
        /// The part on the left or above.
        first: Box<Node>,
        /// The part on the right or below.
        second: Box<Node>,
    },
    /// A brick.
    Brick(BrickSpec),
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TabSpec {
    /// Its title.
    pub title: String,
    /// What fills it.
    pub root: Node,
}

/// Where the second part of a split lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Right of the first.
    Right,
    /// Below the first.
    Below,
}

/// A brick as the layout asks for it. Equality ignores its place in the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BrickSpec {
    /// Its kind: "motors.table".
    pub kind: String,
    /// Its identity, unique in the layout and independent of its position: the `id` that the layout
    /// gives it, else made of its kind, its roles and, where that is not enough, a count.
    pub id: String,
    /// The names of the objects in each of its roles, in order.
    pub uses: BTreeMap<String, Vec<String>>,
    /// Its config; null if none is given.
    pub config: Value,
    /// Whether what it saves comes back at the next start; its author decides where the layout says nothing.
    pub keep: Option<bool>,
    /// Where it is written.
    pub place: Place,
}

impl PartialEq for BrickSpec {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id && self.uses == other.uses && self.config == other.config
    }
}

impl Beamline {
    /// All bricks of all windows, in the order in which they are written.
    pub fn bricks(&self) -> Vec<&BrickSpec> {
        let mut bricks = Vec::new();
        self.windows.iter().for_each(|window| window.root.collect_bricks(&mut bricks));
        bricks
    }
}

impl Node {
    fn collect_bricks<'n>(&'n self, into: &mut Vec<&'n BrickSpec>) {
        match self {
            Self::Tabs(tabs) => tabs.iter().for_each(|tab| tab.root.collect_bricks(into)),
            Self::Row(nodes) | Self::Column(nodes) => nodes.iter().for_each(|node| node.collect_bricks(into)),
            Self::Split { first, second, .. } => {
                first.collect_bricks(into);
                second.collect_bricks(into);
            }
            Self::Brick(brick) => into.push(brick),
        }
    }

    /// Calls `visit` with every brick, in the order in which they are written.
    pub(crate) fn visit_bricks(&mut self, visit: &mut dyn FnMut(&mut BrickSpec)) {
        match self {
            Self::Tabs(tabs) => tabs.iter_mut().for_each(|tab| tab.root.visit_bricks(visit)),
            Self::Row(nodes) | Self::Column(nodes) => nodes.iter_mut().for_each(|node| node.visit_bricks(visit)),
            Self::Split { first, second, .. } => {
                first.visit_bricks(visit);
                second.visit_bricks(visit);
            }
            Self::Brick(brick) => visit(brick),
        }
    }
}
