//! Shapes painted by the distance to their outline, with edges as soft as they are out of focus. In pixels.
//!
//! Only the rows and columns that a shape can reach are touched.

use crate::letters;

/// The length of (1, 0.5), the slope of the four short sides of a body with six corners.
const SLANT: f32 = 1.118_034;
/// So many times deeper inside than its edge is soft, a shape is all of its level. An ellipse that is made smaller on
/// both axes does not keep its distance everywhere, hence more than 1.
const CORE: f32 = 1.5;

/// A place in the picture, from the left and from the top.
pub type Spot = (f32, f32);

/// Something with an outline.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A straight piece with round ends, each with its place and radius.
    Rod((Spot, f32), (Spot, f32)),
    /// An upright ellipse: middle and half axes.
    Ellipse(Spot, (f32, f32)),
    /// The outline of an ellipse, and half its thickness.
    Ring(Spot, (f32, f32), f32),
    /// A body with six corners: middle, half length and half width.
    Facets(Spot, (f32, f32)),
    /// The outline of such a body, and half its thickness.
    Edges(Spot, (f32, f32), f32),
}

/// How a shape is painted.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Its grey, 0 to 255.
    pub level: f32,
    /// How much of what lies behind it is hidden, 0 to 1.
    pub cover: f32,
    /// Half the width over which its edges fade; sharp ones have 0.5.
    pub soft: f32,
}

/// A grey picture that is being painted.
pub struct Canvas {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The rows, the uppermost first.
    pub pixels: Vec<u8>,
}

impl Shape {
    /// The corners of the box within which it lies.
    fn bounds(&self) -> (Spot, Spot) {
        let round = |(x, y): Spot, (a, b): (f32, f32)| ((x - a, y - b), (x + a, y + b));
        match *self {
            Self::Rod(((ax, ay), ar), ((bx, by), br)) => {
                let low = ((ax - ar).min(bx - br), (ay - ar).min(by - br));
                (low, ((ax + ar).max(bx + br), (ay + ar).max(by + br)))
            }
            Self::Ellipse(middle, half) | Self::Facets(middle, half) => round(middle, half),
            Self::Ring(middle, (a, b), thick) | Self::Edges(middle, (a, b), thick) => {
                round(middle, (a + thick, b + thick))
            }
        }
    }

    /// The columns of a row, from the left, that lie at least so deep inside: they need no distance.
    fn core(&self, y: f32, depth: f32) -> Option<(f32, f32)> {
        let chord = |cy: f32, a: f32, b: f32| {
            let up = (y - cy) / b;
            (b > 0.0 && up.abs() < 1.0).then(|| a * (1.0 - up * up).sqrt())
        };
        let corners = |cy: f32, (long, wide): (f32, f32), depth: f32| {
            let up = (y - cy).abs();
            (up < wide - depth).then_some(long - 0.5 * up - SLANT * depth)
        };
        let (cx, half) = match *self {
            Self::Rod(..) => return None,
            Self::Ellipse((cx, cy), (a, b)) => (cx, chord(cy, a - depth, b - depth)?),
            Self::Ring((cx, cy), (a, b), thick) => (cx, chord(cy, a - thick - depth, b - thick - depth)?),
            Self::Facets((cx, cy), half) => (cx, corners(cy, half, depth)?),
            Self::Edges((cx, cy), half, thick) => (cx, corners(cy, half, depth + thick)?),
        };
        (half > 0.0).then_some((cx - half, cx + half))
    }

    /// Whether its inside is painted.
    fn is_solid(&self) -> bool {
        !matches!(self, Self::Ring(..) | Self::Edges(..))
    }
}

