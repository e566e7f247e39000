//! What the pointer does over a picture: clicks, drags, the wheel, and a lens.

use brickwork_sdk::Value;
use brickwork_sdk::view::{Drag, Node, Overlay, Shape, Tone, fill};
use iced::advanced::image::{self, Renderer as _};
use iced::advanced::renderer::Renderer as _;
use iced::advanced::widget::operation::Focusable;
use iced::advanced::{Shell, mouse, renderer};
use iced::mouse::{Button, Event as Mouse};
use iced::{Point, Rectangle, Renderer, Size};

use super::overlays::{Over, hit};
use super::{Fit, View};
use crate::event::{Event, Outgoing};
use crate::keys::Wheel;
use crate::tokens::Tokens;

/// A hand trembles by less, in pixels of the screen: what is dragged no further was clicked.
const TREMBLE: f32 = 4.0;
/// The side of the lens, in pixels of the screen.
const LENS: u32 = 180;
const MAGNIFIERS: (f64, f64) = (1.5, 16.0);

/// What a node does about the pointer: the messages of its author, with their holes.
#[derive(Default)]
pub(super) struct Actions<'a> {
    click: Option<&'a Value>,
    select: Option<&'a Value>,
    drag: Option<(&'a Value, Drag)>,
    wheel: Option<&'a Value>,
    /// How many times larger the lens shows it.
    pub magnifier: Option<f32>,
}

impl<'a> Actions<'a> {
    pub(super) fn of(node: &'a Node) -> Self {
        let action = |name| node.attribute(name).and_then(|action| action.get("message"));
        Self {
            click: action("on_click"),
            select: action("on_select"),
            drag: action("on_drag").map(|message| (message, node.read("drag").unwrap_or_default())),
            wheel: action("on_wheel"),
            magnifier: node.number("magnifier").map(|times| times.clamp(MAGNIFIERS.0, MAGNIFIERS.1) as f32),
        }
    }

    /// Whether the mouse does something here.
    fn any(&self) -> bool {
        self.click.is_some() || self.select.is_some() || self.drag.is_some() || self.wheel.is_some()
    }

    /// Those that tell nobody a place in the picture.
    pub(super) fn harmless(self) -> Self {
        Self { click: None, select: None, drag: None, ..self }
    }

    pub(super) fn interaction(&self, held: bool) -> mouse::Interaction {
        match self.drag {
            Some((_, Drag::Move)) if held => mouse::Interaction::Grabbing,
            Some((_, Drag::Move)) if self.click.is_none() => mouse::Interaction::Grab,
            None if self.click.is_none() => mouse::Interaction::None,
            _ => mouse::Interaction::Crosshair,
        }
    }
}

/// The button and the Ctrl key, while they are held down, and what the wheel has gathered.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    pressed: Option<Point>,
    pub has_ctrl: bool,
    wheel: Wheel,
    /// Who has clicked into a picture can stop by Escape what that began.
    has_focus: bool,
}

impl Focusable for Pointer {
    fn is_focused(&self) -> bool {
        self.has_focus
    }

    fn focus(&mut self) {
        self.has_focus = true;
    }

    fn unfocus(&mut self) {
        self.has_focus = false;
    }
}

impl Pointer {
    pub(super) fn is_held(&self) -> bool {
        self.pressed.is_some()
    }

    /// What is seen while something is dragged.
    pub(super) fn overlay(&self, actions: &Actions<'_>, fit: Fit, cursor: mouse::Cursor) -> Option<Overlay> {
        let ((_, seen), from, to) = (actions.drag?, self.pressed?, fit.pointed(cursor)?);
        if from.distance(to) < TREMBLE {
            return None;
        }
        let (from, to) = (fit.place_at(from), fit.place_at(to));
        let shape = match seen {
            Drag::Line => Shape::Line(vec![from, to]),
            Drag::Box => {
                let (left, top) = (from.0.min(to.0), from.1.min(to.1));
                Shape::Rectangle(left, top, (to.0 - from.0).abs(), (to.1 - from.1).abs())
            }
            Drag::Move => Shape::Line(arrow(from, to, f64::from(10.0 / fit.scale()))),
        };
        Some(Overlay { id: String::new(), shape, tone: Tone::Warning })
    }
}

