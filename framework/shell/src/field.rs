//! A text input with the manners of a control system: Enter sends, Escape restores, arrows step.
//!
//! It wraps iced's text input, which keeps caret and selection, and sees the keys before it does.
//! Nothing is sent while typing; the wheel acts only on the field that has the focus.

use iced::advanced::layout::{self, Layout};
use iced::advanced::text::Renderer as TextRenderer;
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, renderer};
use iced::keyboard::{self, Key, key::Named};
use iced::widget::text_input::{self, TextInput};
use iced::{Length, Rectangle, Renderer, Size, Theme};

use crate::Element;
use crate::event::{Event, Place, Rule};

type InputState = text_input::State<<Renderer as TextRenderer>::Paragraph>;

/// A text input bound to a place in [`Edits`](crate::edits::Edits).
pub struct Field<'a> {
    /// The input; its width and style are the caller's.
    pub input: TextInput<'a, Event>,
    /// Where what is typed is kept.
    pub place: Place,
    /// What is accepted and what it sends; `None` when it cannot be used now.
    pub rule: Option<Rule>,
    /// The committed number and how far one step goes.
    pub step: Option<(f64, f64)>,
    /// Whether something is typed that was not committed.
    pub is_edited: bool,
    /// Whether the whole text is selected when the focus comes, so that typing replaces it.
    pub replace: bool,
}

#[derive(Debug, Default)]
struct State {
    had_focus: bool,
}

impl Field<'_> {
    fn step_event(&self, steps: f64) -> Option<Event> {
        let (from, by) = self.step?;
        let rule = self.rule.clone()?;
        Some(Event::Step { place: self.place.clone(), from, by: by * steps, rule })
    }

    /// What a key means here before the input sees it.
    fn key_event(&self, key: &Key) -> Option<Event> {
        match key {
            Key::Named(Named::Enter) => Some(Event::Commit { place: self.place.clone(), rule: self.rule.clone()? }),
            Key::Named(Named::Escape) if self.is_edited => Some(Event::Cancel { place: self.place.clone() }),
            Key::Named(Named::ArrowUp) => self.step_event(1.0),
            Key::Named(Named::ArrowDown) => self.step_event(-1.0),
            _ => None,
        }
    }

    fn select_on_focus(&self, tree: &mut Tree) {
        let input = tree.children[0].state.downcast_mut::<InputState>();
        let state = tree.state.downcast_mut::<State>();
        if self.replace && input.is_focused() && !state.had_focus {
            input.select_all();
        }
        state.had_focus = input.is_focused();
    }
}

/// Whether a key is none of the input's own with Ctrl: copy, cut, paste, select all.
fn is_shortcut(event: &iced::Event) -> bool {
    let iced::Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Character(letter), modifiers, .. }) = event
    else {
        return false;
    };
    modifiers.control() && !["a", "c", "v", "x"].contains(&letter.as_str())
}

impl Widget<Event, Theme, Renderer> for Field<'_> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.input as &dyn Widget<Event, Theme, Renderer>)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&[&self.input as &dyn Widget<Event, Theme, Renderer>]);
    }

    fn size(&self) -> Size<Length> {
        Widget::size(&self.input)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        Widget::layout(&mut self.input, &mut tree.children[0], renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        if self.rule.is_some() {
            Widget::operate(&mut self.input, &mut tree.children[0], layout, renderer, operation);
        }
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
        self.select_on_focus(tree);
        if tree.children[0].state.downcast_ref::<InputState>().is_focused() {
            if is_shortcut(event) {
                // The window's, also while something is typed.
                return;
            }
            let taken = match event {
                iced::Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::Escape), .. })
                    if !self.is_edited =>
                {
                    // With nothing to cancel, Escape means stop.
                    tree.children[0].state.downcast_mut::<InputState>().unfocus();
                    shell.publish(Event::Escape { brick: Some(self.place.brick.clone()) });
                    shell.capture_event();
                    return;
                }
                iced::Event::Keyboard(keyboard::Event::KeyPressed { key, .. }) => self.key_event(key),
                iced::Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(layout.bounds()) => {
                    let (mouse::ScrollDelta::Lines { y, .. } | mouse::ScrollDelta::Pixels { y, .. }) = delta;
                    if *y == 0.0 { None } else { self.step_event(f64::from(y.signum())) }
                }
                _ => None,
            };
            if let Some(event) = taken {
                if let Event::Commit { .. } | Event::Cancel { .. } = event {
                    tree.children[0].state.downcast_mut::<InputState>().select_all();
                }
                shell.publish(event);
                shell.capture_event();
                return;
            }
        }
        let child = &mut tree.children[0];
        Widget::update(&mut self.input, child, event, layout, cursor, renderer, clipboard, shell, viewport);
        self.select_on_focus(tree);
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
        Widget::draw(&self.input, &tree.children[0], renderer, theme, style, layout, cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        Widget::mouse_interaction(&self.input, &tree.children[0], layout, cursor, viewport, renderer)
    }
}

impl<'a> From<Field<'a>> for Element<'a> {
    fn from(field: Field<'a>) -> Self {
        Element::new(field)
    }
}
