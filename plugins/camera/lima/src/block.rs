//! The block itself: its header, checked against its length, and the way to its pixels. Everything that can be wrong
//! with it is found here, so that what converts pixels has exactly as many as it needs.

use crate::{LimaError, VideoMode, bayer, plain, yuv};

/// The bytes of the header, `>IHHqiiHHHH` in the words of Python's `struct`.
pub const HEADER_BYTES: usize = 32;

/// `VDEO`, as it stands in a block whose header is big-endian; servers exist that write it the other way round.
const MAGIC: u32 = u32::from_be_bytes(*b"VDEO");

/// What the header says, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// How pixels are laid out.
    pub mode: VideoMode,
    /// Counts the pictures of an acquisition; two blocks with the same number hold the same picture.
    pub frame: u64,
    /// Pixels per row, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// The byte order of pixels of two bytes; that of the header is its own.
    pub big_endian_pixels: bool,
}

/// A block whose header and length agree.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    header: Header,
    pixels: &'a [u8],
}

/// How the pixels of a [`Picture`] are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One byte a pixel.
    Grey8,
    /// Three bytes a pixel: red, green, blue.
    Rgb8,
}

/// A picture that can be shown: rows from the top, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels per row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// How the pixels are laid out.
    pub format: Format,
    /// The pixels.
    pub data: Vec<u8>,
}

impl<'a> Block<'a> {
    /// Reads the whole value of `video_last_image`. `None`: the camera has no picture yet.
    ///
    /// # Errors
    /// What is wrong, and at which bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Option<Self>, LimaError> {
        let words = Words::new(bytes)?;
        let version = words.u16(4);
        if version != 1 {
            return Err(LimaError::Version(version));
        }
        // -1: nothing was taken since the server started; then width and height are -1 too.
        let Ok(frame) = u64::try_from(words.i64(8)) else { return Ok(None) };
        let mode = VideoMode::from_number(words.u16(6)).ok_or(LimaError::UnknownMode(words.u16(6)))?;
        let (width, height) = words.size()?;
        let big_endian_pixels = match words.u16(24) {
            0 => false,
            1 => true,
            other => return Err(LimaError::ByteOrder(other)),
        };
        let start = words.u16(26);
        let pixels = bytes.get(usize::from(start)..).filter(|_| usize::from(start) >= HEADER_BYTES);
        let pixels = pixels.ok_or(LimaError::Start { start, length: bytes.len() })?;
        let pixels = cut(pixels, mode, width, height)?;
        Ok(Some(Self { header: Header { mode, frame, width, height, big_endian_pixels }, pixels }))
    }

    /// What the header says.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The picture with 8 bits a colour. `bits` is how many bits of a pixel of two bytes mean something, which the
    /// block does not say (`image_type` of the server does): 12 for a camera of 12 bits. Brighter pixels are white.
    ///
    /// # Errors
    /// `bits` is not from 8 to 16.
    pub fn picture(&self, bits: u8) -> Result<Picture, LimaError> {
        if !(8..=16).contains(&bits) {
            return Err(LimaError::Bits(bits));
        }
        let Self { header: Header { mode, width, height, .. }, pixels } = *self;
        let row = width as usize;
        let words = || plain::eight_bits(pixels, self.header.big_endian_pixels, bits);
        let (format, data) = match mode {
            VideoMode::Y8 => (Format::Grey8, pixels.to_vec()),
            VideoMode::Y16 => (Format::Grey8, words()),
            VideoMode::Rgb24 => (Format::Rgb8, pixels.to_vec()),
            VideoMode::Bgr24 => (Format::Rgb8, plain::colours::<3>(pixels, [2, 1, 0])),
            VideoMode::Rgb32 => (Format::Rgb8, plain::colours::<4>(pixels, [0, 1, 2])),
            VideoMode::Bgr32 => (Format::Rgb8, plain::colours::<4>(pixels, [2, 1, 0])),
            VideoMode::BayerRg8 => (Format::Rgb8, bayer::rgb(pixels, row, bayer::Corner::Red)),
            VideoMode::BayerBg8 => (Format::Rgb8, bayer::rgb(pixels, row, bayer::Corner::Blue)),
            VideoMode::BayerRg16 => (Format::Rgb8, bayer::rgb(&words(), row, bayer::Corner::Red)),
            VideoMode::BayerBg16 => (Format::Rgb8, bayer::rgb(&words(), row, bayer::Corner::Blue)),
            // Cameras that serve either send packed pixels; see `yuv`.
            VideoMode::Yuv422 | VideoMode::Yuv422Packed => (Format::Rgb8, yuv::uyvy(pixels)),
            VideoMode::I420 => (Format::Rgb8, yuv::i420(pixels, row, height as usize)),
            other => return Err(LimaError::NotSupported(other)),
        };
        Ok(Picture { width, height, format, data })
    }
}

/// The pixels alone, when they are as many as there should be.
fn cut(pixels: &[u8], mode: VideoMode, width: u32, height: u32) -> Result<&[u8], LimaError> {
    let needed = mode.bytes(width, height)?;
    let found = pixels.len() as u64;
    if found != needed && Some(found) != mode.bytes_with_waste(width, height) {
        return Err(LimaError::Length { width, height, mode, needed, found: pixels.len() });
    }
    // It is not longer than what is there, so that it is a length.
    Ok(&pixels[..needed as usize])
}

/// The header's words, in the byte order of its magic.
struct Words<'a> {
    header: &'a [u8; HEADER_BYTES],
    is_big_endian: bool,
}

impl<'a> Words<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, LimaError> {
        let header = bytes.first_chunk::<HEADER_BYTES>().ok_or(LimaError::NoHeader(bytes.len()))?;
        let words = Self { header, is_big_endian: true };
        match u32::from_be_bytes(words.at(0)) {
            MAGIC => Ok(words),
            other if other.swap_bytes() == MAGIC => Ok(Self { is_big_endian: false, ..words }),
            other => Err(LimaError::NotVideo(other)),
        }
    }

    fn at<const N: usize>(&self, place: usize) -> [u8; N] {
        std::array::from_fn(|index| self.header[place + index])
    }

    fn u16(&self, place: usize) -> u16 {
        let word = self.at(place);
        if self.is_big_endian { u16::from_be_bytes(word) } else { u16::from_le_bytes(word) }
    }

    fn i32(&self, place: usize) -> i32 {
        let word = self.at(place);
        if self.is_big_endian { i32::from_be_bytes(word) } else { i32::from_le_bytes(word) }
    }

    fn i64(&self, place: usize) -> i64 {
        let word = self.at(place);
        if self.is_big_endian { i64::from_be_bytes(word) } else { i64::from_le_bytes(word) }
    }

    fn size(&self) -> Result<(u32, u32), LimaError> {
        let (width, height) = (self.i32(16), self.i32(20));
        match (u32::try_from(width), u32::try_from(height)) {
            (Ok(width @ 1..), Ok(height @ 1..)) => Ok((width, height)),
            _ => Err(LimaError::Size(width, height)),
        }
    }
}
