//! A right click on what is shown offers to copy it: its value with the unit, and the name of its channel.
//!
//! It wraps any element and passes all else on. The list that it opens closes by a press beside it or by Escape.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::mouse::Button;
use iced::{Border, Color, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, Vector, alignment};

use crate::event::Event;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, format, keys};

struct Copyable<'a> {
    content: Element<'a>,
    offers: Vec<String>,
    tokens: Tokens,
}

/// Where the list is open, if it is.
#[derive(Debug, Default)]
struct State(Option<Point>);

/// `content`, of which each of `offers` can be copied; empty ones are left out.
pub fn copyable<'a>(
    content: impl Into<Element<'a>>,
    offers: impl IntoIterator<Item = String>,
    tokens: Tokens,
) -> Element<'a> {
    let offers = offers.into_iter().filter(|words| !words.is_empty()).collect();
    Element::new(Copyable { content: content.into(), offers, tokens })
}

impl Widget<Event, Theme, Renderer> for Copyable<'_> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(&mut tree.children[0], renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(&mut tree.children[0], layout, renderer, operation);
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
        let (content, child) = (self.content.as_widget_mut(), &mut tree.children[0]);
        content.update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
        let is_right = matches!(event, iced::Event::Mouse(mouse::Event::ButtonPressed(Button::Right)));
        let at = layout.bounds().intersection(viewport).and_then(|bounds| cursor.position_over(bounds));
        if let (true, Some(at), false) = (is_right, at, self.offers.is_empty() || shell.is_event_captured()) {
            *tree.state.downcast_mut::<State>() = State(Some(at));
            shell.capture_event();
            shell.request_redraw();
        }
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
        self.content.as_widget().draw(&tree.children[0], renderer, theme, style, layout, cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.content.as_widget().mouse_interaction(&tree.children[0], layout, cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Event, Theme, Renderer>> {
        let state = tree.state.downcast_mut::<State>();
        if let Some(at) = state.0 {
            let offers = &self.offers;
            return Some(overlay::Element::new(Box::new(Menu {
                state,
                offers,
                at: at + translation,
                tokens: self.tokens,
            })));
        }
        let content = self.content.as_widget_mut();
        content.overlay(&mut tree.children[0], layout, renderer, viewport, translation)
    }
}

/// The open list.
struct Menu<'b> {
    state: &'b mut State,
    offers: &'b [String],
    at: Point,
    tokens: Tokens,
}

impl Menu<'_> {
    fn label(words: &str) -> String {
        format!("Copy {words}")
    }

    /// Which line a point is over.
    fn line_at(&self, bounds: Rectangle, cursor: mouse::Cursor) -> Option<usize> {
        let at = cursor.position_in(bounds)?;
        let line = (at.y / space::CONTROL) as usize;
        (line < self.offers.len()).then_some(line)
    }

    fn close(&mut self, shell: &mut Shell<'_, Event>) {
        self.state.0 = None;
        shell.capture_event();
        shell.request_redraw();
    }
}

impl overlay::Overlay<Event, Theme, Renderer> for Menu<'_> {
    fn layout(&mut self, _renderer: &Renderer, bounds: Size) -> layout::Node {
        let widths = self.offers.iter().map(|words| format::slot_width(&Self::label(words), size::BODY));
        let width = (widths.fold(0.0, f32::max) + 2.0 * space::M).min(bounds.width);
        let height = self.offers.len() as f32 * space::CONTROL;
        let (x, y) = (self.at.x.min(bounds.width - width), self.at.y.min(bounds.height - height));
        layout::Node::new(Size::new(width, height)).move_to(Point::new(x.max(0.0).round(), y.max(0.0).round()))
    }

    fn operate(&mut self, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        let bounds = layout.bounds();
        for (line, words) in self.offers.iter().enumerate() {
            let y = bounds.y + line as f32 * space::CONTROL;
            operation.text(None, Rectangle { y, height: space::CONTROL, ..bounds }, &Self::label(words));
        }
    }

    fn update(
        &mut self,
        event: &iced::Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Event>,
    ) {
        match event {
            iced::Event::Mouse(mouse::Event::ButtonPressed(button)) => {
                let line = self.line_at(layout.bounds(), cursor).filter(|_| *button == Button::Left);
                if let Some(words) = line.and_then(|line| self.offers.get(line)) {
                    shell.publish(Event::Copy(words.clone()));
                }
                self.close(shell);
            }
            iced::Event::Mouse(mouse::Event::CursorMoved { .. }) => shell.request_redraw(),
            event if keys::is_pressed(event, Named::Escape) => self.close(shell),
            _ => {}
        }
    }

    fn draw(
        &self,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
    ) {
        let (t, bounds) = (self.tokens, layout.bounds());
        let border = Border { color: t.outline, width: space::LINE, radius: space::RADIUS_INNER.into() };
        renderer.fill_quad(Quad { bounds, border, ..Quad::default() }, t.raised);
        let chosen = self.line_at(bounds, cursor);
        for (line, words) in self.offers.iter().enumerate() {
            let y = bounds.y + line as f32 * space::CONTROL;
            let room = Rectangle { y, height: space::CONTROL, ..bounds };
            let border = Border { color: Color::TRANSPARENT, width: 0.0, ..border };
            if chosen == Some(line) {
                renderer.fill_quad(Quad { bounds: room, border, ..Quad::default() }, t.selected());
            }
            let words = Text {
                content: Self::label(words),
                bounds: room.size(),
                size: Pixels(size::BODY),
                line_height: text::LineHeight::default(),
                font: fonts::REGULAR,
                align_x: text::Alignment::Left,
                align_y: alignment::Vertical::Center,
                shaping: text::Shaping::Auto,
                wrapping: text::Wrapping::None,
            };
            renderer.fill_text(words, Point::new(room.x + space::M, room.center_y()), t.text, room);
        }
    }

    fn mouse_interaction(&self, layout: Layout<'_>, cursor: mouse::Cursor, _renderer: &Renderer) -> mouse::Interaction {
        match self.line_at(layout.bounds(), cursor) {
            Some(_) => mouse::Interaction::Pointer,
            None => mouse::Interaction::None,
        }
    }
}
