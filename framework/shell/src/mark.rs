//! The marks of quality and link: a shape for every state, so that colour is never the only sign.
//!
//! They are painted with plain rectangles: hundreds of marked values cost no canvas. [`Marked`] puts
//! a mark round any element; the gutter that it needs is always reserved, so nothing jumps.

use brickwork_sdk::status::{Activity, Link, Quality};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::{Background, Border, Color, Length, Padding, Rectangle, Renderer, Size, Theme, Vector};

use crate::event::Event;
use crate::tokens::Tokens;
use crate::{Element, tokens::space};

/// Room at the left in which the bar of a mark stands.
pub const GUTTER: f32 = space::S;

const BAR: f32 = 3.0;

/// How good what is shown is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// As it should be.
    #[default]
    Plain,
    /// In motion: a thin bar below.
    Moving,
    /// Somebody should know: a bar at the left.
    Minor,
    /// Somebody must act: a bar at the left.
    Major,
    /// Not to be believed: a hatched bar.
    Invalid,
    /// Old, because the link is gone: dashed outline.
    Old,
    /// Not there yet: dotted outline.
    Loading,
}

impl Mark {
    /// The mark of a value; `None` for the quality when there is no value yet.
    ///
    /// A value whose object is not live never looks good, whatever its last quality was.
    pub fn of(link: &Link, activity: Activity, quality: Option<Quality>) -> Self {
        match (link, quality) {
            (_, None) => Self::Loading,
            (Link::Live, Some(Quality::Minor)) => Self::Minor,
            (Link::Live, Some(Quality::Major)) => Self::Major,
            (Link::Live, Some(Quality::Invalid)) => Self::Invalid,
            (Link::Live, Some(Quality::Ok)) if activity == Activity::Moving => Self::Moving,
            (Link::Live, Some(Quality::Ok)) => Self::Plain,
            (Link::Loading | Link::Disconnected | Link::Fault, Some(_)) => Self::Old,
        }
    }

    /// Its colour.
    pub fn color(self, tokens: Tokens) -> Color {
        match self {
            Self::Plain => tokens.text,
            Self::Moving => tokens.moving,
            Self::Minor => tokens.minor,
            Self::Major => tokens.major,
            Self::Invalid => tokens.invalid,
            Self::Old | Self::Loading => tokens.disconnected,
        }
    }

    /// Its word, where the mark is not explained by an age.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain | Self::Moving | Self::Old => "",
            Self::Minor => "⚠ minor",
            Self::Major => "⚠ major",
            Self::Invalid => "invalid",
            Self::Loading => "loading",
        }
    }
}

/// Paints a mark into the left gutter and along the edges of `bounds`.
pub fn paint(renderer: &mut Renderer, bounds: Rectangle, mark: Mark, tokens: Tokens) {
    let color = mark.color(tokens);
    let bounds = bounds.snapped();
    let inset = 3.0_f32.min(bounds.height / 8.0).round();
    let bar = Rectangle { width: BAR, y: bounds.y + inset, height: bounds.height - 2.0 * inset, ..bounds };
    match mark {
        Mark::Plain => {}
        Mark::Moving => {
            let below = Rectangle { y: bounds.y + bounds.height - 2.0, height: 2.0, ..bounds };
            fill(renderer, below, color);
        }
        Mark::Minor | Mark::Major => fill(renderer, bar, color),
        Mark::Invalid => {
            let mut y = bar.y;
            while y < bar.y + bar.height {
                fill(renderer, Rectangle { y, height: 2.0_f32.min(bar.y + bar.height - y), ..bar }, color);
                y += 4.0;
            }
        }
        Mark::Old => outline(renderer, bounds, color, 7.0, 12.0),
        Mark::Loading => outline(renderer, bounds, color, 1.0, 4.0),
    }
}

/// Paints a line of dashes of length `dash` every `period` round `bounds`.
pub fn outline(renderer: &mut Renderer, bounds: Rectangle, color: Color, dash: f32, period: f32) {
    let (right, bottom) = (bounds.x + bounds.width, bounds.y + bounds.height);
    let mut x = bounds.x;
    while x < right {
        let width = dash.min(right - x);
        fill(renderer, Rectangle { x, y: bounds.y, width, height: 1.0 }, color);
        fill(renderer, Rectangle { x, y: bottom - 1.0, width, height: 1.0 }, color);
        x += period;
    }
    let mut y = bounds.y + (period - dash).min(bounds.height);
    while y < bottom {
        let height = dash.min(bottom - y);
        fill(renderer, Rectangle { x: bounds.x, y, width: 1.0, height }, color);
        fill(renderer, Rectangle { x: right - 1.0, y, width: 1.0, height }, color);
        y += period;
    }
}

