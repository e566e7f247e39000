//! Requests, and answers as HTTP: status, heads, chunks, stills.

mod support;

use brickwork_mjpeg::{Afterwards, CameraUrl, MAX_HEAD_BYTES, RequestError, UrlError};
use brickwork_mjpeg::{Stream, StreamError};
use support::{chunked, jpeg, part, plain_head, read};

fn parsed(url: &str) -> (String, u16, String) {
    let url = CameraUrl::parse(url).expect("a good address");
    (url.host().to_owned(), url.port(), url.path().to_owned())
}

fn error_of(answer: &str) -> StreamError {
    let outcome = read(answer.as_bytes());
    assert_eq!(outcome.frames, []);
    outcome.end.expect_err("an answer without pictures")
}

#[test]
fn addresses_are_taken_apart() {
    for (url, host, port, path) in [
        ("http://axis-eh4/mjpg/video.mjpg", "axis-eh4", 80, "/mjpg/video.mjpg"),
        ("HTTP://10.0.0.1:8080/?action=stream", "10.0.0.1", 8080, "/?action=stream"),
        ("http://cam?action=stream", "cam", 80, "/?action=stream"),
        (" http://cam ", "cam", 80, "/"),
        ("http://[fe80::1]:81/a@b:c#part", "fe80::1", 81, "/a@b:c"),
        ("http://[::1]", "::1", 80, "/"),
    ] {
        assert_eq!(parsed(url), (host.to_owned(), port, path.to_owned()), "{url}");
    }
}

#[test]
fn bad_addresses_are_refused_with_the_reason() {
    for (url, error) in [
        ("axis/video.mjpg", UrlError::NoScheme),
        ("", UrlError::NoScheme),
        ("://cam", UrlError::NoScheme),
        ("https://cam/", UrlError::Https),
        ("rtsp://cam/", UrlError::OtherScheme("rtsp".to_owned())),
        ("http://root:pass@cam/", UrlError::Credentials),
        ("http:///video", UrlError::NoHost),
        ("http://:80/", UrlError::NoHost),
        ("http://::1/", UrlError::BareIpv6),
        ("http://[::g]/", UrlError::BadHost("[::g]".to_owned())),
        ("http://[::1]8/", UrlError::BadHost("[::1]8".to_owned())),
        ("http://ca%6d/", UrlError::BadHost("ca%6d".to_owned())),
        ("http://cam:/", UrlError::BadPort(String::new())),
        ("http://cam:0/", UrlError::BadPort("0".to_owned())),
        ("http://cam:+80/", UrlError::BadPort("+80".to_owned())),
        ("http://cam:65536/", UrlError::BadPort("65536".to_owned())),
        ("http://cam/a b", UrlError::BadCharacter(' ')),
        ("http://cam/\r\nX: y", UrlError::BadCharacter('\r')),
        ("http://kamera-ü/", UrlError::BadCharacter('ü')),
    ] {
        assert_eq!(CameraUrl::parse(url), Err(error), "{url}");
    }
    let message = UrlError::Credentials.to_string();
    assert!(message.contains("put the password in a file"), "{message}");
}

#[test]
fn a_request_is_a_whole_http_head() {
    let request = |url: &str, authorization, afterwards| {
        let url = CameraUrl::parse(url).expect("a good address");
        String::from_utf8(url.request(authorization, afterwards).expect("a good request")).expect("ASCII")
    };
    assert_eq!(
        request("http://[::1]:8080/a?b", Some("Basic dXNlcjpwYXNz"), Afterwards::Close),
        "GET /a?b HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: brickwork\r\n\
         Accept: multipart/x-mixed-replace, image/jpeg, */*\r\nCache-Control: no-cache\r\n\
         Authorization: Basic dXNlcjpwYXNz\r\nConnection: close\r\n\r\n"
    );
    let kept = request("http://cam", None, Afterwards::KeepOpen);
    assert!(kept.starts_with("GET / HTTP/1.1\r\nHost: cam\r\nUser-Agent"), "{kept}");
    assert!(kept.ends_with("\r\nConnection: keep-alive\r\n\r\n"), "{kept}");
}

#[test]
fn an_authorization_cannot_add_a_header() {
    let url = CameraUrl::parse("http://cam/").expect("a good address");
    for value in ["Basic x\r\nHost: y", "Basic x\n", "Basic \0", "Basic é"] {
        assert_eq!(url.request(Some(value), Afterwards::Close), Err(RequestError::BadAuthorization));
    }
}

#[test]
fn a_refusal_gives_its_status_and_reason() {
    let status = |code, reason: &str| StreamError::Status { code, reason: reason.to_owned() };
    assert_eq!(error_of("HTTP/1.1 404 Not Found\r\n\r\n<html>"), status(404, "Not Found"));
    assert_eq!(error_of("HTTP/1.0 503 Too many viewers\n\n"), status(503, "Too many viewers"));
    assert_eq!(error_of("HTTP/1.1 500\r\n\r\n"), status(500, ""));
    assert_eq!(status(404, "Not Found").to_string(), "the camera answers 404 Not Found");
}

