//! From the data nodes of a view to iced elements: one file for each family of nodes.
//!
//! The application calls [`draw`] for each brick whenever it builds its view. Drawing reads live
//! values and edits, and changes neither; what a person does comes back as [`Event`]s.

mod choice;
mod input;
mod picture;
mod place;
mod plot;
mod state;
mod table;
mod text;
mod value;

pub(crate) use picture::{plate, still};
pub(crate) use place::scrolled;

use std::collections::BTreeMap;

use brickwork_sdk::Value;
use brickwork_sdk::view::Node;
use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use crate::edits::Edits;
use crate::event::{Event, Outgoing, Place};
use crate::flow::{Arrange, Flow};
use crate::readings::Readings;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, style};

/// What drawing reads, for one brick.
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    /// Live values, status and pictures.
    pub readings: &'a dyn Readings,
    /// What belongs to the shell.
    pub edits: &'a Edits,
    /// The theme.
    pub tokens: Tokens,
    /// Refusals by node id: each sentence is shown beside the control that was refused.
    pub notes: &'a BTreeMap<String, String>,
}

/// Draws the view of a brick.
pub fn draw<'a>(node: &'a Node, brick: &'a str, drawing: &Drawing<'a>) -> Element<'a> {
    Pen { brick, drawing: *drawing, inside: Inside::Column, labelled: false }.draw(node)
}

/// Where a node stands: whether its growth goes sideways or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Row,
    Column,
    Grid,
}

/// What is handed down the tree while a brick is drawn.
#[derive(Clone, Copy)]
struct Pen<'a> {
    brick: &'a str,
    drawing: Drawing<'a>,
    inside: Inside,
    /// Whether something beside the node names it already.
    labelled: bool,
}

impl<'a> Pen<'a> {
    fn tokens(self) -> Tokens {
        self.drawing.tokens
    }

