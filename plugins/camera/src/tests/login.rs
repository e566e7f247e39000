//! The password: from a file that nobody else can read, to the camera and nowhere else.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use brickwork_sdk::Value;
use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{FakeHost, TestObject, fields};

use super::server::{Client, Server};
use super::{host, patiently};
use crate::password;

const PASSWORD: &str = "tops3cret";
/// `mx:tops3cret` in base64.
const RIGHT: &str = "Authorization: Basic bXg6dG9wczNjcmV0\r\n";

/// The password, and what stands for it in a request.
const SECRETS: [&str; 2] = [PASSWORD, "bXg6dG9wczNjcmV0"];

/// A file that is removed in the end.
pub struct PasswordFile(pub PathBuf);

impl PasswordFile {
    pub fn new(name: &str, content: &str, mode: u32) -> Self {
        let path = std::env::temp_dir().join(format!("brickwork-camera-{}-{name}", std::process::id()));
        let file = Self(path);
        file.write(content);
        fs::set_permissions(&file.0, Permissions::from_mode(mode)).expect("the mode of an own file can be set");
        file
    }

    pub fn write(&self, content: &str) {
        fs::write(&self.0, content).expect("the folder for temporary files can be written");
    }
}

impl Drop for PasswordFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn guarded(client: &mut Client) {
    if client.request.contains(RIGHT) {
        client.stream(64);
    } else {
        client.send(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
    }
}

fn config(server: &Server, file: &PasswordFile) -> Value {
    fields! { url: server.url(), user: "mx", password_file: file.0.clone() }
}

#[track_caller]
fn assert_secret(host: &FakeHost, camera: &TestObject, secrets: [&str; 2]) {
    let told = format!("{:?} {:?}", camera.status(), host.log());
    assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
}

#[test]
fn the_password_reaches_the_camera_and_nothing_else() {
    let file = PasswordFile::new("right", &format!("{PASSWORD}\n"), 0o600);
    let (host, server) = (host(), Server::start(guarded));
    let camera = host.object("onaxis", "camera.mjpeg").config(config(&server, &file)).start();
    camera.wait_live();
    drop(server);
    camera.wait_lost();
    assert_secret(&host, &camera, SECRETS);
}

#[test]
fn a_camera_that_wants_a_login_says_what_to_set() {
    let (host, server) = (host(), Server::start(guarded));
    let camera = host.object("onaxis", "camera.mjpeg").config(fields! { url: server.url() }).start();
    let cure = "the camera wants a user and password: set `user` and `password_file`";
    patiently(&camera, cure, |status| status.last_error.ends_with(cure));
    assert!(!server.requests()[0].contains("Authorization"));
}

#[test]
fn a_wrong_password_is_told_and_a_corrected_one_needs_no_click() {
    let file = PasswordFile::new("wrong", "wr0ngpassword", 0o600);
    let (host, server) = (host(), Server::start(guarded));
    let camera = host.object("onaxis", "camera.mjpeg").config(config(&server, &file)).start();
    patiently(&camera, "refused", |status| status.last_error.contains("the camera refuses the user \"mx\""));
    assert_secret(&host, &camera, ["wr0ngpassword", "bXg6d3IwbmdwYXNzd29yZA"]);
    file.write(PASSWORD);
    patiently(&camera, "live", |status| status.link == Link::Live);
}

#[test]
fn a_refused_password_is_not_sent_again_for_long_and_then_it_is() {
    let file = PasswordFile::new("refused", PASSWORD, 0o600);
    let tries = AtomicUsize::new(0);
    let server = Server::start(move |client| {
        // Somebody puts the password right in the camera after the first try.
        let right = client.request.contains(RIGHT) && tries.fetch_add(1, Ordering::SeqCst) > 0;
        let refusal = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n";
        if right { client.stream(64) } else { client.say(refusal) }
    });
    // Five minutes take a second.
    let host = FakeHost::with_time_scale(crate::plugin(), 300.0);
    let limits = fields! { url: server.url(), user: "mx", password_file: file.0.clone(), connect_timeout_secs: 60.0 };
    let begun = Instant::now();
    let camera = host.object("onaxis", "camera.mjpeg").config(limits).start();
    let told = patiently(&camera, "refused", |status| status.last_error.contains("refuses the user \"mx\""));
    assert!(told.last_error.ends_with("else every 5 min, so that the camera does not lock the user"), "{told:?}");
    patiently(&camera, "live", |status| status.link == Link::Live);
    assert!(begun.elapsed() > Duration::from_millis(900), "it was tried again too soon");
    assert_eq!(server.requests().len(), 4, "twice, without and with the password");
}

#[test]
fn a_login_that_is_not_supported_is_told_and_gets_no_password() {
    let file = PasswordFile::new("unsupported", PASSWORD, 0o600);
    let challenge = "Digest realm=\"x\", nonce=\"n\", qop=\"auth\", algorithm=SHA3-512";
    let server = Server::start(move |client| {
        client.say(format!("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\n\r\n").as_bytes());
    });
    let host = host();
    let camera = host.object("onaxis", "camera.mjpeg").config(config(&server, &file)).start();
    let words = "a login that is not supported (unknown algorithm \"SHA3-512\"): allow Basic, or Digest with";
    patiently(&camera, words, |status| status.last_error.contains(words));
    assert!(server.requests().iter().all(|request| !request.contains("Authorization")));
}

#[test]
fn a_password_that_others_can_read_is_not_used() {
    let file = PasswordFile::new("open", PASSWORD, 0o644);
    let (host, server) = (host(), Server::start(guarded));
    let camera = host.object("onaxis", "camera.mjpeg").config(config(&server, &file)).start();
    let cure = format!("run `chmod 600 {}`", file.0.display());
    patiently(&camera, &cure, |status| status.last_error.contains(&cure));
    assert_secret(&host, &camera, SECRETS);
    assert_eq!(server.requests(), Vec::<String>::new());

    fs::set_permissions(&file.0, Permissions::from_mode(0o400)).expect("the mode of an own file can be set");
    patiently(&camera, "live", |status| status.link == Link::Live);
}

#[test]
fn every_file_that_holds_no_password_is_refused() {
    let cases = [
        ("empty", String::new(), "is empty"),
        ("line", "\r\n".into(), "is empty"),
        ("two", "one\ntwo\n".into(), "must hold one line"),
        ("long", "x".repeat(5000), "must hold one line"),
    ];
    for (name, content, words) in cases {
        let file = PasswordFile::new(name, &content, 0o600);
        let error = password::read(&file.0).err().expect("it holds no password").to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let folder = password::read(&std::env::temp_dir()).err().expect("it is a folder").to_string();
    assert!(folder.contains("is not a regular file"), "{folder}");
    let missing = password::read(&std::env::temp_dir().join("brickwork-no-such-file")).err().expect("it is missing");
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
}

#[test]
fn only_the_line_end_is_taken_off_a_password() {
    let file = PasswordFile::new("spaces", "  with spaces \r\n", 0o600);
    let found = password::read(&file.0).expect("it is a password");
    assert_eq!(found.password, "  with spaces ");
}
