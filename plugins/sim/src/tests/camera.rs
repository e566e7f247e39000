//! The simulated microscope: what is seen in its pictures is where the motors say.

use brickwork_sdk::Frame;
use brickwork_sdk::testing::{FakeHost, fields};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::{host, live};

fn pixels(frame: &Frame) -> (usize, usize, Vec<u8>) {
    let mut decoder = JpegDecoder::new(ZCursor::new(&frame.data[..]));
    let pixels = decoder.decode().expect("it is a JPEG file");
    let (width, height) = decoder.dimensions().expect("it was decoded");
    (width, height, pixels)
}

#[test]
fn the_camera_gives_pictures_of_its_size() {
    let host = FakeHost::new(crate::plugin());
    let camera = host.object("onaxis", "sim.camera").config(fields! { size: (320, 256) }).start();
    let frame: Frame = camera.value("frame");
    assert_eq!((frame.width, frame.height), (320, 256));
    let (width, height, pixels) = pixels(&frame);
    assert_eq!((width, height, pixels.len()), (320, 256, 320 * 256 * 3));
    assert_eq!(camera.value::<f64>("rate"), 25.0);
}

#[test]
fn the_picture_turns_with_omega() {
    let host = host();
    let motor = live(host.object("omega", "sim.motor"));
    let camera = host.object("onaxis", "sim.camera").role("omega", "omega").config(fields! { size: (320, 256) });
    let camera = camera.start();
    let before: Frame = camera.value("frame");
    motor.call("motor", "move_to", fields! { position: 9.0 });
    camera.wait_value("frame", |frame: &Frame| frame != &before);
}

#[test]
fn at_rate_0_the_camera_gives_no_picture() {
    let host = host();
    let camera = host.object("onaxis", "sim.camera").config(fields! { rate: 0.0 }).start();
    camera.wait_live();
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(!camera.has("frame"));
}