impl Canvas {
    /// Paints a shape.
    pub fn paint(&mut self, shape: Shape, paint: Paint) {
        match shape {
            Shape::Rod(from, to) => self.fill(shape, paint, rod(from, to)),
            Shape::Ellipse(middle, half) => {
                let (outline, inside) = (ellipse(middle, half), half.0.min(half.1));
                self.fill(shape, paint, |x, y| (outline(x, y), inside));
            }
            Shape::Ring(middle, half, thick) => {
                let outline = ring(middle, half, thick);
                self.fill(shape, paint, |x, y| (outline(x, y), thick));
            }
            Shape::Facets((cx, cy), half) => {
                let inside = half.0.min(half.1);
                self.fill(shape, paint, |x, y| (facets(x - cx, y - cy, half), inside));
            }
            Shape::Edges((cx, cy), half, thick) => {
                self.fill(shape, paint, |x, y| (facets(x - cx, y - cy, half).abs() - thick, thick));
            }
        }
    }

    /// Mixes a level in wherever `outline` says that the shape is: it gives the distance to the outline, negative
    /// inside, and how deep the inside is. An edge that fades over more than the shape makes all of it fainter.
    #[inline(always)]
    fn fill(&mut self, shape: Shape, paint: Paint, outline: impl Fn(f32, f32) -> (f32, f32)) {
        let Paint { level, cover, soft } = paint;
        let ((left, top), (right, bottom)) = shape.bounds();
        let range = |low: f32, high: f32, end: usize| {
            let (low, high) = ((low - soft - 1.0).max(0.0) as usize, (high + soft + 2.0).max(0.0) as usize);
            low.min(end)..high.min(end)
        };
        let (columns, rows) = (range(left, right, self.width), range(top, bottom, self.height));
        let slope = 0.5 / soft;
        let edge = |distance: f32| (0.5 - distance * slope).clamp(0.0, 1.0);
        let mix = |pixel: &mut u8, share: f32| {
            let behind = f32::from(*pixel);
            *pixel = (behind + (level - behind) * share + 0.5) as i32 as u8;
        };
        for y in rows {
            let row = &mut self.pixels[y * self.width..][..self.width];
            let middle = y as f32 + 0.5;
            let within = |x: f32| (x.max(0.0) as usize).clamp(columns.start, columns.end);
            let core = shape.core(middle, CORE * soft + 1.0).map(|(left, right)| (within(left + 1.0), within(right)));
            let (from, to) = core.filter(|(from, to)| from < to).unwrap_or((columns.end, columns.end));
            for part in [columns.start..from, to..columns.end] {
                // Numbers of 32 bits, so that the compiler takes several pixels at once.
                for (x, pixel) in (part.start as i32..).zip(&mut row[part]) {
                    let (distance, inside) = outline(x as f32 + 0.5, middle);
                    mix(pixel, cover * (edge(distance) - edge(distance + 2.0 * inside)));
                }
            }
            if shape.is_solid() {
                row[from..to].iter_mut().for_each(|pixel| mix(pixel, cover));
            }
        }
    }

    /// Writes with dots of 3 pixels.
    pub fn write(&mut self, text: &str, left: usize, top: usize, ink: u8) {
        for (index, letter) in text.chars().enumerate() {
            for (row, dots) in letters::rows(letter).into_iter().enumerate() {
                for column in (0..5).filter(|column| dots >> (4 - column) & 1 == 1) {
                    let (x, y) = (left + (index * 6 + column) * 3, top + row * 3);
                    (0..9).for_each(|dot| self.dot(x + dot % 3, y + dot / 3, ink));
                }
            }
        }
    }

    fn dot(&mut self, x: usize, y: usize, ink: u8) {
        if x < self.width && y < self.height {
            self.pixels[y * self.width + x] = ink;
        }
    }
}

/// `hypot` would be exact for numbers that no picture has, and ten times slower.
#[inline(always)]
fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The distance to an upright ellipse, good near its outline and in its middle.
#[inline(always)]
fn ellipse((cx, cy): Spot, (a, b): (f32, f32)) -> impl Fn(f32, f32) -> f32 {
    const TINY: f32 = 1e-4;
    let (u, v, tiny) = (1.0 / a, 1.0 / b, TINY / a.min(b));
    move |x, y| {
        let (x, y) = ((x - cx) * u, (y - cy) * v);
        let (radius, slope) = (length(x, y), length(x * u, y * v));
        (radius - 1.0) * (radius + TINY) / (slope + tiny)
    }
}

