//! What the tests of this crate share: blocks made by hand.

#![allow(dead_code)] // each test file uses its own share

use brickwork_lima::{Block, Picture, VideoMode};

/// The fields of a header, in the order in which they stand.
#[derive(Clone, Copy)]
pub struct Fields {
    pub big_endian: bool,
    pub magic: u32,
    pub version: u16,
    pub mode: u16,
    pub frame: i64,
    pub width: i32,
    pub height: i32,
    pub byte_order: u16,
    pub start: u16,
}

/// A good header of this mode and size.
pub fn fields(mode: VideoMode, width: i32, height: i32) -> Fields {
    let (magic, mode) = (u32::from_be_bytes(*b"VDEO"), mode as u16);
    Fields { big_endian: true, magic, version: 1, mode, frame: 1, width, height, byte_order: 0, start: 32 }
}

impl Fields {
    /// The header.
    pub fn bytes(&self) -> Vec<u8> {
        let mut words: Vec<Vec<u8>> = vec![
            self.magic.to_be_bytes().into(),
            self.version.to_be_bytes().into(),
            self.mode.to_be_bytes().into(),
            self.frame.to_be_bytes().into(),
            self.width.to_be_bytes().into(),
            self.height.to_be_bytes().into(),
            self.byte_order.to_be_bytes().into(),
            self.start.to_be_bytes().into(),
            vec![0; 2],
            vec![0; 2],
        ];
        if !self.big_endian {
            words.iter_mut().for_each(|word| word.reverse());
        }
        words.concat()
    }

    /// The header and the pixels behind it.
    pub fn with(&self, pixels: &[u8]) -> Vec<u8> {
        [&self.bytes(), pixels].concat()
    }
}

/// The picture in a good block.
#[track_caller]
pub fn picture(block: &[u8], bits: u8) -> Picture {
    let block = Block::read(block).expect("a good block").expect("there is a picture");
    block.picture(bits).expect("it can be shown")
}
