//! The zoom of the simulated microscope: the names of its positions and their scales, as a layout says them.

use brickwork_sdk::interfaces::outside;
use brickwork_sdk::{ConfigProblem, Error, Result};

/// The smallest and the largest um per pixel.
pub const SCALES: (f64, f64) = (0.01, 100.0);

/// The names and scales of the zoom's positions, in um per pixel.
pub type Zooms = Vec<(String, f64)>;

/// What is wrong with them.
pub fn problems(zooms: &Zooms) -> impl Iterator<Item = ConfigProblem> {
    let wrong = |(index, (name, scale)): (usize, &(String, f64))| {
        let twice = zooms[..index].iter().any(|(other, _)| other == name);
        let message = if twice { format!("{name:?} is there twice") } else { outside(*scale, SCALES, "um per pixel")? };
        Some(ConfigProblem::at(format!("zooms[{index}]"), message))
    };
    let empty = zooms.is_empty().then(|| ConfigProblem::at("zooms", "a zoom has one position or more"));
    empty.into_iter().chain(zooms.iter().enumerate().filter_map(wrong))
}

/// The um per pixel at a position.
pub fn scale_of(zooms: &Zooms, at: &str) -> Result<f64> {
    zooms.iter().find(|(name, _)| name == at).map(|(_, scale)| *scale).ok_or_else(|| {
        let names = zooms.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        Error::failed(format!("the zoom is at {at:?}, and `zooms` knows the scale of {names} alone"))
    })
}
