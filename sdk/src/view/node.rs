//! The nodes of a view as they cross: kind, id, attributes, children.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Value;

/// One node of a view. A reader that does not know a kind shows a labelled placeholder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    /// What it is: `row`, `button`, `value`, …
    pub kind: String,
    /// Its name within the view; interactive nodes must have one.
    pub id: String,
    /// What is said of it; which names a kind has is documented at its builder function.
    pub attributes: BTreeMap<String, Value>,
    /// The nodes within.
    pub children: Vec<Node>,
}

/// How important or dangerous a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As all others.
    #[default]
    Normal,
    /// Secondary: labels, hints.
    Muted,
    /// The one main action or value of the brick.
    Primary,
    /// A heading.
    Title,
    /// Something needs attention.
    Warning,
    /// It stops, breaks or has failed.
    Danger,
}

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Whether it holds numbers, which stand at the right.
    pub numeric: bool,
    /// Its share of the width; 0 takes what its content needs.
    pub grow: f64,
}

impl Column {
    /// A column of text as wide as its content.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A column of numbers.
    pub fn numeric(title: impl Into<String>) -> Self {
        Self { numeric: true, ..Self::new(title) }
    }

    /// The same with a share of the spare width.
    pub fn grow(self, grow: f64) -> Self {
        Self { grow, ..self }
    }
}

/// A shape over a picture, in picture coordinates: pixels from the upper left corner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overlay {
    /// Names the shape to events; empty when it takes no clicks.
    #[serde(default)]
    pub id: String,
    /// What is drawn.
    pub shape: Shape,
    /// How it is meant.
    #[serde(default)]
    pub tone: Tone,
}

/// What an [`Overlay`] draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// A line through the points.
    Line(Vec<(f64, f64)>),
    /// An upright rectangle: x, y, width, height.
    Rectangle(f64, f64, f64, f64),
    /// A circle: centre x, y, radius.
    Circle(f64, f64, f64),
    /// A cross at x, y with arms of this length.
    Cross(f64, f64, f64),
    /// Text whose upper left corner is at x, y.
    Text(f64, f64, String),
    /// Cells in rows and columns, each with a value or none: a heat map.
    Cells(Cells),
}

/// Cells over a picture, such as those of a mesh scan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cells {
    /// Where the first corner of the first cell is.
    pub corner: (f64, f64),
    /// From there to the end of the first row.
    pub along: (f64, f64),
    /// From the corner to the end of the first column.
    pub down: (f64, f64),
    /// Cells in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// The value of each cell, row by row; NaN, or too few, for none. Coloured from the smallest to the largest.
    pub values: Vec<f64>,
}

/// What is seen over a picture while it is dragged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drag {
    /// An arrow from where it began: something is moved.
    #[default]
    Move,
    /// A line.
    Line,
    /// An upright rectangle between two corners.
    Box,
}

/// One curve of a plot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// The points in order.
    pub points: Vec<(f64, f64)>,
}

/// One entry of a tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TreeItem {
    /// Names the entry to events; unique in its tree.
    pub id: String,
    /// What is read.
    pub label: String,
    /// The entries below it.
    pub children: Vec<TreeItem>,
}

/// A mistake in a view, found by the test kit and logged by the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewProblem {
    /// An interactive node without id; the text says which.
    MissingId(String),
    /// Two nodes share an id.
    DoubledId(String),
    /// An interactive node without a label.
    MissingLabel(String),
    /// A message that takes a value does not carry it as it is.
    MissingHole(String),
}

impl fmt::Display for ViewProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingId(what) => write!(f, "{what} has no id"),
            Self::DoubledId(id) => write!(f, "two nodes have the id {id:?}"),
            Self::MissingLabel(id) => write!(f, "{id:?} has no label"),
            Self::MissingHole(id) => {
                write!(f, "the message of {id:?} does not carry the value as it was given: compute with it in `update`")
            }
        }
    }
}

/// The nodes that a view may have; a view of more is refused with a card.
pub const MAX_NODES: usize = 20_000;

impl Node {
    /// A node of this kind.
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// The attribute, if it is there.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name)
    }

    /// A text attribute; empty if it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.attribute(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A numeric attribute.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.attribute(name).and_then(Value::as_f64)
    }

    /// A truth attribute; false if it is not there.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.attribute(name), Some(Value::Bool(true)))
    }

    /// An attribute of a serde type; `None` if it is not there or of another shape.
    pub fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.attribute(name).and_then(|value| crate::from_value(value.clone()).ok())
    }

    /// What a person calls it.
    pub fn label(&self) -> &str {
        self.text("label")
    }

    /// How it is meant.
    pub fn tone(&self) -> Tone {
        self.read("tone").unwrap_or_default()
    }

    /// The object and channel that it is bound to, if it is.
    pub fn bound(&self) -> Option<(&str, &str)> {
        let channel = self.attribute("channel")?;
        Some((channel.get("object")?.as_str()?, channel.get("channel")?.as_str()?))
    }

    /// Whether a person can act on it.
    pub fn is_interactive(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "button" | "toggle" | "choice" | "number_input" | "text_input" | "slider" | "table" | "tree" | "tabs"
        ) || ["on_click", "on_drag", "on_wheel"].iter().any(|event| self.attribute(event).is_some())
    }

    /// This node and all below it, in reading order.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            stack.extend(node.children.iter().rev());
            Some(node)
        })
    }

    /// The node of this id.
    pub fn find(&self, id: &str) -> Option<&Node> {
        self.walk().find(|node| node.id == id)
    }

    /// All mistakes of the view; empty for a good one.
    pub fn problems(&self) -> Vec<ViewProblem> {
        let mut problems = Vec::new();
        let mut ids = BTreeSet::new();
        for node in self.walk() {
            if node.is_interactive() {
                if node.id.is_empty() {
                    problems.push(ViewProblem::MissingId(format!("{} {:?}", node.kind, node.label())));
                } else if node.label().is_empty() {
                    problems.push(ViewProblem::MissingLabel(node.id.clone()));
                }
            }
            if !node.id.is_empty() && !ids.insert(node.id.as_str()) {
                problems.push(ViewProblem::DoubledId(node.id.clone()));
            }
            if node.flag("hole_missing") {
                problems.push(ViewProblem::MissingHole(node.id.clone()));
            }
        }
        problems
    }
}
