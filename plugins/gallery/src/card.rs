//! The test card that `gallery.camera` serves: colour bars, a grid and a bar that moves.
//!
//! The card is painted once; each picture copies it and adds the moving bar. It knows nothing of time.

use jpeg_encoder::{ColorType, Encoder};

/// The card, in pixels.
pub const SIZE: (u16, u16) = (640, 480);
/// How far apart the lines of the grid are, in pixels.
const GRID: usize = 40;
/// How wide the moving bar is, and how far it goes from one picture to the next, in pixels.
const BAR: usize = 16;
const STEP: usize = 8;
/// No blocks are seen, and no colour is smeared.
const QUALITY: u8 = 90;

type Pixel = [u8; 3];

/// White, yellow, cyan, green, magenta, red, blue, black at three quarters.
const BARS: [Pixel; 8] =
    [[192, 192, 192], [192, 192, 0], [0, 192, 192], [0, 192, 0], [192, 0, 192], [192, 0, 0], [0, 0, 192], [16, 16, 16]];
const LINE: Pixel = [96, 96, 96];
const MOVING: Pixel = [240, 240, 240];

/// Paints the pictures of one camera.
pub struct Card {
    still: Vec<u8>,
}

impl Card {
    pub fn new() -> Self {
        let (width, height) = sides();
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| still(x, y)));
        Self { still: pixels.collect() }
    }

    /// The picture of this number as a JPEG file.
    pub fn jpeg(&self, number: u64) -> Vec<u8> {
        let pixels = self.pixels(number);
        let mut file = Vec::with_capacity(pixels.len() / 8);
        Encoder::new(&mut file, QUALITY)
            .encode(&pixels, SIZE.0, SIZE.1, ColorType::Rgb)
            .expect("the buffer fits the size, and memory takes every byte");
        file
    }

    /// The picture as rows of red, green and blue.
    pub fn pixels(&self, number: u64) -> Vec<u8> {
        let (width, height) = sides();
        let places = (width - BAR) / STEP;
        let left = usize::try_from(number % places as u64).unwrap_or(0) * STEP;
        let mut pixels = self.still.clone();
        for y in height * 3 / 4..height {
            let from = (y * width + left) * 3;
            pixels[from..from + BAR * 3].copy_from_slice(&MOVING.repeat(BAR));
        }
        pixels
    }
}

fn sides() -> (usize, usize) {
    (SIZE.0.into(), SIZE.1.into())
}

/// A pixel of the card without the moving bar: colours above, greys below, a grid over both.
fn still(x: usize, y: usize) -> Pixel {
    let (width, height) = sides();
    if x.is_multiple_of(GRID) || y.is_multiple_of(GRID) {
        return LINE;
    }
    match y < height * 3 / 4 {
        true => BARS[x * BARS.len() / width],
        false => [u8::try_from(x * 160 / width).unwrap_or(u8::MAX); 3],
    }
}
