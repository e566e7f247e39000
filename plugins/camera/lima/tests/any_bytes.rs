//! Whatever a server sends, a block is read or refused, and a picture is as large as it says. A generator with a
//! fixed seed makes the blocks, so that a failure repeats.

mod support;

use brickwork_lima::{Block, Format, VideoMode};
use support::fields;

/// Xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// Reads a block; whether there was a picture.
fn read(bytes: &[u8], bits: u8) -> bool {
    let Ok(Some(block)) = Block::read(bytes) else { return false };
    let Ok(picture) = block.picture(bits) else { return false };
    let colours = if picture.format == Format::Grey8 { 1 } else { 3 };
    assert_eq!(picture.data.len(), picture.width as usize * picture.height as usize * colours, "{:?}", block.header());
    true
}

#[test]
fn blocks_of_every_mode_and_size_are_read_or_refused() {
    let mut random = Random(0x5eed_11a3);
    let mut read_count = 0;
    for _ in 0..40_000 {
        let mode = VideoMode::from_number(random.below(21) as u16).expect("Lima has it");
        let (width, height) = (random.below(9) as i32, random.below(9) as i32);
        let bytes = [2, 3, 4, 6, 8][random.below(5)] * (width * height) as usize / 2;
        let pixels: Vec<u8> = (0..bytes).map(|_| random.below(256) as u8).collect();
        let mut header = fields(mode, width, height);
        header.big_endian = random.below(2) == 0;
        header.byte_order = random.below(2) as u16;
        read_count += usize::from(read(&header.with(&pixels), 6 + random.below(12) as u8));
    }
    assert!(read_count > 2000, "many blocks are good: {read_count}");
}

#[test]
fn damaged_blocks_and_noise_are_survived() {
    let mut random = Random(0xdead_beef);
    let good = fields(VideoMode::BayerRg16, 4, 4).with(&[7; 32]);
    for _ in 0..40_000 {
        let mut block = good.clone();
        for _ in 0..1 + random.below(3) {
            let at = random.below(block.len());
            block[at] = [0, 1, 2, 4, 16, 32, 127, 128, 255][random.below(9)];
        }
        block.truncate(good.len() - random.below(4) * random.below(20));
        read(&block, 12);
        let noise: Vec<u8> = (0..random.below(80)).map(|_| random.below(256) as u8).collect();
        read(&noise, 12);
        read(&[b"VDEO\0\x01\0", &noise[..]].concat(), 12);
    }
}
