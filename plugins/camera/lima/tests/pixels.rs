//! Pixels whose colours are known beforehand.

mod support;

use brickwork_lima::{Block, Format, LimaError, VideoMode};
use support::{fields, picture};

/// What a mode makes of pixels in one row.
fn row(mode: VideoMode, width: i32, pixels: &[u8]) -> Vec<u8> {
    picture(&fields(mode, width, 1).with(pixels), 8).data
}

#[test]
fn grey_stays_grey() {
    let grey = picture(&fields(VideoMode::Y8, 2, 2).with(&[0, 1, 254, 255]), 8);
    assert_eq!((grey.format, grey.data), (Format::Grey8, vec![0, 1, 254, 255]));
}

#[test]
fn colours_of_a_byte_each_are_put_in_order() {
    assert_eq!(row(VideoMode::Rgb24, 2, b"RGBrgb"), b"RGBrgb");
    assert_eq!(row(VideoMode::Bgr24, 2, b"BGRbgr"), b"RGBrgb");
    assert_eq!(row(VideoMode::Rgb32, 2, b"RGBArgba"), b"RGBrgb");
    assert_eq!(row(VideoMode::Bgr32, 2, b"BGRAbgra"), b"RGBrgb");
}

#[test]
fn words_are_scaled_by_their_significant_bits_in_their_own_byte_order() {
    let mut header = fields(VideoMode::Y16, 3, 1);
    // 0x0abc is within 12 bits, 0x1234 beyond: white.
    let (little, big) = ([0xbc, 0x0a, 0x34, 0x12, 0xff, 0x00], [0x0a, 0xbc, 0x12, 0x34, 0x00, 0xff]);
    assert_eq!(picture(&header.with(&little), 12).data, [0xab, 255, 0x0f]);
    header.byte_order = 1;
    assert_eq!(picture(&header.with(&big), 12).data, [0xab, 255, 0x0f]);
    assert_eq!(picture(&header.with(&big), 16).data, [0x0a, 0x12, 0]);
    assert_eq!(picture(&header.with(&big), 8).data, [255, 255, 0xff]);
    header.big_endian = false;
    assert_eq!(picture(&header.with(&big), 12).data, [0xab, 255, 0x0f], "the order of the header is another matter");
}

#[test]
fn other_depths_are_refused() {
    let bytes = fields(VideoMode::Y16, 1, 1).with(&[0, 0]);
    let block = Block::read(&bytes).expect("a good block").expect("there is a picture");
    for bits in [0, 7, 17, 255] {
        assert_eq!(block.picture(bits), Err(LimaError::Bits(bits)));
    }
}

/// `colours` seen through the filter of a mode, two bytes a pixel for the modes of 16.
fn mosaic(mode: VideoMode, colours: impl Fn(usize, usize) -> [u8; 3], (width, height): (usize, usize)) -> Vec<u8> {
    let corner = if matches!(mode, VideoMode::BayerRg8 | VideoMode::BayerRg16) { 0 } else { 2 };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let seen = places.map(|(x, y)| match (x % 2, y % 2) {
        (0, 0) => colours(x, y)[corner],
        (1, 1) => colours(x, y)[2 - corner],
        _ => colours(x, y)[1],
    });
    let is_wide = matches!(mode, VideoMode::BayerRg16 | VideoMode::BayerBg16);
    seen.flat_map(|value| if is_wide { (u16::from(value) << 4).to_le_bytes().to_vec() } else { vec![value] }).collect()
}

const BAYER: [VideoMode; 4] = [VideoMode::BayerRg8, VideoMode::BayerBg8, VideoMode::BayerRg16, VideoMode::BayerBg16];

#[test]
fn an_even_colour_is_the_same_everywhere_through_every_filter() {
    for mode in BAYER {
        for (width, height) in [(2, 2), (2, 3), (5, 4), (7, 7)] {
            let pixels = mosaic(mode, |_, _| [200, 100, 30], (width, height));
            let shown = picture(&fields(mode, width as i32, height as i32).with(&pixels), 12);
            assert_eq!(shown.data, [200, 100, 30].repeat(width * height), "{mode} {width} x {height}");
        }
    }
}

#[test]
fn slopes_come_back_through_every_filter() {
    let colours = |x: usize, y: usize| [20 + 4 * x as u8, 30 + 3 * y as u8, (60 + 2 * x + 2 * y) as u8];
    let (width, height) = (16, 14);
    for mode in BAYER {
        let shown =
            picture(&fields(mode, width as i32, height as i32).with(&mosaic(mode, colours, (width, height))), 12);
        for (x, y) in (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y))) {
            let at = (y * width + x) * 3;
            assert_eq!(shown.data[at..at + 3], colours(x, y), "{mode} at {x}, {y}");
        }
    }
}
