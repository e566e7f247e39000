//! Draws a sample as a view sees it, the hindmost first: clear and even, or as a real microscope would see it.

mod frost;
mod lifelike;
mod plain;

pub use frost::Frost;
pub use lifelike::lifelike;
pub use plain::plain;

use crate::axes::Point;
use crate::sample::Sample;

/// Half the thickness of a fibre, in um.
const FIBRE: f64 = 8.0;

/// The end of the loop at which the fibre holds it, from the crystal.
fn end_of_loop(sample: &Sample) -> Point {
    let (x, y, z) = sample.loop_from_crystal;
    (x + sample.loop_half.0, y, z)
}

/// A point on the way from the crystal to the cap, which is on the axis: so far along the spindle behind the crystal,
/// with this share of the distance from the axis.
fn towards_cap(sample: &Sample, from_crystal: f64, share: f64) -> Point {
    let (x, y, z) = sample.at;
    (x + from_crystal, y * share, z * share)
}
