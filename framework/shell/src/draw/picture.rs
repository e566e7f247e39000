//! The newest picture of a channel, with overlays in its own coordinates, and honest age.
//!
//! What the pointer does over it is in `pointer`, what is drawn over it in `overlays`. [`still`] draws the same for a
//! file.

mod overlays;
mod pointer;

use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::view::{Node, Overlay, same_proportions};
use iced::advanced::image::{self, Renderer as _};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{Headless, Renderer as _};
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::widget::operation::Focusable as _;
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, renderer};
use iced::keyboard::{self, key::Named};
use iced::{Color, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, Vector, alignment, window};

use super::{Pen, state};
use crate::event::{Event, Place};
use crate::mark;
use crate::pictures::{Room, fitted};
use crate::readings::{Picture, Readings};
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, format, keys};
use overlays::{Over, read_overlays};
use pointer::{Actions, Pointer};

impl<'a> Pen<'a> {
    pub(super) fn picture(self, node: &'a Node) -> Element<'a> {
        let Some((object, channel)) = node.bound() else {
            return super::text::label("a picture without a channel", self.tokens().muted);
        };
        let readings = self.drawing.readings;
        let picture = readings.picture(self.brick, &node.id, object, channel).filter(is_sound);
        let view = View {
            place: self.place(node),
            bound: (object, channel),
            is_live: readings.link(object).0 == Link::Live,
            plate: plate(readings, object, picture.as_ref().map(|picture| picture.engine_ns)),
            picture,
            counted_in: node.read("counted_in"),
            overlays: read_overlays(node),
            actions: Actions::of(node),
            pixels: readings.pixels(),
            tokens: self.tokens(),
        };
        Element::new(view.or_refused())
    }
}

/// What is said over the picture of an object that was received at `engine_ns`; empty when all is well.
pub fn plate(readings: &dyn Readings, object: &str, engine_ns: Option<u64>) -> Vec<String> {
    let status = readings.status(object);
    let link_words = || status.map_or_else(|| "connecting".into(), |status| state::link_words(readings, status));
    let error = |status: &ObjectStatus| Some(status.last_error.clone()).filter(|error| !error.is_empty());
    let waiting = || "waiting for the first picture".to_owned();
    let mut plate = match (engine_ns, readings.link(object).0) {
        (Some(_), Link::Live) => return Vec::new(),
        (None, Link::Live) => return vec![waiting()],
        (Some(engine_ns), _) => {
            let age = format::ago(readings.now_ns().saturating_sub(engine_ns));
            vec![format!("{} · picture {age}", without_age(&link_words()))]
        }
        (None, _) => vec![waiting(), link_words()],
    };
    plate.extend(status.and_then(error));
    plate
}

fn without_age(words: &str) -> &str {
    words.split(" (").next().unwrap_or(words)
}

/// The picture of a node at the size of its source, with its overlays and `plate`, as RGBA; none when it cannot be
/// drawn. It takes its time: not for the window's thread.
pub fn still(node: &Node, picture: Picture, plate: Vec<String>) -> Option<(Size<u32>, Vec<u8>)> {
    let size = Size::new(picture.source.0, picture.source.1);
    let view = View {
        place: Place::default(),
        bound: ("", ""),
        is_live: plate.is_empty(),
        plate,
        picture: Some(picture).filter(is_sound),
        counted_in: node.read("counted_in"),
        overlays: read_overlays(node),
        actions: Actions::default(),
        pixels: 1.0,
        tokens: Tokens::dark(),
    };
    let view = view.or_refused();
    view.picture.as_ref()?;
    let new = <Renderer as Headless>::new(fonts::REGULAR, Pixels(size::BODY), Some("tiny-skia"));
    let mut renderer = iced::futures::executor::block_on(new)?;
    let room = Rectangle::with_size(Size::new(size.width as f32, size.height as f32));
    let (tree, layout) = (Tree::new(&view as &dyn Widget<_, _, _>), layout::Node::new(room.size()));
    let (theme, style) = (Tokens::dark().theme(), renderer::Style::default());
    renderer.reset(room);
    view.draw(&tree, &mut renderer, &theme, &style, Layout::new(&layout), mouse::Cursor::Unavailable, &room);
    Some((size, renderer.screenshot(size, 1.0, Tokens::dark().background)))
}

/// Whether iced can draw it: a buffer of the wrong length would end the whole shell.
fn is_sound(picture: &Picture) -> bool {
    let fits = |handle: &image::Handle| match handle {
        image::Handle::Rgba { width, height, pixels, .. } => {
            let bytes = u64::from(*width) * u64::from(*height) * 4;
            bytes > 0 && bytes == pixels.len() as u64
        }
        image::Handle::Path(..) | image::Handle::Bytes(..) => false,
    };
    fits(&picture.handle) && picture.whole.as_ref().is_none_or(fits) && picture.source.0 > 0 && picture.source.1 > 0
}

struct View<'a> {
    place: Place,
    bound: (&'a str, &'a str),
    picture: Option<Picture>,
    is_live: bool,
    /// What is said over the picture; empty when all is well.
    plate: Vec<String>,
    /// The size of the picture that overlays and clicks are counted in, where it is not that of the source.
    counted_in: Option<(f64, f64)>,
    overlays: Vec<Overlay>,
    actions: Actions<'a>,
    /// Pixels of the screen along one of the window.
    pixels: f32,
    tokens: Tokens,
}

