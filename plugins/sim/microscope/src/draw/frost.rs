//! Small grains of ice and dirt on a sample, drawn from a seed: they make outlines as uneven as real ones are, and turn
//! with the sample.

use std::f64::consts::TAU;

use super::{FIBRE, end_of_loop, towards_cap};
use crate::axes::Point;
use crate::noise::Random;
use crate::sample::{Mounted, Sample};

/// Half the thickness of the pin, and how far behind its tip its full width begins, in um.
pub const PIN: f64 = 300.0;

/// A grain: its place on the goniometer head and its radius.
pub type Grain = (Point, f64);

/// All the grains of one sample.
pub struct Frost {
    /// On the pin.
    pub pin: Vec<Grain>,
    /// On the loop and its fibre: some; of a sample in ice, many.
    pub holder: Vec<Grain>,
    /// Pieces of ice over all the loop; none on other samples.
    pub ice: Vec<Grain>,
}

impl Frost {
    /// The same seed gives the same grains.
    pub fn new(sample: &Sample, seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0xf057);
        let is_ice = sample.mounted == Mounted::Ice;
        let grains = |count: usize| if sample.mounted.has_loop() { count } else { 0 };
        Self {
            pin: (0..150).map(|_| on_pin(sample, &mut random)).collect(),
            holder: (0..grains(if is_ice { 60 } else { 24 })).map(|_| on_holder(sample, &mut random)).collect(),
            ice: (0..if is_ice { 9 } else { 0 }).map(|_| on_loop(sample, &mut random)).collect(),
        }
    }
}

/// On the outside of the pin, along its first 900 um.
fn on_pin(sample: &Sample, random: &mut Random) -> Grain {
    let (along, around) = (random.between(40.0, 900.0), random.between(0.0, TAU));
    // The pin begins as a ball.
    let out = if along < PIN { (PIN * PIN - (PIN - along).powi(2)).sqrt() } else { PIN };
    let (x, y, z) = towards_cap(sample, sample.pin_from_crystal + along, 0.4);
    ((x, y + out * around.cos(), z + out * around.sin()), random.between(7.0, 24.0))
}

/// On the fibre of the loop, or on that which holds it.
fn on_holder(sample: &Sample, random: &mut Random) -> Grain {
    let (x, y, z) = sample.loop_from_crystal;
    let (around, share) = (random.between(0.0, TAU), random.between(-1.0, 1.0));
    let aside = random.between(-FIBRE, FIBRE);
    let place = if share < 0.3 {
        sample.on_head((x + sample.loop_half.0 * around.cos(), y + sample.loop_half.1 * around.sin(), z + aside))
    } else {
        let from = sample.on_head(end_of_loop(sample));
        let to = towards_cap(sample, sample.pin_from_crystal, 0.4);
        let mix = |from: f64, to: f64| from + (to - from) * (share - 0.3) / 0.7;
        (mix(from.0, to.0), mix(from.1, to.1) + aside, mix(from.2, to.2) - aside)
    };
    (place, random.between(4.0, 13.0))
}

/// Anywhere on the loop.
fn on_loop(sample: &Sample, random: &mut Random) -> Grain {
    let (x, y, z) = sample.loop_from_crystal;
    let (around, out) = (random.between(0.0, TAU), random.between(0.0, 1.0f64).sqrt());
    let (long, wide) = sample.loop_half;
    let place = (x + out * long * around.cos(), y + out * wide * around.sin(), z + random.between(-45.0, 45.0));
    (sample.on_head(place), random.between(0.25, 0.6) * wide)
}
