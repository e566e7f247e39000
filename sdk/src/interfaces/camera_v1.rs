//! A source of pictures.

use crate::Frame;

crate::interface! {
    /// A source of pictures: a microscope, a hutch camera.
    pub camera v1 {
        /// The newest picture.
        channel frame: Frame;
        /// Pictures per second that arrive from the source.
        channel rate: f64 in "Hz";
        /// How long each picture is exposed. A source that cannot tell has none of this.
        optional channel exposure: f64 in "s";
        /// The shortest and the longest exposure that it takes.
        optional channel exposure_limits: (f64, f64) in "s";
        /// How much its signal is amplified, as the source counts it.
        optional channel gain: f64;
        /// The least and the most gain that it takes.
        optional channel gain_limits: (f64, f64);
        /// Exposes the pictures from now on for so long.
        optional command set_exposure(exposure: f64 within exposure_limits) while_busy(replace);
        /// Amplifies the pictures from now on so much.
        optional command set_gain(gain: f64 within gain_limits) while_busy(replace);
    }
}
