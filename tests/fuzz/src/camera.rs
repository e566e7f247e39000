//! What cameras send.

use brickwork_lima::Block;
use brickwork_mjpeg::{Afterwards, CameraUrl, Credentials, Login, MAX_BUFFER_BYTES, Stream};

/// An answer, read in pieces of the length that its first byte says.
pub(crate) fn http(data: &[u8]) {
    let Some((&piece, answer)) = data.split_first() else { return };
    let mut stream = Stream::new();
    for mut piece in answer.chunks(usize::from(piece) * 8 + 1) {
        loop {
            let pushed = stream.push(&mut piece);
            assert!(stream.buffered_bytes() <= MAX_BUFFER_BYTES);
            match pushed {
                Ok(Some(picture)) => assert!(picture.data.starts_with(b"\xff\xd8") && picture.width > 0),
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
    let _ = stream.finish();
}

pub(crate) fn http_seeds() -> Vec<Vec<u8>> {
    let jpeg: &[u8] =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08\0\x30\0\x40\x01\x01\x11\0\
        \xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\x34\xff\0\x56\xff\xd0\x78\xff\xd9";
    let multipart = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n";
    let part = format!("--b\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    let parts = [part.as_bytes(), jpeg, b"\r\n--b\r\n\r\n", jpeg, b"\r\n--b--\r\n"].concat();
    let chunk = format!("{:x}\r\n", parts.len());
    let chunked = b"\xffHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n";
    let refusal = b"\x01HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"cam\", nonce=\"5f\"\r\nContent-Length: 2\r\n\r\nno";
    vec![
        [b"\xff", multipart.as_bytes(), &parts].concat(),
        [&chunked[..], chunk.as_bytes(), &parts, b"\r\n0\r\n\r\n"].concat(),
        [&b"\x03HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"[..], jpeg].concat(),
        refusal.to_vec(),
        b"\x01HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".to_vec(),
    ]
}

pub(crate) fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(url) = CameraUrl::parse(text) {
        let _ = url.request(None, Afterwards::Close);
        assert!(!url.host().is_empty() && url.port() > 0);
    }
}

pub(crate) fn url_seeds() -> Vec<Vec<u8>> {
    [&b"http://onaxis:8080/mjpg/video.mjpg?fps=25"[..], b"http://[::1]/", b"http://user@cam.example/a%20b"]
        .map(<[u8]>::to_vec)
        .into()
}

pub(crate) fn login(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut login = Login::new(Credentials::new("guest", "a password"));
    for challenge in text.lines() {
        if login.challenged(challenge).is_ok()
            && let Ok(Some(header)) = login.authorization("/video")
        {
            assert!(!header.contains("a password") && !header.contains(['\r', '\n']));
        }
    }
}

pub(crate) fn login_seeds() -> Vec<Vec<u8>> {
    [
        &b"Basic realm=\"camera\""[..],
        b"Digest realm=\"c\", nonce=\"5f\", qop=\"auth,auth-int\", algorithm=SHA-256, stale=true\nDigest realm=\"c\", nonce=\"60\"",
        b"Negotiate, Digest realm=\"\\\"\", nonce=\"x\", algorithm=MD5-sess",
    ]
    .map(<[u8]>::to_vec)
    .into()
}

pub(crate) fn lima(data: &[u8]) {
    let Some((&bits, block)) = data.split_first() else { return };
    if let Ok(Some(block)) = Block::read(block)
        && let Ok(picture) = block.picture(bits)
    {
        assert!(picture.data.len() <= data.len() * 8);
    }
}

pub(crate) fn lima_seeds() -> Vec<Vec<u8>> {
    let block = |mode: u8| {
        let header = *b"VDEO\0\x01\0\0\0\0\0\0\0\0\0\x07\0\0\0\x04\0\0\0\x02\0\0\0\x20\0\0\0\0";
        let mut bytes = [&[12][..], &header, &[100; 64]].concat();
        bytes[8] = mode;
        bytes
    };
    (0..=20).map(block).collect()
}
