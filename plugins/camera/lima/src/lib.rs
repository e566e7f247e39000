//! The picture of a Lima camera server: the bytes of its Tango attribute `video_last_image` in, pixels that a screen
//! can show out. A Tango plugin will call it with what it read; it never reads anything itself, and no bytes make it
//! panic.
//!
//! ```
//! use brickwork_lima::{Block, Format};
//!
//! // Mode 0 (Y8), picture 7, 2 x 1 pixels.
//! let header = *b"VDEO\0\x01\0\0\0\0\0\0\0\0\0\x07\0\0\0\x02\0\0\0\x01\0\0\0\x20\0\0\0\0";
//! let bytes = [&header[..], &[10, 200]].concat();
//! let block = Block::read(&bytes)?.expect("there is a picture");
//! assert_eq!(block.header().frame, 7);
//! let picture = block.picture(8)?;
//! assert_eq!((picture.width, picture.height, picture.format), (2, 1, Format::Grey8));
//! assert_eq!(picture.data, [10, 200]);
//! # Ok::<(), brickwork_lima::LimaError>(())
//! ```

#![forbid(unsafe_code)]

mod bayer;
mod block;
mod error;
mod mode;
mod plain;
mod yuv;

pub use block::{Block, Format, HEADER_BYTES, Header, Picture};
pub use error::LimaError;
pub use mode::VideoMode;
