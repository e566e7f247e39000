//! Makes anything pressable reachable by keyboard: iced itself focuses text inputs only.
//!
//! [`Pressable`] is the button of the shell and everything that is pressed like one. Tab and
//! Shift-Tab move between pressables and inputs ([`moves_focus`]), Enter and Space press. Keys and the wheel mean what
//! [`keys`] says: the widgets of iced within never see them.

mod look;
mod reveal;

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::keyboard::{self, Key, key::Named};
use iced::widget::Id;
use iced::{Border, Color, Length, Padding, Rectangle, Renderer, Size, Task, Theme, Vector, window};

use crate::event::{Event, Place};
use crate::tokens::{Tokens, space};
use crate::{Element, keys};

pub use look::Look;

/// The task that a key press asks for when it moves the focus; for the application's subscription.
pub fn moves_focus<M: Send + 'static>(event: &keyboard::Event) -> Option<Task<M>> {
    match event {
        keyboard::Event::KeyPressed { key: Key::Named(Named::Tab), modifiers, .. } => {
            let moved = match modifiers.shift() {
                true => iced::widget::operation::focus_previous(),
                false => iced::widget::operation::focus_next(),
            };
            Some(moved.chain(reveal::reveal()))
        }
        _ => None,
    }
}

type OnKey<'a> = Box<dyn Fn(&Key) -> Option<Event> + 'a>;

/// An element that can be pressed by mouse and keyboard.
pub struct Pressable<'a> {
    content: Element<'a>,
    tokens: Tokens,
    place: Option<Place>,
    on_press: Option<Event>,
    on_key: Option<OnKey<'a>>,
    copy: Option<String>,
    look: Look,
    padding: Padding,
    width: Length,
    height: Length,
}

impl<'a> Pressable<'a> {
    /// `content`, not yet usable.
    pub fn new(content: impl Into<Element<'a>>, tokens: Tokens) -> Self {
        Self {
            content: content.into(),
            tokens,
            place: None,
            on_press: None,
            on_key: None,
            copy: None,
            look: Look::default(),
            padding: Padding::from([0.0, space::M]),
            width: Length::Shrink,
            height: Length::Fixed(space::CONTROL),
        }
    }

    /// How it looks.
    pub fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    /// Where it is: the name by which it is found and focused, and the brick that Escape stops.
    pub fn place(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// What pressing it gives; `None` when it cannot be used now.
    pub fn on_press(self, event: Option<Event>) -> Self {
        Self { on_press: event, ..self }
    }

    /// What other keys give while it has the focus.
    pub fn on_key(self, on_key: impl Fn(&Key) -> Option<Event> + 'a) -> Self {
        Self { on_key: Some(Box::new(on_key)), ..self }
    }

    /// What Ctrl+C puts into the clipboard while it has the focus.
    pub fn copy(self, words: String) -> Self {
        Self { copy: Some(words), ..self }
    }

    /// Room between its edge and the content.
    pub fn padding(self, padding: impl Into<Padding>) -> Self {
        Self { padding: padding.into(), ..self }
    }

    /// Its width; otherwise what the content needs.
    pub fn width(self, width: impl Into<Length>) -> Self {
        Self { width: width.into(), ..self }
    }

    /// Its height; otherwise that of a control.
    pub fn height(self, height: impl Into<Length>) -> Self {
        Self { height: height.into(), ..self }
    }

    fn is_usable(&self) -> bool {
        self.on_press.is_some() || self.on_key.is_some()
    }

    fn escape(&self, key: &Key) -> Option<Event> {
        let place = self.place.as_ref().filter(|_| *key == Key::Named(Named::Escape))?;
        Some(Event::Escape { brick: Some(place.brick.clone()) })
    }

    fn key_event(&self, key: &Key) -> Option<Event> {
        match &self.on_press {
            Some(event) if presses(key) => Some(event.clone()),
            _ => self.on_key.as_ref().and_then(|on_key| on_key(key)).or_else(|| self.escape(key)),
        }
    }
}

fn presses(key: &Key) -> bool {
    matches!(key, Key::Named(Named::Enter | Named::Space)) || *key == Key::Character(" ".into())
}

fn is_press(event: &iced::Event) -> bool {
    matches!(event, iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)))
}

/// Whether the content hears of an event: not of keys and the wheel, on which the slider and the list of iced would act
/// where the pointer is, with or without the focus.
fn is_for_content(event: &iced::Event) -> bool {
    !matches!(event, iced::Event::Keyboard(_) | iced::Event::Mouse(mouse::Event::WheelScrolled { .. }))
}

#[derive(Debug, Default)]
struct State {
    focused: bool,
    /// Focus that came by mouse draws no ring.
    ring: bool,
    hovered: bool,
    held: bool,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.focused
    }

    fn focus(&mut self) {
        self.focused = true;
        self.ring = true;
    }

    fn unfocus(&mut self) {
        self.focused = false;
        self.ring = false;
    }
}

