//! The body of an HTTP answer, freed from its transfer coding. `Stream` takes pieces from it
//! and hands them to the search for pictures. Nothing is copied or kept.

use crate::stream::StreamError;
use crate::{MAX_HEAD_BYTES, PIECE_BYTES};

/// How the end of a body is known (RFC 9112, section 6).
#[derive(Debug)]
pub(crate) enum Body {
    UntilClose,
    Length { left: u64 },
    Chunked(Chunked),
}

impl Body {
    pub(crate) fn chunked() -> Self {
        Self::Chunked(Chunked { place: Place::Size { size: None }, line_bytes: 0 })
    }

    /// The next piece of the body; `None` when the input is used up or the body is over.
    pub(crate) fn take<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, StreamError> {
        let piece = match self {
            Self::UntilClose => split(input, u64::MAX),
            Self::Length { left } => {
                let piece = split(input, *left);
                *left -= piece.len() as u64;
                piece
            }
            Self::Chunked(chunked) => chunked.take(input)?,
        };
        Ok((!piece.is_empty()).then_some(piece))
    }

    /// The body is over, although the connection may still be open.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::UntilClose => false,
            Self::Length { left } => *left == 0,
            Self::Chunked(chunked) => chunked.place == Place::Over,
        }
    }
}

/// Cut at most `limit` bytes, and at most one piece, off the input.
fn split<'a>(input: &mut &'a [u8], limit: u64) -> &'a [u8] {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (piece, rest) = input.split_at(input.len().min(PIECE_BYTES).min(limit));
    *input = rest;
    piece
}

/// Takes the chunked coding apart, wherever the input is split.
#[derive(Debug)]
pub(crate) struct Chunked {
    place: Place,
    /// Bytes so far in size lines and trailers, since the last data.
    line_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the digits of a size.
    Size {
        size: Option<u64>,
    },
    /// Behind the size, up to the end of its line: extensions, spaces.
    Extension {
        size: u64,
    },
    Data {
        left: u64,
    },
    /// The line end behind the data.
    DataEnd,
    /// The lines behind the last chunk, up to an empty one.
    Trailer {
        line_is_empty: bool,
    },
    Over,
}

impl Chunked {
    fn take<'a>(&mut self, input: &mut &'a [u8]) -> Result<&'a [u8], StreamError> {
        loop {
            if let Place::Data { left } = &mut self.place {
                let piece = split(input, *left);
                *left -= piece.len() as u64;
                if *left == 0 {
                    self.place = Place::DataEnd;
                    self.line_bytes = 0;
                }
                return Ok(piece);
            }
            if self.place == Place::Over {
                return Ok(&[]);
            }
            let Some((&byte, rest)) = input.split_first() else {
                return Ok(&[]);
            };
            *input = rest;
            self.line_bytes += 1;
            if self.line_bytes > MAX_HEAD_BYTES {
                return Err(StreamError::BadChunk);
            }
            self.place = self.place.after(byte).ok_or(StreamError::BadChunk)?;
        }
    }
}

impl Place {
    /// Where `byte` leads to; `None` if it may not stand here.
    fn after(self, byte: u8) -> Option<Self> {
        let digit = char::from(byte).to_digit(16).map(u64::from);
        Some(match (self, byte) {
            (Self::Size { size }, _) if digit.is_some() => {
                let size = size.unwrap_or(0).checked_mul(16)?.checked_add(digit?)?;
                Self::Size { size: Some(size) }
            }
            (Self::Size { size: Some(size) }, b';' | b' ' | b'\t' | b'\r') => Self::Extension { size },
            (Self::Size { size: Some(0) } | Self::Extension { size: 0 }, b'\n') => {
                Self::Trailer { line_is_empty: true }
            }
            (Self::Size { size: Some(size) } | Self::Extension { size }, b'\n') => Self::Data { left: size },
            (Self::Extension { size }, _) => Self::Extension { size },
            (Self::DataEnd, b'\r') => Self::DataEnd,
            (Self::DataEnd, b'\n') => Self::Size { size: None },
            (Self::Trailer { line_is_empty: true }, b'\n') => Self::Over,
            (Self::Trailer { .. }, b'\n') => Self::Trailer { line_is_empty: true },
            (Self::Trailer { line_is_empty: true }, b'\r') => self,
            (Self::Trailer { .. }, _) => Self::Trailer { line_is_empty: false },
            _ => return None,
        })
    }
}
