//! Stills: asked for one after the other, over one connection where the camera keeps it, and lost as soon as one
//! does not come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{FakeHost, TestObject, fields};
use brickwork_sdk::{Frame, PixelFormat};

use super::server::{Client, Server, free_port, still};
use super::{host, patiently, wait_live_again};

/// A camera that is asked as often as may be.
fn camera(host: &FakeHost, server: &Server) -> TestObject {
    let config = fields! { url: server.url(), period_secs: 0.02, answer_timeout_secs: 0.5 };
    host.object("hutch", "camera.stills").config(config).start()
}

#[track_caller]
fn assert_never_lost(camera: &TestObject) {
    let status = camera.status();
    assert_eq!((status.link, status.reconnects, status.last_error.as_str()), (Link::Live, 0, ""));
}

/// Answers with wider and wider pictures as long as the client asks.
fn widen(client: &mut Client, width: &AtomicUsize) {
    while client.still(1 + width.fetch_add(1, Ordering::SeqCst) as u16) && client.next_request() {}
}

#[test]
fn one_connection_carries_still_after_still() {
    let (clients, width) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let counted = clients.clone();
    let server = Server::start(move |client| {
        counted.fetch_add(1, Ordering::SeqCst);
        widen(client, &width);
    });
    let host = host();
    let camera = camera(&host, &server);
    let frame = camera.wait_value("frame", |frame: &Frame| frame.width >= 10);
    assert_eq!((frame.height, frame.format), (48, PixelFormat::Jpeg));
    assert_eq!(clients.load(Ordering::SeqCst), 1);
    assert!(server.requests()[9].contains("\r\nConnection: keep-alive\r\n"));
    assert_never_lost(&camera);
    camera.value::<f64>("rate");
}

#[test]
fn a_connection_that_the_camera_closes_between_two_stills_is_no_loss() {
    let width = AtomicUsize::new(0);
    let server = Server::start(move |client| {
        // It does not say that it will close.
        client.still(1 + width.fetch_add(1, Ordering::SeqCst) as u16);
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_value("frame", |frame: &Frame| frame.width >= 5);
    assert_never_lost(&camera);
}

#[test]
fn a_request_that_the_camera_drops_unanswered_is_asked_once_more() {
    let width = AtomicUsize::new(0);
    let server = Server::start(move |client| {
        client.still(1 + width.fetch_add(1, Ordering::SeqCst) as u16);
        // It was about to close while the client asked.
        client.next_request();
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_value("frame", |frame: &Frame| frame.width >= 5);
    assert_never_lost(&camera);
}

#[test]
fn the_next_still_is_not_asked_for_before_the_last_has_come() {
    let (width, patient) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(true)));
    let judged = patient.clone();
    let server = Server::start(move |client| {
        loop {
            // The period passes several times meanwhile.
            for _ in 0..10 {
                judged.fetch_and(client.is_silent(), Ordering::SeqCst);
            }
            if !client.still(1 + width.fetch_add(1, Ordering::SeqCst) as u16) || !client.next_request() {
                return;
            }
        }
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_value("frame", |frame: &Frame| frame.width >= 4);
    assert!(patient.load(Ordering::SeqCst), "it asked again before it was answered");
    assert_never_lost(&camera);
}

#[test]
fn a_camera_that_hangs_is_lost_and_comes_back_by_itself() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |client| match count.fetch_add(1, Ordering::SeqCst) {
        0 => {
            client.still(64);
            client.next_request();
            // Returns when the client has hung up: there is no second request beside this one.
            client.hold();
        }
        _ => widen(client, &AtomicUsize::new(79)),
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_live();
    let lost = patiently(&camera, "lost", |status| status.link == Link::Disconnected);
    let wanted = format!(
        "camera at 127.0.0.1:{}: no picture for 0.5 s: where the camera is as slow as that, set a longer \
         `answer_timeout_secs`",
        server.port
    );
    assert_eq!(lost.last_error, wanted);
    wait_live_again(&camera);
    camera.wait_value("frame", |frame: &Frame| frame.width >= 80);
}

#[test]
fn half_a_still_is_no_picture() {
    let server = Server::start(|client| {
        client.still(64);
        client.next_request();
        let still = still(64);
        client.say(&still[..still.len() - 20]);
        client.hold();
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_live();
    patiently(&camera, "lost", |status| status.last_error.contains("no picture for 0.5 s"));
    assert!(camera.history::<Frame>("frame").iter().all(|frame| frame.data[..] == super::server::jpeg(64, 48)));
}

#[test]
fn a_camera_that_fails_is_lost_with_its_own_words() {
    let fails = Arc::new(AtomicBool::new(false));
    let failing = fails.clone();
    let server = Server::start(move |client| {
        while !failing.load(Ordering::SeqCst) {
            if !client.still(64) || !client.next_request() {
                return;
            }
        }
        client.say(b"HTTP/1.1 503 Sensor too hot\r\nContent-Length: 0\r\n\r\n");
    });
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_live();
    fails.store(true, Ordering::SeqCst);
    patiently(&camera, "lost", |status| status.last_error.ends_with("the camera answers 503 Sensor too hot"));
    fails.store(false, Ordering::SeqCst);
    wait_live_again(&camera);
}

#[test]
fn a_camera_may_start_before_its_server() {
    let (host, port) = (host(), free_port());
    let config = fields! { url: format!("http://127.0.0.1:{port}/still.jpg"), period_secs: 0.05 };
    let camera = host.object("hutch", "camera.stills").config(config).start();
    patiently(&camera, "refused", |status| status.last_error.contains("connection refused"));
    let _server = Server::start_at(port, |client| widen(client, &AtomicUsize::new(0)));
    patiently(&camera, "live", |status| status.link == Link::Live);
}

#[test]
fn the_period_is_kept() {
    let server = Server::start(|client| widen(client, &AtomicUsize::new(0)));
    let host = host();
    let config = fields! { url: server.url(), period_secs: 0.1 };
    let camera = host.object("hutch", "camera.stills").config(config).start();
    // The machine may be slow; faster than asked it never is.
    camera.wait_value("rate", |rate: &f64| (1.0..11.5).contains(rate));
}

#[test]
fn exposure_and_gain_are_not_pretended() {
    let server = Server::start(|client| widen(client, &AtomicUsize::new(0)));
    let host = host();
    let camera = camera(&host, &server);
    camera.wait_live();
    assert!(!camera.has("exposure") && !camera.has("gain") && !camera.has("exposure_limits"));
    for (command, argument) in [("set_exposure", fields! { exposure: 0.01 }), ("set_gain", fields! { gain: 1.0 })] {
        camera.call("camera", command, argument).into_result().expect_err("it has none");
    }
    assert_eq!(host.calls(), Vec::<String>::new(), "refused before anything was asked of it");
}
