//! What looks for the sample in a picture.

use serde::{Deserialize, Serialize};

/// A sample in a picture, in pixels from the left and from the top.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FoundSample {
    /// Width and height of the picture; 0 where the finder does not tell.
    pub picture: (f64, f64),
    /// The point to be centred.
    pub centre: (f64, f64),
    /// The end of the loop.
    pub tip: (f64, f64),
    /// Left, top, width and height of the loop.
    pub bounds: (f64, f64, f64, f64),
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
}

crate::interface! {
    /// What looks for the sample in the pictures of a camera.
    pub sample_finder v1 {
        /// Looks at the next picture that is taken from now on; answers nothing when no sample is in it.
        command find() -> Option<FoundSample> while_busy(queue);
    }
}
