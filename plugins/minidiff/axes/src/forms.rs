//! Chains that beamlines have had, written down once.

use crate::chain::{Axis, Camera, Chain, Motion, Point};

/// A translation.
fn shifts(role: &str, direction: Point) -> Axis {
    Axis { role: role.into(), motion: Motion::Translation, direction, ..Axis::default() }
}

/// A rotation around a line through the origin.
fn turns(role: &str, direction: Point) -> Axis {
    Axis { role: role.into(), motion: Motion::Rotation, direction, ..Axis::default() }
}

/// A number's sign, of a direction that is told as +1 or -1.
fn scaled(direction: Point, by: f64) -> Point {
    direction.map(|part| part * by.signum())
}

impl Chain {
    /// The MiniDiff: phiy along the spindle and phiz across it, below omega; sampx and sampy on it, of which at omega 0
    /// sampx goes along the view and sampy across the axis.
    pub fn standard() -> Self {
        let axes = vec![
            shifts("phiy", [1.0, 0.0, 0.0]),
            shifts("phiz", [0.0, 1.0, 0.0]),
            turns("omega", [-1.0, 0.0, 0.0]),
            shifts("sampx", [0.0, 0.0, 1.0]),
            shifts("sampy", [0.0, 1.0, 0.0]),
        ];
        Self::new(axes, Camera::default()).expect("it is one that was written down with care")
    }

    /// The form that `sample_centring` of MXCuBE takes: +1 or -1 for omega, phiy, phiz, sampx and sampy, and a spindle
    /// that lies in the picture at an angle of `chi_deg`, anticlockwise from the right.
    pub fn sample_centring(signs: [f64; 5], chi_deg: f64) -> Self {
        let (sin, cos) = chi_deg.to_radians().sin_cos();
        let (spindle, across, view) = ([cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]);
        let [omega, phiy, phiz, sampx, sampy] = signs;
        let axes = vec![
            shifts("phiy", scaled([-1.0, 0.0, 0.0], phiy)),
            shifts("phiz", scaled([0.0, -1.0, 0.0], phiz)),
            turns("omega", scaled(spindle, -omega)),
            shifts("sampx", scaled(view, -sampx)),
            shifts("sampy", scaled(across, -sampy)),
        ];
        Self::new(axes, Camera::default()).expect("its directions have a length")
    }

    /// The form of MiniDiff.py of 2013, in which phiy alone has a direction.
    pub fn minidiff_2013(phiy_direction: f64) -> Self {
        Self::sample_centring([-1.0, phiy_direction, 1.0, 1.0, 1.0], 0.0)
    }
}
