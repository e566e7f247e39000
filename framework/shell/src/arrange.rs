//! From the windows of a layout to iced elements: tabs, rows, columns, splits, and a tile for each brick.

use std::collections::BTreeMap;

use brickwork_layout::{BrickSpec, Direction, Node, TabSpec};
use brickwork_sdk::view::Node as View;
use iced::Length;
use iced::widget::{column, container, text};

use crate::draw::{Drawing, draw};
use crate::edits::Edits;
use crate::event::{Event, Place};
use crate::flow::{Arrange, Flow};
use crate::focus::{Look, Pressable};
use crate::inbox::Tile;
use crate::readings::Readings;
use crate::split::Split;
use crate::tokens::{Tokens, size, space};
use crate::{Element, card, style};

/// What arranging reads.
pub struct Room<'a> {
    /// Live values.
    pub readings: &'a dyn Readings,
    /// What belongs to the shell.
    pub edits: &'a Edits,
    /// The theme.
    pub tokens: Tokens,
    /// What stands in the place of each brick.
    pub tiles: &'a BTreeMap<String, Tile>,
    /// Refusals by brick and node.
    pub notes: &'a BTreeMap<String, BTreeMap<String, String>>,
    /// The bricks that do not return, with the words that say since when.
    pub silent: &'a BTreeMap<String, (String, String)>,
    /// No refusals.
    pub no_notes: &'a BTreeMap<String, String>,
}

