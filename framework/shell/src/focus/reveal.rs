//! Brings what has the focus into sight: the keyboard reaches controls that are scrolled away.
//!
//! It looks first, through all windows, and then scrolls what must be scrolled; both count the scrolled widgets in the
//! same order. It never takes or gives the focus.

use iced::advanced::widget::operation::scrollable::AbsoluteOffset;
use iced::advanced::widget::operation::{Focusable, Outcome, Scrollable};
use iced::advanced::widget::{Id, Operation, operate};
use iced::{Rectangle, Task, Vector};

use crate::tokens::space;

/// The task that does it.
pub fn reveal<M: Send + 'static>() -> Task<M> {
    operate(Look::default()).discard()
}

/// A widget that scrolls.
#[derive(Clone, Copy)]
struct Room {
    number: usize,
    bounds: Rectangle,
    by: Vector,
}

/// Finds the focus and the rooms around it.
#[derive(Default)]
struct Look {
    count: usize,
    /// The room that was met last: what is traversed next lies in it.
    met: Option<Room>,
    around: Vec<Room>,
    found: Vec<(usize, f32)>,
}

impl Operation<()> for Look {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<()>)) {
        let entered = self.met.take();
        self.around.extend(entered);
        operate(self);
        if entered.is_some() {
            self.around.pop();
        }
    }

    fn scrollable(&mut self, _: Option<&Id>, bounds: Rectangle, _: Rectangle, by: Vector, _: &mut dyn Scrollable) {
        self.met = Some(Room { number: self.count, bounds, by });
        self.count += 1;
    }

    fn focusable(&mut self, _: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if state.is_focused() {
            self.found = scrolled(&self.around, bounds);
        }
    }

    fn finish(&self) -> Outcome<()> {
        if self.found.is_empty() {
            return Outcome::None;
        }
        Outcome::Chain(Box::new(Scroll { count: 0, to: self.found.clone() }))
    }
}

/// How far each room around must be scrolled, from the innermost outwards, so that `focus` is in sight.
fn scrolled(around: &[Room], mut focus: Rectangle) -> Vec<(usize, f32)> {
    let mut found = Vec::new();
    for room in around.iter().rev() {
        let top = focus.y - space::S - room.bounds.y;
        let bottom = focus.y + focus.height + space::S - room.bounds.y - room.bounds.height;
        let by = room.by.y.min(top).max(bottom).max(0.0);
        if (by - room.by.y).abs() > 0.5 {
            found.push((room.number, by));
        }
        focus.y -= by;
    }
    found
}

/// Scrolls the rooms by their numbers.
struct Scroll {
    count: usize,
    to: Vec<(usize, f32)>,
}

impl Operation<()> for Scroll {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<()>)) {
        operate(self);
    }

    fn scrollable(&mut self, _: Option<&Id>, _: Rectangle, _: Rectangle, _: Vector, state: &mut dyn Scrollable) {
        if let Some((_, y)) = self.to.iter().find(|(number, _)| *number == self.count) {
            state.scroll_to(AbsoluteOffset { x: None, y: Some(*y) });
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(number: usize, y: f32, height: f32, by: f32) -> Room {
        let bounds = Rectangle { x: 0.0, y, width: 100.0, height };
        Room { number, bounds, by: Vector::new(0.0, by) }
    }

    fn focus(y: f32) -> Rectangle {
        Rectangle { x: 0.0, y, width: 10.0, height: 20.0 }
    }

    #[test]
    fn what_is_in_sight_is_not_scrolled() {
        assert!(scrolled(&[room(0, 50.0, 200.0, 0.0)], focus(100.0)).is_empty());
    }

    #[test]
    fn what_lies_below_or_above_is_scrolled_to() {
        assert_eq!(scrolled(&[room(0, 50.0, 200.0, 0.0)], focus(400.0)), [(0, 178.0)]);
        assert_eq!(scrolled(&[room(0, 50.0, 200.0, 300.0)], focus(100.0)), [(0, 42.0)]);
    }

    #[test]
    fn rooms_within_rooms_are_scrolled_together() {
        let rooms = [room(3, 0.0, 300.0, 0.0), room(4, 250.0, 200.0, 0.0)];
        assert_eq!(scrolled(&rooms, focus(600.0)), [(4, 178.0), (3, 150.0)]);
    }
}
