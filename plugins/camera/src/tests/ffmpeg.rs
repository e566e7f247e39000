//! Against a server that is not ours: ffmpeg, killed and started again.

use std::process::{Child, Command, Stdio};

use brickwork_sdk::Frame;
use brickwork_sdk::status::Link;
use brickwork_sdk::testing::fields;

use super::server::free_port;
use super::{assert_decodes, host, patiently, wait_live_again};

/// ffmpeg as an MJPEG server for one client; killed when dropped.
struct Ffmpeg(Child);

impl Ffmpeg {
    fn start(url: &str) -> Self {
        let source = "testsrc2=size=640x480:rate=25";
        let boundary = "multipart/x-mixed-replace;boundary=ffmpeg";
        let child = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-nostdin", "-re", "-f", "lavfi", "-i", source])
            .args(["-c:v", "mjpeg", "-q:v", "5", "-huffman", "default"])
            .args(["-f", "mpjpeg", "-content_type", boundary, "-listen", "1", url])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("ffmpeg was found before"))
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[allow(clippy::print_stderr)] // whoever runs the tests must see what was not tested
fn is_missing() -> bool {
    let missing = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).status().is_err();
    if missing {
        assert!(std::env::var_os("CI").is_none(), "ffmpeg is needed for this test: apt-get install ffmpeg");
        eprintln!("SKIPPED: ffmpeg is not installed");
    }
    missing
}

#[test]
fn ffmpeg_is_shown_lost_when_killed_and_shown_again_when_restarted() {
    if is_missing() {
        return;
    }
    let (host, url) = (host(), format!("http://127.0.0.1:{}/stream", free_port()));
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: url.clone() }).start();
    let ffmpeg = Ffmpeg::start(&url);
    patiently(&camera, "live", |status| status.link == Link::Live);
    let first: Frame = camera.value("frame");
    assert_eq!((first.width, first.height), (640, 480));
    assert_decodes(&first);
    camera.wait_value("frame", |frame: &Frame| frame.data != first.data);

    drop(ffmpeg);
    camera.wait_lost();

    let _ffmpeg = Ffmpeg::start(&url);
    wait_live_again(&camera);
    assert_decodes(&camera.value("frame"));
}
