//! Tests of the plugin in the sdk's fake host, against servers on the loopback device.

mod apache;
mod brick;
mod config;
mod ffmpeg;
mod grid;
mod link;
mod login;
mod odd_pictures;
mod pictures;
mod server;
mod stills;

use std::time::{Duration, Instant};

use brickwork_sdk::Frame;
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestObject};

fn host() -> FakeHost {
    FakeHost::new(crate::plugin())
}

/// Waits longer than the test kit does: for another attempt after the longest pause.
#[track_caller]
fn patiently(object: &TestObject, what: &str, wanted: impl Fn(&ObjectStatus) -> bool) -> ObjectStatus {
    let deadline = Instant::now() + Duration::from_secs(8);
    loop {
        let status = object.status();
        if wanted(&status) {
            return status;
        }
        assert!(Instant::now() < deadline, "it was never {what}: {status:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[track_caller]
fn wait_live_again(object: &TestObject) {
    let status = patiently(object, "live again", |status| status.link == Link::Live);
    assert!(status.reconnects > 0, "{status:?}");
}

#[track_caller]
fn assert_decodes(frame: &Frame) {
    let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(&frame.data[..]));
    decoder.decode().expect("a picture that arrived whole can be decoded");
    let size = decoder.dimensions().expect("a decoded picture has a size");
    assert_eq!(size, (frame.width as usize, frame.height as usize));
}
