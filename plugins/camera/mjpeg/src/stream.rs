//! The push parser that the camera plugin drives: bytes of one HTTP answer in, pictures out. One
//! `Stream` lives as long as one connection. It keeps no queue: the caller takes each picture
//! before the bytes behind it are looked at.

use crate::MAX_HEAD_BYTES;
use crate::body::Body;
use crate::head::{Head, end_of_head};
use crate::jpeg::{Flaw, Jpeg};
use crate::parts::Parts;

/// Why a connection yields no pictures, or no more. Connect again with a new [`Stream`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// What answers is no HTTP server.
    #[error("the answer is not HTTP: {0}")]
    NotHttp(String),
    /// The head has no end within [`MAX_HEAD_BYTES`].
    #[error("the head of the answer is longer than {MAX_HEAD_BYTES} bytes")]
    HeadTooLong,
    /// 401: a user and password are needed, or wrong.
    #[error("the camera wants a valid user and password (401){}", asks_for(challenge))]
    Unauthorized {
        /// What the camera asks for: all its `WWW-Authenticate` headers as one list, for
        /// [`Login::challenged`](crate::Login::challenged).
        challenge: Option<String>,
    },
    /// The camera has moved. Redirects are not followed: the address should be put right.
    #[error("the camera answers {code}: its address is now {location}")]
    Redirect {
        /// The HTTP status code, 300 to 399.
        code: u16,
        /// The `Location` header.
        location: String,
    },
    /// Any other status than 200.
    #[error("the camera answers {code} {reason}")]
    Status {
        /// The HTTP status code.
        code: u16,
        /// The words behind the code; may be empty.
        reason: String,
    },
    /// The answer is a web page or the like, or ended without a single picture.
    #[error("the answer holds no JPEG pictures; its type is `{content_type}`")]
    NotPictures {
        /// The `Content-Type` header; empty if there was none.
        content_type: String,
    },
    /// The answer ended without a picture that can be shown.
    #[error("the camera's pictures cannot be shown: {0}")]
    NotShown(Flaw),
    /// The chunked coding of the body makes no sense, so that nothing after it can be trusted.
    #[error("the chunked coding of the answer is broken")]
    BadChunk,
    /// The connection closed before the head was complete.
    #[error("the camera closed the connection before it answered")]
    ClosedEarly,
    /// The connection closed in the middle of a picture.
    #[error("the camera closed the connection in the middle of a picture")]
    CutShort,
}

/// The pictures in one HTTP answer, which arrives in pieces of any size: a multipart stream, or a
/// single still. Memory is bounded by [`MAX_BUFFER_BYTES`](crate::MAX_BUFFER_BYTES), time is
/// linear in the bytes pushed, and no bytes make it panic.
#[derive(Debug)]
pub struct Stream {
    state: State,
    parts: Parts,
    /// Bytes came behind the end of the answer: whose they are, nobody knows.
    has_more: bool,
}

#[derive(Debug)]
enum State {
    Head { bytes: Vec<u8> },
    Body { body: Body, content_type: String, keeps_open: bool },
    Failed(StreamError),
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}

impl Stream {
    /// A stream that waits for the head of an answer.
    #[must_use]
    pub fn new() -> Self {
        Self { state: State::Head { bytes: Vec::new() }, parts: Parts::new(None), has_more: false }
    }

    /// Take bytes off the front of `input` up to the next complete picture. `Ok(None)` means that
    /// all input is used up (what lies behind the end of the body is dropped): read more. A
    /// damaged picture is no error; it is skipped and counted.
    ///
    /// # Errors
    /// The connection is of no further use; the same error comes again at every call.
    pub fn push(&mut self, input: &mut &[u8]) -> Result<Option<Jpeg>, StreamError> {
        let result = self.advance(input);
        if let Err(error) = &result {
            self.state = State::Failed(error.clone());
        }
        result
    }

