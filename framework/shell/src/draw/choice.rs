//! What is pressed: buttons, toggles, choices.

use brickwork_sdk::Value;
use brickwork_sdk::view::{Node, Tone};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::widget::Tree;
use iced::advanced::{Widget, mouse, renderer};
use iced::keyboard::{Key, key::Named};
use iced::widget::{container, pick_list, row, text};
use iced::{Alignment, Border, Color, Length, Rectangle, Renderer, Size, Theme};

use super::Pen;
use crate::event::{Entry, Event, Place, Rule};
use crate::flow::{Arrange, Flow};
use crate::focus::{Look, Pressable};
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, style};

/// With more options than this, or longer ones, a choice opens a list.
const MOST_SEGMENTS: usize = 6;
const MOST_LETTERS: usize = 40;

impl<'a> Pen<'a> {
    pub(super) fn button(self, node: &'a Node) -> Element<'a> {
        let look = match node.tone() {
            Tone::Primary => Look::Primary,
            Tone::Danger => Look::Danger,
            Tone::Muted => Look::Segment(false),
            Tone::Normal | Tone::Title | Tone::Warning => Look::Button,
        };
        let font = if look == Look::Primary { fonts::SEMIBOLD } else { fonts::REGULAR };
        let press = self.message(node, "on_press", &Value::Null).filter(|_| self.is_usable(node));
        let words = text(node.label()).size(size::BODY).font(font);
        let content: Element<'a> = match (look, press.is_some()) {
            // A red square and plain words: a column of stop buttons stays calm.
            (Look::Danger, true) => {
                row![text("■").size(size::BODY).color(self.tokens().danger), words].spacing(6.0).into()
            }
            (Look::Danger, false) => row![text("■").size(size::BODY), words].spacing(6.0).into(),
            _ => words.into(),
        };
        Pressable::new(content, self.tokens()).look(look).place(self.place(node)).on_press(press).into()
    }

    pub(super) fn toggle(self, node: &'a Node) -> Element<'a> {
        let (t, on, usable) = (self.tokens(), node.flag("on"), self.is_usable(node));
        let event = if on { "on_switch_off" } else { "on_switch_on" };
        let switch = Element::new(Switch { on, usable, tokens: t });
        let color = if usable { t.text } else { t.disabled() };
        let words = text(node.label()).size(size::BODY).color(color);
        let content = if self.labelled { row![switch] } else { row![switch, words] };
        Pressable::new(content.spacing(space::S).align_y(Alignment::Center), t)
            .look(Look::Bare)
            .padding([0.0, space::XS])
            .place(self.place(node))
            .on_press(self.message(node, event, &Value::Null).filter(|_| usable))
            .into()
    }

    pub(super) fn choice(self, node: &'a Node) -> Element<'a> {
        let options: Vec<String> = node.read("options").unwrap_or_default();
        let letters: usize = options.iter().map(String::len).sum();
        let control = if options.len() <= MOST_SEGMENTS && letters <= MOST_LETTERS {
            self.segments(node, options)
        } else {
            self.list(node, options)
        };
        self.with_label(node, control)
    }

    fn select(self, node: &Node, option: &str) -> Option<Event> {
        self.message(node, "on_select", &Value::from(option)).filter(|_| self.is_usable(node))
    }

    fn segments(self, node: &'a Node, options: Vec<String>) -> Element<'a> {
        let t = self.tokens();
        let segments = options.into_iter().map(|option| {
            let segment = Pressable::new(text(option.clone()).size(size::BODY), t)
                .look(Look::Segment(option == node.text("selected")))
                .padding([0.0, space::S])
                .height(space::CONTROL - 4.0)
                .place(Place::new(self.brick, &format!("{}/{option}", node.id)))
                .on_press(self.select(node, &option));
            (option, segment.into())
        });
        let segments = Flow::new(Arrange::Row, segments).spacing(2.0, 0.0);
        container(segments).padding(2.0).style(style::group(t)).into()
    }

    fn list(self, node: &'a Node, options: Vec<String>) -> Element<'a> {
        let (t, place) = (self.tokens(), self.place(node));
        if !self.is_usable(node) {
            let words = text(node.text("selected")).size(size::BODY);
            return Pressable::new(words, t).place(place).into();
        }
        // What arrows have chosen waits for Enter.
        let waiting = self.drawing.edits.typed(&place).filter(|option| options.iter().any(|known| known == option));
        let now = waiting.unwrap_or(node.text("selected"));
        let at = options.iter().position(|option| option == now);
        let neighbour = |steps: isize| {
            let next = at.map_or(0, |at| at.saturating_add_signed(steps)).min(options.len().saturating_sub(1));
            let text = options.get(next).filter(|_| Some(next) != at)?.clone();
            Some(Event::Edit { place: place.clone(), text })
        };
        let commit = node.attribute("on_select").and_then(|action| action.get("message")).cloned();
        let commit = Event::Commit { place: place.clone(), rule: Rule { message: commit, entry: Entry::Text } };
        let cancel = Event::Cancel { place: place.clone() };
        let [commit, back] = [commit, cancel.clone()].map(|event| waiting.map(|_| event));
        let (up, down) = (neighbour(-1), neighbour(1));
        let on_key = move |key: &Key| match key {
            Key::Named(Named::ArrowUp) => up.clone(),
            Key::Named(Named::ArrowDown) => down.clone(),
            Key::Named(Named::Enter) => commit.clone(),
            Key::Named(Named::Escape) => back.clone(),
            _ => None,
        };
        let selected = at.map(|at| options[at].clone());
        let list =
            pick_list(options, selected, move |option| self.select(node, &option).unwrap_or_else(|| cancel.clone()))
                .text_size(size::BODY)
                .padding([4.0, space::S])
                .placeholder("choose")
                .style(style::pick(t, waiting.is_some()))
                .menu_style(style::menu(t));
        Pressable::new(list, t).look(Look::Bare).padding(0.0).place(place).on_key(on_key).into()
    }
}

/// The moving part of a toggle.
struct Switch {
    on: bool,
    usable: bool,
    tokens: Tokens,
}

const SWITCH: Size = Size::new(30.0, 16.0);

impl Widget<Event, Theme, Renderer> for Switch {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, _limits: &layout::Limits) -> layout::Node {
        layout::Node::new(SWITCH)
    }

    fn draw(
        &self,
        _tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let (t, bounds) = (self.tokens, layout.bounds());
        let pill = |bounds: Rectangle, color: Color, width: f32| Quad {
            bounds,
            border: Border { color, width, radius: (bounds.height / 2.0).into() },
            ..Quad::default()
        };
        let (rail, knob) = match (self.usable, self.on) {
            (false, _) => (t.surface, t.outline),
            (true, true) => (t.accent, t.on_accent),
            (true, false) => (t.raised, t.muted),
        };
        let edge = if self.on && self.usable { t.accent } else { t.muted };
        renderer.fill_quad(pill(bounds, if self.usable { edge } else { t.outline }, space::LINE), rail);
        let side = bounds.height - 6.0;
        let x = if self.on { bounds.x + bounds.width - side - 3.0 } else { bounds.x + 3.0 };
        let disc = Rectangle { x, y: bounds.y + 3.0, width: side, height: side };
        renderer.fill_quad(pill(disc, knob, 0.0), knob);
    }
}
