//! A text input with the manners of a control system: Enter sends, Escape restores, arrows step.
//!
//! It wraps iced's text input, which keeps caret and selection, and sees the keys before it does; what they mean is
//! said in [`keys`]. Nothing is sent but by Enter: arrows and the wheel change the number that Enter will send.

use iced::advanced::layout::{self, Layout};
use iced::advanced::text::Renderer as TextRenderer;
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, renderer};
use iced::keyboard::{Key, key::Named};
use iced::widget::text_input::{self, TextInput};
use iced::{Length, Rectangle, Renderer, Size, Theme};

use crate::event::{Event, Place, Rule};
use crate::keys::Wheel;
use crate::{Element, keys};

type InputState = text_input::State<<Renderer as TextRenderer>::Paragraph>;

/// A text input bound to a place in [`Edits`](crate::edits::Edits).
pub struct Field<'a> {
    /// The input; its width and style are the caller's.
    pub input: TextInput<'a, Event>,
    /// Where what is typed is kept.
    pub place: Place,
    /// What is accepted and what it sends; `None` when it cannot be used now.
    pub rule: Option<Rule>,
    /// How a step changes the number, where it can be stepped.
    pub step: Option<Step>,
    /// What stands in it.
    pub words: String,
    /// What Ctrl+C puts into the clipboard, if it may: the value with its unit.
    pub copy: Option<String>,
    /// Whether something is typed that was not committed.
    pub is_edited: bool,
    /// Whether the whole text is selected when the focus comes, so that typing replaces it.
    pub replace: bool,
}

/// How a step changes a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The number that stands there while nothing is typed.
    pub from: f64,
    /// How far one step goes.
    pub by: f64,
    /// Digits after the point.
    pub decimals: usize,
}

#[derive(Debug, Default)]
struct State {
    had_focus: bool,
    wheel: Wheel,
}

impl Field<'_> {
    fn step_event(&self, steps: f64) -> Option<Event> {
        let Step { from, by, decimals } = self.step?;
        let rule = self.rule.clone()?;
        Some(Event::Step { place: self.place.clone(), from, by: by * steps, decimals, rule })
    }

    /// What a key means here before the input sees it.
    fn key_event(&self, key: &Key) -> Option<Event> {
        match key {
            Key::Named(Named::Enter) => Some(Event::Commit { place: self.place.clone(), rule: self.rule.clone()? }),
            Key::Named(Named::Escape) if self.is_edited => Some(Event::Cancel { place: self.place.clone() }),
            Key::Named(Named::Escape) => Some(Event::Escape { brick: Some(self.place.brick.clone()) }),
            Key::Named(Named::ArrowUp) => self.step_event(1.0),
            Key::Named(Named::ArrowDown) => self.step_event(-1.0),
            _ => None,
        }
    }

    /// What an event means here before the input sees it, while it has the focus.
    fn meaning(&self, wheel: &mut Wheel, event: &iced::Event, is_over: bool, is_whole: bool) -> Meaning {
        match event {
            iced::Event::Keyboard(event) => match keys::with_ctrl(event) {
                // The window's, also while something is typed; the input has its own for these.
                Some(letter) if !"acvx".contains(letter) => Meaning::Windows,
                // Without a selection that leaves something out, the value is meant.
                Some('c') if is_whole => self.copy.clone().map(Event::Copy).into(),
                Some(_) => Meaning::Inputs,
                None => keys::pressed(event).and_then(|key| self.key_event(key)).into(),
            },
            iced::Event::Mouse(mouse::Event::WheelScrolled { delta }) if is_over && self.step.is_some() => {
                match wheel.turn(*delta) {
                    0.0 => Meaning::Nothing,
                    steps => self.step_event(f64::from(steps)).into(),
                }
            }
            _ => Meaning::Inputs,
        }
    }

    /// Whether nothing, or all, is selected.
    fn is_whole(&self, tree: &Tree) -> bool {
        let value = text_input::Value::new(&self.words);
        let selected = tree.children[0].state.downcast_ref::<InputState>().cursor().selection(&value);
        selected.is_none_or(|(from, to)| to - from >= value.len())
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

fn is_click(event: &iced::Event) -> bool {
    use mouse::{Button::Left, Event::ButtonPressed, Event::ButtonReleased};
    matches!(event, iced::Event::Mouse(ButtonPressed(Left) | ButtonReleased(Left)))
}

/// Whose an event is.
enum Meaning {
    /// The text input's.
    Inputs,
    /// The window's: a shortcut.
    Windows,
    /// It is no more than a part of a step.
    Nothing,
    /// The field's: this is what it gives.
    Gives(Event),
}

impl From<Option<Event>> for Meaning {
    fn from(event: Option<Event>) -> Self {
        event.map_or(Self::Inputs, Self::Gives)
    }
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
        if tree.children[0].state.downcast_ref::<InputState>().is_focused() && !shell.is_event_captured() {
            let is_whole = self.is_whole(tree);
            let wheel = &mut tree.state.downcast_mut::<State>().wheel;
            match self.meaning(wheel, event, cursor.is_over(layout.bounds()), is_whole) {
                Meaning::Inputs => {}
                Meaning::Windows => return,
                Meaning::Nothing => return shell.capture_event(),
                Meaning::Gives(event) => {
                    // What is typed next replaces what stands there now.
                    tree.children[0].state.downcast_mut::<InputState>().select_all();
                    shell.publish(event);
                    return shell.capture_event();
                }
            }
        }
        let child = &mut tree.children[0];
        Widget::update(&mut self.input, child, event, layout, cursor, renderer, clipboard, shell, viewport);
        self.select_on_focus(tree);
        let input = tree.children[0].state.downcast_mut::<InputState>();
        if self.replace && !self.is_edited && is_click(event) && input.is_focused() {
            // Also where the focus was before: nobody wants a figure in the midst of a number that stands there.
            input.select_all();
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
