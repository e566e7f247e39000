//! A source of pictures.

use crate::Frame;

crate::interface! {
    /// A source of pictures: a microscope, a hutch camera.
    pub camera v1 {
        /// The newest picture.
        channel frame: Frame;
        /// Pictures per second that arrive from the source.
        channel rate: f64 in "Hz";
    }
}
