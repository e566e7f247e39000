//! The pictures in the body of an answer. `Stream` appends the body as it arrives and asks for
//! the next picture. Where a picture ends is decided by the picture itself: the part's
//! Content-Length is never read, for cameras send wrong ones, and EOI arrives no later.

use memchr::memmem;

use crate::jpeg::{Flaw, Jpeg, START, Step, Walk};
use crate::{MAX_BUFFER_BYTES, MAX_FRAME_BYTES, MAX_HEAD_BYTES};

/// Finds the pictures. Every byte is looked at a fixed number of times, however it arrives.
#[derive(Debug)]
pub(crate) struct Parts {
    buffer: Vec<u8>,
    /// The first byte of `buffer` that is still needed: where the text before a picture, or the
    /// picture, begins.
    from: usize,
    state: State,
    /// The boundary without its leading dashes: as declared, or as the first one that was seen.
    boundary: Option<Vec<u8>>,
    /// A boundary was seen, so that every later picture must follow one. This keeps thumbnails
    /// in a damaged picture, and second pictures behind a picture, from being taken for frames.
    framed: bool,
    found: u64,
    damaged: u64,
    /// Why the last picture that cannot be shown cannot.
    flaw: Option<Flaw>,
}

#[derive(Debug)]
enum State {
    /// Looking for the start of a picture, `at` bytes after `from`.
    Between { at: usize },
    /// A picture begins at `from`.
    Picture { walk: Walk, timestamp: Option<f64> },
}

impl Parts {
    /// `boundary` as the Content-Type declares it, if it does.
    pub(crate) fn new(boundary: Option<Vec<u8>>) -> Self {
        Self {
            buffer: Vec::new(),
            from: 0,
            state: State::Between { at: 0 },
            boundary: boundary.as_deref().and_then(without_dashes),
            framed: false,
            found: 0,
            damaged: 0,
            flaw: None,
        }
    }

    /// Add a piece of the body; [`Parts::next`] must have answered `None` before.
    pub(crate) fn append(&mut self, piece: &[u8]) {
        let full = self.buffer.len() + piece.len() > MAX_BUFFER_BYTES;
        // Waiting until half is waste makes the cost of moving the rest a constant per byte.
        if full || self.from * 2 >= self.buffer.len() {
            self.buffer.drain(..self.from);
            self.from = 0;
        }
        self.buffer.extend_from_slice(piece);
    }

    /// The next complete picture, or `None` if more bytes are needed.
    pub(crate) fn next(&mut self) -> Option<Jpeg> {
        loop {
            let boundary = self.boundary.as_deref().filter(|_| self.framed);
            let data = &self.buffer[self.from..];
            let (walk, timestamp) = match &mut self.state {
                State::Between { .. } => {
                    if !self.find_start() {
                        return None;
                    }
                    continue;
                }
                State::Picture { walk, timestamp } => (walk, *timestamp),
            };
            match walk.advance(data, |segment| holds_boundary(segment, boundary)) {
                Step::More if data.len() <= MAX_FRAME_BYTES => return None,
                Step::Complete { len, width, height } if len <= MAX_FRAME_BYTES => {
                    let data = walk.whole(&data[..len]);
                    self.found += 1;
                    self.look_between_from(len);
                    return Some(Jpeg { data, width, height, timestamp });
                }
                _ => {
                    let trusted = walk.trusted();
                    self.flaw = walk.flaw().or(self.flaw.take());
                    self.damaged += 1;
                    self.look_between_from(trusted);
                }
            }
        }
    }

    /// The body ends here; a picture that is not complete by now never will be.
    pub(crate) fn end(&mut self) -> bool {
        let cut = matches!(self.state, State::Picture { .. });
        self.damaged += u64::from(cut);
        self.buffer.clear();
        self.from = 0;
        self.state = State::Between { at: 0 };
        !cut
    }

    pub(crate) fn found(&self) -> u64 {
        self.found
    }

    pub(crate) fn damaged(&self) -> u64 {
        self.damaged
    }

    pub(crate) fn flaw(&self) -> Option<&Flaw> {
        self.flaw.as_ref()
    }

    pub(crate) fn buffered(&self) -> usize {
        self.buffer.len()
    }

    fn look_between_from(&mut self, offset: usize) {
        self.from += offset;
        self.state = State::Between { at: 0 };
    }

    /// Look for the start of a picture and enter it. `false`: more bytes are needed.
    fn find_start(&mut self) -> bool {
        let State::Between { at } = &mut self.state else {
            return true;
        };
        let data = &self.buffer[self.from..];
        let Some(found) = memmem::find(&data[*at..], &START) else {
            // The last bytes may be the beginning of a start.
            *at = data.len().saturating_sub(START.len() - 1);
            let waste = at.saturating_sub(MAX_HEAD_BYTES);
            self.from += waste;
            *at -= waste;
            return false;
        };
        let start = *at + found;
        let heading = &data[start.saturating_sub(MAX_HEAD_BYTES)..start];
        let heading = Heading::read(heading, &mut self.boundary);
        self.framed |= heading.has_boundary;
        if self.framed && !heading.has_boundary {
            self.look_between_from(start + 2);
            return true;
        }
        self.from += start;
        self.state = State::Picture { walk: Walk::new(), timestamp: heading.timestamp };
        true
    }
}

/// What the text between two pictures says about the second.
#[derive(Debug, Default)]
struct Heading {
    has_boundary: bool,
    timestamp: Option<f64>,
}

impl Heading {
    /// Read the text before a picture. The rest of a damaged picture, and lines that mean nothing
    /// to us, may stand before the boundary. An unknown boundary is learned.
    fn read(text: &[u8], boundary: &mut Option<Vec<u8>>) -> Self {
        let mut heading = Self::default();
        for line in text.split(|byte| *byte == b'\n') {
            if is_boundary(line, boundary.as_deref()) {
                heading = Self { has_boundary: true, timestamp: None };
                if boundary.is_none() {
                    *boundary = without_dashes(line.trim_ascii());
                }
            } else if let Some(value) = header_value(line, "x-timestamp") {
                heading.timestamp = value.parse().ok().filter(|seconds: &f64| seconds.is_finite());
            }
        }
        heading
    }
}

/// Cameras are lax: some declare another boundary than they send, some leave out the dashes, and
/// where a picture was cut off the boundary does not begin its line.
fn is_boundary(line: &[u8], boundary: Option<&[u8]>) -> bool {
    line.starts_with(b"--")
        || boundary.is_some_and(|boundary| {
            line.starts_with(boundary) || memmem::find_iter(line, boundary).any(|at| line[..at].ends_with(b"--"))
        })
}

/// A segment that was cut off swallows the next boundary, and may by chance end where a marker
/// stands; then two pictures would seem to be one.
fn holds_boundary(segment: &[u8], boundary: Option<&[u8]>) -> bool {
    boundary.is_some_and(|boundary| memmem::find_iter(segment, boundary).any(|at| segment[..at].ends_with(b"\n--")))
}

fn header_value<'a>(line: &'a [u8], name: &str) -> Option<&'a str> {
    let (found, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
    found.trim().eq_ignore_ascii_case(name).then_some(value.trim())
}

/// Some cameras declare the boundary with the dashes that only its lines should have.
fn without_dashes(boundary: &[u8]) -> Option<Vec<u8>> {
    let boundary = boundary.strip_prefix(b"--").unwrap_or(boundary);
    (!boundary.is_empty()).then(|| boundary.to_vec())
}
