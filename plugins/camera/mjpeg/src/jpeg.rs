//! One picture, and the walk that finds where it ends. The walk follows JPEG's own structure
//! (ITU-T T.81, annex B): segments by their length, coded data by its markers. So the thumbnail
//! inside an Exif segment never ends a picture, and the end is known the moment its last byte
//! arrives. It never decodes.

use memchr::memchr;

use crate::MAX_PIXELS;
use crate::huffman::with_tables;

/// One complete JPEG picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Jpeg {
    /// The bytes, from the SOI marker to the EOI marker; the typical Huffman tables are in it where the camera left
    /// them out.
    pub data: Vec<u8>,
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// The `X-Timestamp` that came with the picture, if any: seconds, by the camera's clock and
    /// usually since 1970.
    pub timestamp: Option<f64>,
}

/// Why a picture cannot be shown although it may be whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// So large that decoding it would take all memory.
    #[error("they claim {width} x {height} pixels, more than {} million: set a smaller size in the camera", MAX_PIXELS / 1_000_000)]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Neither grey nor three colours.
    #[error("they have {0} colours, as CMYK has for print: set the camera to RGB or grey")]
    Colours(u8),
    /// Arithmetic coding, lossless, hierarchical, or more than 8 bits.
    #[error("they are coded in a way that is not read here (JPEG of type {0}): set the camera to baseline JPEG")]
    Coding(u8),
}

/// How a picture begins: SOI and the first byte of the next marker.
pub(crate) const START: [u8; 3] = [0xff, SOI, 0xff];

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const DHT: u8 = 0xc4;
const BASELINE: u8 = 0xc0;
const PROGRESSIVE: u8 = 0xc2;

/// What the walk knows after looking at all bytes so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The picture goes on.
    More,
    /// The picture is complete and takes this many bytes.
    Complete { len: usize, width: u32, height: u32 },
    /// This is no picture, or it was cut off; see [`Walk::trusted`].
    Damaged,
}

/// A walk over a picture that arrives in pieces; it looks at no byte twice. All positions count
/// from the SOI marker.
#[derive(Debug)]
pub(crate) struct Walk {
    at: usize,
    trusted: usize,
    in_coded_data: bool,
    has_scan: bool,
    /// It has Huffman tables, or is of a kind that has no typical ones.
    has_tables: bool,
    size: Option<(u32, u32)>,
    flaw: Option<Flaw>,
}

impl Walk {
    pub(crate) fn new() -> Self {
        Self { at: 2, trusted: 2, in_coded_data: false, has_scan: false, has_tables: false, size: None, flaw: None }
    }

    /// Where the last segment began. If the picture was cut off, then it was not before this
    /// place, so the search for the next picture has to begin here.
    pub(crate) fn trusted(&self) -> usize {
        self.trusted
    }

    /// Why the picture cannot be shown, where that is more than damage.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        self.flaw.clone()
    }

    /// The complete picture, with all that is needed to decode it.
    pub(crate) fn whole(&self, data: &[u8]) -> Vec<u8> {
        if self.has_tables { data.to_vec() } else { with_tables(data) }
    }

    /// Go on. `data` begins at the SOI marker and holds at least what the last call saw.
    /// A segment for which `is_cut` holds has swallowed the start of something else.
    pub(crate) fn advance(&mut self, data: &[u8], is_cut: impl Fn(&[u8]) -> bool) -> Step {
        loop {
            let step = if self.in_coded_data { self.coded_data(data) } else { self.segment(data, &is_cut) };
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// Skip coded data up to the marker that ends it. `None`: go on at once.
    fn coded_data(&mut self, data: &[u8]) -> Option<Step> {
        let rest = data.get(self.at..).unwrap_or_default();
        let Some(found) = memchr(0xff, rest) else {
            self.at = data.len();
            return Some(Step::More);
        };
        self.at += found;
        match data.get(self.at + 1) {
            None => return Some(Step::More),
            // A stuffed 0xff, or a restart marker: both lie inside the coded data.
            Some(0x00 | 0xd0..=0xd7) => self.at += 2,
            Some(0xff) => self.at += 1,
            Some(_) => self.in_coded_data = false,
        }
        None
    }

    /// Skip one marker segment. `None`: go on at once.
    fn segment(&mut self, data: &[u8], is_cut: impl Fn(&[u8]) -> bool) -> Option<Step> {
        let rest = data.get(self.at..).unwrap_or_default();
        let code = match rest {
            [0xff, code, ..] => *code,
            [] | [0xff] => return Some(Step::More),
            _ => return Some(Step::Damaged),
        };
        match code {
            // Any number of fill bytes may stand before a marker.
            0xff => {
                self.at += 1;
                return None;
            }
            EOI => return Some(self.complete()),
            0xc0..=0xcf | SOS..=0xfe => {}
            _ => return Some(Step::Damaged),
        }
        let &[_, _, high, low, ..] = rest else {
            return Some(Step::More);
        };
        let len = usize::from(u16::from_be_bytes([high, low]));
        if len < 2 {
            return Some(Step::Damaged);
        }
        let Some(content) = rest.get(4..2 + len) else {
            return Some(Step::More);
        };
        self.trusted = self.at;
        self.at += 2 + len;
        if is_cut(content) {
            return Some(Step::Damaged);
        }
        if is_frame_header(code) {
            self.size = frame_size(content);
            self.flaw = self.size.and_then(|size| flaw(code, content, size));
            if self.size.is_none() || self.flaw.is_some() {
                return Some(Step::Damaged);
            }
        }
        // Only sequential pictures have typical tables.
        self.has_tables |= code == DHT || code == PROGRESSIVE;
        if code == SOS {
            self.in_coded_data = true;
            self.has_scan = true;
        }
        None
    }

    fn complete(&self) -> Step {
        match self.size {
            Some((width, height)) if self.has_scan => Step::Complete { len: self.at + 2, width, height },
            _ => Step::Damaged,
        }
    }
}

/// SOF0 to SOF15; the gaps are DHT, JPG and DAC.
fn is_frame_header(code: u8) -> bool {
    matches!(code, 0xc0..=0xcf) && !matches!(code, 0xc4 | 0xc8 | 0xcc)
}

fn flaw(code: u8, content: &[u8], (width, height): (u32, u32)) -> Option<Flaw> {
    let &[bits, _, _, _, _, colours, ..] = content else { return None };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Some(Flaw::TooLarge { width, height });
    }
    if bits != 8 || !(BASELINE..=PROGRESSIVE).contains(&code) {
        return Some(Flaw::Coding(code - BASELINE));
    }
    (colours != 1 && colours != 3).then_some(Flaw::Colours(colours))
}

/// Width and height from the content of an SOFn segment: precision, height, width, ...
fn frame_size(content: &[u8]) -> Option<(u32, u32)> {
    let &[_, h1, h0, w1, w0, ..] = content else {
        return None;
    };
    let width = u32::from(u16::from_be_bytes([w1, w0]));
    let height = u32::from(u16::from_be_bytes([h1, h0]));
    (width > 0 && height > 0).then_some((width, height))
}
