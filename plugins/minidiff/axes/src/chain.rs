//! Axes in their order, and where a point is seen when they stand somewhere.

use nalgebra::{Rotation3, Unit, Vector3};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point or a direction, in um or without a unit.
pub type Point = [f64; 3];

/// Directions shorter than this are none.
const SHORTEST: f64 = 1e-9;
/// How far the camera's axes may be from a right angle, as their scalar product.
const MAX_SKEW: f64 = 1e-3;

/// How an axis moves what it carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Motion {
    /// Along its direction, in um.
    #[default]
    Translation,
    /// Around its direction by the rule of the right hand, in degrees.
    Rotation,
}

/// One axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Axis {
    /// The role of the motor that drives it.
    pub role: String,
    /// Whether it shifts or turns.
    pub motion: Motion,
    /// Where a positive motion leads, or around what, with everything outside of it at 0. A motor that runs the other
    /// way has the opposite direction.
    pub direction: Point,
    /// A point of a rotation's line, in um; of no meaning for a translation.
    pub point: Point,
    /// Where the axis stands when it has no effect: for a translation below the spindle, the position that brings the
    /// spindle into the beam.
    pub datum: f64,
}

/// How the camera looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Camera {
    /// What goes to the right in the picture.
    pub x: Point,
    /// What goes down in the picture.
    pub y: Point,
}

impl Default for Camera {
    fn default() -> Self {
        Self { x: [1.0, 0.0, 0.0], y: [0.0, 1.0, 0.0] }
    }
}

/// Where a point is seen, in um from where the beam crosses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
    /// Away from the camera.
    pub depth: f64,
}

/// Why axes are no chain.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChainError {
    /// Nothing could be centred.
    #[error("a chain needs a translation and a rotation around which a sample is centred")]
    Incomplete,
    /// A direction of length 0, or one that is no number.
    #[error("the direction of {0} is {1:?}: give it a length, such as (1, 0, 0)")]
    Direction(String, Point),
    /// Two axes are driven by one motor.
    #[error("the axis {0:?} is there twice: each axis has a role of its own")]
    Twice(String),
    /// An axis without a motor.
    #[error("an axis has no role: name the role of the motor that drives it")]
    Unnamed,
    /// The camera's axes.
    #[error("the camera's x {x:?} and y {y:?} have to be at a right angle")]
    Camera {
        /// To the right.
        x: Point,
        /// Downwards.
        y: Point,
    },
    /// A number that is none.
    #[error("the point or the datum of {0} is no finite number")]
    Number(String),
}

/// A goniometer with its camera; checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    axes: Vec<Axis>,
    /// In units of length 1, each axis's direction.
    directions: Vec<Unit<Vector3<f64>>>,
    x: Vector3<f64>,
    y: Vector3<f64>,
    z: Vector3<f64>,
}

impl Chain {
    /// Axes from the floor to the sample, seen by a camera.
    ///
    /// # Errors
    /// Names the axis that is wrong, and what would be right.
    pub fn new(axes: Vec<Axis>, camera: Camera) -> Result<Self, ChainError> {
        for (at, axis) in axes.iter().enumerate() {
            if axis.role.is_empty() {
                return Err(ChainError::Unnamed);
            }
            if axes[..at].iter().any(|other| other.role == axis.role) {
                return Err(ChainError::Twice(axis.role.clone()));
            }
            if !axis.point.iter().chain([&axis.datum]).all(|number| number.is_finite()) {
                return Err(ChainError::Number(axis.role.clone()));
            }
        }
        let directions: Vec<_> = axes.iter().map(|axis| unit(axis.direction, &axis.role)).collect::<Result<_, _>>()?;
        let (x, y) = (unit(camera.x, "the camera's x")?, unit(camera.y, "the camera's y")?);
        if x.dot(&y).abs() > MAX_SKEW {
            return Err(ChainError::Camera { x: camera.x, y: camera.y });
        }
        let has = |motion| axes.iter().any(|axis| axis.motion == motion);
        if !(has(Motion::Translation) && has(Motion::Rotation)) {
            return Err(ChainError::Incomplete);
        }
        let z = x.cross(&y);
        Ok(Self { axes, directions, x: *x, y: *y, z })
    }

