//! A goniometer that is not as it should be: what its makers, or years of use, did to the axes of the ideal chain. A
//! centring that believes in the ideal chain shows the error, one that is given the true axes from here does not.

use brickwork_axes::{ChainError, Motion};
use nalgebra::{Rotation3, Unit, Vector3};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::goniometer::Goniometer;

/// How the axes differ from the ideal ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Misaligned {
    /// The spindle, with all that it carries, is turned in the picture by so much: with the clock, in degrees.
    #[schemars(range(min = -45.0, max = 45.0))]
    pub spindle_deg: f64,
    /// The spindle, with all that it carries, leans in the depth by so much: its right end away from the microscope, in
    /// degrees.
    #[schemars(range(min = -45.0, max = 45.0))]
    pub lean_deg: f64,
    /// The direction of `sampx` is turned about the spindle by so much, as a growing omega turns, in degrees.
    #[schemars(range(min = -45.0, max = 45.0))]
    pub sampx_deg: f64,
    /// The same for `sampy`. With both the same they stay at a right angle.
    #[schemars(range(min = -45.0, max = 45.0))]
    pub sampy_deg: f64,
    /// Where the spindle is when `phiz` is 0: so many um below the middle of the picture.
    #[schemars(range(min = -5000.0, max = 5000.0))]
    pub spindle_below_um: f64,
    /// And so many um behind it.
    #[schemars(range(min = -5000.0, max = 5000.0))]
    pub spindle_behind_um: f64,
}

impl Misaligned {
    /// The largest angle and the largest distance that it may have.
    pub const LIMITS: (f64, f64) = (45.0, 5000.0);

    /// Each of its angles, with its name.
    pub fn angles(&self) -> [(&'static str, f64); 4] {
        let Self { spindle_deg, lean_deg, sampx_deg, sampy_deg, .. } = *self;
        [("spindle_deg", spindle_deg), ("lean_deg", lean_deg), ("sampx_deg", sampx_deg), ("sampy_deg", sampy_deg)]
    }

    /// Each of its distances, with its name.
    pub fn distances(&self) -> [(&'static str, f64); 2] {
        [("spindle_below_um", self.spindle_below_um), ("spindle_behind_um", self.spindle_behind_um)]
    }

    /// The true goniometer: the ideal one, misaligned. Its first rotation is its spindle.
    ///
    /// # Errors
    /// When the ideal one is no chain.
    pub fn apply(&self, ideal: &Goniometer) -> Result<Goniometer, ChainError> {
        ideal.chain()?;
        let mut axes = ideal.axes.clone();
        let spindle = axes.iter().position(|axis| axis.motion == Motion::Rotation);
        let Some(spindle) = spindle.filter(|_| *self != Self::default()) else { return Ok(ideal.clone()) };
        let along = Vector3::from(axes[spindle].direction);
        let (right, down) = (Vector3::from(ideal.camera.x).normalize(), Vector3::from(ideal.camera.y).normalize());
        let away = right.cross(&down);
        let turned = about(away, self.spindle_deg) * about(-down, self.lean_deg);
        let shift = down * self.spindle_below_um + away * self.spindle_behind_um;
        for axis in &mut axes[spindle..] {
            let skew = match axis.role.as_str() {
                "sampx" => about(along, self.sampx_deg),
                "sampy" => about(along, self.sampy_deg),
                _ => Rotation3::identity(),
            };
            axis.direction = (turned * (skew * Vector3::from(axis.direction))).into();
            if axis.motion == Motion::Rotation {
                axis.point = (turned * Vector3::from(axis.point) + shift).into();
            }
        }
        Ok(Goniometer { axes, camera: ideal.camera })
    }
}

fn about(axis: Vector3<f64>, degrees: f64) -> Rotation3<f64> {
    Rotation3::from_axis_angle(&Unit::new_normalize(axis), degrees.to_radians())
}
