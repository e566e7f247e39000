//! Shapes over a picture: drawn in its coordinates, and found again under the pointer.

use brickwork_sdk::Value;
use brickwork_sdk::view::{Cells, Node, Overlay, Shape, Tone};
use iced::advanced::Renderer as _;
use iced::advanced::graphics::geometry::Renderer as _;
use iced::advanced::text;
use iced::widget::canvas::{Frame, Path, Stroke, path};
use iced::{Color, Point, Rectangle, Renderer, Size, Vector};

use super::{Fit, say};
use crate::tokens::{HEAT_STEPS, Tokens, size, space};
use crate::{format, mark};

/// How near to a line the pointer is on it, in pixels of the screen.
const NEAR: f64 = 8.0;
/// The height of a line of text.
const LINE: f32 = 19.0;
/// More cells than a person can tell apart; a shape with more is not drawn.
const MAX_CELLS: u64 = 250_000;

/// The shapes of a node; one that this shell does not know is left out, the others are drawn.
pub(super) fn read_overlays(node: &Node) -> Vec<Overlay> {
    let Some(Value::List(shapes)) = node.attribute("overlays") else { return Vec::new() };
    shapes.iter().filter_map(|shape| brickwork_sdk::from_value(shape.clone()).ok()).collect()
}

/// Where shapes are drawn.
#[derive(Clone, Copy)]
pub(super) struct Over {
    /// How the picture lies.
    pub fit: Fit,
    /// Nothing is drawn outside.
    pub clip: Rectangle,
}