#[derive(Debug, Default)]
struct State {
    reported: Option<Room>,
    pointer: Pointer,
}

/// Where a picture lies in the window.
#[derive(Clone, Copy, Debug)]
struct Fit {
    frame: Rectangle,
    /// Its pixels, or those of the size that overlays and clicks are counted in.
    source: Size,
    /// Pixels of the screen along one of the window.
    pixels: f32,
}

/// So far inside a pixel of the screen its edge is taken, so that rounding does not lead to the one beside it.
const INSIDE: f32 = 0.02;

impl Fit {
    /// As large as it fits into `bounds`, on whole pixels of the screen.
    fn new(source: (u32, u32), bounds: Rectangle, pixels: f32) -> Self {
        let (width, height) = fitted(source, room_of(bounds, pixels));
        let size = Size::new(width as f32 / pixels, height as f32 / pixels);
        let corner = |from: f32, spare: f32| ((from + spare / 2.0) * pixels).round() / pixels;
        let x = corner(bounds.x, bounds.width - size.width);
        let y = corner(bounds.y, bounds.height - size.height);
        let source = Size::new(source.0 as f32, source.1 as f32);
        Self { frame: Rectangle::new(Point::new(x, y), size), source, pixels }
    }

    /// So many pixels of the window are one of the source.
    fn scale(self) -> f32 {
        self.frame.width / self.source.width
    }

    /// The place of the picture that is seen at a point of the window.
    fn place_at(self, at: Point) -> (f64, f64) {
        let place = |at: f32, from: f32, long: f32, source: f32| {
            (f64::from(at) - f64::from(from)) / f64::from(long) * f64::from(source)
        };
        let Self { frame, source, .. } = self;
        (place(at.x, frame.x, frame.width, source.width), place(at.y, frame.y, frame.height, source.height))
    }

    /// Where in the window a place of the picture is seen, from the picture's corner.
    fn seen_at(self, (x, y): (f64, f64)) -> Point {
        let Self { frame, source, .. } = self;
        Point::new(x as f32 / source.width * frame.width, y as f32 / source.height * frame.height)
    }

    /// The middle of the screen's pixel that the pointer is on.
    fn pointed(self, cursor: mouse::Cursor) -> Option<Point> {
        let middle = |at: f32| ((at * self.pixels + INSIDE).floor() + 0.5) / self.pixels;
        cursor.position().map(|at| Point::new(middle(at.x), middle(at.y)))
    }

    /// The same, where it is on the picture.
    fn pointed_in(self, cursor: mouse::Cursor) -> Option<Point> {
        self.pointed(cursor).filter(|at| self.frame.contains(*at))
    }

    /// Where the renderer is told to draw the picture: it cuts off what is not a whole pixel.
    fn drawn(self) -> Rectangle {
        let inside = INSIDE / self.pixels;
        self.frame + Vector::new(inside, inside)
    }
}

/// The pixels of the screen that `bounds` of a window have.
fn room_of(bounds: Rectangle, pixels: f32) -> (u32, u32) {
    ((bounds.width * pixels).round() as u32, (bounds.height * pixels).round() as u32)
}

impl View<'_> {
    /// The same; with a picture of other proportions than it is counted in, nothing is drawn or clicked, and that is said.
    fn or_refused(mut self) -> Self {
        let (Some(picture), Some(counted_in)) = (&self.picture, self.counted_in) else { return self };
        let (width, height) = picture.source;
        if !same_proportions((f64::from(width), f64::from(height)), counted_in) {
            let (wide, high) = counted_in;
            self.plate
                .push(format!("this picture has {width} x {height} pixels, its calibration is for {wide} x {high}"));
            self.plate.push("clicks and drawings are off: calibrate this size, or set the camera back".into());
            (self.counted_in, self.overlays) = (None, Vec::new());
            self.actions = self.actions.harmless();
        }
        self
    }

    fn fit(&self, bounds: Rectangle) -> Option<Fit> {
        let picture = self.picture.as_ref()?;
        let fit = Fit::new(picture.source, bounds, self.pixels);
        let counted_in = self.counted_in.map(|(width, height)| Size::new(width as f32, height as f32));
        Some(Fit { source: counted_in.unwrap_or(fit.source), ..fit })
    }

    fn draw_plate(&self, renderer: &mut Renderer, bounds: Rectangle) {
        let line = 20.0;
        let letters = self.plate.iter().map(|words| words.chars().count()).max().unwrap_or(0) as f32;
        let width = (letters * size::BODY * 0.56 + 2.0 * space::L).min(bounds.width - 2.0 * space::S);
        let height = self.plate.len() as f32 * line + 2.0 * space::S;
        let corner = Point::new(bounds.center_x() - width / 2.0, bounds.center_y() - height / 2.0);
        let plate = Rectangle::new(Point::new(corner.x.round(), corner.y.round()), Size::new(width, height));
        let quad = renderer::Quad {
            bounds: plate,
            border: iced::Border { color: self.tokens.outline, width: 1.0, radius: space::RADIUS.into() },
            ..renderer::Quad::default()
        };
        renderer.fill_quad(quad, self.tokens.plate());
        for (index, words) in self.plate.iter().enumerate() {
            let at = Point::new(plate.center_x(), plate.y + space::S + index as f32 * line);
            let color = if index == 0 { self.tokens.text } else { self.tokens.muted };
            say(renderer, words, at, color, plate, text::Alignment::Center);
        }
    }
}

