//! A grey picture that is being painted: shapes with edges as soft as they are out of focus, and a few letters.
//!
//! Only the rows and columns that a shape can reach are touched.

use crate::letters;
use crate::outline::{ellipse, facets, ring, rod};
use crate::shape::{Place, Shape};

/// So many times deeper inside than its edge is soft, a shape is all of its level. An ellipse that is made smaller on
/// both axes does not keep its distance everywhere, hence more than 1.
const CORE: f32 = 1.5;

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

impl Canvas {
    /// Paints a shape.
    pub fn paint(&mut self, shape: Shape, paint: Paint) {
        match shape {
            Shape::Rod(from, to) => self.fill(shape, paint, rod(from, to)),
            Shape::Ellipse(place) => {
                let (outline, inside) = (ellipse(place.half), place.half.0.min(place.half.1));
                self.fill_local(shape, place, paint, |x, y| (outline(x, y), inside));
            }
            Shape::Ring(place, thick) => {
                let outline = ring(place.half, thick);
                self.fill_local(shape, place, paint, |x, y| (outline(x, y), thick));
            }
            Shape::Facets(place) => {
                let inside = place.half.0.min(place.half.1);
                self.fill_local(shape, place, paint, |x, y| (facets(x, y, place.half), inside));
            }
            Shape::Edges(place, thick) => {
                self.fill_local(shape, place, paint, |x, y| (facets(x, y, place.half).abs() - thick, thick));
            }
        }
    }

    /// As `fill`, with an outline that is given as its place sees it.
    #[inline(always)]
    fn fill_local(&mut self, shape: Shape, place: Place, paint: Paint, outline: impl Fn(f32, f32) -> (f32, f32)) {
        // Most are upright, which costs less.
        if place.turn == (1.0, 0.0) {
            let (cx, cy) = place.middle;
            self.fill(shape, paint, |x, y| outline(x - cx, y - cy));
        } else {
            self.fill(shape, paint, |x, y| {
                let (x, y) = place.local(x, y);
                outline(x, y)
            });
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

#[cfg(test)]
mod tests;
