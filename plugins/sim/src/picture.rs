//! The simulated microscope picture: a crystal in a loop on a pin, turned by an angle.
//!
//! The background is drawn once; each picture copies it and draws only where the sample is. Distances
//! are in pixels from the centre of rotation, x along the axis to the right, y downwards.

use jpeg_encoder::{ColorType, Encoder};

use crate::letters;

/// JPEG quality: no visible blocks, about 50 kB at 1280x1024.
const QUALITY: u8 = 80;

// Grey levels; a grey picture is drawn and encoded in half the time of a coloured one.
const BACKGROUND: f64 = 208.0;
const SHADE: f64 = 60.0;
const FIBRE: f64 = 88.0;
const LIQUOR: f64 = 226.0;
const CRYSTAL: f64 = 170.0;
const INK: f64 = 44.0;

/// Draws pictures of one size.
pub struct Painter {
    width: usize,
    height: usize,
    background: Vec<u8>,
}

impl Painter {
    /// The same seed gives the same pictures.
    pub fn new((width, height): (u16, u16), seed: u64) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        let mut noise = Noise(seed | 1);
        let mut background = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (u, v) = (x as f64 / width as f64 - 0.5, y as f64 / height as f64 - 0.5);
                background.push((BACKGROUND - 70.0 * (u * u + v * v) + 2.0 * noise.next()) as u8);
            }
        }
        Self { width, height, background }
    }

    /// The picture at an angle, as a JPEG file.
    pub fn jpeg(&self, angle_deg: f64) -> Vec<u8> {
        let pixels = self.pixels(angle_deg);
        let mut file = Vec::with_capacity(pixels.len() / 8);
        let (width, height) = (self.width as u16, self.height as u16);
        Encoder::new(&mut file, QUALITY)
            .encode(&pixels, width, height, ColorType::Luma)
            .expect("the buffer fits the size, and memory takes every byte");
        file
    }

    fn pixels(&self, angle_deg: f64) -> Vec<u8> {
        let mut canvas = Canvas { width: self.width, height: self.height, pixels: self.background.clone() };
        let sample = Sample::new(angle_deg, self.height as f64);
        let (middle_x, middle_y) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let reach = 1.9 * sample.unit;
        let left = (middle_x - reach).max(0.0) as usize;
        let rows = (middle_y - reach).max(0.0) as usize..((middle_y + reach) as usize).min(self.height);
        for y in rows {
            for x in left..self.width {
                let (dx, dy) = (x as f64 + 0.5 - middle_x, y as f64 + 0.5 - middle_y);
                sample.paint(dx, dy, |level, cover| canvas.mix(x, y, level, cover));
            }
        }
        canvas.write("SIMULATED", 12, self.height.saturating_sub(62));
        canvas.write(&format!("OMEGA {angle_deg:.1} DEG"), 12, self.height.saturating_sub(32));
        canvas.pixels
    }
}

/// The sample at one angle.
struct Sample {
    /// A twelfth of the picture's height.
    unit: f64,
    /// How far its middle has moved off the axis.
    offset: f64,
    /// Half the height of the loop, which is flat and turns.
    half_height: f64,
    crystal: (f64, f64),
}

impl Sample {
    fn new(angle_deg: f64, height: f64) -> Self {
        let (sin, cos) = angle_deg.to_radians().sin_cos();
        let unit = height / 12.0;
        let half_height = unit * (0.35 + 0.85 * cos.abs());
        Self { unit, offset: 0.5 * unit * sin, half_height, crystal: (-0.25 * unit, 0.3 * half_height * cos) }
    }

