//! A simulated sample microscope: pin, loop and crystal on a goniometer, drawn where its axes bring them. The simulated
//! camera calls it, and so do the tests of centring, which also ask it for the truth. It knows no hardware, files or
//! clocks.
//!
//! ```
//! use brickwork_microscope::{Axes, Lights, Look, Microscope, Mounted, Sample, Scene, Setup, chain};
//!
//! let sample = Sample::random(Mounted::Loop, 7);
//! let setup = Setup { size: (640, 512), seed: 1, look: Look::Lifelike, chain: chain(), sample };
//! let microscope = Microscope::new(setup);
//!
//! let axes = Axes { omega_deg: 30.0, ..Axes::default() };
//! let scene = Scene { axes, um_per_pixel: 2.0, lights: Lights::BACK };
//! let picture = microscope.picture(&scene)?;
//! assert_eq!(picture.pixels.len(), 640 * 512);
//!
//! let truth = microscope.truth(&scene)?;
//! let (point, outline) = (truth.point.expect("there is a crystal"), truth.outline.expect("there is a loop"));
//! assert!(outline.contains(point.pixel));
//! # Ok::<(), brickwork_microscope::SceneError>(())
//! ```

#![forbid(unsafe_code)]

mod axes;
mod background;
mod canvas;
mod draw;
mod goniometer;
mod letters;
mod light;
mod microscope;
mod misaligned;
mod noise;
mod outline;
mod sample;
mod shape;
mod truth;
mod view;

pub use axes::{Axes, Optics, Point};
pub use goniometer::{Goniometer, chain};
pub use light::{Lights, Look};
pub use microscope::{Microscope, Picture, Scene, SceneError, Setup};
pub use misaligned::Misaligned;
pub use sample::{Mounted, Sample};
pub use truth::{Mark, Outline, Truth};
