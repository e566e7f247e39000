//! The distance of a place to an outline, in pixels, negative inside. All of it is computed for each pixel, in numbers
//! of 32 bits and without branches, so that the compiler takes several pixels at once.

use crate::shape::Spot;

/// The length of (1, 0.5), the slope of the four short sides of a body with six corners.
pub const SLANT: f32 = 1.118_034;

/// `hypot` would be exact for numbers that no picture has, and ten times slower.
#[inline(always)]
pub fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The distance to an ellipse about the origin, good near its outline and in its middle.
#[inline(always)]
pub fn ellipse((a, b): (f32, f32)) -> impl Fn(f32, f32) -> f32 {
    const TINY: f32 = 1e-4;
    let (u, v, tiny) = (1.0 / a, 1.0 / b, TINY / a.min(b));
    move |x, y| {
        let (x, y) = (x * u, y * v);
        let (radius, slope) = (length(x, y), length(x * u, y * v));
        (radius - 1.0) * (radius + TINY) / (slope + tiny)
    }
}

/// The distance to what lies between two ellipses; a thin one has no inside.
#[inline(always)]
pub fn ring((a, b): (f32, f32), thick: f32) -> impl Fn(f32, f32) -> f32 {
    let outer = ellipse((a + thick, b + thick));
    let inner = ellipse((a - thick, b - thick));
    let hollow = a.min(b) > thick;
    move |x, y| if hollow { outer(x, y).max(-inner(x, y)) } else { outer(x, y) }
}

/// The distance to a body with six corners.
#[inline(always)]
pub fn facets(x: f32, y: f32, (long, wide): (f32, f32)) -> f32 {
    let (x, y) = (x.abs(), y.abs());
    ((x + 0.5 * y - long) / SLANT).max(y - wide)
}

/// The distance to a rod, and its radius there.
#[inline(always)]
pub fn rod(((ax, ay), ar): (Spot, f32), ((bx, by), br): (Spot, f32)) -> impl Fn(f32, f32) -> (f32, f32) {
    let (dx, dy) = (bx - ax, by - ay);
    let scale = 1.0 / (dx * dx + dy * dy).max(1e-6);
    move |x, y| {
        let along = (((x - ax) * dx + (y - ay) * dy) * scale).clamp(0.0, 1.0);
        let radius = ar + along * (br - ar);
        (length(x - ax - along * dx, y - ay - along * dy) - radius, radius)
    }
}
