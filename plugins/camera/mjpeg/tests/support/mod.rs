//! What the tests of this crate share: small pictures made by hand, answers made of them, and a
//! reader that splits its input in a given way.

#![allow(dead_code)] // each test file uses its own share

use brickwork_mjpeg::{Jpeg, MAX_BUFFER_BYTES, Stream, StreamError};

/// One marker segment.
pub fn segment(code: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len() + 2).expect("segments in tests are short");
    [&[0xff, code][..], &len.to_be_bytes(), content].concat()
}

/// A picture that has everything but meaning: `coded` bytes of coded data with stuffing and
/// restart markers. Not decodable.
pub fn jpeg_with(width: u16, height: u16, coded: usize, app1: &[u8]) -> Vec<u8> {
    let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
    let mut data = vec![0xff, 0xd8];
    data.extend(segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    if !app1.is_empty() {
        data.extend(segment(0xe1, app1));
    }
    data.extend(segment(0xc0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]));
    data.extend(segment(0xc4, &[0; 17]));
    data.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    let pattern = b"\x12\x34\xff\x00\x56\xff\xd0\x78\x9a\xbc--\x0d\x0a\xff\x00\x01";
    data.extend(pattern.iter().cycle().take(coded - coded % pattern.len()));
    data.extend([0xff, 0xd9]);
    data
}

/// [`jpeg_with`] of a common size.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg_with(width, height, 400, b"")
}

/// An Exif segment's content with a whole thumbnail in it.
pub fn exif_with_thumbnail() -> Vec<u8> {
    [b"Exif\0\0MM\0*", &jpeg(16, 12)[..]].concat()
}

/// The head of a stream with this content type.
pub fn head(content_type: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n").into_bytes()
}

/// The head of a stream whose boundary is `b`.
pub fn plain_head() -> Vec<u8> {
    head("multipart/x-mixed-replace; boundary=b")
}

/// A part behind the boundary `b`, without a length.
pub fn part(data: &[u8]) -> Vec<u8> {
    [b"--b\r\nContent-Type: image/jpeg\r\n\r\n", data, b"\r\n"].concat()
}

/// The body in chunks of the given size, with its end.
pub fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut coded = Vec::new();
    for chunk in body.chunks(size) {
        coded.extend(format!("{:X};name=\"a;b\"\r\n", chunk.len()).into_bytes());
        coded.extend([chunk, b"\r\n"].concat());
    }
    coded.extend(b"0\r\nTrailer: yes\r\n\r\n");
    coded
}

/// What came out of one answer.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub frames: Vec<Jpeg>,
    pub damaged: u64,
    pub end: Result<(), StreamError>,
}

impl Outcome {
    /// Width and height of each frame.
    pub fn sizes(&self) -> Vec<(u32, u32)> {
        self.frames.iter().map(|frame| (frame.width, frame.height)).collect()
    }
}

/// Read an answer that arrives in pieces whose sizes come from `next_size`, up to its end.
pub fn read_in(answer: &[u8], mut next_size: impl FnMut() -> usize) -> Outcome {
    let mut stream = Stream::new();
    let mut frames = Vec::new();
    let mut rest = answer;
    let mut failed = false;
    while !rest.is_empty() && !failed {
        let (mut piece, after) = rest.split_at(next_size().clamp(1, rest.len()));
        rest = after;
        loop {
            let pushed = stream.push(&mut piece);
            assert!(stream.buffered_bytes() <= MAX_BUFFER_BYTES);
            match pushed {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break assert!(piece.is_empty()),
                Err(_) => break failed = true,
            }
        }
    }
    let end = stream.finish();
    Outcome { frames, damaged: stream.damaged_frames(), end }
}

/// Read an answer whole, byte by byte and in odd pieces; all must come to the same.
pub fn read(answer: &[u8]) -> Outcome {
    let whole = read_in(answer, || answer.len());
    for size in [1, 7, 1447, 65_537] {
        assert_eq!(read_in(answer, || size), whole, "in pieces of {size} bytes");
    }
    whole
}
