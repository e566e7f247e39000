//! Two parts with a border between them that can be moved by pointer or by arrow keys.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::keyboard::{Key, key::Named};
use iced::{Length, Point, Rectangle, Renderer, Size, Theme, Vector};

use crate::event::{Event, Place};
use crate::tokens::{Tokens, space};
use crate::{Element, keys};

/// The room between the parts, all of which takes the pointer.
const BORDER: f32 = space::S;
/// What each part keeps at least.
const MIN_FRACTION: f32 = 0.08;
/// How far an arrow key moves the border.
const KEY_STEP: f32 = 0.02;

/// Two parts side by side, or one below the other.
pub struct Split<'a> {
    place: Place,
    fraction: f32,
    sideways: bool,
    parts: [Element<'a>; 2],
    tokens: Tokens,
}

#[derive(Default)]
struct State {
    is_dragging: bool,
    is_focused: bool,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.is_focused
    }
    fn focus(&mut self) {
        self.is_focused = true;
    }
    fn unfocus(&mut self) {
        self.is_focused = false;
    }
}

impl<'a> Split<'a> {
    /// A split whose first part takes `fraction` of the whole.
    pub fn new(place: Place, fraction: f32, sideways: bool, parts: [Element<'a>; 2], tokens: Tokens) -> Self {
        let fraction = fraction.clamp(MIN_FRACTION, 1.0 - MIN_FRACTION);
        Self { place, fraction, sideways, parts, tokens }
    }

    fn along(&self, size: Size) -> f32 {
        if self.sideways { size.width } else { size.height }
    }

    fn border(&self, bounds: Rectangle) -> Rectangle {
        let first = ((self.along(bounds.size()) - BORDER) * self.fraction).round();
        if self.sideways {
            Rectangle { x: bounds.x + first, width: BORDER, ..bounds }
        } else {
            Rectangle { y: bounds.y + first, height: BORDER, ..bounds }
        }
    }

    fn moved(&self, fraction: f32) -> Event {
        Event::Split { place: self.place.clone(), fraction: fraction.clamp(MIN_FRACTION, 1.0 - MIN_FRACTION) }
    }

    fn on_key(&self, key: &Key) -> Option<Event> {
        let step = match (key, self.sideways) {
            (Key::Named(Named::ArrowLeft), true) | (Key::Named(Named::ArrowUp), false) => -KEY_STEP,
            (Key::Named(Named::ArrowRight), true) | (Key::Named(Named::ArrowDown), false) => KEY_STEP,
            _ => return None,
        };
        Some(self.moved(self.fraction + step))
    }
}

impl Widget<Event, Theme, Renderer> for Split<'_> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        self.parts.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.parts);
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let size = limits.max();
        let border = self.border(Rectangle::with_size(size));
        let (first, second, at) = if self.sideways {
            let after = border.x + BORDER;
            (Size::new(border.x, size.height), Size::new(size.width - after, size.height), Point::new(after, 0.0))
        } else {
            let after = border.y + BORDER;
            (Size::new(size.width, border.y), Size::new(size.width, size.height - after), Point::new(0.0, after))
        };
        let sizes = [first, second];
        let mut nodes = Vec::with_capacity(2);
        for ((part, tree), size) in self.parts.iter_mut().zip(&mut tree.children).zip(sizes) {
            let limits = layout::Limits::new(Size::ZERO, Size::new(size.width.max(0.0), size.height.max(0.0)));
            nodes.push(part.as_widget_mut().layout(tree, renderer, &limits));
        }
        nodes[1].move_to_mut(at);
        layout::Node::with_children(size, nodes)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        let id = self.place.widget_id();
        operation.focusable(Some(&id), layout.bounds(), tree.state.downcast_mut::<State>());
        operation.traverse(&mut |operation| {
            for ((part, tree), layout) in self.parts.iter_mut().zip(&mut tree.children).zip(layout.children()) {
                part.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
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
        let bounds = layout.bounds();
        for ((part, tree), layout) in self.parts.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            part.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
        let state = tree.state.downcast_mut::<State>();
        match event {
            iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                state.is_dragging = cursor.is_over(self.border(bounds));
                state.is_focused &= state.is_dragging;
                if state.is_dragging {
                    shell.capture_event();
                }
            }
            iced::Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => state.is_dragging = false,
            iced::Event::Mouse(mouse::Event::CursorMoved { .. }) if state.is_dragging => {
                if let Some(at) = cursor.position() {
                    let along = if self.sideways { at.x - bounds.x } else { at.y - bounds.y };
                    shell.publish(self.moved((along - BORDER / 2.0) / (self.along(bounds.size()) - BORDER)));
                    shell.capture_event();
                }
            }
            iced::Event::Keyboard(event) if state.is_focused && !shell.is_event_captured() => {
                if let Some(event) = keys::pressed(event).and_then(|key| self.on_key(key)) {
                    shell.publish(event);
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        let state = tree.state.downcast_ref::<State>();
        if state.is_dragging || cursor.is_over(self.border(layout.bounds())) {
            return if self.sideways {
                mouse::Interaction::ResizingHorizontally
            } else {
                mouse::Interaction::ResizingVertically
            };
        }
        let parts = self.parts.iter().zip(&tree.children).zip(layout.children());
        let found = parts
            .map(|((part, tree), layout)| part.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer));
        found.max().unwrap_or_default()
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
        for ((part, tree), layout) in self.parts.iter().zip(&tree.children).zip(layout.children()) {
            part.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }
        let state = tree.state.downcast_ref::<State>();
        let border = self.border(layout.bounds());
        let color = if state.is_dragging || state.is_focused {
            self.tokens.accent
        } else if cursor.is_over(border) {
            self.tokens.outline
        } else {
            return;
        };
        let line = if self.sideways {
            Rectangle { x: border.x + BORDER / 2.0 - 1.0, width: 2.0, ..border }
        } else {
            Rectangle { y: border.y + BORDER / 2.0 - 1.0, height: 2.0, ..border }
        };
        renderer.fill_quad(Quad { bounds: line, ..Quad::default() }, color);
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Event, Theme, Renderer>> {
        let parts = self.parts.iter_mut().zip(&mut tree.children).zip(layout.children());
        let found: Vec<_> = parts
            .filter_map(|((part, tree), layout)| {
                part.as_widget_mut().overlay(tree, layout, renderer, viewport, translation)
            })
            .collect();
        (!found.is_empty()).then(|| overlay::Group::with_children(found).overlay())
    }
}

impl<'a> From<Split<'a>> for Element<'a> {
    fn from(split: Split<'a>) -> Self {
        Element::new(split)
    }
}
