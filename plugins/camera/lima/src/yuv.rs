//! Brightness and colour apart, to red, green and blue: ITU-R BT.601 with black at 16 and white at 235, as the
//! clients of Lima read it (OpenCV's `COLOR_YUV2RGB_UYVY` and `COLOR_YUV2RGB_I420`). `Block` calls it with even sizes.
//!
//! The mode YUV422 (16) is read as packed, like YUV422PACKED (19): cameras that serve it, such as Prosilica, send
//! U Y V Y, and mxcubecore reads it so, although Lima's own conversion to grey takes it for planar.

/// Two pixels in each U Y V Y.
pub(crate) fn uyvy(pixels: &[u8]) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(pixels.len() / 2 * 3);
    for four in pixels.chunks_exact(4) {
        let colour = Colour::new(four[0], four[2]);
        rgb.extend(colour.with(four[1]));
        rgb.extend(colour.with(four[3]));
    }
    rgb
}

/// All Y, then the U and the V of each square of four pixels.
pub(crate) fn i420(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let (luma, colours) = pixels.split_at(width * height);
    let (us, vs) = colours.split_at(colours.len() / 2);
    let mut rgb = Vec::with_capacity(luma.len() * 3);
    let half = (width / 2).max(1);
    for (row, line) in luma.chunks_exact(width.max(1)).enumerate() {
        let from = row / 2 * half;
        let colours = us[from..from + half].iter().zip(&vs[from..from + half]);
        for (pair, (u, v)) in line.chunks_exact(2).zip(colours) {
            let colour = Colour::new(*u, *v);
            rgb.extend(colour.with(pair[0]));
            rgb.extend(colour.with(pair[1]));
        }
    }
    rgb
}

/// What a colour adds to red, green and blue, in 1/256.
struct Colour([i32; 3]);

impl Colour {
    fn new(u: u8, v: u8) -> Self {
        let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
        Self([409 * v, -100 * u - 208 * v, 516 * u])
    }

    fn with(&self, luma: u8) -> [u8; 3] {
        let bright = 298 * (i32::from(luma) - 16) + 128;
        self.0.map(|added| ((bright + added) >> 8).clamp(0, 255) as u8)
    }
}
