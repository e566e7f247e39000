//! A live picture from a server that is not ours, which dies and comes back.

use std::time::{Duration, Instant};

use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::display::Picture;
use brickwork_tests::{PATIENCE, display, mjpeg, poll, programs};

const PICTURE: &str = "camera.view(camera=onaxis)/picture";
/// What is promised when a camera dies.
const SAID_WITHIN: Duration = Duration::from_secs(2);

fn layout(port: u16) -> String {
    let text = shipped("demo-mjpeg.ron");
    assert!(text.contains(":8093/"), "the layout names the port of the command above it");
    text.replace(":8093/", &format!(":{port}/"))
}

fn have_programs() -> bool {
    programs::have(display::PROGRAMS) && programs::have(&["ffmpeg"])
}

/// Waits until the picture on screen changes by itself, and answers it.
fn is_live(beamline: &Beamline) -> Picture {
    let mut before = beamline.picture_of("area", PICTURE);
    let live = poll(PATIENCE, || {
        let now = beamline.picture_of("area", PICTURE);
        let as_large = (now.width, now.height) == (before.width, before.height);
        let changed = as_large && now.difference(&before) > 0.005 && now.colour() > 40.0;
        before = now;
        changed.then(|| before.clone())
    });
    live.expect("the picture on screen changes")
}

#[test]
fn a_dead_camera_is_said_within_two_seconds_and_comes_back_without_a_click() {
    if !have_programs() {
        return;
    }
    let port = mjpeg::free_port();
    let mut server = mjpeg::serve(port);
    let beamline = Beamline::open(&layout(port));
    let live = is_live(&beamline);

    server.kill();
    let killed = Instant::now();
    beamline.sees_after(killed, SAID_WITHIN, "disconnected since");
    let looks_old_at = poll(PATIENCE, || {
        let looked_at = Instant::now();
        let now = beamline.picture_of("area", PICTURE);
        // Under the veil every part differs, and has less colour.
        (now.difference(&live) > 0.5 && now.colour() < 0.8 * live.colour()).then_some(looked_at)
    });
    let after = looks_old_at.expect("an old picture looks old everywhere") - killed;
    assert!(after <= SAID_WITHIN, "the picture looked old after {after:?}; {SAID_WITHIN:?} are promised");

    let _server = mjpeg::serve(port);
    beamline.no_longer_sees("disconnected since");
    is_live(&beamline);
}

#[test]
fn a_camera_that_starts_after_the_window_is_shown_without_a_click() {
    if !have_programs() {
        return;
    }
    let port = mjpeg::free_port();
    let beamline = Beamline::open(&layout(port));
    beamline.sees("waiting for the first picture");
    beamline.sees("connection refused");
    let _server = mjpeg::serve(port);
    is_live(&beamline);
    beamline.no_longer_sees("waiting for the first picture");
}
