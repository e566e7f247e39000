//! The plain look: few shapes with even greys, the crystal the darkest of them.

use super::{FIBRE, end_of_loop, towards_cap};
use crate::axes::Point;
use crate::canvas::Canvas;
use crate::light::Palette;
use crate::sample::{Mounted, Sample};
use crate::shape::Shape;
use crate::view::View;

// The sizes of things, in um.
const PIN: f64 = 60.0;
const CAP: f64 = 320.0;
/// Where the pin has its full width, behind the crystal.
const CAP_FROM_CRYSTAL: f64 = 4000.0;
/// The middle of each piece of ice from the crystal, and its radius.
const ICE: [(Point, f64); 5] = [
    ((0.0, 0.0, 20.0), 95.0),
    ((70.0, 40.0, -30.0), 80.0),
    ((-60.0, -50.0, 10.0), 70.0),
    ((110.0, -50.0, 40.0), 65.0),
    ((-30.0, 70.0, -40.0), 60.0),
];

/// Draws all of it.
pub fn plain(canvas: &mut Canvas, sample: &Sample, view: &View, palette: &Palette) {
    if sample.mounted == Mounted::Nothing {
        return;
    }
    pin(canvas, sample, view, palette);
    if sample.mounted.has_loop() {
        let middle = view.part(sample.loop_from_crystal);
        let disc = view.disc(&middle, sample.loop_half);
        canvas.paint(Shape::Ellipse(disc), middle.paint(palette.liquor, 0.4));
        canvas.paint(Shape::Ring(disc, middle.pixels(FIBRE)), middle.paint(palette.fibre, 0.85));
    }
    if let Some(half) = sample.crystal {
        let crystal = view.part((0.0, 0.0, 0.0));
        let block = view.block(&crystal, half);
        canvas.paint(Shape::Facets(block), crystal.paint(palette.crystal, 1.0));
        canvas.paint(Shape::Facets(block.scaled(0.6, 0.55)), crystal.paint(palette.face, 1.0));
        canvas.paint(Shape::Edges(block, 1.0), crystal.paint(palette.edge, 0.8));
    }
    if sample.mounted == Mounted::Ice {
        for (from_crystal, radius) in ICE {
            let piece = view.part(from_crystal);
            let place = piece.round(radius, 0.85);
            canvas.paint(Shape::Ellipse(place), piece.paint(palette.ice, 0.6));
        }
    }
}

/// The fibre from the loop to the pin, and the pin, which ends in the middle of the cap on the axis.
fn pin(canvas: &mut Canvas, sample: &Sample, view: &View, palette: &Palette) {
    let tip = view.on_head(towards_cap(sample, sample.pin_from_crystal, 0.4));
    let cap = view.on_head(towards_cap(sample, CAP_FROM_CRYSTAL, 0.0));
    if sample.mounted.has_loop() {
        let end = view.part(end_of_loop(sample));
        let fibre = Shape::Rod((end.spot, end.pixels(FIBRE)), (tip.spot, tip.pixels(2.0 * FIBRE)));
        canvas.paint(fibre, end.paint(palette.fibre, 0.9));
    }
    let pin = Shape::Rod((tip.spot, tip.pixels(PIN)), (cap.spot, cap.pixels(CAP)));
    canvas.paint(pin, tip.paint(palette.pin, 1.0));
}
