//! The newest picture of a channel, with overlays in its own coordinates, clicks, and honest age.

use std::cell::Cell;

use brickwork_sdk::Value;
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{Node, Overlay, Shape, Tone, fill};
use iced::advanced::graphics::geometry::Renderer as _;
use iced::advanced::image::{self, Renderer as _};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::Renderer as _;
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, renderer};
use iced::widget::canvas::{Frame, Path, Stroke};
use iced::{Color, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, Vector, alignment, window};

use super::{Pen, state};
use crate::event::{Event, Outgoing, Place};
use crate::mark;
use crate::readings::Picture;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, format};

impl<'a> Pen<'a> {
    pub(super) fn picture(self, node: &'a Node) -> Element<'a> {
        let Some((object, channel)) = node.bound() else {
            return super::text::label("a picture without a channel", self.tokens().muted);
        };
        let readings = self.drawing.readings;
        let picture = readings.picture(self.brick, &node.id, object, channel).filter(is_sound);
        let (link, _) = readings.link(object);
        let plate = match (&picture, &link) {
            (Some(picture), Link::Disconnected | Link::Fault | Link::Loading) => {
                let status = readings.status(object);
                let age = format::ago(readings.now_ns().saturating_sub(picture.engine_ns));
                let link = status.map_or_else(|| "connecting".into(), |status| state::link_words(readings, status));
                let mut plate = vec![format!("{} · picture {age}", without_age(&link))];
                plate.extend(status.map(|status| status.last_error.clone()).filter(|error| !error.is_empty()));
                plate
            }
            (Some(_), Link::Live) => Vec::new(),
            (None, Link::Live) => vec!["waiting for the first picture".into()],
            (None, _) => {
                let status = readings.status(object);
                let link = status.map_or_else(|| "connecting".into(), |status| state::link_words(readings, status));
                let mut plate = vec!["waiting for the first picture".into(), link];
                plate.extend(status.map(|status| status.last_error.clone()).filter(|error| !error.is_empty()));
                plate
            }
        };
        Element::new(View {
            place: self.place(node),
            bound: (object, channel),
            is_live: link == Link::Live,
            plate,
            picture,
            overlays: node.read("overlays").unwrap_or_default(),
            on_click: node.attribute("on_click").and_then(|action| action.get("message")),
            tokens: self.tokens(),
        })
    }
}

fn without_age(words: &str) -> &str {
    words.split(" (").next().unwrap_or(words)
}

/// Whether iced can draw it: a buffer of the wrong length would end the whole shell.
fn is_sound(picture: &Picture) -> bool {
    let fits = match &picture.handle {
        image::Handle::Rgba { width, height, pixels, .. } => {
            let bytes = u64::from(*width) * u64::from(*height) * 4;
            bytes > 0 && bytes == pixels.len() as u64
        }
        image::Handle::Path(..) | image::Handle::Bytes(..) => false,
    };
    fits && picture.source.0 > 0 && picture.source.1 > 0
}

struct View<'a> {
    place: Place,
    bound: (&'a str, &'a str),
    picture: Option<Picture>,
    is_live: bool,
    /// What is said over the picture; empty when all is well.
    plate: Vec<String>,
    overlays: Vec<Overlay>,
    on_click: Option<&'a Value>,
    tokens: Tokens,
}

#[derive(Debug, Default)]
struct State {
    reported: Cell<(u32, u32)>,
}

