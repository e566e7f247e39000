//! Shapes that a picture is made of: where each can reach, and where it is so deep inside that nothing need be
//! computed. In pixels; [`Canvas`](crate::canvas::Canvas) paints them.

use crate::outline::{SLANT, length};

/// A place in the picture, from the left and from the top.
pub type Spot = (f32, f32);

/// Where a round or cornered shape lies: it is as long and as wide on both sides of its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its middle.
    pub middle: Spot,
    /// Half its length and half its width.
    pub half: (f32, f32),
    /// The cosine and the sine of the angle by which its length is turned from the horizontal, with the clock.
    pub turn: (f32, f32),
}

/// Something with an outline.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A straight piece with round ends, each with its place and radius.
    Rod((Spot, f32), (Spot, f32)),
    /// An ellipse.
    Ellipse(Place),
    /// The outline of an ellipse, and half its thickness.
    Ring(Place, f32),
    /// A body with six corners.
    Facets(Place),
    /// The outline of such a body, and half its thickness.
    Edges(Place, f32),
}

impl Place {
    /// One that is not turned.
    pub fn upright(middle: Spot, half: (f32, f32)) -> Self {
        Self { middle, half, turn: (1.0, 0.0) }
    }

    /// The same, larger or smaller on all sides.
    fn grown(self, by: f32) -> Self {
        Self { half: (self.half.0 + by, self.half.1 + by), ..self }
    }

    /// The same, with sides that are these shares of it.
    pub fn scaled(self, long: f32, wide: f32) -> Self {
        Self { half: (long * self.half.0, wide * self.half.1), ..self }
    }

    /// A place in the picture as seen from its middle, along its length and its width.
    #[inline(always)]
    pub fn local(&self, x: f32, y: f32) -> Spot {
        let ((dx, dy), (cos, sin)) = ((x - self.middle.0, y - self.middle.1), self.turn);
        (dx * cos + dy * sin, dy * cos - dx * sin)
    }

    fn around(&self, (x, y): (f32, f32)) -> (Spot, Spot) {
        let (cx, cy) = self.middle;
        ((cx - x, cy - y), (cx + x, cy + y))
    }

    /// The box of the ellipse.
    pub fn box_of_ellipse(&self) -> (Spot, Spot) {
        let ((a, b), (cos, sin)) = (self.half, self.turn);
        self.around((length(a * cos, b * sin), length(a * sin, b * cos)))
    }

    /// The box of all that is as long and as wide.
    fn box_of_corners(&self) -> (Spot, Spot) {
        let ((a, b), (cos, sin)) = (self.half, (self.turn.0.abs(), self.turn.1.abs()));
        self.around((a * cos + b * sin, a * sin + b * cos))
    }

    /// From where to where a row crosses the ellipse.
    fn chord(&self, y: f32) -> Option<(f32, f32)> {
        let ((a, b), (cos, sin)) = (self.half, self.turn);
        if a <= 0.0 || b <= 0.0 {
            return None;
        }
        // (u / a)^2 + (v / b)^2 = 1 with u and v as in `local`: p dx^2 + 2 q dx + r = 0.
        let (dy, along, across) = (y - self.middle.1, 1.0 / (a * a), 1.0 / (b * b));
        let p = cos * cos * along + sin * sin * across;
        let q = dy * cos * sin * (along - across);
        let r = dy * dy * (sin * sin * along + cos * cos * across) - 1.0;
        let square = q * q - p * r;
        let (middle, half) = (self.middle.0 - q / p, square.max(0.0).sqrt() / p);
        (square > 0.0).then_some((middle - half, middle + half))
    }

    /// From where to where a row is at least so deep inside the body with six corners.
    fn between_corners(&self, y: f32, depth: f32) -> Option<(f32, f32)> {
        let ((long, wide), (cos, sin)) = (self.half, self.turn);
        let (dy, long, wide) = (y - self.middle.1, long - SLANT * depth, wide - depth);
        // Each side is a u + b v <= limit, so that a row has an end at each.
        let sides = [(1.0, 0.5, long), (1.0, -0.5, long), (0.0, 1.0, wide)];
        let (mut low, mut high) = (f32::MIN, f32::MAX);
        for (a, b, limit) in sides {
            let (slope, height) = (a * cos - b * sin, (a * sin + b * cos) * dy);
            if slope.abs() < 1e-6 {
                if height.abs() >= limit {
                    return None;
                }
                continue;
            }
            let (middle, half) = (-height / slope, (limit / slope).abs());
            (low, high) = if limit > 0.0 { (low.max(middle - half), high.min(middle + half)) } else { return None };
        }
        (low < high).then_some((self.middle.0 + low, self.middle.0 + high))
    }
}

impl Shape {
    /// The corners of the box within which it lies.
    pub fn bounds(&self) -> (Spot, Spot) {
        match *self {
            Self::Rod(((ax, ay), ar), ((bx, by), br)) => {
                let low = ((ax - ar).min(bx - br), (ay - ar).min(by - br));
                (low, ((ax + ar).max(bx + br), (ay + ar).max(by + br)))
            }
            Self::Ellipse(place) => place.box_of_ellipse(),
            Self::Ring(place, thick) => place.grown(thick).box_of_ellipse(),
            Self::Facets(place) => place.box_of_corners(),
            Self::Edges(place, thick) => place.grown(thick).box_of_corners(),
        }
    }

    /// The columns of a row, from the left, that lie at least so deep inside: they need no distance.
    pub fn core(&self, y: f32, depth: f32) -> Option<(f32, f32)> {
        match *self {
            Self::Rod(..) => None,
            Self::Ellipse(place) => place.grown(-depth).chord(y),
            Self::Ring(place, thick) => place.grown(-depth - thick).chord(y),
            Self::Facets(place) => place.between_corners(y, depth),
            Self::Edges(place, thick) => place.between_corners(y, depth + thick),
        }
    }

    /// Whether its inside is painted.
    pub fn is_solid(&self) -> bool {
        !matches!(self, Self::Ring(..) | Self::Edges(..))
    }
}
