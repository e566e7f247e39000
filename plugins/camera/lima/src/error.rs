//! Why a block of bytes holds no picture that can be shown: what is wrong, where, and what was expected. `Block`
//! gives it; whoever polls the camera shows the sentence to a person.

use crate::{HEADER_BYTES, VideoMode};

/// Why a block cannot be read or shown. Positions count from the first byte of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimaError {
    /// It ends before its header does.
    #[error("the block has {0} bytes; its header alone has {HEADER_BYTES}")]
    NoHeader(usize),
    /// It does not begin as such a block does, in neither byte order.
    #[error("the block begins with {0:#010x} (bytes 0 to 3), not with `VDEO`: it is no Lima video image")]
    NotVideo(u32),
    /// A layout of the header that did not exist when this was written.
    #[error("version {0} of the header (bytes 4 and 5) is not known; version 1 is")]
    Version(u16),
    /// A number for which Lima has no video mode.
    #[error("video mode {0} (bytes 6 and 7) is not one of Lima's, which are 0 to 20")]
    UnknownMode(u16),
    /// A picture without an area.
    #[error("a picture of {0} x {1} pixels (bytes 16 to 23) cannot be shown")]
    Size(i32, i32),
    /// The byte order of the pixels is neither of the two.
    #[error("byte order {0} (bytes 24 and 25) is neither 0, little-endian, nor 1, big-endian")]
    ByteOrder(u16),
    /// The pixels begin inside the header or behind the end.
    #[error("the pixels are said to begin at byte {start} (bytes 26 and 27) of a block of {length} bytes")]
    Start {
        /// Where they are said to begin.
        start: u16,
        /// The bytes of the block.
        length: usize,
    },
    /// There are more or fewer pixels than the size says.
    #[error("{width} x {height} pixels in mode {mode} need {needed} bytes behind the header, and there are {found}")]
    Length {
        /// Pixels per row.
        width: u32,
        /// Rows.
        height: u32,
        /// How pixels are laid out.
        mode: VideoMode,
        /// The bytes that they need.
        needed: u64,
        /// The bytes that there are.
        found: usize,
    },
    /// Neighbouring pixels share their colour in this mode, so that the size must be even.
    #[error("mode {mode} has no pictures of {width} x {height} pixels: {need}")]
    Shape {
        /// How pixels are laid out.
        mode: VideoMode,
        /// Pixels per row.
        width: u32,
        /// Rows.
        height: u32,
        /// What the size must be.
        need: &'static str,
    },
    /// A mode that is not read.
    #[error(
        "video mode {0} is not supported: set `video_mode` of the Lima server to RGB24, YUV422PACKED, BAYER_RG8 or Y8"
    )]
    NotSupported(VideoMode),
    /// A depth that pixels of one or two bytes do not have.
    #[error("pixels of {0} significant bits are not supported; 8 to 16 are")]
    Bits(u8),
}
