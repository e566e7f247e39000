//! What arrives is shown: the newest picture, whole and unchanged.

use std::path::PathBuf;
use std::time::Duration;

use brickwork_sdk::status::Link;
use brickwork_sdk::testing::fields;
use brickwork_sdk::{Frame, PixelFormat};

use super::server::{Server, head, jpeg, part};
use super::{assert_decodes, host};
use crate::connection::Connection;

#[test]
fn a_picture_is_published_as_it_was_sent() {
    let server = Server::start(|client| client.stream(64));
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    let frame: Frame = camera.value("frame");
    assert_eq!((frame.width, frame.height, frame.format), (64, 48, PixelFormat::Jpeg));
    assert_eq!(&frame.data[..], jpeg(64, 48));
    assert!(server.requests()[0].starts_with("GET /stream HTTP/1.1\r\n"));
}

#[test]
fn the_rate_is_that_of_the_source() {
    let server = Server::start(|client| client.stream(64));
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    // The server sends at 50 Hz less what its machine needs.
    camera.wait_value("rate", |rate: &f64| (5.0..55.0).contains(rate));
}

#[test]
fn of_a_burst_the_last_picture_is_shown_and_no_queue_is_worked_off() {
    let server = Server::start(|client| {
        let burst = (1..=200).flat_map(|width| part(&jpeg(width, 48)));
        client.send(&[head(), burst.collect()].concat());
        client.hold();
    });
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_value("frame", |frame: &Frame| frame.width == 200);
    let widths: Vec<_> = camera.history::<Frame>("frame").iter().map(|frame| frame.width).collect();
    assert!(widths.len() <= 200 && widths.is_sorted_by(|a, b| a < b), "{widths:?}");
}

#[test]
fn pictures_that_waited_in_the_socket_are_taken_at_once() {
    let (sent, all_sent) = std::sync::mpsc::channel();
    let server = Server::start(move |client| {
        let burst = (1..=200).flat_map(|width| part(&jpeg(width, 48)));
        client.send(&[head(), burst.collect()].concat());
        sent.send(()).expect("the test waits");
        client.hold();
    });
    let mut socket = std::net::TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
    std::io::Write::write_all(&mut socket, b"GET / HTTP/1.1\r\n\r\n").expect("the server reads");
    all_sent.recv_timeout(Duration::from_secs(2)).expect("the burst fits into the sockets");
    socket.set_nonblocking(true).expect("a socket can be set so");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let newest = runtime.block_on(async {
        let socket = tokio::net::TcpStream::from_std(socket).expect("the runtime takes sockets");
        Connection::over(socket).newest().await
    });
    let newest = newest.expect("the connection is good").expect("it is no still");
    assert_eq!((newest.jpeg.width, newest.arrived), (200, 200));
}

#[test]
fn a_camera_that_only_has_stills_is_asked_again_and_stays_live() {
    let mut width = 0;
    let server = Server::start(move |client| {
        width += 1;
        client.still(width);
    });
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    camera.wait_value("frame", |frame: &Frame| frame.width == 5);
    let status = camera.status();
    assert_eq!((status.link, status.reconnects, status.last_error.as_str()), (Link::Live, 0, ""));
}

#[test]
fn damaged_pictures_are_skipped() {
    let server = Server::start(|client| {
        let damaged = [0xff, 0xd8, 0xff, 0xc0, 0, 0, 1, 2, 3];
        client.send(&[head(), part(&damaged), b"noise".to_vec(), part(&jpeg(64, 48)), part(&damaged)].concat());
        client.hold();
    });
    let host = host();
    let config = fields! { url: server.url(), stale_after_secs: 0.5 };
    let camera = host.object("onaxis", "camera.mjpeg").config(config).start();
    assert_eq!(camera.value::<Frame>("frame").width, 64);
    camera.wait_lost();
    assert!(camera.status().last_error.contains("damaged"), "{}", camera.status().last_error);
}

/// Streams that real servers sent: head and body.
fn captures() -> Vec<(&'static str, Vec<u8>)> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors");
    let folder = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    if !folder.is_dir() {
        return Vec::new();
    }
    let folder = folder.join("images/mjpeg");
    let read = |name: String| std::fs::read(folder.join(name)).expect("a capture has a head and a body");
    ["ffmpeg_mpjpeg", "motion", "mxcube_video_streamer", "ustreamer_nosignal"]
        .map(|name| (name, [read(format!("{name}.headers")), read(format!("{name}.body"))].concat()))
        .into()
}

#[test]
#[allow(clippy::print_stderr)] // whoever runs the tests must see what was not tested
fn what_real_servers_send_is_shown() {
    let captures = captures();
    if captures.is_empty() {
        eprintln!("SKIPPED: there are no captures; set BRICKWORK_VECTORS");
    }
    for (name, mut stream) in captures {
        // The captures hold the body without its chunks.
        let chunked = b"Transfer-Encoding: chunked\r\n";
        if let Some(at) = stream.windows(chunked.len()).position(|window| window.eq_ignore_ascii_case(chunked)) {
            stream.drain(at..at + chunked.len());
        }
        let server = Server::start(move |client| {
            client.send(&stream);
            client.hold();
        });
        let host = host();
        let camera = host.object(name, "camera.mjpeg").config(fields! { url: server.url() }).start();
        camera.wait_live();
        assert_decodes(&camera.value("frame"));
    }
}
