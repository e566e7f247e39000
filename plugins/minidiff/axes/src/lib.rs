//! The geometry of a goniometer, and the one solver that centres a sample on it.
//!
//! A goniometer is a [`Chain`] of axes from the floor to the sample, each a rotation or a translation with a direction,
//! seen by a camera. The four motors of 2006, a minikappa and a table that was mounted askew are chains that differ in
//! numbers alone. [`Chain::see`] says where a point is seen, [`Chain::locate`] which point it is, [`solve`] where the
//! translations have to stand so that the clicked point stays in the beam while it is turned, [`Chain::keep`] where they
//! have to go when other axes move, and [`Kappa::align`] how a minikappa brings a direction of the sample along the spindle.
//!
//! Lengths are in um, angles in degrees, in the users' positions of the motors throughout: mixing in dial positions, as
//! the code of 2013 did for its rotation, puts the point elsewhere as soon as somebody sets an offset. It is pure
//! arithmetic: it moves nothing and knows no limits.
//!
//! ```
//! use brickwork_axes::{Chain, Click, Options, solve};
//!
//! let chain = Chain::standard();
//! let [phiy, phiz, omega, sampx, sampy] = [0, 1, 2, 3, 4];
//! let sample = [120.0, -35.0, 60.0];
//! // Three clicks on the same point of the sample, at three angles.
//! let clicks: Vec<Click> = [0.0, 90.0, 180.0]
//!     .map(|angle| {
//!         let mut positions = vec![0.0; 5];
//!         positions[omega] = angle;
//!         let seen = chain.see(&positions, sample);
//!         Click { positions, x: seen.x, y: seen.y }
//!     })
//!     .into();
//! let solution = solve(&chain, &clicks, &Options::default()).expect("three angles are enough");
//! for angle in [0.0, 77.0, 200.0] {
//!     let mut positions = solution.positions.clone();
//!     positions[omega] = angle;
//!     let seen = chain.see(&positions, sample);
//!     assert!(seen.x.abs() < 1e-9 && seen.y.abs() < 1e-9, "it stays in the beam");
//! }
//! # let _ = (phiy, phiz, sampx, sampy);
//! ```

#![forbid(unsafe_code)]

mod chain;
mod forms;
mod kappa;
mod least_squares;
mod solve;

pub use chain::{Axis, Camera, Chain, ChainError, Motion, Point, Seen};
pub use kappa::{Alignment, Kappa, KappaError};
pub use solve::{Click, Options, Solution, SolveError, solve};
