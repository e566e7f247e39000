//! Pictures that are not as most are: shown where that is possible, else refused in words.

use brickwork_sdk::Frame;
use brickwork_sdk::testing::fields;
use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::server::{Server, head, jpeg, part};
use super::{host, patiently};

/// A picture with edges in it, coded as is said.
fn coded(colour: ColorType, how: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let bytes = match colour {
        ColorType::Luma => 1,
        ColorType::Cmyk => 4,
        _ => 3,
    };
    let pixels: Vec<u8> = (0..64 * 48 * bytes).map(|at| (at * 7 % 251) as u8).collect();
    let mut data = Vec::new();
    let mut encoder = Encoder::new(&mut data, 80);
    how(&mut encoder);
    encoder.encode(&pixels, 64, 48, colour).expect("it is a picture");
    data
}

/// Without its segments of Huffman tables.
fn without_tables(picture: &[u8]) -> Vec<u8> {
    let (mut at, mut bare) = (2, picture[..2].to_vec());
    while picture[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
        if picture[at + 1] != 0xc4 {
            bare.extend_from_slice(&picture[at..end]);
        }
        at = end;
    }
    bare.extend_from_slice(&picture[at..]);
    bare
}

fn pixels(picture: &[u8]) -> Vec<u8> {
    JpegDecoder::new(ZCursor::new(picture)).decode().expect("it can be decoded")
}

fn serve(picture: Vec<u8>) -> Server {
    Server::start(move |client| {
        let mut good = client.send(&head());
        while good {
            good = client.send(&part(&picture));
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    })
}

/// What the camera says that gets such pictures.
fn said_of(picture: Vec<u8>) -> String {
    let (host, server) = (host(), serve(picture));
    let config = fields! { url: server.url(), connect_timeout_secs: 0.3 };
    let camera = host.object("onaxis", "camera.mjpeg").config(config).start();
    patiently(&camera, "refused", |status| status.last_error.contains("no picture"));
    assert!(!camera.has("frame"), "nothing that cannot be shown is published");
    camera.status().last_error
}

#[test]
fn a_picture_without_huffman_tables_is_shown_by_the_usual_ones() {
    for colour in [ColorType::Rgb, ColorType::Luma] {
        let whole = coded(colour, |_| {});
        let (host, server) = (host(), serve(without_tables(&whole)));
        let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
        let frame: Frame = camera.value("frame");
        assert_eq!(pixels(&frame.data), pixels(&whole));
    }
}

#[test]
fn a_grey_and_a_progressive_picture_are_published_as_they_are() {
    for picture in [coded(ColorType::Luma, |_| {}), coded(ColorType::Rgb, |encoder| encoder.set_progressive(true))] {
        let (host, server) = (host(), serve(picture.clone()));
        let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
        assert_eq!(camera.value::<Frame>("frame").data[..], picture);
    }
}

#[test]
fn a_picture_in_the_colours_of_print_is_refused_in_words() {
    let said = said_of(coded(ColorType::Cmyk, |_| {}));
    assert!(said.contains("they have 4 colours, as CMYK has for print: set the camera to RGB or grey"), "{said}");
}

#[test]
fn a_picture_that_claims_more_pixels_than_memory_has_room_for_is_refused_in_words() {
    let mut picture = jpeg(64, 48);
    let size = picture.windows(4).position(|bytes| bytes == [0, 48, 0, 64]).expect("it has a size");
    picture[size..size + 4].copy_from_slice(&[0x40, 0, 0x40, 0]);
    let said = said_of(picture);
    assert!(said.contains("they claim 16384 x 16384 pixels, more than 50 million: set a smaller size"), "{said}");
}
