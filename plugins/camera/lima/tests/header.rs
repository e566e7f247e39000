//! The header: read in both byte orders, and every way in which it can be wrong is said with its place.

mod support;

use brickwork_lima::{Block, Header, LimaError, VideoMode};
use support::{fields, picture};

/// `struct.pack(">IHHqiiHHHH", 0x5644454f, 1, 11, 1234567890123, 1280, 1024, 1, 32, 0, 0)` of Python.
const BIG: &[u8; 32] = b"\x56\x44\x45\x4f\x00\x01\x00\x0b\x00\x00\x01\x1f\x71\xfb\x04\xcb\
    \x00\x00\x05\x00\x00\x00\x04\x00\x00\x01\x00\x20\x00\x00\x00\x00";
/// The same with `<`.
const LITTLE: &[u8; 32] = b"\x4f\x45\x44\x56\x01\x00\x0b\x00\xcb\x04\xfb\x71\x1f\x01\x00\x00\
    \x00\x05\x00\x00\x00\x04\x00\x00\x01\x00\x20\x00\x00\x00\x00\x00";
/// `struct.pack(">IHHqiiHHHH", 0x5644454f, 1, 0, -1, -1, -1, 0, 32, 0, 0)`: what a server without a picture sends.
const NONE: &[u8; 32] = b"\x56\x44\x45\x4f\x00\x01\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\
    \xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x20\x00\x00\x00\x00";

#[track_caller]
fn error(bytes: &[u8]) -> LimaError {
    Block::read(bytes).expect_err("it is no good block")
}

#[test]
fn the_magic_gives_the_byte_order_of_the_header() {
    let wanted = Header {
        mode: VideoMode::BayerRg16,
        frame: 1_234_567_890_123,
        width: 1280,
        height: 1024,
        big_endian_pixels: true,
    };
    for header in [BIG, LITTLE] {
        let bytes = [&header[..], &vec![0; 1280 * 1024 * 2]].concat();
        let block = Block::read(&bytes).expect("a good block").expect("there is a picture");
        assert_eq!(*block.header(), wanted);
    }
}

#[test]
fn a_camera_that_has_taken_nothing_has_no_picture_and_that_is_no_error() {
    assert!(Block::read(NONE).expect("a good block").is_none());
}

#[test]
fn what_is_not_a_video_image_is_told_with_its_first_bytes() {
    assert_eq!(error(b""), LimaError::NoHeader(0));
    assert_eq!(error(&BIG[..31]), LimaError::NoHeader(31));
    let other = [b"DTAY", &BIG[4..]].concat();
    assert_eq!(
        error(&other).to_string(),
        "the block begins with 0x44544159 (bytes 0 to 3), not with `VDEO`: it is no Lima video image"
    );
}

#[test]
fn each_field_is_checked() {
    let good = fields(VideoMode::Y8, 2, 2);
    let with = |change: fn(&mut support::Fields)| {
        let mut fields = good;
        change(&mut fields);
        error(&fields.with(&[0; 4]))
    };
    assert_eq!(with(|f| f.version = 2), LimaError::Version(2));
    assert_eq!(with(|f| f.mode = 21), LimaError::UnknownMode(21));
    assert_eq!(with(|f| f.width = 0), LimaError::Size(0, 2));
    assert_eq!(with(|f| f.height = -3), LimaError::Size(2, -3));
    assert_eq!(with(|f| f.byte_order = 256), LimaError::ByteOrder(256));
    assert_eq!(with(|f| f.start = 31), LimaError::Start { start: 31, length: 36 });
    assert_eq!(with(|f| f.start = 37), LimaError::Start { start: 37, length: 36 });
    assert!(with(|f| (f.width, f.height) = (i32::MAX, i32::MAX)).to_string().contains("4611686014132420609 bytes"));
}

#[test]
fn pixels_begin_where_the_header_says() {
    let mut longer = fields(VideoMode::Y8, 2, 1);
    longer.start = 40;
    assert_eq!(picture(&longer.with(b"reserved\x01\x02"), 8).data, [1, 2]);
}

#[test]
fn too_few_and_too_many_pixels_are_told() {
    for (mode, needed) in [
        (VideoMode::Y8, 24),
        (VideoMode::Y16, 48),
        (VideoMode::Rgb24, 72),
        (VideoMode::Bgr24, 72),
        (VideoMode::Rgb32, 96),
        (VideoMode::Bgr32, 96),
        (VideoMode::BayerRg8, 24),
        (VideoMode::BayerBg16, 48),
        (VideoMode::Yuv422, 48),
        (VideoMode::Yuv422Packed, 48),
        (VideoMode::I420, 36),
    ] {
        let header = fields(mode, 6, 4);
        assert!(Block::read(&header.with(&vec![0; needed])).is_ok(), "{mode}");
        for found in [0, needed - 1, needed + 1] {
            let wanted = LimaError::Length { width: 6, height: 4, mode, needed: needed as u64, found };
            assert_eq!(error(&header.with(&vec![0; found])), wanted);
        }
    }
    let sentence = error(&fields(VideoMode::Yuv422Packed, 6, 4).bytes()).to_string();
    assert_eq!(sentence, "6 x 4 pixels in mode YUV422PACKED need 48 bytes behind the header, and there are 0");
}

#[test]
fn i420_may_come_with_the_bytes_that_lima_wastes_on_it() {
    let header = fields(VideoMode::I420, 6, 4);
    let pixels: Vec<u8> = (0..36).map(|n| n * 7).collect();
    let wasted = [&pixels[..], &[99; 12]].concat();
    assert_eq!(picture(&header.with(&wasted), 8), picture(&header.with(&pixels), 8));
}

#[test]
fn sizes_that_a_mode_does_not_have_are_told() {
    for (mode, width, height, words) in [
        (VideoMode::Yuv422, 3, 2, "the width is even"),
        (VideoMode::I420, 2, 3, "width and height are even"),
        (VideoMode::BayerRg8, 1, 8, "two rows and two columns"),
    ] {
        let sentence = error(&fields(mode, width, height).with(&[0; 100])).to_string();
        assert!(sentence.contains(words) && sentence.contains(mode.name()), "{sentence}");
    }
}

#[test]
fn a_mode_that_is_not_read_is_named_with_what_to_set_instead() {
    for number in [2, 3, 4, 5, 15, 17, 18, 20] {
        let mode = VideoMode::from_number(number).expect("Lima has it");
        let error = error(&fields(mode, 4, 4).with(&[0; 64]));
        assert_eq!(error, LimaError::NotSupported(mode));
        assert!(error.to_string().starts_with(&format!("video mode {mode} is not supported: set `video_mode`")));
    }
}

#[test]
fn modes_have_the_numbers_of_lima() {
    for number in 0..=20 {
        assert_eq!(VideoMode::from_number(number).expect("Lima has it") as u16, number);
    }
    assert_eq!(VideoMode::from_number(21), None);
    let numbered = [(6, "RGB24"), (10, "BAYER_RG8"), (13, "BAYER_BG16"), (16, "YUV422"), (19, "YUV422PACKED")];
    for (number, name) in numbered {
        assert_eq!(VideoMode::from_number(number).map(VideoMode::name), Some(name));
    }
}