#[test]
fn a_401_tells_what_the_camera_asks_for() {
    let error = error_of("HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Digest realm=\"x\"\r\n\r\n");
    let challenge = Some("Digest realm=\"x\"".to_owned());
    assert_eq!(error, StreamError::Unauthorized { challenge });
    assert!(error.to_string().ends_with("it asks for `Digest realm=\"x\"`"), "{error}");
    let two = "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=x\r\nWWW-Authenticate: Basic realm=x\r\n\r\n";
    assert_eq!(
        error_of(two),
        StreamError::Unauthorized { challenge: Some("Digest realm=x, Basic realm=x".to_owned()) }
    );
}

#[test]
fn a_redirect_tells_the_new_address() {
    let error = error_of("HTTP/1.1 302 Found\r\nLocation: http://b/\r\n\r\n");
    assert_eq!(error.to_string(), "the camera answers 302: its address is now http://b/");
}

#[test]
fn answers_that_are_no_pictures_are_errors() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html>";
    assert!(matches!(error_of(page), StreamError::NotPictures { .. }));
    let text = "HTTP/1.1 200 OK\r\n\r\nhello";
    assert!(matches!(error_of(text), StreamError::NotPictures { .. }));
    assert!(matches!(error_of("RTSP/1.0 200 OK\r\n\r\n"), StreamError::NotHttp(_)));
    assert!(matches!(error_of("HTTP/x\r\n\r\n"), StreamError::NotHttp(_)));
    assert_eq!(error_of("HTTP/1.1 200 OK\r\nConte"), StreamError::ClosedEarly);
    assert_eq!(error_of(""), StreamError::ClosedEarly);
}

#[test]
fn a_head_without_end_is_an_error() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(MAX_HEAD_BYTES));
    assert_eq!(error_of(&endless), StreamError::HeadTooLong);
}

#[test]
fn an_error_comes_again_at_every_push() {
    let mut stream = Stream::new();
    let refused = stream.push(&mut &b"HTTP/1.1 404 Not Found\r\n\r\n"[..]);
    assert!(refused.is_err());
    let mut more = &plain_head()[..];
    assert_eq!(stream.push(&mut more), refused);
}

#[test]
fn chunks_of_any_size_split_anywhere_give_the_same_frames() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\
                 Transfer-Encoding: gzip, Chunked\r\n\r\n";
    let body = [part(&jpeg(64, 48)), part(&jpeg(32, 24))].concat();
    for size in [1, 2, 16, 17, 300, 5000] {
        let outcome = read(&[&head[..], &chunked(&body, size)].concat());
        assert_eq!(outcome.sizes(), [(64, 48), (32, 24)]);
        assert_eq!(outcome.end, Ok(()));
    }
}

#[test]
fn broken_chunks_are_an_error() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in ["x\r\n", "\r\n", "3\r\nabcd", "fffffffffffffffff\r\n", ";x\r\n"] {
        assert_eq!(error_of(&format!("{head}{body}")), StreamError::BadChunk, "{body:?}");
    }
    let extension = format!("{head}1;{}", "x".repeat(MAX_HEAD_BYTES));
    assert_eq!(error_of(&extension), StreamError::BadChunk);
}

#[test]
fn a_still_is_one_frame_and_then_the_answer_is_over() {
    let data = jpeg(64, 48);
    let heads = [
        format!("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", data.len()),
        "HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n".to_owned(),
    ];
    for (head, over) in heads.into_iter().zip([true, false]) {
        let answer = [head.as_bytes(), &data].concat();
        assert_eq!(read(&answer).sizes(), [(64, 48)]);

        let mut stream = Stream::new();
        let frame = stream.push(&mut &answer[..]).expect("a good answer");
        assert_eq!(frame.expect("a picture").data, data);
        assert_eq!(stream.is_over(), over);
    }
}

#[test]
fn what_lies_behind_the_length_is_no_picture() {
    let data = jpeg(64, 48);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", data.len());
    assert_eq!(read(&[head.as_bytes(), &data, &data].concat()).frames.len(), 1);
}

/// Whether the connection can be used again behind a still with this head, which declares its length.
fn is_reusable(head: &str, behind: &[u8]) -> bool {
    let data = jpeg(64, 48);
    let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n", data.len());
    let mut stream = Stream::new();
    assert!(stream.is_untouched() && !stream.is_reusable());
    stream.push(&mut answer.as_bytes()).expect("a good head");
    stream.push(&mut &data[..data.len() - 1]).expect("a good picture");
    assert!(!stream.is_untouched() && !stream.is_reusable(), "the answer is not over");
    let mut last = &[&data[data.len() - 1..], behind].concat()[..];
    assert!(stream.push(&mut last).expect("a good picture").is_some());
    stream.push(&mut last).expect("a good end");
    stream.is_reusable()
}

#[test]
fn a_connection_is_used_again_only_where_the_camera_allows_it() {
    assert!(is_reusable("HTTP/1.1 200 OK", b""));
    assert!(is_reusable("HTTP/1.1 200 OK\r\nConnection: Keep-Alive", b""));
    assert!(is_reusable("HTTP/1.0 200 OK\r\nConnection: x, keep-alive", b""));
    assert!(!is_reusable("HTTP/1.1 200 OK\r\nConnection: Close", b""));
    assert!(!is_reusable("HTTP/1.0 200 OK", b""));
    assert!(!is_reusable("HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\n"), "nobody asked for what lies behind the end");
}
