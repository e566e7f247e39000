//! The simulated microscope: one sample on one goniometer, and a picture of it for each scene. The simulated camera,
//! the tests of centring and benches ask it; it keeps no position and waits for nothing.

use std::sync::{Arc, Mutex, PoisonError};

use brickwork_axes::Chain;

use crate::axes::{Axes, Optics};
use crate::background::{Grain, background};
use crate::canvas::Canvas;
use crate::draw::{Frost, lifelike, plain};
use crate::light::{Lights, Look};
use crate::sample::Sample;
use crate::truth::Truth;
use crate::view::View;

/// Positions that differ by less than this, in degrees or pixels, give the same picture.
const SAME_DEG: f64 = 0.05;
const SAME_PIXELS: f64 = 0.1;

/// All that a picture of one microscope depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    /// Where the motors stand.
    pub axes: Axes,
    /// The side of a pixel at the sample.
    pub um_per_pixel: f64,
    /// What is lit.
    pub lights: Lights,
}

impl Scene {
    /// Whether nobody could tell its picture from the other's.
    pub fn looks_like(&self, other: &Self) -> bool {
        let (a, b) = (&self.axes, &other.axes);
        let angles = |axes: &Axes| [axes.omega_deg, axes.kappa_deg, axes.kappa_phi_deg];
        let lengths = |axes: &Axes| [axes.sampx_um, axes.sampy_um, axes.phiy_um, axes.phiz_um, axes.focus_um];
        let same_um = SAME_PIXELS * self.um_per_pixel;
        (self.lights, self.um_per_pixel) == (other.lights, other.um_per_pixel)
            && angles(a).iter().zip(angles(b)).all(|(a, b)| (a - b).abs() < SAME_DEG)
            && lengths(a).iter().zip(lengths(b)).all(|(a, b)| (a - b).abs() < same_um)
    }

    fn check(&self) -> Result<(), SceneError> {
        let stand = self.axes.named().into_iter().chain([("focus", self.axes.focus_um)]);
        for (role, position) in stand {
            if !position.is_finite() {
                return Err(SceneError::Position(role, position));
            }
        }
        let has_size = self.um_per_pixel.is_finite() && self.um_per_pixel > 0.0;
        if has_size { Ok(()) } else { Err(SceneError::Scale(self.um_per_pixel)) }
    }
}

/// Why a scene has no picture.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SceneError {
    /// Something stands nowhere.
    #[error("{0} stands at {1}: a picture needs a finite position")]
    Position(&'static str, f64),
    /// Pixels without a size.
    #[error("a pixel of {0} um has no picture: give a size above 0")]
    Scale(f64),
}

/// A grey picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// One byte for each pixel, row by row from the top, without gaps.
    pub pixels: Vec<u8>,
}

/// What a microscope is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Width and height of its pictures in pixels.
    pub size: (u16, u16),
    /// The same seed gives the same noise and the same frost.
    pub seed: u64,
    /// How it draws.
    pub look: Look,
    /// Where its axes truly are; its roles are among [`Axes::ROLES`].
    pub chain: Chain,
    /// What is mounted.
    pub sample: Sample,
}

/// Draws pictures of one sample in one size.
pub struct Microscope {
    setup: Setup,
    frost: Frost,
    grain: Grain,
    /// The last background, and its light: it costs as much as several pictures.
    background: Mutex<Option<(Lights, Arc<Vec<u8>>)>>,
}

impl Microscope {
    /// The same setup gives the same pictures.
    pub fn new(setup: Setup) -> Self {
        let frost = Frost::new(&setup.sample, setup.seed);
        let grain = Grain::new(setup.size, setup.seed);
        Self { setup, frost, grain, background: Mutex::default() }
    }

    /// What it was made from.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The picture of a scene.
    ///
    /// # Errors
    /// When a position is no number, or pixels have no size.
    pub fn picture(&self, scene: &Scene) -> Result<Picture, SceneError> {
        let Setup { size, look, sample, .. } = &self.setup;
        let view = self.view(scene)?;
        let palette = scene.lights.palette(*look);
        let (width, height) = (usize::from(size.0), usize::from(size.1));
        let mut canvas = Canvas { width, height, pixels: self.background(scene.lights).to_vec() };
        match look {
            Look::Plain => plain(&mut canvas, sample, &view, &palette),
            Look::Lifelike => {
                lifelike(&mut canvas, sample, &self.frost, &view, &palette);
                self.grain.lay_over(&mut canvas.pixels, scene);
            }
        }
        canvas.write("SIMULATED", 12, height.saturating_sub(62), palette.ink());
        let omega = format!("OMEGA {:.1} DEG", scene.axes.omega_deg);
        canvas.write(&omega, 12, height.saturating_sub(32), palette.ink());
        Ok(Picture { size: *size, pixels: canvas.pixels })
    }

    /// Where the sample truly is in that picture.
    ///
    /// # Errors
    /// When a position is no number, or pixels have no size.
    pub fn truth(&self, scene: &Scene) -> Result<Truth, SceneError> {
        let optics = Optics { size: self.setup.size, um_per_pixel: scene.um_per_pixel };
        Ok(Truth::new(&self.setup.sample, &self.view(scene)?, optics))
    }

    fn view(&self, scene: &Scene) -> Result<View<'_>, SceneError> {
        scene.check()?;
        Ok(View::new(&self.setup.sample, &self.setup.chain, scene, self.setup.size))
    }

    fn background(&self, lights: Lights) -> Arc<Vec<u8>> {
        // What a thread that panicked has left is whole: it is replaced at once or not at all.
        let mut last = self.background.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((same, pixels)) if *same == lights => pixels.clone(),
            _ => {
                let Setup { size, seed, look, .. } = self.setup;
                let pixels = Arc::new(background(size, seed, look, &lights.palette(look)));
                *last = Some((lights, pixels.clone()));
                pixels
            }
        }
    }
}

#[cfg(test)]
mod tests;
