//! Lima's video modes, by the numbers that stand in the header, and how many bytes a picture takes in each. `Block`
//! asks it before it looks at a pixel. The numbers are those of `VideoMode` in Lima's `Constants.h`.

use std::fmt;

use crate::LimaError;

/// How the pixels of a picture are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names are Lima's and say all that is known
pub enum VideoMode {
    Y8 = 0,
    Y16 = 1,
    Y32 = 2,
    Y64 = 3,
    Rgb555 = 4,
    Rgb565 = 5,
    Rgb24 = 6,
    Rgb32 = 7,
    Bgr24 = 8,
    Bgr32 = 9,
    BayerRg8 = 10,
    BayerRg16 = 11,
    BayerBg8 = 12,
    BayerBg16 = 13,
    I420 = 14,
    Yuv411 = 15,
    Yuv422 = 16,
    Yuv444 = 17,
    Yuv411Packed = 18,
    Yuv422Packed = 19,
    Yuv444Packed = 20,
}

use VideoMode as M;

/// Every mode, with its number as its place, and what Lima calls it.
const MODES: [(VideoMode, &str); 21] = [
    (M::Y8, "Y8"),
    (M::Y16, "Y16"),
    (M::Y32, "Y32"),
    (M::Y64, "Y64"),
    (M::Rgb555, "RGB555"),
    (M::Rgb565, "RGB565"),
    (M::Rgb24, "RGB24"),
    (M::Rgb32, "RGB32"),
    (M::Bgr24, "BGR24"),
    (M::Bgr32, "BGR32"),
    (M::BayerRg8, "BAYER_RG8"),
    (M::BayerRg16, "BAYER_RG16"),
    (M::BayerBg8, "BAYER_BG8"),
    (M::BayerBg16, "BAYER_BG16"),
    (M::I420, "I420"),
    (M::Yuv411, "YUV411"),
    (M::Yuv422, "YUV422"),
    (M::Yuv444, "YUV444"),
    (M::Yuv411Packed, "YUV411PACKED"),
    (M::Yuv422Packed, "YUV422PACKED"),
    (M::Yuv444Packed, "YUV444PACKED"),
];

impl VideoMode {
    /// The mode of this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        MODES.get(usize::from(number)).map(|(mode, _)| *mode)
    }

    /// What Lima calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        MODES[self as usize].1
    }

    /// The bytes that a picture of this size takes.
    pub(crate) fn bytes(self, width: u32, height: u32) -> Result<u64, LimaError> {
        let pixels = u64::from(width) * u64::from(height);
        let shape = |need| Err(LimaError::Shape { mode: self, width, height, need });
        Ok(match self {
            M::Y8 => pixels,
            M::Y16 => pixels * 2,
            M::BayerRg8 | M::BayerBg8 | M::BayerRg16 | M::BayerBg16 if width < 2 || height < 2 => {
                return shape("two rows and two columns are the least that has all colours");
            }
            M::BayerRg8 | M::BayerBg8 => pixels,
            M::BayerRg16 | M::BayerBg16 => pixels * 2,
            M::Rgb24 | M::Bgr24 => pixels * 3,
            M::Rgb32 | M::Bgr32 => pixels * 4,
            M::Yuv422 | M::Yuv422Packed if !width.is_multiple_of(2) => {
                return shape("two pixels share a colour, so the width is even");
            }
            M::Yuv422 | M::Yuv422Packed => pixels * 2,
            M::I420 if !width.is_multiple_of(2) || !height.is_multiple_of(2) => {
                return shape("four pixels share a colour, so width and height are even");
            }
            M::I420 => pixels / 2 * 3,
            _ => return Err(LimaError::NotSupported(self)),
        })
    }

    /// Lima counts two bytes a pixel for I420, of which the last quarter means nothing; servers may send it or not.
    pub(crate) fn bytes_with_waste(self, width: u32, height: u32) -> Option<u64> {
        (self == M::I420).then(|| u64::from(width) * u64::from(height) * 2)
    }
}

impl fmt::Display for VideoMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
