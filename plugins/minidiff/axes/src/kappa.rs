//! A minikappa: two rotations beyond every translation, which turn the sample and can lay a direction of it along the
//! spindle.

use nalgebra::{Rotation3, Vector3};

use crate::chain::{Chain, Motion, Point};

/// Misalignments that differ by less are equal, in degrees.
const EQUAL: f64 = 1e-6;

/// Why there is no minikappa.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum KappaError {
    /// A role that is none of the chain.
    #[error("the chain has no axis {0:?}")]
    Unknown(String),
    /// It does not turn the sample alone.
    #[error("{0} has to be a rotation behind every translation of the chain, kappa before phi")]
    Order(String),
    /// Two points that are one.
    #[error("the two points are less than 1 um apart: choose points that give a direction")]
    Short,
    /// Limits between which there is nothing.
    #[error("there is no position between the limits of kappa, {0} and {1} deg")]
    Limits(f64, f64),
}

/// The two rotations of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Kappa<'c> {
    chain: &'c Chain,
    kappa: usize,
    phi: usize,
}

/// How a direction comes to lie along another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// Where kappa has to stand, in degrees.
    pub kappa: f64,
    /// Where phi has to stand, in degrees, from -180 to 180.
    pub phi: f64,
    /// What is missing at the nearest that can be reached, in degrees; 0 when it can be reached.
    pub missing: f64,
}

impl Chain {
    /// The minikappa of these roles.
    ///
    /// # Errors
    /// When they are not rotations behind every translation, in this order.
    pub fn kappa(&self, kappa: &str, phi: &str) -> Result<Kappa<'_>, KappaError> {
        let find = |role: &str| {
            let index = self.index(role).ok_or_else(|| KappaError::Unknown(role.into()))?;
            let turns = self.axes()[index].motion == Motion::Rotation;
            if turns && self.heads().any(|head| head == index) {
                Ok(index)
            } else {
                Err(KappaError::Order(role.into()))
            }
        };
        let found = Kappa { chain: self, kappa: find(kappa)?, phi: find(phi)? };
        if found.kappa < found.phi { Ok(found) } else { Err(KappaError::Order(kappa.into())) }
    }
}

impl Kappa<'_> {
    /// Lays the line through two points of the sample, as [`Chain::locate`] gives them, along a direction that is told
    /// as it is with the spindle at its datum: usually that of the spindle. Either end may lead. Kappa stays within its
    /// limits; of equal ways the one with the least kappa is taken.
    ///
    /// # Errors
    /// When the points give no direction, or kappa has no room.
    pub fn align(&self, points: [Point; 2], along: Point, limits: (f64, f64)) -> Result<Alignment, KappaError> {
        let ways = self.ways(points, along, limits)?;
        Ok(ways.into_iter().next().expect("there is one, else that was an error"))
    }

    /// The same with the other ways to do it, the best first: for whoever knows more limits than those of kappa.
    ///
    /// # Errors
    /// When the points give no direction, or kappa has no room.
    pub fn ways(&self, points: [Point; 2], along: Point, limits: (f64, f64)) -> Result<Vec<Alignment>, KappaError> {
        let [one, other] = points.map(Vector3::from);
        let (vector, along) = (one - other, Vector3::from(along));
        if vector.norm() < 1.0 || along.norm() == 0.0 {
            return Err(KappaError::Short);
        }
        let (vector, along) = (vector.normalize(), along.normalize());
        let kappas = self.candidates(&vector, &along, limits).into_iter();
        let mut ways: Vec<Alignment> = kappas.flat_map(|kappa| self.at(kappa, &vector, &along)).collect();
        ways.sort_by(|one, other| one.missing.total_cmp(&other.missing));
        let least = ways.first().ok_or(KappaError::Limits(limits.0, limits.1))?.missing;
        let equal = ways.iter().take_while(|way| way.missing < least + EQUAL).count();
        ways[..equal].sort_by(|one, other| one.kappa.abs().total_cmp(&other.kappa.abs()));
        Ok(ways)
    }

    /// The kappas at which phi can do the rest, or nearly.
    ///
    /// Phi keeps the angle between the line and its own axis; kappa has to bring the phi axis to that angle from `along`:
    /// `A + B cos kappa + C sin kappa = cos angle`.
    fn candidates(&self, vector: &Vector3<f64>, along: &Vector3<f64>, limits: (f64, f64)) -> Vec<f64> {
        let (k, p) = (self.chain.direction(self.kappa).into_inner(), self.chain.direction(self.phi).into_inner());
        let a = k.dot(&p) * k.dot(along);
        let (b, c) = (p.dot(along) - a, k.cross(&p).dot(along));
        let (size, first) = (b.hypot(c), c.atan2(b));
        let cosine = vector.dot(&p);
        let mut found = vec![limits.0, limits.1, limits.0.max(0.0).min(limits.1)];
        for wanted in [cosine, -cosine] {
            let turn = ((wanted - a) / size.max(f64::MIN_POSITIVE)).clamp(-1.0, 1.0).acos();
            for angle in [first + turn, first - turn] {
                let datum = self.chain.axes()[self.kappa].datum;
                let kappa = angle.to_degrees() + datum;
                found.extend([kappa - 360.0, kappa, kappa + 360.0]);
            }
        }
        found.retain(|kappa| (limits.0..=limits.1).contains(kappa));
        found
    }

    /// The best phi at one kappa, for either end of the line.
    fn at(&self, kappa: f64, vector: &Vector3<f64>, along: &Vector3<f64>) -> [Alignment; 2] {
        let [kappa_axis, phi_axis] = [self.kappa, self.phi].map(|index| &self.chain.axes()[index]);
        let turn = |index, degrees: f64| Rotation3::from_axis_angle(&self.chain.direction(index), degrees.to_radians());
        let wanted = turn(self.kappa, kappa - kappa_axis.datum).inverse() * along;
        let p = self.chain.direction(self.phi).into_inner();
        // Seen along the phi axis, the two make this angle; either end of the line may lead.
        let flat = |v: &Vector3<f64>| v - p * p.dot(v);
        let (from, to) = (flat(vector), flat(&wanted));
        let angle = p.dot(&from.cross(&to)).atan2(from.dot(&to)).to_degrees();
        [angle, angle + 180.0].map(|angle| {
            let at = turn(self.phi, angle) * vector;
            let missing = at.cross(&wanted).norm().atan2(at.dot(&wanted).abs()).to_degrees();
            Alignment { kappa, phi: wrapped(angle + phi_axis.datum), missing }
        })
    }
}

/// An angle from -180 to 180.
fn wrapped(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}
