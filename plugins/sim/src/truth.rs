//! What the simulated microscope knows and no real one does: where its sample truly is. Tests and demonstrations
//! compare with it what was found; nothing that is to work at a beamline may use it.

use brickwork_microscope::Truth;
use brickwork_sdk::interface;
use serde::{Deserialize, Serialize};

/// Where the sample truly is in the newest picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimulatedTruth {
    /// What was to be centred: `crystal`, `loop`, or `nothing` on a bare pin and without one.
    pub what: String,
    /// Its middle in pixels, from the left and from the top.
    pub pixel: Option<(f64, f64)>,
    /// Its middle in um from the middle of the picture, to the right and downwards.
    pub um: Option<(f64, f64)>,
    /// How far its middle is behind the plane in which the rotation axis is seen sharp, in um.
    pub depth_um: Option<f64>,
    /// The box of the loop, in pixels: left, top, right, bottom.
    pub loop_box: Option<[f64; 4]>,
}

interface! {
    /// What a simulated microscope knows of its sample. Only simulators have it.
    pub sim_truth v1 {
        /// Where the sample truly is in the newest picture.
        channel truth: SimulatedTruth;
    }
}

impl SimulatedTruth {
    /// Of a picture.
    pub fn new(truth: &Truth, has_crystal: bool) -> Self {
        let what = match truth.point {
            Some(_) if has_crystal => "crystal",
            Some(_) => "loop",
            None => "nothing",
        };
        Self {
            what: what.to_owned(),
            pixel: truth.point.map(|point| point.pixel),
            um: truth.point.map(|point| (point.seen.x, point.seen.y)),
            depth_um: truth.point.map(|point| point.seen.depth),
            loop_box: truth.outline.map(|outline| outline.bounds()),
        }
    }
}
