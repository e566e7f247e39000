//! MJPEG over HTTP, as bytes: the request to send to a camera, and the pictures in what it
//! answers. The camera plugin calls this crate with whatever its socket delivers; the crate never
//! opens a connection, reads a file, waits or decodes a picture.
//!
//! ```
//! use brickwork_mjpeg::{Afterwards, CameraUrl, Stream};
//!
//! let url = CameraUrl::parse("http://onaxis:8080/mjpg/video.mjpg")?;
//! let request = url.request(None, Afterwards::Close)?;
//! assert!(request.starts_with(b"GET /mjpg/video.mjpg HTTP/1.1\r\nHost: onaxis:8080\r\n"));
//!
//! // For every piece that the socket delivers:
//! let mut stream = Stream::new();
//! let mut input: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n";
//! let mut newest = None;
//! while let Some(picture) = stream.push(&mut input)? {
//!     newest = Some(picture);
//! }
//! assert_eq!(newest, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod body;
mod head;
mod huffman;
mod jpeg;
mod login;
mod parts;
mod stream;
mod url;

pub use jpeg::{Flaw, Jpeg};
pub use login::{Credentials, Login, LoginError};
pub use stream::{Stream, StreamError};
pub use url::{Afterwards, CameraUrl, RequestError, UrlError};

/// The longest answer head, and the longest text before a picture that is looked at, in bytes.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// The largest picture that is accepted, in bytes; a larger one counts as damaged.
pub const MAX_FRAME_BYTES: usize = 32 * 1024 * 1024;

/// The most pixels of a picture that is accepted: decoded, these take 200 MB. A larger one counts as damaged.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The most bytes that a [`Stream`] ever holds.
pub const MAX_BUFFER_BYTES: usize = MAX_FRAME_BYTES + PIECE_BYTES;

/// How much of the input is looked at in one step; this bounds what is held past a picture.
const PIECE_BYTES: usize = 64 * 1024;