/// Paints a plain rectangle.
pub fn fill(renderer: &mut Renderer, bounds: Rectangle, color: Color) {
    renderer.fill_quad(Quad { bounds, ..Quad::default() }, Background::Color(color));
}

trait Snapped {
    /// On whole pixels: thin lines are sharp or they are not thin.
    fn snapped(self) -> Self;
}

impl Snapped for Rectangle {
    fn snapped(self) -> Self {
        let (x, y) = (self.x.round(), self.y.round());
        Self { x, y, width: (self.x + self.width).round() - x, height: (self.y + self.height).round() - y }
    }
}

/// A small sign beside a word: what an object is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing to report: a ring.
    Ring,
    /// At work: a disc.
    Disc,
    /// Failed: a square.
    Square,
    /// Gone: a ring of dashes.
    Dashes,
    /// Not there yet: three dots.
    Dots,
}

/// A [`Sign`] of one colour, as high as a line of text.
pub fn sign<'a>(sign: Sign, color: Color) -> Element<'a> {
    Element::new(SignWidget { sign, color })
}

struct SignWidget {
    sign: Sign,
    color: Color,
}

impl Widget<Event, Theme, Renderer> for SignWidget {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(10.0), Length::Fixed(10.0))
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, _limits: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(10.0, 10.0))
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
        let bounds = layout.bounds().snapped();
        let disc = |bounds: Rectangle, width| Quad {
            bounds,
            border: Border { color: self.color, width, radius: (bounds.width / 2.0).into() },
            ..Quad::default()
        };
        match self.sign {
            Sign::Ring => renderer.fill_quad(disc(bounds.shrink(1.0), 1.5), Color::TRANSPARENT),
            Sign::Disc => renderer.fill_quad(disc(bounds.shrink(1.0), 0.0), self.color),
            Sign::Square => fill(renderer, bounds.shrink(1.0), self.color),
            Sign::Dashes => outline(renderer, bounds, self.color, 3.0, 5.0),
            Sign::Dots => {
                for x in [0.0, 4.0, 8.0] {
                    fill(
                        renderer,
                        Rectangle { x: bounds.x + x, y: bounds.y + 4.0, width: 2.0, height: 2.0 },
                        self.color,
                    );
                }
            }
        }
    }
}

/// `content` with a mark round it and the gutter that marks need.
pub fn marked<'a>(content: impl Into<Element<'a>>, mark: Mark, tokens: Tokens) -> Element<'a> {
    Element::new(Marked { content: content.into(), mark, tokens })
}

struct Marked<'a> {
    content: Element<'a>,
    mark: Mark,
    tokens: Tokens,
}

impl Widget<Event, Theme, Renderer> for Marked<'_> {
    fn tag(&self) -> tree::Tag {
        self.content.as_widget().tag()
    }

    fn state(&self) -> tree::State {
        self.content.as_widget().state()
    }

    fn children(&self) -> Vec<Tree> {
        self.content.as_widget().children()
    }

    fn diff(&self, tree: &mut Tree) {
        self.content.as_widget().diff(tree);
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let gutter = Padding { left: GUTTER, right: space::XS, top: 2.0, bottom: 2.0 };
        let content = self.content.as_widget_mut().layout(tree, renderer, &limits.shrink(gutter));
        layout::Node::container(content, gutter)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(tree, layout.child(0), renderer, operation);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &iced::Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Event>,
        viewport: &Rectangle,
    ) {
        let content = layout.child(0);
        self.content.as_widget_mut().update(tree, event, content, cursor, renderer, clipboard, shell, viewport);
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        self.content.as_widget().draw(tree, renderer, theme, style, layout.child(0), cursor, viewport);
        paint(renderer, layout.bounds(), self.mark, self.tokens);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.content.as_widget().mouse_interaction(tree, layout.child(0), cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Event, Theme, Renderer>> {
        self.content.as_widget_mut().overlay(tree, layout.child(0), renderer, viewport, translation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looks_good_that_is_not_live() {
        for link in [Link::Loading, Link::Disconnected, Link::Fault] {
            for quality in [Quality::Ok, Quality::Minor, Quality::Major, Quality::Invalid] {
                assert_eq!(Mark::of(&link, Activity::Moving, Some(quality)), Mark::Old, "{link:?} {quality:?}");
            }
        }
        assert_eq!(Mark::of(&Link::Live, Activity::Idle, None), Mark::Loading);
        assert_eq!(Mark::of(&Link::Live, Activity::Idle, Some(Quality::Ok)), Mark::Plain);
    }
}