/// One line of text over the picture.
fn say(renderer: &mut Renderer, words: &str, at: Point, color: Color, clip: Rectangle, align_x: text::Alignment) {
    let words = Text {
        content: words.to_owned(),
        bounds: clip.size(),
        size: Pixels(size::BODY),
        line_height: text::LineHeight::default(),
        font: fonts::REGULAR,
        align_x,
        align_y: alignment::Vertical::Top,
        shaping: text::Shaping::Auto,
        wrapping: text::Wrapping::None,
    };
    renderer.fill_text(words, at, color, clip);
}

impl Widget<Event, Theme, Renderer> for View<'_> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        // In a scroll there is no end of room: a picture then takes the shape of a common camera.
        let width = if limits.max().width.is_finite() { limits.max().width } else { 640.0 };
        let height = if limits.max().height.is_finite() { limits.max().height } else { width * 0.75 };
        layout::Node::new(Size::new(width.floor(), height.floor()))
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        let id = self.place.widget_id();
        operation.container(Some(&id), layout.bounds());
        let pointer = &mut tree.state.downcast_mut::<State>().pointer;
        if pointer.is_focused() {
            operation.focusable(Some(&id), layout.bounds(), pointer);
        }
        for words in &self.plate {
            operation.text(None, layout.bounds(), words);
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &iced::Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Event>,
        viewport: &Rectangle,
    ) {
        let (bounds, state) = (layout.bounds(), tree.state.downcast_mut::<State>());
        match event {
            iced::Event::Window(window::Event::RedrawRequested(_)) => {
                let size = room_of(bounds, self.pixels);
                let room = Room { size, whole: self.actions.magnifier.is_some() };
                if state.reported.replace(room) != Some(room) {
                    let (object, channel) = (self.bound.0.into(), self.bound.1.into());
                    shell.publish(Event::PictureSize { place: self.place.clone(), object, channel, room });
                }
            }
            iced::Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)) => {
                state.pointer.has_ctrl = modifiers.control();
            }
            event
                if keys::is_pressed(event, Named::Escape)
                    && state.pointer.is_focused()
                    && !shell.is_event_captured() =>
            {
                shell.publish(Event::Escape { brick: Some(self.place.brick.clone()) });
                shell.capture_event();
            }
            iced::Event::Mouse(event) => {
                let cursor = if cursor.is_over(*viewport) { cursor } else { mouse::Cursor::Unavailable };
                if let Some(fit) = self.fit(bounds) {
                    self.point(&mut state.pointer, *event, fit, cursor, shell);
                }
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else {
            return;
        };
        mark::fill(renderer, bounds, self.tokens.background);
        let fit = self.fit(bounds);
        if let (Some(picture), Some(fit)) = (&self.picture, fit) {
            renderer.draw_image(image::Image::new(picture.handle.clone()).snap(true), fit.drawn(), clip);
        }
        // Within one layer iced draws pictures over everything else.
        if let Some(fit) = fit {
            let drag = tree.state.downcast_ref::<State>().pointer.overlay(&self.actions, fit, cursor);
            let seen = fit.frame.intersection(&clip).unwrap_or_default();
            let over = Over { fit, clip: seen };
            if !self.overlays.is_empty() || drag.is_some() || !self.is_live {
                renderer.with_layer(seen, |renderer| {
                    over.draw(renderer, self.overlays.iter().chain(&drag));
                    if !self.is_live {
                        mark::fill(renderer, fit.frame, self.tokens.veil());
                    }
                });
            }
            self.draw_lens(renderer, fit, clip, cursor);
        }
        if !self.plate.is_empty() {
            renderer.with_layer(clip, |renderer| {
                mark::outline(renderer, bounds, self.tokens.disconnected, 6.0, 10.0);
                self.draw_plate(renderer, bounds);
            });
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let inside = self.fit(layout.bounds()).is_some_and(|fit| fit.pointed_in(cursor).is_some());
        let held = tree.state.downcast_ref::<State>().pointer.is_held();
        if inside || held { self.actions.interaction(held) } else { mouse::Interaction::None }
    }
}