    /// Tells level and cover (0 to 1) of all that lies at a place, the lowest first.
    fn paint(&self, x: f64, y: f64, mut put: impl FnMut(f64, f64)) {
        let unit = self.unit;
        // The pin turns on the axis; the further along the stem, the more of the offset is seen.
        let y = y - self.offset * (1.0 - (x / (3.4 * unit)).clamp(0.0, 1.0));
        if x > 1.5 * unit {
            let stem = 0.09 * unit + 0.03 * (x - 1.5 * unit);
            let (half_width, level) = if x > 3.4 * unit { (0.55 * unit, SHADE) } else { (stem, FIBRE) };
            put(level, cover(y.abs() - half_width));
        }
        if x.abs() > 1.6 * unit {
            return;
        }
        let outline = ellipse(x, y, 1.5 * unit, self.half_height);
        let facets = self.facets(x - self.crystal.0, y - self.crystal.1);
        put(LIQUOR, 0.45 * cover(outline));
        put(CRYSTAL, 0.9 * cover(facets));
        put(SHADE, 0.5 * cover(facets.abs() - 1.2));
        put(FIBRE, 0.85 * cover(outline.abs() - 0.055 * unit));
    }

    /// The distance to a crystal with six corners; negative inside.
    fn facets(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x.abs(), y.abs());
        let (long, wide) = (0.62 * self.unit, 0.22 * self.unit + 0.2 * self.half_height);
        (x + 0.5 * y - long).max(y - wide)
    }
}

/// The distance to an upright ellipse, good near its outline; negative inside.
fn ellipse(x: f64, y: f64, a: f64, b: f64) -> f64 {
    // `hypot` would be exact for numbers that no picture has, and ten times slower.
    let length = |x: f64, y: f64| (x * x + y * y).sqrt();
    let radius = length(x / a, y / b);
    let slope = length(x / (a * a), y / (b * b)).max(1e-9);
    (radius - 1.0) * radius / slope
}

/// How much of a pixel is within a shape whose outline is so far away.
fn cover(distance: f64) -> f64 {
    (0.5 - distance).clamp(0.0, 1.0)
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    fn mix(&mut self, x: usize, y: usize, level: f64, cover: f64) {
        if cover <= 0.0 || x >= self.width || y >= self.height {
            return;
        }
        let pixel = &mut self.pixels[y * self.width + x];
        *pixel = (f64::from(*pixel) * (1.0 - cover) + level * cover) as u8;
    }

    /// Writes with dots of 3 pixels.
    fn write(&mut self, text: &str, left: usize, top: usize) {
        for (index, letter) in text.chars().enumerate() {
            for (row, dots) in letters::rows(letter).into_iter().enumerate() {
                for column in (0..5).filter(|column| dots >> (4 - column) & 1 == 1) {
                    let (x, y) = (left + (index * 6 + column) * 3, top + row * 3);
                    (0..9).for_each(|dot| self.mix(x + dot % 3, y + dot / 3, INK, 0.9));
                }
            }
        }
    }
}

/// A small source of even noise (xorshift), the same on every machine.
struct Noise(u64);

impl Noise {
    /// Between -1 and 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_angle_give_the_same_picture() {
        let painter = |seed| Painter::new((160, 128), seed);
        assert_eq!(painter(3).jpeg(10.0), painter(3).jpeg(10.0));
        assert_ne!(painter(3).pixels(10.0), painter(4).pixels(10.0));
    }

    #[test]
    fn turning_moves_the_sample_and_nothing_far_from_it() {
        let painter = Painter::new((160, 128), 3);
        let (at_0, at_90) = (painter.pixels(0.0), painter.pixels(90.0));
        let differs = |x: usize, y: usize| at_0[y * 160 + x] != at_90[y * 160 + x];
        assert!((40..90).any(|y| (64..96).any(|x| differs(x, y))));
        assert!(!(0..30).any(|y| (0..160).any(|x| differs(x, y))));
    }

    #[test]
    fn every_letter_that_is_written_is_known() {
        for letter in "SIMULATED OMEGA -0123456789. DEG".chars().filter(|letter| *letter != ' ') {
            assert_ne!(letters::rows(letter), [0; 7], "{letter}");
        }
    }
}