impl<'a> Room<'a> {
    /// The titles of tabs, as pressables.
    pub fn tab_titles(&self, place: &Place, tabs: &'a [TabSpec]) -> Vec<Element<'a>> {
        let shown = self.edits.tab(place).min(tabs.len().saturating_sub(1));
        let title = |(page, tab): (usize, &'a TabSpec)| {
            let press = Event::Tab { place: place.clone(), page };
            Pressable::new(text(tab.title.as_str()).size(size::BODY), self.tokens)
                .look(Look::Tab(page == shown))
                .padding([0.0, space::M])
                .place(Place::new(&place.brick, &format!("{}/tab{page}", place.node)))
                .on_press(Some(press))
                .into()
        };
        tabs.iter().enumerate().map(title).collect()
    }

    /// The page of tabs that is seen.
    pub fn page(&self, place: &Place, tabs: &'a [TabSpec]) -> Element<'a> {
        let shown = self.edits.tab(place).min(tabs.len().saturating_sub(1));
        match tabs.get(shown) {
            Some(tab) => self.filled(&step(place, shown), &tab.root),
            None => column![].into(),
        }
    }

    /// The bricks of a part that can be seen now: not those of other pages.
    pub fn in_sight(&self, place: &Place, node: &'a Node, bricks: &mut Vec<&'a str>) {
        let mut all = |parts: &'a [Node]| {
            parts.iter().enumerate().for_each(|(index, part)| self.in_sight(&step(place, index), part, bricks));
        };
        match node {
            Node::Tabs(tabs) => {
                let shown = self.edits.tab(place).min(tabs.len().saturating_sub(1));
                if let Some(tab) = tabs.get(shown) {
                    self.in_sight(&step(place, shown), &tab.root, bricks);
                }
            }
            Node::Row(parts) | Node::Column(parts) => all(parts),
            Node::Split { first, second, .. } => {
                all(std::slice::from_ref(first));
                self.in_sight(&step(place, 1), second, bricks);
            }
            Node::Brick(brick) => bricks.push(&brick.id),
        }
    }

    /// One part of a window; `place` is the way to it.
    pub fn node(&self, place: &Place, node: &'a Node) -> Element<'a> {
        match node {
            Node::Tabs(tabs) => {
                let titles = self.tab_titles(place, tabs).into_iter().map(|title| (String::new(), title));
                let titles = Flow::new(Arrange::Wrap, titles).spacing(space::XS, space::XS).width(Length::Fill);
                column![titles, self.page(place, tabs)].spacing(space::S).into()
            }
            Node::Row(parts) => self.flow(Arrange::Row, place, parts),
            Node::Column(parts) => self.flow(Arrange::Column, place, parts),
            Node::Split { direction, fraction, first, second } => {
                let fraction = self.edits.split(place).unwrap_or(*fraction);
                let parts = [self.filled(&step(place, 0), first), self.filled(&step(place, 1), second)];
                Split::new(place.clone(), fraction, *direction == Direction::Right, parts, self.tokens).into()
            }
            Node::Brick(brick) => self.tile(brick),
        }
    }

    /// A part that takes all its room; what does not fit is scrolled to.
    pub fn filled(&self, place: &Place, node: &'a Node) -> Element<'a> {
        let element = self.node(place, node);
        if self.grows(node) {
            return container(element).width(Length::Fill).height(Length::Fill).into();
        }
        container(crate::draw::scrolled(element, self.tokens)).height(Length::Fill).into()
    }

    /// Whether a part has something that takes spare height.
    fn grows(&self, node: &Node) -> bool {
        match node {
            Node::Tabs(tabs) => tabs.iter().any(|tab| self.grows(&tab.root)),
            Node::Row(parts) | Node::Column(parts) => parts.iter().any(|part| self.grows(part)),
            Node::Split { .. } => true,
            Node::Brick(brick) => self.grows_tile(&brick.id),
        }
    }

    fn flow(&self, arrange: Arrange, place: &Place, parts: &'a [Node]) -> Element<'a> {
        let down = matches!(arrange, Arrange::Column);
        let children = parts.iter().enumerate().map(|(index, part)| {
            let place = step(place, index);
            let key = match part {
                Node::Brick(brick) => brick.id.clone(),
                _ => place.node.clone(),
            };
            let grows = self.grows(part);
            let element = container(self.node(&place, part)).width(Length::Fill);
            let element = if grows && down { element.height(Length::Fill) } else { element };
            (key, Element::from(element))
        });
        Flow::new(arrange, children.collect::<Vec<_>>()).spacing(space::S, space::S).width(Length::Fill).into()
    }

    fn tile(&self, brick: &'a BrickSpec) -> Element<'a> {
        let name = brick.id.as_str();
        let drawn = match self.tiles.get(name) {
            Some(Tile::View(node)) => {
                let notes = self.notes.get(name).unwrap_or(self.no_notes);
                let drawing = Drawing { readings: self.readings, edits: self.edits, tokens: self.tokens, notes };
                draw(node, name, &drawing)
            }
            Some(Tile::Failed { message, place }) => return card::failed(name, name, message, place, self.tokens),
            None => crate::draw::waiting(name, self.tokens),
        };
        let drawn = match self.silent.get(name) {
            Some((since, lasted)) => {
                column![card::not_answering(name, since, lasted, self.tokens), drawn].spacing(space::S).into()
            }
            None => drawn,
        };
        let tile = container(drawn).padding(space::M).width(Length::Fill).style(style::tile(self.tokens));
        if self.grows_tile(name) { tile.height(Length::Fill).into() } else { tile.into() }
    }

    fn grows_tile(&self, name: &str) -> bool {
        match self.tiles.get(name) {
            Some(Tile::View(node)) => fills(node),
            _ => false,
        }
    }
}

/// Whether a view takes spare height: it has a picture that grows, or something else that can and grows downwards.
fn fills(view: &View) -> bool {
    let grows = |node: &View| node.number("grow").is_some();
    let is_high = |node: &View| matches!(node.kind.as_str(), "plot" | "table" | "tabs" | "tree" | "scroll");
    let below = || view.kind == "column" && view.children.iter().any(|child| grows(child) && is_high(child));
    view.walk().any(|node| grows(node) && node.kind == "picture") || below()
}

fn step(place: &Place, index: usize) -> Place {
    Place::new(&place.brick, &format!("{}/{index}", place.node))
}
