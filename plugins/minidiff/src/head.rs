//! Where every axis has to go when the minikappa turns, and how the minikappa lays a line of the sample along the
//! spindle. `diffractometer` asks and then moves; nothing is moved here.

use brickwork_axes::{Kappa, KappaError};
use brickwork_sdk::{Error, Result};

use crate::diffractometer::Minidiff;

/// A line that lies this near to the spindle lies along it, in degrees.
const ALONG_DEG: f64 = 0.01;

impl Minidiff {
    /// Where the axes go when the minikappa turns and what is in the beam stays there.
    pub(crate) fn turned(&self, kappa: f64, kappa_phi: f64) -> Result<Vec<f64>> {
        let (_, head) = self.minikappa()?;
        Ok(self.kept(&self.goniometer.positions()?, head, [kappa, kappa_phi]))
    }

    /// Where the axes go for the line between two saved positions to lie along the spindle, with what is in the beam
    /// kept there: the best of the ways that are within every limit.
    pub(crate) fn aligned(&self, from: &str, to: &str) -> Result<Vec<f64>> {
        let (minikappa, head) = self.minikappa()?;
        if from == to {
            return Err(Error::refused(format!("a line needs two saved positions, and {from:?} is one")));
        }
        let impossible = |why: String| {
            Error::refused(format!("the line from {from} to {to} cannot be laid along the spindle: {why}"))
                .remedy("Save positions that are farther from each other, or less across the spindle.")
        };
        let now = self.goniometer.positions()?;
        let points = [self.point_of(&self.find(from)?.position, &now)?, self.point_of(&self.find(to)?.position, &now)?];
        let spindle = self.goniometer.chain.axes()[self.goniometer.omega()].direction;
        // Without limits: every angle, each once in either sense.
        let (low, high) = self.goniometer.limits(head[0])?;
        let limits = (low.max(-360.0), high.min(360.0));
        let ways = minikappa.ways(points, spindle, limits).map_err(|error| impossible(error.to_string()))?;
        let mut why = ways.first().filter(|way| way.missing > ALONG_DEG).map(|way| {
            format!("the nearest within the limits of kappa is {:.2} deg beside it; nothing was moved", way.missing)
        });
        for way in ways.iter().filter(|way| way.missing <= ALONG_DEG) {
            for phi in turns(way.phi, now[head[1]]) {
                let to = self.kept(&now, head, [way.kappa, phi]);
                match self.goniometer.check(&to) {
                    Ok(()) => return Ok(to),
                    Err(error) => drop(why.get_or_insert(error.message)),
                }
            }
        }
        Err(impossible(why.unwrap_or_default()))
    }

    /// The minikappa and its two axes.
    fn minikappa(&self) -> Result<(Kappa<'_>, [usize; 2])> {
        let chain = &self.goniometer.chain;
        let none = |error: KappaError| {
            Error::refused(format!("there is no minikappa here: {error}"))
                .remedy("Fill the roles kappa and kappa_phi in the layout, and name both in `axes`, behind all others.")
        };
        let minikappa = chain.kappa("kappa", "kappa_phi").map_err(none)?;
        let index = |role| chain.index(role).expect("the minikappa was made of it");
        Ok((minikappa, ["kappa", "kappa_phi"].map(index)))
    }

    /// All axes with the minikappa turned, and the translations where they keep what is in the beam.
    fn kept(&self, from: &[f64], head: [usize; 2], angles: [f64; 2]) -> Vec<f64> {
        let mut to = from.to_vec();
        for (index, angle) in head.into_iter().zip(angles) {
            to[index] = angle;
        }
        self.goniometer.chain.keep(from, &to, (0.0, 0.0))
    }
}

/// The same angle with a turn less or more, the shortest way first.
fn turns(angle: f64, now: f64) -> [f64; 3] {
    let mut all = [angle, angle - 360.0, angle + 360.0];
    all.sort_by(|one, other| (one - now).abs().total_cmp(&(other - now).abs()));
    all
}
