//! The lifelike look: a thick frosted pin, a loop on two twisted fibres with its liquor, a crystal with a clear middle
//! and dark edges, grains of ice wherever there is something.

use super::frost::{Grain, PIN};
use super::{FIBRE, Frost, end_of_loop, towards_cap};
use crate::canvas::Canvas;
use crate::light::Palette;
use crate::sample::{Mounted, Sample};
use crate::shape::Shape;
use crate::view::View;

/// How far the pin is seen: beyond it all pictures end, in um.
const PIN_LENGTH: f64 = 6000.0;
/// How far apart the two fibres are in the middle of their way, in um.
const APART: f64 = 14.0;

/// Draws all of it.
pub fn lifelike(canvas: &mut Canvas, sample: &Sample, frost: &Frost, view: &View, palette: &Palette) {
    if sample.mounted == Mounted::Nothing {
        return;
    }
    grains(canvas, &frost.pin, view, palette.pin);
    let tip = view.on_head(towards_cap(sample, sample.pin_from_crystal + PIN, 0.4));
    let cap = view.on_head(towards_cap(sample, PIN_LENGTH, 0.0));
    if sample.mounted.has_loop() {
        fibres(canvas, sample, view, palette);
    }
    let pin = Shape::Rod((tip.spot, tip.pixels(PIN)), (cap.spot, cap.pixels(1.2 * PIN)));
    canvas.paint(pin, tip.paint(palette.pin, 1.0));
    if sample.mounted.has_loop() {
        looped(canvas, sample, view, palette);
        grains(canvas, &frost.holder, view, palette.fibre);
    }
    if let Some(half) = sample.crystal {
        let crystal = view.part((0.0, 0.0, 0.0));
        let block = view.block(&crystal, half);
        canvas.paint(Shape::Facets(block), crystal.paint(palette.crystal, 0.9));
        canvas.paint(Shape::Facets(block.scaled(0.72, 0.66)), crystal.paint(palette.face, 0.85));
        let thick = crystal.pixels(0.07 * half[1]).max(0.8);
        canvas.paint(Shape::Edges(block, thick), crystal.paint(palette.edge, 0.9));
    }
    for &(place, radius) in &frost.ice {
        let piece = view.on_head(place);
        let place = piece.round(radius, 0.8);
        canvas.paint(Shape::Ellipse(place), piece.paint(palette.ice, 0.45));
        canvas.paint(Shape::Ring(place, piece.pixels(5.0)), piece.paint(palette.edge, 0.5));
    }
}

/// What holds the loop: two fibres that meet at both ends.
fn fibres(canvas: &mut Canvas, sample: &Sample, view: &View, palette: &Palette) {
    let (from, to) = (sample.on_head(end_of_loop(sample)), towards_cap(sample, sample.pin_from_crystal + 20.0, 0.4));
    let (end, foot) = (view.on_head(from), view.on_head(to));
    for aside in [-APART, APART] {
        let middle =
            view.on_head(((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0 + aside, (from.2 + to.2) / 2.0 - aside));
        let joint = (middle.spot, middle.pixels(1.4 * FIBRE));
        canvas.paint(Shape::Rod((end.spot, end.pixels(1.2 * FIBRE)), joint), end.paint(palette.fibre, 0.9));
        canvas.paint(Shape::Rod(joint, (foot.spot, foot.pixels(3.0 * FIBRE))), middle.paint(palette.fibre, 0.9));
    }
}

/// The loop with its liquor, which is thicker at the rim.
fn looped(canvas: &mut Canvas, sample: &Sample, view: &View, palette: &Palette) {
    let middle = view.part(sample.loop_from_crystal);
    let disc = view.disc(&middle, sample.loop_half);
    canvas.paint(Shape::Ellipse(disc), middle.paint(palette.liquor, 0.75));
    canvas.paint(Shape::Ellipse(disc.scaled(0.8, 0.8)), middle.paint(palette.background, 0.35));
    canvas.paint(Shape::Ring(disc, middle.pixels(1.5 * FIBRE)), middle.paint(palette.fibre, 0.95));
}

fn grains(canvas: &mut Canvas, grains: &[Grain], view: &View, level: f32) {
    for &(place, radius) in grains {
        let grain = view.on_head(place);
        canvas.paint(Shape::Ellipse(grain.round(radius, 0.85)), grain.paint(level, 0.95));
    }
}
