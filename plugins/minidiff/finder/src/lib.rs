//! Finds the loop on its pin in the picture of an on-axis microscope, and tells how sharp a picture is. Automatic
//! centring calls it once for each angle, with pictures in memory; it never reads a file or a camera, never learns
//! from samples, and keeps nothing from one picture to the next.
//!
//! ```
//! use brickwork_finder::{Format, Options, Picture, find};
//!
//! let blank = vec![200; 640 * 480];
//! let picture = Picture::new(&blank, 640, 480, 640, Format::Gray8)?;
//! assert_eq!(find(picture, &Options::default()), None);
//! # Ok::<(), brickwork_finder::PictureError>(())
//! ```

#![forbid(unsafe_code)]

mod background;
mod find;
mod mask;
mod outline;
mod picture;
mod plane;
mod sharpness;

pub use find::{Area, Found, Options, Side, find};
pub use picture::{Format, Picture, PictureError};
pub use sharpness::sharpness;