/// A line with a head.
fn arrow(from: (f64, f64), to: (f64, f64), head: f64) -> Vec<(f64, f64)> {
    let back = (from.1 - to.1).atan2(from.0 - to.0);
    let wing = |turn: f64| (to.0 + head * (back + turn).cos(), to.1 + head * (back + turn).sin());
    vec![from, to, wing(0.5), to, wing(-0.5)]
}

impl View<'_> {
    /// Takes what the mouse did; `cursor` is not available where it is not over the picture's part in sight.
    pub(super) fn point(
        &self,
        pointer: &mut Pointer,
        event: Mouse,
        fit: Fit,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Event>,
    ) {
        let over = fit.pointed_in(cursor);
        if let Mouse::ButtonPressed(_) = event {
            pointer.has_focus = over.is_some() && self.actions.any();
        }
        match (event, over) {
            (Mouse::ButtonPressed(Button::Left), Some(at)) => {
                // Where nothing can be dragged, a click counts when the button goes down, as fast as can be.
                let message = if self.actions.drag.is_some() {
                    pointer.pressed = Some(at);
                    None
                } else {
                    self.clicked(fit, at)
                };
                if self.actions.drag.is_some() || message.is_some() {
                    shell.capture_event();
                }
                self.send(message, shell);
            }
            (Mouse::ButtonReleased(Button::Left), at) => {
                let Some(from) = pointer.pressed.take() else { return };
                shell.request_redraw();
                let Some(to) = at.or_else(|| fit.pointed(cursor)) else { return };
                let message =
                    if from.distance(to) < TREMBLE { self.clicked(fit, from) } else { self.dragged(fit, from, to) };
                self.send(message, shell);
            }
            (Mouse::CursorMoved { .. }, _) if pointer.is_held() || self.actions.magnifier.is_some() => {
                shell.request_redraw();
            }
            (Mouse::CursorLeft, _) => pointer.pressed = None,
            // Without Ctrl it scrolls the page: nobody moves a zoom on the way to what stands below.
            (Mouse::WheelScrolled { delta }, Some(_)) if self.actions.wheel.is_some() && pointer.has_ctrl => {
                shell.capture_event();
                let steps = pointer.wheel.turn(delta);
                if steps != 0.0 {
                    let steps = Value::Float(f64::from(steps));
                    self.send(self.actions.wheel.map(|message| fill(message, &steps)), shell);
                }
            }
            _ => {}
        }
    }

    fn send(&self, message: Option<Value>, shell: &mut Shell<'_, Event>) {
        if let Some(message) = message {
            shell.publish(Event::Message(Outgoing { place: self.place.clone(), message }));
        }
    }

    fn clicked(&self, fit: Fit, at: Point) -> Option<Value> {
        let place = fit.place_at(at);
        if let Some(message) = self.actions.select
            && let Some(name) = hit(&self.overlays, place, fit.scale())
        {
            return Some(fill(message, &Value::from(name)));
        }
        let (x, y) = place;
        Some(fill(self.actions.click?, &Value::list([x, y].map(Value::Float))))
    }

    fn dragged(&self, fit: Fit, from: Point, to: Point) -> Option<Value> {
        let (from, to) = (fit.place_at(from), fit.place_at(to));
        let (message, _) = self.actions.drag?;
        Some(fill(message, &Value::list([from.0, from.1, to.0, to.1].map(Value::Float))))
    }

    /// What the lens at the pointer shows, with the overlays.
    pub(super) fn draw_lens(&self, renderer: &mut Renderer, fit: Fit, clip: Rectangle, cursor: mouse::Cursor) {
        let Some(times) = self.actions.magnifier else { return };
        let Some(at) = fit.pointed_in(cursor) else { return };
        let Some(source) = self.picture.as_ref().and_then(|picture| picture.whole.as_ref()) else { return };
        let corner = Point::new((at.x - LENS as f32 / 2.0).round(), (at.y - LENS as f32 / 2.0).round());
        let lens = Rectangle::new(corner, Size::new(LENS as f32, LENS as f32));
        let Some(seen) = lens.intersection(&clip) else { return };
        let image::Handle::Rgba { width, height, .. } = source else { return };
        let pixels = Fit { source: Size::new(*width as f32, *height as f32), ..fit };
        let Some(handle) = enlarged(source, pixels.place_at(at), pixels.scale() * times) else { return };
        renderer.with_layer(seen, |renderer| {
            renderer.draw_image(image::Image::new(handle).snap(true), lens, seen);
        });
        // The same picture, larger about the pointer.
        let frame = Rectangle::new(
            Point::new(at.x - (at.x - fit.frame.x) * times, at.y - (at.y - fit.frame.y) * times),
            Size::new(fit.frame.width * times, fit.frame.height * times),
        );
        let over = Over { fit: Fit { frame, ..fit }, clip: seen };
        renderer.with_layer(seen, |renderer| {
            over.draw(renderer, self.overlays.iter());
            let border = iced::Border { color: Tokens::dark().accent, width: 1.0, radius: 0.0.into() };
            let edge = renderer::Quad { bounds: lens, border, ..renderer::Quad::default() };
            renderer.fill_quad(edge, iced::Color::TRANSPARENT);
        });
    }
}