impl Over {
    pub(super) fn draw<'a>(self, renderer: &mut Renderer, overlays: impl Iterator<Item = &'a Overlay> + Clone) {
        let corner = self.fit.frame.position();
        let shift = Vector::new(corner.x - self.clip.x, corner.y - self.clip.y);
        let mut canvas = Frame::new(renderer, self.clip.size());
        canvas.translate(shift);
        for Overlay { shape, tone, .. } in overlays.clone() {
            if let Shape::Cells(cells) = shape {
                self.fill_cells(&mut canvas, cells);
                canvas.stroke(&self.lines(cells), stroke(1.0, color(*tone).scale_alpha(0.6)));
            }
            if let Some(path) = self.path(shape) {
                // A dark edge under the colour: it is seen on any picture.
                canvas.stroke(&path, stroke(3.5, Color::BLACK.scale_alpha(0.45)));
                canvas.stroke(&path, stroke(1.5, color(*tone)));
            }
        }
        renderer.with_translation(Vector::new(self.clip.x, self.clip.y), |renderer| {
            renderer.draw_geometry(canvas.into_geometry());
        });
        for Overlay { shape, tone, .. } in overlays {
            if let Shape::Text(x, y, words) = shape {
                self.label(renderer, corner + (self.at((*x, *y)) - Point::ORIGIN), words, color(*tone));
            }
        }
    }

    /// Words on a dark plate: they are read on any picture. Where they would leave it they are moved back into it.
    fn label(self, renderer: &mut Renderer, at: Point, words: &str, color: Color) {
        if words.is_empty() || !self.clip.contains(at) {
            return;
        }
        let room = Size::new(format::slot_width(words, size::BODY) + space::S, LINE);
        let x = (at.x - space::XS).min(self.clip.x + self.clip.width - room.width).max(self.clip.x);
        let y = at.y.min(self.clip.y + self.clip.height - room.height).max(self.clip.y);
        let plate = Rectangle::new(Point::new(x, y), room);
        mark::fill(renderer, plate, Color::BLACK.scale_alpha(0.75));
        let at = plate.position() + Vector::new(space::XS, 0.0);
        say(renderer, words, at, color, self.clip, text::Alignment::Left);
    }

    fn at(self, place: (f64, f64)) -> Point {
        self.fit.seen_at(place)
    }

    fn path(self, shape: &Shape) -> Option<Path> {
        Some(match shape {
            Shape::Line(points) => Path::new(|path| {
                for (index, point) in points.iter().enumerate() {
                    if index == 0 { path.move_to(self.at(*point)) } else { path.line_to(self.at(*point)) }
                }
            }),
            Shape::Rectangle(x, y, width, height) => {
                let size = self.at((*width, *height));
                Path::rectangle(self.at((*x, *y)), Size::new(size.x, size.y))
            }
            Shape::Circle(x, y, radius) => Path::circle(self.at((*x, *y)), self.at((*radius, 0.0)).x.max(0.0)),
            Shape::Cross(x, y, arm) => Path::new(|path| {
                path.move_to(self.at((x - arm, *y)));
                path.line_to(self.at((x + arm, *y)));
                path.move_to(self.at((*x, y - arm)));
                path.line_to(self.at((*x, y + arm)));
            }),
            Shape::Cells(cells) => Path::new(|path| {
                let Cells { columns, rows, .. } = *cells;
                path.move_to(self.at(knot(cells, 0, 0)));
                for (column, row) in [(columns, 0), (columns, rows), (0, rows)] {
                    path.line_to(self.at(knot(cells, column, row)));
                }
                path.close();
            }),
            Shape::Text(..) => return None,
        })
    }

    /// The lines between the cells.
    fn lines(self, cells: &Cells) -> Path {
        let Cells { columns, rows, .. } = *cells;
        if count(cells) > MAX_CELLS {
            return Path::new(|_| {});
        }
        Path::new(|path| {
            for column in 1..columns {
                path.move_to(self.at(knot(cells, column, 0)));
                path.line_to(self.at(knot(cells, column, rows)));
            }
            for row in 1..rows {
                path.move_to(self.at(knot(cells, 0, row)));
                path.line_to(self.at(knot(cells, columns, row)));
            }
        })
    }

    /// The cells that have a value, in the colours of heat. Those of one colour are one path: few fills for many cells.
    fn fill_cells(self, canvas: &mut Frame, cells: &Cells) {
        let known = || cells.values.iter().copied().filter(|value| value.is_finite());
        let (low, high) =
            known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high || count(cells) > MAX_CELLS {
            return;
        }
        let mut paths: Vec<path::Builder> = (0..HEAT_STEPS).map(|_| path::Builder::new()).collect();
        for (index, value) in cells.values.iter().enumerate().take(count(cells) as usize) {
            let share = if high > low { (value - low) / (high - low) } else { 1.0 };
            if !share.is_finite() {
                continue;
            }
            let (column, row) = (index as u32 % cells.columns, index as u32 / cells.columns);
            let step = ((share * HEAT_STEPS as f64) as usize).min(HEAT_STEPS - 1);
            let path = &mut paths[step];
            path.move_to(self.at(knot(cells, column, row)));
            for (column, row) in [(column + 1, row), (column + 1, row + 1), (column, row + 1)] {
                path.line_to(self.at(knot(cells, column, row)));
            }
            path.close();
        }
        for (step, path) in paths.into_iter().enumerate() {
            canvas.fill(&path.build(), Tokens::heat(step).scale_alpha(0.5));
        }
    }
}

fn stroke(width: f32, color: Color) -> Stroke<'static> {
    Stroke::default().with_width(width).with_color(color)
}

fn count(cells: &Cells) -> u64 {
    u64::from(cells.columns) * u64::from(cells.rows)
}

/// The corner where a row and a column of lines meet.
fn knot(cells: &Cells, column: u32, row: u32) -> (f64, f64) {
    let along = f64::from(column) / f64::from(cells.columns.max(1));
    let down = f64::from(row) / f64::from(cells.rows.max(1));
    let of = |corner: f64, a: f64, d: f64| corner + a * along + d * down;
    (of(cells.corner.0, cells.along.0, cells.down.0), of(cells.corner.1, cells.along.1, cells.down.1))
}

fn color(tone: Tone) -> Color {
    // A picture is as dark in the light theme: its overlays keep the colours that are seen on it.
    let t = Tokens::dark();
    match tone {
        Tone::Normal | Tone::Primary | Tone::Title => t.accent,
        Tone::Muted => t.disconnected,
        Tone::Warning => t.minor,
        Tone::Danger => t.major,
    }
}

