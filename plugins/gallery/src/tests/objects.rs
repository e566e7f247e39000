//! Signals and cameras: each shows the state that its config asks for.

use brickwork_sdk::Frame;
use brickwork_sdk::status::{Activity, Link};
use brickwork_sdk::testing::{FakeHost, TestObject, fields};

use crate::card::{Card, SIZE};

fn signal(host: &FakeHost, state: &str) -> TestObject {
    host.object("signal", "gallery.signal").config(fields! { state: state, number: 4.5, unit: "mm" }).start()
}

#[test]
fn a_live_signal_publishes_a_value_of_every_type() {
    let host = FakeHost::new(crate::plugin());
    let signal = signal(&host, "Live");
    signal.wait_live();
    assert_eq!(signal.value::<f64>("number"), 4.5);
    assert_eq!(signal.value::<String>("unit"), "mm");
    assert_eq!(signal.value::<f64>("share"), 87.5);
    assert_eq!(signal.value::<i64>("count"), 21);
    assert_eq!(signal.value::<String>("text"), "closed");
    assert!(signal.value::<bool>("flag"));
    assert_eq!(signal.value::<Vec<f64>>("list"), [-5.0, 0.0, 7.5]);
}

#[test]
fn a_moving_signal_says_so_and_changes() {
    let host = FakeHost::with_time_scale(crate::plugin(), 20.0);
    let signal = signal(&host, "Moving");
    signal.wait_status("moving", |status| status.activity == Activity::Moving && status.link == Link::Live);
    signal.wait_value("number", |number: &f64| *number > 4.5);
    signal.wait_value("number", |number: &f64| *number < 4.5);
}

#[test]
fn a_disconnected_signal_was_live_and_says_what_helps() {
    let host = FakeHost::new(crate::plugin());
    let signal = signal(&host, "Disconnected");
    signal.wait_lost();
    let status = signal.status();
    assert!(status.last_error.contains("pretends"), "{status:?}");
    assert!(status.remedy.contains("state: Live"), "{status:?}");
    assert_eq!(signal.value::<f64>("number"), 4.5);
}

#[test]
fn a_loading_signal_or_camera_is_never_there() {
    let host = FakeHost::new(crate::plugin());
    let signal = signal(&host, "Loading");
    let camera = host.object("camera", "gallery.camera").config(fields! { state: "Loading" }).start();
    // One that was made later is live: these had their turn.
    host.object("other", "gallery.signal").start().wait_live();
    for (object, channel) in [(signal, "number"), (camera, "frame")] {
        assert_eq!(object.status().link, Link::Loading);
        assert!(!object.has(channel));
    }
}

#[test]
fn a_state_that_is_not_known_is_refused_with_those_that_are() {
    let host = FakeHost::new(crate::plugin());
    let problems = host.check("gallery.signal", fields! { state: "Fault" });
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].path, "state");
    assert_eq!(problems[0].choices, ["Live", "Moving", "Minor", "Major", "Invalid", "Disconnected", "Loading"]);
}

#[test]
fn a_camera_serves_pictures_that_move() {
    let host = FakeHost::with_time_scale(crate::plugin(), 20.0);
    let camera = host.object("camera", "gallery.camera").start();
    camera.wait_live();
    let first: Frame = camera.value("frame");
    let next = camera.wait_value("frame", |frame: &Frame| frame.data != first.data);
    let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(&next.data[..]));
    decoder.decode_headers().expect("it is a JPEG file");
    assert_eq!(decoder.dimensions(), Some((640, 480)));
    assert_eq!((next.width, next.height), (640, 480));
}

#[test]
fn a_lost_camera_leaves_its_last_picture() {
    let host = FakeHost::new(crate::plugin());
    let camera = host.object("camera", "gallery.camera").config(fields! { state: "Disconnected" }).start();
    camera.wait_lost();
    assert!(camera.has("frame"));
}

#[test]
fn the_bar_of_the_card_moves_and_comes_back_and_the_rest_stands_still() {
    let card = Card::new();
    let (width, height) = (usize::from(SIZE.0), usize::from(SIZE.1));
    let upper = width * height * 3 / 4 * 3;
    let (zero, one) = (card.pixels(0), card.pixels(1));
    assert_eq!(zero.len(), width * height * 3);
    assert_eq!(zero[..upper], one[..upper]);
    assert_ne!(zero[upper..], one[upper..]);
    assert!((2..200).any(|number| card.pixels(number) == zero));
}