    /// The connection was closed, or [`is_over`](Self::is_over): say whether all was well. There
    /// is never a last picture to fetch here, as a picture comes out with its last byte.
    ///
    /// # Errors
    /// The answer stopped too early, or there was no picture in it.
    pub fn finish(&mut self) -> Result<(), StreamError> {
        let content_type = match &self.state {
            State::Head { .. } => return Err(StreamError::ClosedEarly),
            State::Failed(error) => return Err(error.clone()),
            State::Body { content_type, .. } => content_type.clone(),
        };
        if !self.parts.end() {
            return Err(StreamError::CutShort);
        }
        if self.parts.found() == 0 {
            return Err(match self.parts.flaw() {
                Some(flaw) => StreamError::NotShown(flaw.clone()),
                None => StreamError::NotPictures { content_type },
            });
        }
        Ok(())
    }

    /// The answer is complete, as that of a still is: more bytes will not come, even if the
    /// camera leaves the connection open.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(&self.state, State::Body { body, .. } if body.is_over())
    }

    /// The answer is complete, and the camera takes another request over the same connection; its
    /// answer needs a new [`Stream`].
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        matches!(&self.state, State::Body { keeps_open: true, .. }) && self.is_over() && !self.has_more
    }

    /// No byte of an answer has come.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        matches!(&self.state, State::Head { bytes } if bytes.is_empty())
    }

    /// Why the last picture that cannot be shown although it may be whole cannot.
    #[must_use]
    pub fn flaw(&self) -> Option<&Flaw> {
        self.parts.flaw()
    }

    /// How many pictures were skipped because they were cut off, not valid, too large, or cannot be shown.
    #[must_use]
    pub fn damaged_frames(&self) -> u64 {
        self.parts.damaged()
    }

    /// How many bytes are held at the moment; never more than
    /// [`MAX_BUFFER_BYTES`](crate::MAX_BUFFER_BYTES).
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        match &self.state {
            State::Head { bytes } => bytes.len(),
            _ => self.parts.buffered(),
        }
    }

    fn advance(&mut self, input: &mut &[u8]) -> Result<Option<Jpeg>, StreamError> {
        let body = match &mut self.state {
            State::Failed(error) => return Err(error.clone()),
            State::Body { body, .. } => body,
            State::Head { bytes } => {
                let Some(head) = read_head(bytes, input)? else {
                    return Ok(None);
                };
                self.parts = Parts::new(head.boundary);
                let Head { body, content_type, keeps_open, .. } = head;
                self.state = State::Body { body, content_type, keeps_open };
                return self.advance(input);
            }
        };
        loop {
            if let Some(jpeg) = self.parts.next() {
                return Ok(Some(jpeg));
            }
            let Some(piece) = body.take(input)? else {
                self.has_more |= !input.is_empty();
                *input = &[];
                return Ok(None);
            };
            self.parts.append(piece);
        }
    }
}

fn asks_for(challenge: &Option<String>) -> String {
    challenge.as_ref().map(|challenge| format!("; it asks for `{challenge}`")).unwrap_or_default()
}

/// Collect the head in `bytes`; `Some` once it is complete, with `input` at the body.
fn read_head(bytes: &mut Vec<u8>, input: &mut &[u8]) -> Result<Option<Head>, StreamError> {
    const BEGINNING: &[u8] = b"HTTP/";
    let seen = bytes.len();
    let taken = input.len().min(MAX_HEAD_BYTES - seen);
    bytes.extend_from_slice(&input[..taken]);
    let compared = bytes.len().min(BEGINNING.len());
    if bytes[..compared] != BEGINNING[..compared] {
        return Err(StreamError::NotHttp("it does not begin with `HTTP/`".to_owned()));
    }
    match end_of_head(bytes, seen) {
        Some(end) => {
            *input = &input[end - seen..];
            Head::parse(&bytes[..end]).map(Some)
        }
        None if bytes.len() == MAX_HEAD_BYTES => Err(StreamError::HeadTooLong),
        None => {
            *input = &input[taken..];
            Ok(None)
        }
    }
}
