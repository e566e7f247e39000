//! What is mounted on the goniometer: a pin, a loop on a fibre, and what the loop holds. It knows where all of it is
//! seen, and draws it; it knows no motor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::{Optics, Point, Seen};
use crate::picture::{Palette, Scene};
use crate::shapes::{Canvas, Paint, Shape, Spot};

// The sizes of things, in um.
const LOOP: (f64, f64) = (150.0, 105.0);
const FIBRE: f64 = 8.0;
const PIN: f64 = 60.0;
const CAP: f64 = 320.0;
/// The middle of the loop, from the crystal: it never lies quite in the middle.
const LOOP_FROM_CRYSTAL: Point = (30.0, -18.0, 0.0);
/// How far the pin begins behind the crystal, and where it has its full width.
const PIN_FROM_CRYSTAL: (f64, f64) = (620.0, 4000.0);
/// How thin the loop is when it is seen from the side.
const LOOP_DEPTH: f64 = 6.0;
/// The middle of each piece of ice from the crystal, and its radius.
const ICE: [(Point, f64); 5] = [
    ((0.0, 0.0, 20.0), 95.0),
    ((70.0, 40.0, -30.0), 80.0),
    ((-60.0, -50.0, 10.0), 70.0),
    ((110.0, -50.0, 40.0), 65.0),
    ((-30.0, 70.0, -40.0), 60.0),
];
/// Pixels; what is blurred more is not told apart.
const SOFTEST: f64 = 48.0;

/// What is mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Mounted {
    /// A loop with a crystal.
    #[default]
    Loop,
    /// A loop with a long thin crystal.
    Needle,
    /// A loop with nothing in it.
    Empty,
    /// A loop with a crystal under ice.
    Ice,
    /// A pin without a loop.
    Pin,
    /// Not even a pin.
    Nothing,
}

impl Mounted {
    /// Half the length of the crystal along the spindle, half its width and half its depth, in um.
    fn crystal(self) -> Option<Point> {
        match self {
            Self::Loop | Self::Ice => Some((55.0, 38.0, 26.0)),
            Self::Needle => Some((105.0, 13.0, 10.0)),
            Self::Empty | Self::Pin | Self::Nothing => None,
        }
    }
}

/// One sample.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The middle of the crystal on the goniometer head.
    pub at: Point,
    /// What it is.
    pub mounted: Mounted,
}

/// How a part of the sample is seen: where, how large a um is, how soft its edges are.
struct Part {
    spot: Spot,
    pixels_per_um: f64,
    soft: f32,
}

impl Part {
    /// A length in pixels.
    fn pixels(&self, um: f64) -> f32 {
        (um * self.pixels_per_um) as f32
    }

    fn paint(&self, level: f32, cover: f32) -> Paint {
        Paint { level, cover, soft: self.soft }
    }
}

impl Sample {
    fn seen(&self, scene: &Scene, (x, y, z): Point) -> Seen {
        scene.axes.see((self.at.0 + x, self.at.1 + y, self.at.2 + z))
    }

    /// The pixel of the middle of the crystal: what tests find in the pictures.
    #[cfg(test)]
    pub fn truth(&self, scene: &Scene, optics: Optics) -> (f64, f64) {
        optics.pixel(self.seen(scene, (0.0, 0.0, 0.0)))
    }

    /// Draws all of it, the hindmost first.
    pub fn draw(&self, canvas: &mut Canvas, scene: &Scene, optics: Optics, palette: &Palette) {
        let part = |from_crystal: Point| part(scene, optics, self.seen(scene, from_crystal));
        if self.mounted == Mounted::Nothing {
            return;
        }
        self.draw_pin(canvas, scene, optics, palette);
        if self.mounted == Mounted::Pin {
            return;
        }
        let (middle, (sin, cos)) = (part(LOOP_FROM_CRYSTAL), scene.axes.omega_deg.to_radians().sin_cos());
        let half = (middle.pixels(LOOP.0), middle.pixels(LOOP_DEPTH + (LOOP.1 - LOOP_DEPTH) * cos.abs()));
        canvas.paint(Shape::Ellipse(middle.spot, half), middle.paint(palette.liquor, 0.4));
        canvas.paint(Shape::Ring(middle.spot, half, middle.pixels(FIBRE)), middle.paint(palette.fibre, 0.85));
        if let Some((long, wide, deep)) = self.mounted.crystal() {
            let crystal = part((0.0, 0.0, 0.0));
            let half = (crystal.pixels(long), crystal.pixels((wide * cos).hypot(deep * sin)));
            canvas.paint(Shape::Facets(crystal.spot, half), crystal.paint(palette.crystal, 1.0));
            let face = (0.6 * half.0, 0.55 * half.1);
            canvas.paint(Shape::Facets(crystal.spot, face), crystal.paint(1.25 * palette.crystal, 1.0));
            canvas.paint(Shape::Edges(crystal.spot, half, 1.0), crystal.paint(palette.edge, 0.8));
        }
        if self.mounted == Mounted::Ice {
            for (from_crystal, radius) in ICE {
                let piece = part(from_crystal);
                let radius = piece.pixels(radius);
                canvas.paint(Shape::Ellipse(piece.spot, (radius, 0.85 * radius)), piece.paint(palette.ice, 0.6));
            }
        }
    }

    /// The fibre from the loop to the pin, and the pin, which ends in the middle of the cap on the axis.
    fn draw_pin(&self, canvas: &mut Canvas, scene: &Scene, optics: Optics, palette: &Palette) {
        let (x, y, z) = LOOP_FROM_CRYSTAL;
        let end = part(scene, optics, self.seen(scene, (x + LOOP.0, y, z)));
        let at = |from_crystal: f64, share: f64| (self.at.0 + from_crystal, self.at.1 * share, self.at.2 * share);
        let tip = part(scene, optics, scene.axes.see(at(PIN_FROM_CRYSTAL.0, 0.4)));
        let cap = part(scene, optics, scene.axes.see(at(PIN_FROM_CRYSTAL.1, 0.0)));
        if self.mounted != Mounted::Pin {
            let fibre = Shape::Rod((end.spot, end.pixels(FIBRE)), (tip.spot, tip.pixels(2.0 * FIBRE)));
            canvas.paint(fibre, end.paint(palette.fibre, 0.9));
        }
        let pin = Shape::Rod((tip.spot, tip.pixels(PIN)), (cap.spot, cap.pixels(CAP)));
        canvas.paint(pin, tip.paint(palette.pin, 1.0));
    }
}

fn part(scene: &Scene, optics: Optics, seen: Seen) -> Part {
    let (x, y) = optics.pixel(seen);
    let pixels_per_um = 1.0 / optics.um_per_pixel;
    let soft = (0.5 + scene.axes.blur_um(seen) * pixels_per_um).min(SOFTEST);
    Part { spot: (x as f32, y as f32), pixels_per_um, soft: soft as f32 }
}
