//! A channel's value: a number with unit, mark and age in a width that never changes.
//!
//! One small widget of rectangles and cached text; it holds no state, so that hundreds are cheap.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use brickwork_sdk::Value;
use brickwork_sdk::status::{Activity, Link, Quality};
use brickwork_sdk::view::{Node, Tone};
use iced::advanced::layout::{self, Layout};
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::widget::{Operation, Tree};
use iced::advanced::{Widget, mouse, renderer};
use iced::alignment::Vertical;
use iced::{Color, Font, Length, Pixels, Point, Rectangle, Renderer, Size, Theme};

use super::Pen;
use crate::copy::copyable;
use crate::event::Event;
use crate::mark::{self, Mark};
use crate::readings::Shown;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, format};

/// Figures, sign and point before the fraction that every number slot holds.
const WHOLE: usize = 6;
/// Room for "deg", "keV", "ph/s".
const COMMON_UNIT: f32 = 30.0;
/// Room for "12 min ago".
const NOTE: f32 = 66.0;

impl<'a> Pen<'a> {
    pub(super) fn value(self, node: &'a Node) -> Element<'a> {
        let t = self.tokens();
        let Some((object, channel)) = node.bound() else {
            return super::text::label("a value without a channel", t.muted);
        };
        let decimals = node.number("decimals").map_or(3, |decimals| decimals.clamp(0.0, 12.0) as usize);
        let shown = self.drawing.readings.reading(object, channel);
        let mark = self.mark(object, shown);
        let room = WHOLE + decimals;
        let hero = node.tone() == Tone::Primary;
        let time = node.flag("duration");
        // The words of a time hold its units.
        let unit = if time { "" } else { self.unit(node) };
        let words = |shown: Shown<'_>| match shown.value.as_f64().filter(|_| time) {
            Some(lasts) => format::duration(lasts, self.unit(node)),
            None => self.words(shown, decimals, room, unit),
        };
        let reading = Reading {
            text: shown.map_or_else(|| "–".into(), words),
            numeric: !time && shown.is_none_or(|shown| format::is_numeric(shown.value)),
            unit: unit.into(),
            has_unit: !time && (!unit.is_empty() || node.attribute("unit_channel").is_some()),
            note: self.note(mark, shown),
            mark,
            size: if hero { size::HERO } else { size::VALUE },
            font: if hero { fonts::SEMIBOLD } else { fonts::REGULAR },
            room,
            grow: node.attribute("grow").is_some(),
            tokens: t,
        };
        let value = shown.map_or_else(String::new, |_| with_unit(&reading.text, unit));
        let offers = [value, format!("{object}.{channel}")];
        let reading = super::tooltip(Element::new(reading), self.source(object, channel, shown), t);
        copyable(reading, offers, t)
    }

    /// The words or the value of a node, if it has some, with the unit.
    pub(super) fn said(self, node: &'a Node) -> String {
        let Some((object, channel)) = node.bound().filter(|_| node.kind == "value") else {
            return node.text("text").into();
        };
        let decimals = node.number("decimals").map_or(3, |decimals| decimals.clamp(0.0, 12.0) as usize);
        let unit = self.unit(node);
        let shown = self.drawing.readings.reading(object, channel);
        shown.map_or_else(String::new, |shown| with_unit(&self.words(shown, decimals, WHOLE + decimals, unit), unit))
    }

    /// The value in words; a number stands before its unit, a list of numbers with it.
    fn words(self, shown: Shown<'_>, decimals: usize, room: usize, unit: &str) -> String {
        let words = format::value(shown.value, decimals, room);
        match shown.value {
            Value::List(_) if !unit.is_empty() => format!("{words} {unit}"),
            _ => words,
        }
    }

    /// The mark of what a channel shows.
    pub(super) fn mark(self, object: &str, shown: Option<Shown<'_>>) -> Mark {
        let status = self.drawing.readings.status(object);
        let link = status.map_or(&Link::Loading, |status| &status.link);
        let activity = status.map_or(Activity::Idle, |status| status.activity);
        Mark::of(link, activity, shown.map(|shown| shown.quality))
    }

    fn note(self, mark: Mark, shown: Option<Shown<'_>>) -> String {
        match (mark, shown) {
            (Mark::Old, Some(shown)) => format::ago(self.drawing.readings.now_ns().saturating_sub(shown.engine_ns)),
            _ => mark.word().into(),
        }
    }

    /// What hovering says: the channel, its time and its source's word on it.
    fn source(self, object: &str, channel: &str, shown: Option<Shown<'_>>) -> String {
        let (readings, name) = (self.drawing.readings, format!("{object}.{channel}"));
        let mut words = match shown {
            None => format!("{name}\nno value yet"),
            Some(shown) => {
                let quality = match shown.quality {
                    Quality::Ok => "ok",
                    Quality::Minor => "minor",
                    Quality::Major => "major",
                    Quality::Invalid => "invalid",
                };
                let received = format!("{name}\n{quality}, received {}", readings.wall(shown.engine_ns));
                match shown.source_time {
                    secs if secs > 0.0 => format!("{received}\nits source says {}", format::clock(secs)),
                    _ => received,
                }
            }
        };
        if let Some(status) = readings.status(object).filter(|status| status.link != Link::Live) {
            words += &format!("\n{}", super::state::link_words(readings, status));
        }
        words
    }
}

/// What a value is copied as: its minus is that of a keyboard, so that any program reads it.
pub(super) fn with_unit(words: &str, unit: &str) -> String {
    let words = words.replace('\u{2212}', "-");
    if words.ends_with(unit) { words } else { format!("{words} {unit}") }
}

