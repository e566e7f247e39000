//! What acting on a drawn brick gives: a message for the brick, or a change of what the shell keeps.
//!
//! The application hands every [`Event`] to [`Edits::apply`](crate::edits::Edits::apply), which
//! answers with the message for the brick, if there is one. Nothing else reaches a brick.

use brickwork_link::Action;
use brickwork_sdk::Value;
use brickwork_sdk::view::Node;

use crate::panel::Panel;
use crate::pictures::Room;

/// What drawn bricks produce; the message type of iced elements of this crate.
#[derive(Clone, Debug)]
pub enum Event {
    /// A control was used: the author's message, complete.
    Message(Outgoing),
    /// The text of an input changed; nothing is sent yet.
    Edit {
        /// Where.
        place: Place,
        /// All the text as it is now.
        text: String,
    },
    /// Enter in an input, or the end of a drag.
    Commit {
        /// Where.
        place: Place,
        /// What may be entered and what it sends.
        rule: Rule,
    },
    /// Escape in an input: the committed value is shown again.
    Cancel {
        /// Where.
        place: Place,
    },
    /// A step up or down of a number: it stands there as if it were typed, nothing is sent.
    Step {
        /// Where.
        place: Place,
        /// The number that stands there, if nothing is typed.
        from: f64,
        /// How far, with its sign.
        by: f64,
        /// Digits after the point.
        decimals: usize,
        /// What may be entered.
        rule: Rule,
    },
    /// A page of tabs was chosen.
    Tab {
        /// Where.
        place: Place,
        /// Which page, from 0.
        page: usize,
    },
    /// An entry of a tree was opened or closed.
    Fold {
        /// Where.
        place: Place,
        /// The id of the entry.
        item: String,
        /// Whether it is open now.
        open: bool,
    },
    /// A table was scrolled.
    Scrolled {
        /// Where.
        place: Place,
        /// The first row in sight.
        first: usize,
        /// What asks the brick for rows from `first` on, when they were not given.
        ask: Option<Value>,
    },
    /// A picture is shown in this many logical pixels: the store scales the next one to it.
    PictureSize {
        /// Where.
        place: Place,
        /// The object of the picture.
        object: String,
        /// Its channel.
        channel: String,
        /// What room it has, in logical pixels.
        room: Room,
    },
    /// The button of a failed card.
    Restart {
        /// The brick.
        brick: String,
    },
    /// Every command is to end and every stop to be called.
    AbortAll,
    /// One running command is to end, by the engine's name for it.
    AbortCall(u64),
    /// Escape, where there was nothing to take back: a panel closes, else what the brick has begun is to end.
    Escape {
        /// The brick of the control that had the focus, if one had.
        brick: Option<String>,
    },
    /// Light becomes dark, or dark light.
    SwitchTheme,
    /// The content becomes larger above 0, smaller below, and as large as at first at 0.
    Zoom(i8),
    /// Words are to be put into the clipboard.
    Copy(String),
    /// An archive for the person on call is wanted.
    Support,
    /// A panel at the bottom is opened, or closed if it is open.
    TogglePanel(Panel),
    /// The log of one object, plugin or brick is wanted.
    Details {
        /// What it is about.
        subject: String,
    },
    /// The border of a split was moved.
    Split {
        /// Where: the window, and the way to the split in it.
        place: Place,
        /// What the first part takes, 0 to 1.
        fraction: f32,
    },
    /// The button of a banner that can do something about it.
    Act(Action),
    /// A banner was read.
    Dismiss {
        /// The name that the banner was given.
        banner: String,
    },
}

/// A node of a brick's view, over all its rebuilds and reloads.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The identity of the brick.
    pub brick: String,
    /// The id of the node.
    pub node: String,
}

impl Place {
    /// The node `node` of `brick`.
    pub fn new(brick: &str, node: &str) -> Self {
        Self { brick: brick.into(), node: node.into() }
    }

    /// The name by which iced and tests find the widget.
    pub fn widget_id(&self) -> iced::widget::Id {
        iced::widget::Id::from(format!("{}/{}", self.brick, self.node))
    }
}

/// A message on its way to a brick.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// From which node of which brick.
    pub place: Place,
    /// The author's message, its hole filled.
    pub message: Value,
}

/// What an input accepts and what it sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The message with its hole; `None` when the author handles nothing.
    pub message: Option<Value>,
    /// What is entered.
    pub entry: Entry,
}

impl Rule {
    /// What an input of a view accepts and sends; numbers are said with `unit`.
    pub fn of(node: &Node, unit: &str) -> Self {
        let message = node.attribute("on_submit").and_then(|action| action.get("message")).cloned();
        let entry = match node.kind.as_str() {
            "text_input" => Entry::Text,
            _ => Entry::Number { min: node.number("min"), max: node.number("max"), unit: unit.into() },
        };
        Self { message, entry }
    }
}

/// What is entered into an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Any text.
    Text,
    /// A number between two limits.
    Number {
        /// The smallest that is accepted.
        min: Option<f64>,
        /// The largest that is accepted.
        max: Option<f64>,
        /// Said behind numbers.
        unit: String,
    },
}