/// The distance to what lies between two ellipses; a thin one has no inside.
#[inline(always)]
fn ring(middle: Spot, (a, b): (f32, f32), thick: f32) -> impl Fn(f32, f32) -> f32 {
    let outer = ellipse(middle, (a + thick, b + thick));
    let inner = ellipse(middle, (a - thick, b - thick));
    let hollow = a.min(b) > thick;
    move |x, y| if hollow { outer(x, y).max(-inner(x, y)) } else { outer(x, y) }
}

/// The distance to a body with six corners.
#[inline(always)]
fn facets(x: f32, y: f32, (long, wide): (f32, f32)) -> f32 {
    let (x, y) = (x.abs(), y.abs());
    ((x + 0.5 * y - long) / SLANT).max(y - wide)
}

/// The distance to a rod, and its radius there.
#[inline(always)]
fn rod(((ax, ay), ar): (Spot, f32), ((bx, by), br): (Spot, f32)) -> impl Fn(f32, f32) -> (f32, f32) {
    let (dx, dy) = (bx - ax, by - ay);
    let scale = 1.0 / (dx * dx + dy * dy).max(1e-6);
    move |x, y| {
        let along = (((x - ax) * dx + (y - ay) * dy) * scale).clamp(0.0, 1.0);
        let radius = ar + along * (br - ar);
        (length(x - ax - along * dx, y - ay - along * dy) - radius, radius)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(shape: Shape, soft: f32) -> Canvas {
        let mut canvas = Canvas { width: 80, height: 60, pixels: vec![200; 80 * 60] };
        canvas.paint(shape, Paint { level: 0.0, cover: 1.0, soft });
        canvas
    }

    fn at(canvas: &Canvas, x: usize, y: usize) -> u8 {
        canvas.pixels[y * canvas.width + x]
    }

    #[test]
    fn each_shape_is_dark_where_it_is_and_leaves_the_rest() {
        let middle = (40.0, 30.0);
        for (shape, on, off) in [
            (Shape::Ellipse(middle, (20.0, 10.0)), (40, 30), (62, 30)),
            (Shape::Ellipse(middle, (20.0, 10.0)), (40, 22), (40, 18)),
            (Shape::Ring(middle, (20.0, 10.0), 2.0), (59, 30), (40, 30)),
            (Shape::Facets(middle, (20.0, 10.0)), (40, 30), (59, 38)),
            (Shape::Edges(middle, (20.0, 10.0), 1.5), (40, 39), (40, 30)),
            (Shape::Rod((middle, 2.0), ((70.0, 30.0), 8.0)), (69, 35), (42, 35)),
        ] {
            let canvas = painted(shape, 0.5);
            assert_eq!((at(&canvas, on.0, on.1), at(&canvas, off.0, off.1)), (0, 200), "{shape:?}");
        }
    }

    #[test]
    fn out_of_focus_an_edge_is_wide_and_a_thin_shape_is_faint() {
        let ring = Shape::Ring((40.0, 30.0), (20.0, 10.0), 1.0);
        let darkest = |soft| painted(ring, soft).pixels.into_iter().min();
        assert_eq!(darkest(0.5), Some(0));
        assert!(darkest(5.0) > Some(150), "{:?}", darkest(5.0));
        let body = painted(Shape::Facets((40.0, 30.0), (20.0, 10.0)), 4.0);
        assert!(at(&body, 40, 42) < 200 && at(&body, 40, 42) > 100);
    }

    #[test]
    fn what_lies_outside_the_picture_paints_nothing() {
        for middle in [(-500.0, 30.0), (900.0, 30.0), (40.0, -500.0), (40.0, 900.0)] {
            assert!(painted(Shape::Ellipse(middle, (20.0, 10.0)), 3.0).pixels.iter().all(|pixel| *pixel == 200));
        }
    }
}
