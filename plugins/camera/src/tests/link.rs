//! The camera is lost and comes back, and says why.

use std::sync::mpsc;
use std::time::Duration;

use brickwork_sdk::Frame;
use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{TestObject, fields};

use super::server::{Client, Server, free_port, head, jpeg, part};
use super::{host, patiently, wait_live_again};

/// Waits until the attempt to connect has failed with a sentence that holds `words`.
#[track_caller]
fn wait_error(camera: &TestObject, words: &str) {
    patiently(camera, words, |status| status.last_error.contains(words));
}

#[test]
fn a_camera_whose_server_dies_is_lost_and_comes_back_by_itself() {
    let (host, server) = (host(), Server::start(|client| client.stream(64)));
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_live();
    assert_eq!(camera.value::<Frame>("frame").width, 64);

    let port = server.port;
    drop(server);
    camera.wait_lost();
    wait_error(&camera, &format!("camera at 127.0.0.1:{port}: connection refused: start the camera's server"));

    let _server = Server::start_at(port, |client| client.stream(80));
    wait_live_again(&camera);
    assert_eq!(camera.value::<Frame>("frame").width, 80);
}

#[test]
fn a_camera_may_start_before_its_server() {
    let (host, port) = (host(), free_port());
    let url = format!("http://127.0.0.1:{port}/stream");
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: url }).start();
    wait_error(&camera, "connection refused");
    let _server = Server::start_at(port, |client| client.stream(64));
    patiently(&camera, "live", |status| status.link == Link::Live);
}

#[test]
fn a_server_that_never_answers_is_no_live_camera() {
    let (host, server) = (host(), Server::start(Client::hold));
    let config = fields! { url: server.url(), connect_timeout_secs: 0.3 };
    let camera = host.object("onaxis", "camera.mjpeg").config(config).start();
    wait_error(&camera, "connected, but no picture within 0.3 s");
    assert_eq!(camera.status().link, Link::Loading);
}

#[test]
fn a_camera_that_stalls_is_lost() {
    let server = Server::start(|client| {
        client.send(&[head(), part(&jpeg(64, 48))].concat());
        client.hold();
    });
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_live();
    camera.wait_lost();
    let error = camera.status().last_error;
    assert_eq!(
        error,
        format!(
            "camera at 127.0.0.1:{}: no picture for 1.5 s: where the camera is as slow as that, set a longer `stale_after_secs`",
            server.port
        )
    );
}

#[test]
fn half_a_picture_is_no_sign_of_life() {
    let server = Server::start(|client| {
        let part = part(&jpeg(64, 48));
        let (some, rest) = part.split_at(part.len() / 2);
        client.send(&[&head(), &part, some].concat());
        // One byte at a time keeps the connection busy beyond every limit.
        for byte in &rest[..rest.len() - 4] {
            client.send(&[*byte]);
            std::thread::sleep(Duration::from_millis(30));
        }
        client.hold();
    });
    let host = host();
    let config = fields! { url: server.url(), stale_after_secs: 0.5 };
    let camera = host.object("onaxis", "camera.mjpeg").config(config).start();
    camera.wait_live();
    camera.wait_lost();
    assert!(camera.status().last_error.contains("no picture for 0.5 s"));
}

#[test]
fn a_web_page_is_refused_with_a_reason() {
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>";
    let (host, server) = (host(), Server::start(|client| client.say(page)));
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    wait_error(&camera, "the answer holds no JPEG pictures; its type is `text/html`");
}

#[test]
fn a_server_that_does_not_speak_http_is_refused_with_a_reason() {
    let (host, server) = (host(), Server::start(|client| client.say(b"SSH-2.0-OpenSSH_9.2\r\n")));
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    wait_error(&camera, "the answer is not HTTP");
}

#[test]
fn a_flood_of_garbage_ends_at_the_limit_and_starves_no_other_camera() {
    let flood = Server::start(|client| {
        let mut good = client.send(&head());
        while good {
            good = client.send(&[0x55; 65_536]);
        }
    });
    let (host, server) = (host(), Server::start(|client| client.stream(64)));
    let config = fields! { url: flood.url(), connect_timeout_secs: 0.5 };
    let flooded = host.object("flooded", "camera.mjpeg").config(config).start();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_live();
    wait_error(&flooded, "no picture within 0.5 s");
    camera.value::<f64>("rate");
    assert_eq!(camera.status().last_error, "");
}

#[test]
fn a_stopped_camera_closes_its_connection() {
    let (gone, closed) = mpsc::channel();
    let server = Server::start(move |client| {
        client.stream(64);
        // The test may have ended already.
        let _ = gone.send(());
    });
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_live();
    camera.stop();
    closed.recv_timeout(Duration::from_secs(2)).expect("the server sees the end of the connection");
    assert_eq!(server.requests().len(), 1);
}