impl Widget<Event, Theme, Renderer> for Pressable<'_> {
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
        if !self.is_usable() {
            // It keeps the focus: what began by a press disables its own button, and Escape is to stop it.
            let state = tree.state.downcast_mut::<State>();
            (state.held, state.hovered) = (false, false);
        }
    }

    fn size(&self) -> Size<Length> {
        Size::new(self.width, self.height)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let content = &mut self.content;
        layout::positioned(
            limits,
            self.width,
            self.height,
            self.padding,
            |limits| content.as_widget_mut().layout(&mut tree.children[0], renderer, &limits.loose()),
            |content, size| {
                let y = ((size.height - content.size().height) / 2.0).round();
                content.translate(Vector::new(0.0, y))
            },
        )
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        let id: Option<Id> = self.place.as_ref().map(Place::widget_id);
        let id = id.as_ref();
        operation.container(id, layout.bounds());
        let state = tree.state.downcast_mut::<State>();
        if self.is_usable() || state.focused {
            operation.focusable(id, layout.bounds(), state);
        }
        operation.traverse(&mut |operation| {
            self.content.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation);
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
        let over = cursor.is_over(layout.bounds()) && cursor.is_over(*viewport);
        let (content, child, within) = (self.content.as_widget_mut(), &mut tree.children[0], layout.child(0));
        let closes = keys::is_pressed(event, Named::Escape) && !shell.is_event_captured();
        if closes && content.overlay(child, within, renderer, viewport, Vector::ZERO).is_some() {
            // A list that is open closes by a press beside it.
            let (press, nowhere) =
                (iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)), mouse::Cursor::Unavailable);
            content.update(child, &press, within, nowhere, renderer, clipboard, shell, viewport);
            shell.request_redraw();
            return shell.capture_event();
        }
        if is_for_content(event) {
            content.update(child, event, within, cursor, renderer, clipboard, shell, viewport);
        }
        let state = tree.state.downcast_mut::<State>();
        if state.focused && is_press(event) && !over {
            // Also where something else took the press: one control at a time has the keys.
            state.unfocus();
            shell.request_redraw();
        }
        if !(self.is_usable() || state.focused) || shell.is_event_captured() {
            return;
        }
        match event {
            event if over && self.is_usable() && is_press(event) => {
                (state.held, state.focused) = (true, true);
                if self.on_press.is_some() {
                    shell.capture_event();
                }
                shell.request_redraw();
            }
            iced::Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) if state.held => {
                state.held = false;
                shell.request_redraw();
                if let (true, Some(event)) = (over, &self.on_press) {
                    shell.publish(event.clone());
                    shell.capture_event();
                }
            }
            iced::Event::Keyboard(event)
                if state.focused && self.copy.is_some() && keys::with_ctrl(event) == Some('c') =>
            {
                shell.publish(Event::Copy(self.copy.clone().unwrap_or_default()));
                shell.capture_event();
            }
            iced::Event::Keyboard(keyboard::Event::KeyPressed { modified_key, repeat, .. }) if state.focused => {
                let acts = presses(modified_key);
                if let Some(event) = self.key_event(modified_key).filter(|_| !(acts && *repeat)) {
                    shell.publish(event);
                    shell.capture_event();
                }
            }
            iced::Event::Window(window::Event::RedrawRequested(_)) => state.hovered = over,
            _ if state.hovered != over => shell.request_redraw(),
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let (bounds, state) = (layout.bounds(), tree.state.downcast_ref::<State>());
        let paint = self.look.paint(self.tokens, self.is_usable(), state.hovered, state.held && state.hovered);
        let quad = |color: Option<Color>, width: f32| Quad {
            bounds,
            border: Border {
                color: color.unwrap_or(Color::TRANSPARENT),
                width: if color.is_some() { width } else { 0.0 },
                radius: paint.radius.into(),
            },
            ..Quad::default()
        };
        if paint.background.is_some() || paint.border.is_some() {
            renderer.fill_quad(quad(paint.border, space::LINE), paint.background.unwrap_or(Color::TRANSPARENT));
        }
        if self.look == Look::Tab(true) {
            let line = Rectangle { y: bounds.y + bounds.height - 2.0, height: 2.0, ..bounds };
            crate::mark::fill(renderer, line, self.tokens.accent);
        }
        let style = renderer::Style { text_color: paint.text };
        let (child, content) = (&tree.children[0], layout.child(0));
        self.content.as_widget().draw(child, renderer, theme, &style, content, cursor, viewport);
        if state.ring {
            renderer.fill_quad(quad(Some(paint.ring), 2.0), Color::TRANSPARENT);
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
        if self.on_press.is_some() && cursor.is_over(layout.bounds()) {
            return mouse::Interaction::Pointer;
        }
        self.content.as_widget().mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Event, Theme, Renderer>> {
        let content = self.content.as_widget_mut();
        content.overlay(&mut tree.children[0], layout.child(0), renderer, viewport, translation)
    }
}

impl<'a> From<Pressable<'a>> for Element<'a> {
    fn from(pressable: Pressable<'a>) -> Self {
        Element::new(pressable)
    }
}