    /// The unit of a number: what the view says, else what the channel beside it carries.
    fn unit(self, node: &'a Node) -> &'a str {
        let carried = || {
            let (object, _) = node.bound()?;
            self.drawing.readings.reading(object, node.text("unit_channel"))?.value.as_str()
        };
        match node.text("unit") {
            "" => carried().unwrap_or_default(),
            unit => unit,
        }
    }

    fn place(self, node: &Node) -> Place {
        Place::new(self.brick, &node.id)
    }

    fn draw(self, node: &'a Node) -> Element<'a> {
        let element = match node.kind.as_str() {
            "row" => self.row(node),
            "column" => self.column(node),
            "grid" => self.grid(node),
            "group" => self.group(node),
            "scroll" => self.scroll(node),
            "tabs" => self.tabs(node),
            "space" => self.space(),
            "text" => self.text(node),
            "icon" => self.icon(node),
            "button" => self.button(node),
            "toggle" => self.toggle(node),
            "choice" => self.choice(node),
            "number_input" => self.number_input(node),
            "text_input" => self.text_input(node),
            "slider" => self.slider(node),
            "progress" => self.progress(node),
            "value" => self.value(node),
            "state" => self.state(node),
            "picture" => self.picture(node),
            "plot" => self.plot(node),
            "table" => self.table(node),
            "tree" => self.tree(node),
            _ => self.unknown(node),
        };
        let element = self.with_notes(node, element);
        let element = self.with_help(node, element);
        if node.number("grow").is_some_and(|share| share > 0.0) { self.grown(element) } else { element }
    }

    /// Takes a share of the spare room of the row or column that it stands in.
    fn grown(self, element: Element<'a>) -> Element<'a> {
        match self.inside {
            Inside::Row | Inside::Grid => container(element).width(Length::Fill).into(),
            Inside::Column => container(element).height(Length::Fill).into(),
        }
    }

    /// The message that a node sends for `event`, with what was entered.
    fn message(self, node: &Node, event: &str, entered: &Value) -> Option<Event> {
        let template = node.attribute(event)?.get("message")?;
        let message = brickwork_sdk::view::fill(template, entered);
        Some(Event::Message(Outgoing { place: self.place(node), message }))
    }

    /// Whether a person may act on the node now.
    fn is_usable(self, node: &Node) -> bool {
        node.text("disabled").is_empty()
    }

    /// Why the control cannot be used, or why it refused, below it.
    ///
    /// In rows and grids the sentences stand below the whole row, with the name of the control: there
    /// they move nothing. The wrapper is there without sentences too, because a changed tree of
    /// widgets would lose the caret.
    fn with_notes(self, node: &'a Node, element: Element<'a>) -> Element<'a> {
        if self.inside != Inside::Column || !node.is_interactive() {
            return element;
        }
        let mut lines = vec![("control".to_owned(), element)];
        lines.extend(self.notes(node, "").map(|note| ("note".to_owned(), note)));
        Flow::new(Arrange::Column, lines).spacing(0.0, space::XS).into()
    }

    /// The sentences that belong to one control, begun with `name` if it is not empty.
    fn notes(self, node: &'a Node, name: &'a str) -> impl Iterator<Item = Element<'a>> {
        let own = self.drawing.edits.refusal(&self.place(node));
        let refusal = own.or_else(|| self.drawing.notes.get(&node.id).map(String::as_str));
        let refusal = refusal.filter(|_| !node.id.is_empty());
        let named = move |words: &str| {
            if name.is_empty() { words.to_owned() } else { format!("{name}: {words}") }
        };
        let unsaid = !self.is_usable(node) && !node.flag("said");
        let why = unsaid.then(|| text::label(named(node.text("disabled")), self.tokens().muted));
        refusal.map(|words| text::refusal(named(words), self.tokens())).into_iter().chain(why)
    }

    /// The sentences of all controls that stand side by side in `node`.
    fn row_notes(self, node: &'a Node) -> Vec<Element<'a>> {
        let row = if node.kind == "row" { node.children.as_slice() } else { std::slice::from_ref(node) };
        row.iter().filter(|child| child.is_interactive()).flat_map(|child| self.notes(child, child.label())).collect()
    }

    fn with_help(self, node: &'a Node, element: Element<'a>) -> Element<'a> {
        let why = if node.flag("said") { node.text("disabled") } else { "" };
        match [why, node.text("help")].iter().find(|words| !words.is_empty()) {
            None => element,
            Some(&words) => tooltip(element, words.into(), self.tokens()),
        }
    }

    /// An input with its label above it, unless something beside it is its label already.
    fn with_label(self, node: &'a Node, element: impl Into<Element<'a>>) -> Element<'a> {
        match node.label() {
            label if !label.is_empty() && !self.labelled => {
                column![text::label(label, self.tokens().muted), element.into()].spacing(space::XS).into()
            }
            _ => element.into(),
        }
    }

    /// A kind that this shell does not know: said, and its children are drawn.
    fn unknown(self, node: &'a Node) -> Element<'a> {
        let name = if node.label().is_empty() { node.id.as_str() } else { node.label() };
        let said = format!("this shell does not know \u{201c}{}\u{201d} {name}", node.kind);
        let label = row![
            crate::mark::sign(crate::mark::Sign::Dashes, self.tokens().disconnected),
            text::label(said, self.tokens().muted)
        ];
        let mut lines = column![label.spacing(space::S).align_y(Alignment::Center)].spacing(space::S);
        for child in &node.children {
            lines = lines.push(self.draw(child));
        }
        container(lines).padding(space::S).style(style::group(self.tokens())).into()
    }
}

/// `element`, and words that are seen while the pointer rests on it.
pub(crate) fn tooltip<'a>(element: Element<'a>, words: String, tokens: Tokens) -> Element<'a> {
    let words = iced::widget::text(words).size(size::LABEL).font(fonts::REGULAR);
    let plate = container(words).padding([space::XS, space::S]).max_width(360.0).style(style::raised(tokens));
    iced::widget::tooltip(element, plate, iced::widget::tooltip::Position::Bottom)
        .gap(space::XS)
        .delay(std::time::Duration::from_millis(400))
        .into()
}

/// What stands in the place of something that is not there yet.
pub(crate) fn waiting<'a>(name: &str, tokens: Tokens) -> Element<'a> {
    let label = row![
        crate::mark::sign(crate::mark::Sign::Dots, tokens.muted),
        text::label(format!("waiting for {name}"), tokens.muted)
    ];
    label.spacing(space::S).align_y(Alignment::Center).into()
}