    /// The axes, from the floor to the sample.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The place of an axis in all slices of positions.
    pub fn index(&self, role: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis.role == role)
    }

    /// Where a point of the sample is seen; it is given in um as it is when every axis is at its datum. There is a
    /// position for each axis.
    pub fn see(&self, positions: &[f64], sample: Point) -> Seen {
        let at = self.carry(positions, Vector3::from(sample));
        Seen { x: self.x.dot(&at), y: self.y.dot(&at), depth: self.z.dot(&at) }
    }

    /// The point of the sample that is seen there: the inverse of [`Chain::see`].
    pub fn locate(&self, positions: &[f64], Seen { x, y, depth }: Seen) -> Point {
        let mut at = self.x * x + self.y * y + self.z * depth;
        for (index, axis) in self.axes.iter().enumerate() {
            let by = positions[index] - axis.datum;
            at = match axis.motion {
                Motion::Translation => at - self.directions[index].into_inner() * by,
                Motion::Rotation => {
                    let point = Vector3::from(axis.point);
                    self.rotation(index, by).inverse() * (at - point) + point
                }
            };
        }
        at.into()
    }

    fn carry(&self, positions: &[f64], sample: Vector3<f64>) -> Vector3<f64> {
        self.axes.iter().enumerate().rev().fold(sample, |at, (index, axis)| {
            let by = positions[index] - axis.datum;
            match axis.motion {
                Motion::Translation => at + self.directions[index].into_inner() * by,
                Motion::Rotation => {
                    let point = Vector3::from(axis.point);
                    self.rotation(index, by) * (at - point) + point
                }
            }
        })
    }

    fn rotation(&self, index: usize, degrees: f64) -> Rotation3<f64> {
        Rotation3::from_axis_angle(&self.directions[index], degrees.to_radians())
    }

    /// What 1 um of a translation does to everything it carries, as x and y of the picture.
    pub(crate) fn effect(&self, positions: &[f64], translation: usize) -> [f64; 2] {
        let own = self.directions[translation].into_inner();
        let outside = self.axes[..translation].iter().enumerate().rev();
        let turned = outside
            .filter(|(_, axis)| axis.motion == Motion::Rotation)
            .fold(own, |at, (index, axis)| self.rotation(index, positions[index] - axis.datum) * at);
        [self.x.dot(&turned), self.y.dot(&turned)]
    }

    /// The translations.
    pub(crate) fn translations(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.axes.len()).filter(|index| self.axes[*index].motion == Motion::Translation)
    }

    /// The rotations that turn a translation: those around which a sample is centred.
    pub(crate) fn spindles(&self) -> impl Iterator<Item = usize> + '_ {
        let last = self.translations().last().unwrap_or(0);
        (0..last).filter(|index| self.axes[*index].motion == Motion::Rotation)
    }

    /// The rotations beyond every translation, such as kappa: they turn the sample and nothing else.
    pub(crate) fn heads(&self) -> impl Iterator<Item = usize> + '_ {
        let last = self.translations().last().unwrap_or(0);
        last + 1..self.axes.len()
    }

    /// The unit vector of an axis.
    pub(crate) fn direction(&self, index: usize) -> Unit<Vector3<f64>> {
        self.directions[index]
    }
}

fn unit(direction: Point, name: &str) -> Result<Unit<Vector3<f64>>, ChainError> {
    let is_finite = direction.iter().all(|number| number.is_finite());
    Unit::try_new(Vector3::from(direction), SHORTEST)
        .filter(|_| is_finite)
        .ok_or_else(|| ChainError::Direction(name.into(), direction))
}

#[cfg(test)]
mod tests;
