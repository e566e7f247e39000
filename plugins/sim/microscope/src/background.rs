//! What is seen where no sample is, and the noise of the sensor. A background is made once for each light; each picture
//! copies it.

use crate::light::{Look, Palette};
use crate::microscope::Scene;
use crate::noise::Noise;

/// The background of one light, without a sample.
pub fn background((width, height): (u16, u16), seed: u64, look: Look, palette: &Palette) -> Vec<u8> {
    let mut noise = Noise::new(seed);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height));
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (f32::from(x) / f32::from(width) - 0.5, f32::from(y) / f32::from(height) - 0.5);
            let level = match look {
                Look::Plain => palette.background - palette.vignette * (u * u + v * v) + 2.0 * noise.next(),
                Look::Lifelike => palette.background - palette.vignette * shade(u, v) + 0.5 + 0.5 * noise.next(),
            };
            pixels.push(level as u8);
        }
    }
    pixels
}

/// How far the light that comes from the left and from below does not reach, from 0 to 1.
fn shade(u: f32, v: f32) -> f32 {
    let corner = (0.55 * u - 0.85 * v + 0.12).clamp(0.0, 0.7) / 0.7;
    let rim = (u * u + v * v) * 2.0;
    (0.75 * corner * corner * (3.0 - 2.0 * corner) + 0.25 * rim).min(1.0)
}

/// The noise of a sensor: another piece of the same noise for each scene, so that it is never the same twice and always
/// the same for the same scene.
pub struct Grain(Vec<i8>);

/// The longest side of the piece by which two scenes differ.
const SHIFTS: usize = 4096;

impl Grain {
    /// As much as a picture needs.
    pub fn new((width, height): (u16, u16), seed: u64) -> Self {
        let mut noise = Noise::new(seed.rotate_left(17));
        let count = usize::from(width) * usize::from(height) + SHIFTS;
        // The sum of two even ones has a peak in the middle.
        Self((0..count).map(|_| (2.0 * (noise.next() + noise.next())).round() as i8).collect())
    }

    /// Adds it to a picture.
    pub fn lay_over(&self, pixels: &mut [u8], scene: &Scene) {
        let mixed = scene
            .axes
            .named()
            .into_iter()
            .map(|(_, position)| position)
            .chain([scene.axes.focus_um, scene.um_per_pixel]);
        let mixed = mixed.fold(0x9e37_79b9_7f4a_7c15_u64, |mixed, value| {
            (mixed ^ value.to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
        });
        let shift = (mixed >> 20) as usize % SHIFTS;
        for (pixel, noise) in pixels.iter_mut().zip(&self.0[shift..]) {
            *pixel = pixel.saturating_add_signed(*noise);
        }
    }
}
