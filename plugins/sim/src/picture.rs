//! The simulated microscope picture: the sample before its background, as a grey JPEG file.
//!
//! A background is made once for each light; each picture copies it and draws only where the sample is. `sim.camera`
//! calls it away from its own thread.

use std::sync::OnceLock;

use jpeg_encoder::{ColorType, Encoder};

use crate::geometry::{Axes, Optics};
use crate::sample::Sample;
use crate::shapes::Canvas;

/// JPEG quality: no visible blocks, about 50 kB at 1280x1024.
const QUALITY: u8 = 80;
/// Positions that differ by less than this, in degrees or pixels, give the same picture.
const SAME_DEG: f64 = 0.05;
const SAME_PIXELS: f64 = 0.1;

/// Where the light comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// All is off.
    Dark,
    /// The light at the microscope: grey sample, grey background.
    #[default]
    Front,
    /// The light behind the sample: a silhouette.
    Back,
    /// Both.
    Both,
}

/// The grey levels of one light, 0 to 255; a grey picture is drawn and encoded in half the time of a coloured one.
pub struct Palette {
    background: f32,
    /// How much darker the corners are.
    vignette: f32,
    ink: u8,
    /// The metal of the pin.
    pub pin: f32,
    /// The loop and what holds it.
    pub fibre: f32,
    /// What fills the loop.
    pub liquor: f32,
    /// The darkest of all that is seen.
    pub crystal: f32,
    /// The edges of the crystal.
    pub edge: f32,
    /// Ice on the sample.
    pub ice: f32,
}

impl Light {
    fn palette(self) -> Palette {
        let rows = match self {
            Self::Dark => [9.0, 5.0, 5.0, 6.0, 10.0, 2.0, 1.0, 12.0],
            Self::Front => [208.0, 70.0, 112.0, 122.0, 226.0, 62.0, 40.0, 238.0],
            Self::Back => [246.0, 16.0, 48.0, 66.0, 214.0, 14.0, 8.0, 120.0],
            Self::Both => [250.0, 24.0, 84.0, 100.0, 236.0, 44.0, 28.0, 200.0],
        };
        let [background, vignette, pin, fibre, liquor, crystal, edge, ice] = rows;
        let ink = if self == Self::Dark { 150 } else { 44 };
        Palette { background, vignette, ink, pin, fibre, liquor, crystal, edge, ice }
    }
}

/// All that a picture depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    /// Where the motors stand.
    pub axes: Axes,
    /// The side of a pixel at the sample.
    pub um_per_pixel: f64,
    /// What is lit.
    pub light: Light,
}

impl Scene {
    /// Whether nobody could tell its picture from the other's.
    pub fn looks_like(&self, other: &Self) -> bool {
        let (a, b) = (&self.axes, &other.axes);
        let lengths = |axes: &Axes| [axes.sampx_um, axes.sampy_um, axes.phiy_um, axes.phiz_um, axes.focus_um];
        let same_um = SAME_PIXELS * self.um_per_pixel;
        (self.light, self.um_per_pixel) == (other.light, other.um_per_pixel)
            && (a.omega_deg - b.omega_deg).abs() < SAME_DEG
            && lengths(a).iter().zip(lengths(b)).all(|(a, b)| (a - b).abs() < same_um)
    }
}

/// Draws pictures of one sample in one size.
pub struct Painter {
    size: (u16, u16),
    seed: u64,
    sample: Sample,
    backgrounds: [OnceLock<Vec<u8>>; 4],
}

impl Painter {
    /// The same seed gives the same pictures.
    pub fn new(size: (u16, u16), seed: u64, sample: Sample) -> Self {
        Self { size, seed, sample, backgrounds: Default::default() }
    }

    /// The picture of a scene, as a JPEG file.
    pub fn jpeg(&self, scene: &Scene) -> Vec<u8> {
        let canvas = self.draw(scene);
        let mut file = Vec::with_capacity(canvas.pixels.len() / 8);
        let (width, height) = self.size;
        Encoder::new(&mut file, QUALITY)
            .encode(&canvas.pixels, width, height, ColorType::Luma)
            .expect("the buffer fits the size, and memory takes every byte");
        file
    }

    fn draw(&self, scene: &Scene) -> Canvas {
        let palette = scene.light.palette();
        let background = self.backgrounds[scene.light as usize].get_or_init(|| self.background(&palette));
        let (width, height) = (usize::from(self.size.0), usize::from(self.size.1));
        let mut canvas = Canvas { width, height, pixels: background.clone() };
        let optics = Optics { size: self.size, um_per_pixel: scene.um_per_pixel };
        self.sample.draw(&mut canvas, scene, optics, &palette);
        canvas.write("SIMULATED", 12, height.saturating_sub(62), palette.ink);
        let omega = format!("OMEGA {:.1} DEG", scene.axes.omega_deg);
        canvas.write(&omega, 12, height.saturating_sub(32), palette.ink);
        canvas
    }

    fn background(&self, palette: &Palette) -> Vec<u8> {
        let (width, height) = self.size;
        let mut noise = Noise(self.seed | 1);
        let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height));
        for y in 0..height {
            for x in 0..width {
                let (u, v) = (f32::from(x) / f32::from(width) - 0.5, f32::from(y) / f32::from(height) - 0.5);
                pixels.push((palette.background - palette.vignette * (u * u + v * v) + 2.0 * noise.next()) as u8);
            }
        }
        pixels
    }
}

/// A small source of even noise (xorshift), the same on every machine.
struct Noise(u64);

impl Noise {
    /// Between -1 and 1.
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests;