struct Reading {
    text: String,
    numeric: bool,
    unit: String,
    /// Whether room is kept for a unit, also while it is not known.
    has_unit: bool,
    note: String,
    mark: Mark,
    size: f32,
    font: Font,
    /// How many characters the number slot holds.
    room: usize,
    grow: bool,
    tokens: Tokens,
}

impl Reading {
    fn slot(&self) -> f32 {
        (self.room as f32 * format::FIGURE_EM * self.size).ceil()
    }

    fn unit_width(&self) -> f32 {
        // At least that of the common units, so that the words behind them stand in one column.
        let room = format::slot_width(&self.unit, size::LABEL).max(COMMON_UNIT);
        if self.has_unit { space::XS + room } else { 0.0 }
    }

    fn width(&self) -> f32 {
        mark::GUTTER + self.slot() + self.unit_width() + space::S + NOTE
    }

    fn words(&self, content: &str, size: f32, align_x: text::Alignment, bounds: Size) -> Text {
        Text {
            content: content.into(),
            bounds,
            size: Pixels(size),
            line_height: text::LineHeight::default(),
            font: if size == self.size { self.font } else { fonts::REGULAR },
            align_x,
            align_y: Vertical::Center,
            shaping: text::Shaping::Auto,
            wrapping: text::Wrapping::None,
        }
    }

    fn color(&self) -> Color {
        match self.mark {
            Mark::Old | Mark::Loading => self.tokens.muted,
            _ => self.tokens.text,
        }
    }

    /// A change of the words is a change of an unseen rectangle around them: the renderer draws anew where rectangles
    /// change, but looks for the words only to the right of where right-aligned ones end.
    fn announce(&self, renderer: &mut Renderer, bounds: Rectangle) {
        let mut hasher = DefaultHasher::new();
        (&self.text, &self.unit, &self.note).hash(&mut hasher);
        mark::fill(renderer, bounds, self.tokens.unseen(hasher.finish()));
    }

    fn strike(&self, renderer: &mut Renderer, right: f32, left: f32, middle: f32) {
        let em = |c: char| if matches!(c, '.' | ',' | ' ') { 0.3 } else { format::FIGURE_EM };
        let width = match self.numeric {
            true => self.text.chars().map(em).sum::<f32>() * self.size,
            false => format::slot_width(&self.text, size::BODY) * 0.8,
        };
        let width = width.min(right - left);
        let x = if self.numeric { right - width } else { left };
        mark::fill(renderer, Rectangle { x, y: middle.round(), width, height: 1.0 }, self.tokens.muted);
    }
}

impl Widget<Event, Theme, Renderer> for Reading {
    fn size(&self) -> Size<Length> {
        Size::new(if self.grow { Length::Fill } else { Length::Shrink }, Length::Shrink)
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let width = if self.grow { self.width().max(limits.max().width) } else { self.width() };
        layout::Node::new(Size::new(width, space::CONTROL.max((self.size * 1.5).round())))
    }

    fn operate(&mut self, _tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        for words in [&self.text, &self.unit, &self.note] {
            if !words.is_empty() {
                operation.text(None, layout.bounds(), words);
            }
        }
    }

    fn draw(
        &self,
        _tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        if bounds.intersection(viewport).is_none() {
            return;
        }
        // The renderer cuts text at its layer, and only if this says that the text reaches beyond it.
        let clip = bounds;
        self.announce(renderer, bounds);
        let marked = match self.mark {
            // The bar of a motion lies below what moves, not below the words beside it.
            Mark::Moving => Rectangle { width: bounds.width - NOTE - space::XS, ..bounds },
            _ => bounds,
        };
        mark::paint(renderer, marked, self.mark, self.tokens);
        let middle = bounds.center_y();
        let left = bounds.x + mark::GUTTER;
        let note_left = bounds.x + bounds.width - NOTE;
        let slot_right = note_left - space::S - self.unit_width();
        let has_note = !self.note.is_empty();
        let old = self.mark == Mark::Old;
        if self.numeric {
            let slot = Size::new(slot_right - left, bounds.height);
            let words = self.words(&self.text, self.size, text::Alignment::Right, slot);
            renderer.fill_text(words, Point::new(slot_right, middle), self.color(), clip);
            if !self.unit.is_empty() {
                let room = Size::new(self.unit_width(), bounds.height);
                let words = self.words(&self.unit, size::LABEL, text::Alignment::Left, room);
                // The unit stands on the line of its number, which is larger.
                let y = middle + (self.size - size::LABEL) * 0.32;
                renderer.fill_text(words, Point::new(slot_right + space::XS, y), self.tokens.muted, clip);
            }
            if old {
                self.strike(renderer, slot_right, left, middle);
            }
        } else {
            let right = if has_note { note_left - space::XS } else { bounds.x + bounds.width };
            let room = Rectangle { x: left, width: right - left, ..bounds };
            let fitting = format::fitting(&self.text, size::BODY, room.width);
            let words = self.words(&fitting, size::BODY, text::Alignment::Left, room.size());
            renderer.fill_text(words, Point::new(left, middle), self.color(), clip);
            if old {
                self.strike(renderer, right, left, middle);
            }
        }
        if has_note {
            let words = self.words(&self.note, size::LABEL, text::Alignment::Left, Size::new(NOTE, bounds.height));
            renderer.fill_text(words, Point::new(note_left, middle), self.tokens.text, clip);
        }
    }
}