/// The pixels around a place, `times` as large, each a square; black where the picture has none.
fn enlarged(source: &image::Handle, (x, y): (f64, f64), times: f32) -> Option<image::Handle> {
    let image::Handle::Rgba { width, height, pixels, .. } = source else { return None };
    let (side, times) = (LENS as usize, f64::from(times));
    let mut lens = vec![0; side * side * 4];
    let of = |at: usize, centre: f64, end: u32| {
        let from = centre + (at as f64 + 0.5 - side as f64 / 2.0) / times;
        (from >= 0.0 && from < f64::from(end)).then_some(from as usize)
    };
    let columns: Vec<_> = (0..side).map(|at| of(at, x, *width)).collect();
    for (row, line) in lens.chunks_exact_mut(side * 4).enumerate() {
        let from_row = of(row, y, *height);
        for (pixel, column) in line.chunks_exact_mut(4).zip(&columns) {
            let found = from_row.zip(*column).map(|(row, column)| (row * *width as usize + column) * 4);
            let found = found.and_then(|at| pixels.get(at..at + 4)).unwrap_or(&[0, 0, 0, 255]);
            pixel.copy_from_slice(found);
        }
    }
    Some(image::Handle::from_rgba(LENS, LENS, lens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lens_shows_the_pixel_under_the_pointer_as_a_square_in_its_middle() {
        let mut pixels = [0, 0, 0, 255].repeat(20 * 10);
        let at = (4 * 20 + 7) * 4;
        pixels[at..at + 4].copy_from_slice(&[255, 0, 0, 255]);
        let source = image::Handle::from_rgba(20, 10, pixels);
        let lens = enlarged(&source, (7.5, 4.5), 30.0).expect("it has pixels");
        let image::Handle::Rgba { pixels, .. } = lens else { panic!("it has pixels") };
        let red = |x: usize, y: usize| pixels[(y * LENS as usize + x) * 4] == 255;
        let middle = LENS as usize / 2;
        assert!(red(middle - 14, middle - 14) && red(middle + 14, middle + 14));
        assert!(!red(middle - 16, middle) && !red(middle, middle + 16));
    }
}
