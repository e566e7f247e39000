//! The goniometer that the simulated microscope looks at: a chain of axes that a layout may write down, and the one that
//! it is otherwise. The simulated camera reads it; the geometry itself is that of `brickwork-axes`.

use brickwork_axes::{Axis, Camera, Chain, ChainError, Motion};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The axes of the minikappa of EMBL P13, in the coordinates of `[sampx, sampy, phiy]`: a direction, and the positions
/// of these three motors in um that bring the axis into the beam.
const KAPPA: [[f64; 3]; 2] = [[0.287606, 0.287606, -0.913545], [323.02357455, 280.42214915, -1018.69386225]];
const KAPPA_PHI: [[f64; 3]; 2] = [[0.0, 0.0, -1.0], [45.545504, -68.30043858, -1369.085147]];

/// A chain of axes with its camera, as a layout says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Goniometer {
    /// The axes from the floor to the sample, each named by its role: omega, kappa, kappa_phi, sampx, sampy, phiy, phiz.
    pub axes: Vec<Axis>,
    /// What goes to the right and what goes down in the picture.
    pub camera: Camera,
}

impl Default for Goniometer {
    /// The geometry of the MiniDiff of MXCuBE with a minikappa on its head, from the floor to the sample: phiy, phiz,
    /// omega, sampx, sampy, kappa, kappa_phi. With both of the minikappa at 0 it is [`Chain::standard`].
    fn default() -> Self {
        let mut axes = Chain::standard().axes().to_vec();
        axes.extend([on_head("kappa", KAPPA), on_head("kappa_phi", KAPPA_PHI)]);
        Self { axes, camera: Camera::default() }
    }
}

impl Goniometer {
    /// The same, ready for arithmetic.
    ///
    /// # Errors
    /// Names the axis that is wrong, and what would be right.
    pub fn chain(&self) -> Result<Chain, ChainError> {
        Chain::new(self.axes.clone(), self.camera)
    }
}

/// The goniometer that it is unless somebody says otherwise.
pub fn chain() -> Chain {
    Goniometer::default().chain().expect("the table above has no mistake, as the tests show")
}

/// A rotation of a minikappa from its calibration.
fn on_head(role: &str, [direction, place]: [[f64; 3]; 2]) -> Axis {
    // sampx, sampy and phiy of the standard chain go away, down and to the right: they are left-handed, which mirrors a
    // rotation. A place of the motors is the opposite place of the sample.
    let [direction, point] = [direction, place].map(|[away, down, right]| [-right, -down, -away]);
    Axis { role: role.into(), motion: Motion::Rotation, direction, point, datum: 0.0 }
}

#[cfg(test)]
mod tests;