/// The name of the uppermost shape at a place of the picture of which `scale` pixels of the screen are one.
pub(super) fn hit(overlays: &[Overlay], at: (f64, f64), scale: f32) -> Option<&str> {
    let near = NEAR / f64::from(scale);
    let is_hit = |overlay: &&Overlay| !overlay.id.is_empty() && distance(&overlay.shape, at) <= near;
    overlays.iter().rev().find(is_hit).map(|overlay| overlay.id.as_str())
}

/// How far a place is from a shape, 0 inside it.
fn distance(shape: &Shape, (x, y): (f64, f64)) -> f64 {
    match shape {
        Shape::Line(points) => {
            points.windows(2).map(|ends| from_segment((x, y), ends[0], ends[1])).fold(f64::INFINITY, f64::min)
        }
        Shape::Rectangle(left, top, width, height) => {
            let beyond = |at: f64, low: f64, length: f64| (low - at).max(at - low - length).max(0.0);
            beyond(x, *left, *width).hypot(beyond(y, *top, *height))
        }
        Shape::Circle(cx, cy, radius) => ((x - cx).hypot(y - cy) - radius).max(0.0),
        Shape::Cross(cx, cy, arm) => ((x - cx).hypot(y - cy) - arm).max(0.0),
        Shape::Text(..) => f64::INFINITY,
        Shape::Cells(cells) => {
            let (a, d) = (cells.along, cells.down);
            let (dx, dy) = (x - cells.corner.0, y - cells.corner.1);
            let area = a.0 * d.1 - a.1 * d.0;
            let (along, down) = ((dx * d.1 - dy * d.0) / area, (a.0 * dy - a.1 * dx) / area);
            let inside = (0.0..=1.0).contains(&along) && (0.0..=1.0).contains(&down);
            if inside { 0.0 } else { f64::INFINITY }
        }
    }
}

fn from_segment((x, y): (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.mul_add(dx, dy * dy);
    let along = if length > 0.0 { ((x - from.0) * dx + (y - from.1) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (x - from.0 - along * dx).hypot(y - from.1 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlay(id: &str, shape: Shape) -> Overlay {
        Overlay { id: id.into(), shape, tone: Tone::Normal }
    }

    #[test]
    fn the_uppermost_shape_that_has_a_name_is_found_near_its_line_and_inside_its_cells() {
        let cells = Cells { corner: (100.0, 100.0), along: (60.0, 20.0), down: (-10.0, 40.0), ..Cells::default() };
        let shapes = [
            overlay("grid", Shape::Cells(cells)),
            overlay("line", Shape::Line(vec![(0.0, 0.0), (50.0, 50.0)])),
            overlay("", Shape::Circle(25.0, 25.0, 5.0)),
            overlay("point", Shape::Cross(50.0, 50.0, 4.0)),
        ];
        for (at, found) in [
            ((25.0, 30.0), Some("line")),
            ((52.0, 52.0), Some("point")),
            ((120.0, 125.0), Some("grid")),
            ((155.0, 100.0), None),
            ((300.0, 300.0), None),
        ] {
            assert_eq!(hit(&shapes, at, 1.0), found, "{at:?}");
        }
        assert_eq!(hit(&shapes, (25.0, 35.0), 4.0), None, "the line is far on a picture that is shown large");
    }

    #[test]
    fn a_shape_of_a_later_shell_is_left_out_and_the_others_stay() {
        let known = brickwork_sdk::to_value(&overlay("a", Shape::Circle(1.0, 2.0, 3.0))).expect("it is plain data");
        let unknown = Value::map([("shape", Value::map([("Spiral", Value::Float(1.0))]))]);
        let mut node = Node::new("picture");
        node.attributes.insert("overlays".into(), Value::list([unknown, known]));
        assert_eq!(read_overlays(&node).len(), 1);
    }
}