impl View<'_> {
    /// Where the picture lies within `bounds`: as large as fits, on whole pixels.
    fn frame(&self, bounds: Rectangle) -> Option<(Rectangle, f32)> {
        let picture = self.picture.as_ref()?;
        let (width, height) = (picture.source.0 as f32, picture.source.1 as f32);
        let scale = (bounds.width / width).min(bounds.height / height);
        let size = Size::new((width * scale).round().max(1.0), (height * scale).round().max(1.0));
        let x = (bounds.x + (bounds.width - size.width) / 2.0).round();
        let y = (bounds.y + (bounds.height - size.height) / 2.0).round();
        Some((Rectangle::new(Point::new(x, y), size), scale))
    }

    fn click(&self, bounds: Rectangle, cursor: mouse::Cursor) -> Option<Event> {
        let (frame, scale) = self.frame(bounds)?;
        let at = cursor.position_in(frame)?;
        let place = [f64::from(at.x / scale), f64::from(at.y / scale)].map(Value::Float);
        let message = fill(self.on_click?, &Value::list(place));
        Some(Event::Message(Outgoing { place: self.place.clone(), message }))
    }

    fn tone(&self, tone: Tone) -> Color {
        // A picture is as dark in the light theme: its overlays keep the colours that are seen on it.
        let t = Tokens::dark();
        match tone {
            Tone::Normal | Tone::Primary | Tone::Title => t.accent,
            Tone::Muted => t.disconnected,
            Tone::Warning => t.minor,
            Tone::Danger => t.major,
        }
    }

    fn draw_overlays(&self, renderer: &mut Renderer, frame: Rectangle, scale: f32) {
        let mut canvas = Frame::new(renderer, frame.size());
        let at = |x: f64, y: f64| Point::new(x as f32 * scale, y as f32 * scale);
        for overlay in &self.overlays {
            let color = self.tone(overlay.tone);
            let path = match &overlay.shape {
                Shape::Line(points) => Path::new(|path| {
                    for (index, (x, y)) in points.iter().enumerate() {
                        if index == 0 { path.move_to(at(*x, *y)) } else { path.line_to(at(*x, *y)) }
                    }
                }),
                Shape::Rectangle(x, y, width, height) => {
                    Path::rectangle(at(*x, *y), Size::new(*width as f32 * scale, *height as f32 * scale))
                }
                Shape::Circle(x, y, radius) => Path::circle(at(*x, *y), (*radius as f32 * scale).max(0.0)),
                Shape::Cross(x, y, arm) => Path::new(|path| {
                    path.move_to(at(x - arm, *y));
                    path.line_to(at(x + arm, *y));
                    path.move_to(at(*x, y - arm));
                    path.line_to(at(*x, y + arm));
                }),
                Shape::Text(..) => continue,
            };
            // A dark edge under the colour: it is seen on any picture.
            canvas.stroke(&path, Stroke::default().with_width(3.5).with_color(Color::BLACK.scale_alpha(0.45)));
            canvas.stroke(&path, Stroke::default().with_width(1.5).with_color(color));
        }
        renderer.with_translation(Vector::new(frame.x, frame.y), |renderer| {
            renderer.draw_geometry(canvas.into_geometry());
        });
        for overlay in &self.overlays {
            if let Shape::Text(x, y, words) = &overlay.shape {
                let at = Point::new(frame.x, frame.y) + (at(*x, *y) - Point::ORIGIN);
                let shadow = Color::BLACK.scale_alpha(0.7);
                self.say(renderer, words, at + Vector::new(1.0, 1.0), shadow, frame, text::Alignment::Left);
                self.say(renderer, words, at, self.tone(overlay.tone), frame, text::Alignment::Left);
            }
        }
    }

    fn say(
        &self,
        renderer: &mut Renderer,
        words: &str,
        at: Point,
        color: Color,
        clip: Rectangle,
        align_x: text::Alignment,
    ) {
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
            self.say(renderer, words, at, color, plate, text::Alignment::Center);
        }
    }
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

    fn operate(&mut self, _tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        operation.container(Some(&self.place.widget_id()), layout.bounds());
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
        let bounds = layout.bounds();
        match event {
            iced::Event::Window(window::Event::RedrawRequested(_)) => {
                let size = (bounds.width as u32, bounds.height as u32);
                if tree.state.downcast_ref::<State>().reported.replace(size) != size {
                    let (object, channel) = (self.bound.0.into(), self.bound.1.into());
                    shell.publish(Event::PictureSize { place: self.place.clone(), object, channel, size });
                }
            }
            iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) if cursor.is_over(*viewport) => {
                if let Some(event) = self.click(bounds, cursor) {
                    shell.publish(event);
                    shell.capture_event();
                }
            }
            _ => {}
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
        let Some(clip) = bounds.intersection(viewport) else {
            return;
        };
        mark::fill(renderer, bounds, self.tokens.background);
        let frame = self.frame(bounds);
        if let (Some(picture), Some((frame, _))) = (&self.picture, frame) {
            renderer.draw_image(image::Image::new(picture.handle.clone()).snap(true), frame, clip);
        }
        if self.overlays.is_empty() && self.plate.is_empty() {
            return;
        }
        // Within one layer iced draws pictures over everything else.
        renderer.with_layer(clip, |renderer| {
            if let Some((frame, scale)) = frame {
                if !self.overlays.is_empty() {
                    self.draw_overlays(renderer, frame, scale);
                }
                if !self.is_live {
                    mark::fill(renderer, frame, self.tokens.veil());
                }
            }
        });
        if !self.plate.is_empty() {
            renderer.with_layer(clip, |renderer| {
                mark::outline(renderer, bounds, self.tokens.disconnected, 6.0, 10.0);
                self.draw_plate(renderer, bounds);
            });
        }
    }

    fn mouse_interaction(
        &self,
        _tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let inside = self.frame(layout.bounds()).is_some_and(|(frame, _)| cursor.is_over(frame));
        if inside && self.on_click.is_some() { mouse::Interaction::Crosshair } else { mouse::Interaction::None }
    }
}
