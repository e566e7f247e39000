//! A picture as the caller has it: borrowed bytes and how to read them. All other modules get their pixels from here;
//! nothing is copied, and bytes that cannot be a picture are refused before anything looks at them.

use thiserror::Error;

/// How a pixel is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One byte: grey.
    Gray8,
    /// Three bytes: red, green, blue.
    Rgb8,
    /// Four bytes: red, green, blue, and one that is not looked at.
    Rgba8,
}

/// Why bytes are no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PictureError {
    /// It has no pixel.
    #[error("a picture of {width} x {height} has no pixels: give a width and a height of at least 1")]
    Empty {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// A row would reach into the next one.
    #[error("a stride of {stride} bytes is too short for a row of {row} bytes: give at least {row}")]
    Stride {
        /// Bytes from one row to the next, as given.
        stride: usize,
        /// Bytes that a row takes.
        row: usize,
    },
    /// Bytes are missing.
    #[error("the picture has {found} bytes and needs {needed}: check its height, stride and format")]
    Short {
        /// Bytes given.
        found: usize,
        /// Bytes needed; the last row may end with its last pixel.
        needed: usize,
    },
}

/// A picture in memory, from the top row to the bottom one.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    data: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
    format: Format,
}

impl Format {
    /// Bytes of a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Gray8 => 1,
            Self::Rgb8 => 3,
            Self::Rgba8 => 4,
        }
    }
}

impl<'a> Picture<'a> {
    /// Borrows a picture of `width` x `height` pixels whose rows begin `stride` bytes apart.
    ///
    /// # Errors
    /// When it has no pixels, or `stride` or `data` is too short for it.
    pub fn new(data: &'a [u8], width: u32, height: u32, stride: usize, format: Format) -> Result<Self, PictureError> {
        if width == 0 || height == 0 {
            return Err(PictureError::Empty { width, height });
        }
        let (width, height) = (width as usize, height as usize);
        let row = width.saturating_mul(format.bytes());
        if stride < row {
            return Err(PictureError::Stride { stride, row });
        }
        let needed = stride.saturating_mul(height - 1).saturating_add(row);
        if data.len() < needed {
            return Err(PictureError::Short { found: data.len(), needed });
        }
        Ok(Self { data, width, height, stride, format })
    }

    /// Pixels in a row, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Adds the brightness of a row to `sums`: `step` neighbours to each, in units of which 1000 are one grey level.
    pub(crate) fn add_row(&self, y: usize, left: usize, step: usize, sums: &mut [u32]) {
        let bytes = self.format.bytes();
        let row = &self.data[y * self.stride + left * bytes..][..sums.len() * step * bytes];
        match (self.format, step) {
            (Format::Gray8, 3) => sum::<1, 3>(row, sums),
            (Format::Gray8, 4) => sum::<1, 4>(row, sums),
            (Format::Gray8, _) => sum_any::<1>(row, step, sums),
            (Format::Rgb8, 3) => sum::<3, 9>(row, sums),
            (Format::Rgb8, 4) => sum::<3, 12>(row, sums),
            (Format::Rgb8, _) => sum_any::<3>(row, step, sums),
            (Format::Rgba8, 3) => sum::<4, 12>(row, sums),
            (Format::Rgba8, 4) => sum::<4, 16>(row, sums),
            (Format::Rgba8, _) => sum_any::<4>(row, step, sums),
        }
    }
}

/// The brightness of a pixel (ITU-R BT.601), in thousandths of a grey level.
#[inline(always)]
fn brightness<const BYTES: usize>(pixel: &[u8]) -> u32 {
    if BYTES == 1 {
        return 1000 * u32::from(pixel[0]);
    }
    299 * u32::from(pixel[0]) + 587 * u32::from(pixel[1]) + 114 * u32::from(pixel[2])
}

/// `BLOCK` is a step in bytes: known when this is compiled, the two usual steps are much faster.
fn sum<const BYTES: usize, const BLOCK: usize>(row: &[u8], sums: &mut [u32]) {
    for (sum, block) in sums.iter_mut().zip(row.chunks_exact(BLOCK)) {
        *sum += block.chunks_exact(BYTES).map(brightness::<BYTES>).sum::<u32>();
    }
}

fn sum_any<const BYTES: usize>(row: &[u8], step: usize, sums: &mut [u32]) {
    for (sum, block) in sums.iter_mut().zip(row.chunks_exact(step * BYTES)) {
        *sum += block.chunks_exact(BYTES).map(brightness::<BYTES>).sum::<u32>();
    }
}
