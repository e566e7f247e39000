//! Centring: where the translations have to stand so that what was clicked stays in the beam while it is turned.
//!
//! When the translations stand at `t*` the point is in the beam at all angles. Elsewhere it is seen at
//! `F(angle) (t - t*)`, where a column of `F` is the direction of a translation, turned by the rotations outside of it
//! and projected onto the picture. Each click gives two such equations, linear in `t*`. This is the general form of
//! `CentringMath` of MXCuBE; three clicks at 0, 90 and 180 degrees and the sine fit of `sample_centring` are cases of it.

use nalgebra::{DMatrix, DVector};

use crate::chain::{Chain, Seen};
use crate::least_squares::{fit, rank};

/// Angles of a full turn at which a chain is looked at.
const TURN: usize = 12;

/// A translation whose direction has this much of the spindle's runs along it.
const ALONG: f64 = 0.7;
/// How many coordinates the assumed error of a click counts for beside those that the clicks have to spare.
const ASSUMED: f64 = 2.0;

/// A click on the point to be centred.
#[derive(Clone, Debug, PartialEq)]
pub struct Click {
    /// Where the axes stood, one for each axis of the chain.
    pub positions: Vec<f64>,
    /// To the right, in um from where the optical axis crosses.
    pub x: f64,
    /// Downwards, in um.
    pub y: f64,
}

/// What is to be known beside the clicks.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Where the beam is seen, in um: where the point is to stay.
    pub beam: (f64, f64),
    /// Axes that are not to be used, by index, and where they are to stand. Where there are clicks enough they tell about
    /// these as about the others, so that a wrong position of such an axis spoils no other; two clicks need it to be right.
    pub fixed: Vec<(usize, f64)>,
    /// The standard error of a click's coordinate, in um, as it is assumed: it counts less the more clicks tell of it.
    pub click_error: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { beam: (0.0, 0.0), fixed: Vec::new(), click_error: 2.0 }
    }
}

/// Where to go, and how sure that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// A position for each axis; rotations are where they were at the last click.
    pub positions: Vec<f64>,
    /// The standard error of each position, in um; 0 for axes that are not moved.
    pub errors: Vec<f64>,
    /// The standard error of where the point will be seen, in um, at the worst angle.
    pub seen_error: f64,
    /// The standard error of a click's coordinate, in um, that the others follow from.
    pub click_error: f64,
    /// How many coordinates there were beyond the necessary; with 0 the `click_error` is what was assumed.
    pub spare: usize,
}

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SolveError {
    /// A click without a position for each axis.
    #[error("click {0} has not one finite position for each of the axes")]
    Positions(usize),
    /// The clicks do not determine it.
    #[error("{clicks} clicks do not tell where the point is: click it at angles that differ, best by 90 deg or more")]
    Undetermined {
        /// How many there were.
        clicks: usize,
    },
    /// The sample was turned on its head.
    #[error("{0} was moved between the clicks: then they say nothing about one another; click again from the first")]
    Head(String),
    /// An index that is none, or is that of a rotation.
    #[error("axis {0} is no translation: only such can be kept where it is")]
    Fixed(usize),
}

/// Centres: the least squares over all clicks, at least two, at any angles.
///
/// What the clicks leave open, such as how two parallel translations share a way, changes as little as possible.
///
/// # Errors
/// When the clicks do not determine the point in space.
pub fn solve(chain: &Chain, clicks: &[Click], options: &Options) -> Result<Solution, SolveError> {
    check(chain, clicks, options)?;
    let Some(last) = clicks.last() else { return Err(SolveError::Undetermined { clicks: 0 }) };
    let movable: Vec<usize> = chain.translations().collect();
    let stood: Vec<Vec<f64>> = clicks.iter().map(|click| click.positions.clone()).collect();
    let a = effects(chain, &stood);
    let wanted = |row: usize, _: usize| {
        let click = &clicks[row / 2];
        let gone = movable
            .iter()
            .enumerate()
            .map(|(column, index)| a[(row, column)] * (click.positions[*index] - last.positions[*index]));
        let seen = if row.is_multiple_of(2) { click.x - options.beam.0 } else { click.y - options.beam.1 };
        gone.sum::<f64>() - seen
    };
    let b = DVector::from_fn(a.nrows(), wanted);
    let turn = effects(chain, &around(&turned(chain, clicks), &last.positions));
    let undetermined = SolveError::Undetermined { clicks: clicks.len() };
    let mut found = fit(&a, &b).ok_or_else(|| undetermined.clone())?;
    if found.rank < rank(&turn) {
        // Too few clicks to tell about what is fixed as well: it is believed.
        let known =
            |index: usize| options.fixed.iter().find(|(fixed, _)| *fixed == index).map(|(_, position)| *position);
        let goes = movable.iter().map(|index| known(*index).map_or(0.0, |position| position - last.positions[*index]));
        let goes = DVector::from_iterator(movable.len(), goes);
        let without =
            |matrix: &DMatrix<f64>| {
                let is_known = |column: usize| known(movable[column]).is_some();
                DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |row, column| {
                    if is_known(column) { 0.0 } else { matrix[(row, column)] }
                })
            };
        found = fit(&without(&a), &(&b - &a * goes)).ok_or_else(|| undetermined.clone())?;
        if found.rank < rank(&without(&turn)) {
            return Err(undetermined);
        }
    }
    let spare = a.nrows() - found.rank;
    let assumed = options.click_error.powi(2) * ASSUMED;
    let click_error = ((assumed + found.squares) / (ASSUMED + spare as f64)).sqrt();
    let covariance = &found.covariance * click_error.powi(2);
    let (mut positions, mut errors) = (last.positions.clone(), vec![0.0; last.positions.len()]);
    for (at, index) in movable.iter().enumerate() {
        positions[*index] += found.unknowns[at];
        errors[*index] = covariance[(at, at)].max(0.0).sqrt();
    }
    for (index, position) in &options.fixed {
        (positions[*index], errors[*index]) = (*position, 0.0);
    }
    let seen = &turn * covariance * turn.transpose();
    let seen_error = seen.diagonal().max().max(0.0).sqrt();
    Ok(Solution { positions, errors, seen_error, click_error, spare })
}

fn check(chain: &Chain, clicks: &[Click], options: &Options) -> Result<(), SolveError> {
    let count = chain.axes().len();
    for (number, Click { positions, x, y }) in clicks.iter().enumerate() {
        if positions.len() != count || !positions.iter().chain([x, y]).all(|number| number.is_finite()) {
            return Err(SolveError::Positions(number + 1));
        }
    }
    for head in chain.heads() {
        /// Motors repeat to about this, in degrees.
        const SAME: f64 = 0.05;
        if clicks.iter().any(|click| (click.positions[head] - clicks[0].positions[head]).abs() > SAME) {
            return Err(SolveError::Head(chain.axes()[head].role.clone()));
        }
    }
    let is_none = |index: &&(usize, f64)| !chain.translations().any(|translation| translation == index.0);
    options.fixed.iter().find(is_none).map_or(Ok(()), |(index, _)| Err(SolveError::Fixed(*index)))
}

/// The rotations that were turned between clicks, of those that carry a translation.
fn turned(chain: &Chain, clicks: &[Click]) -> Vec<usize> {
    let is_turned = |index: &usize| clicks.iter().any(|click| click.positions[*index] != clicks[0].positions[*index]);
    let turned: Vec<usize> = chain.spindles().filter(is_turned).collect();
    if turned.is_empty() { chain.spindles().collect() } else { turned }
}

/// The positions with each of these rotations turned all around.
fn around(spindles: &[usize], positions: &[f64]) -> Vec<Vec<f64>> {
    let mut all = vec![positions.to_vec()];
    for &spindle in spindles {
        all.extend((0..TURN).map(|step| {
            let mut turned = positions.to_vec();
            turned[spindle] += 360.0 * step as f64 / TURN as f64;
            turned
        }));
    }
    all
}

/// What 1 um of each translation does to the picture: two rows for each set of positions.
fn effects(chain: &Chain, all: &[Vec<f64>]) -> DMatrix<f64> {
    let movable: Vec<usize> = chain.translations().collect();
    let effect = |row: usize, column: usize| chain.effect(&all[row / 2], movable[column])[row % 2];
    DMatrix::from_fn(all.len() * 2, movable.len(), effect)
}

impl Chain {
    /// Where the translations have to go when other axes move `from` one set of positions `to` another, so that the
    /// point that is seen at `beam` stays there at all angles: what a minikappa owes to a centred sample. The answer
    /// is `to` with its translations changed; what is open changes as little as possible from where they are in `from`.
    pub fn keep(&self, from: &[f64], to: &[f64], beam: (f64, f64)) -> Vec<f64> {
        let point = self.locate(from, Seen { x: beam.0, y: beam.1, depth: 0.0 });
        let movable: Vec<usize> = self.translations().collect();
        let mut kept = to.to_vec();
        movable.iter().for_each(|index| kept[*index] = from[*index]);
        let all = around(&self.spindles().collect::<Vec<_>>(), &kept);
        let shifted = all.iter().flat_map(|positions| {
            let mut before = positions.clone();
            self.heads().for_each(|head| before[head] = from[head]);
            let (was, is) = (self.see(&before, point), self.see(positions, point));
            [was.x - is.x, was.y - is.y]
        });
        let shifted = DVector::from_iterator(all.len() * 2, shifted);
        if let Some(fit) = fit(&effects(self, &all), &shifted) {
            movable.iter().enumerate().for_each(|(at, index)| kept[*index] += fit.unknowns[at]);
        }
        kept
    }

    /// Where the translations have to go for what is seen at one place to be seen at another, with nothing turned: those
    /// on the spindle, and those below it that run along it. What is open changes as little as possible.
    pub fn bring(&self, positions: &[f64], from: (f64, f64), to: (f64, f64)) -> Vec<f64> {
        let Some(spindle) = self.spindles().last() else { return positions.to_vec() };
        let runs_along = |index: usize| self.direction(index).dot(&self.direction(spindle)).abs() > ALONG;
        let movable: Vec<usize> = self.translations().filter(|index| *index > spindle || runs_along(*index)).collect();
        let effect = |row: usize, column: usize| self.effect(positions, movable[column])[row];
        let mut brought = positions.to_vec();
        let wanted = DVector::from(vec![to.0 - from.0, to.1 - from.1]);
        if let Some(fit) = fit(&DMatrix::from_fn(2, movable.len(), effect), &wanted) {
            movable.iter().enumerate().for_each(|(at, index)| brought[*index] += fit.unknowns[at]);
        }
        brought
    }
}
