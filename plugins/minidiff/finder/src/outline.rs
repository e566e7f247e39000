//! The outline of what reaches into the picture: how wide it is from where it enters to its tip, and where along it the
//! loop begins. `find` calls it with one connected piece. Places here are counted from the side where the piece enters
//! (`along`) and across it; it knows neither brightness nor the picture's own directions.

use std::ops::Range;

use crate::find::Side;
use crate::mask::{Mask, Piece};

/// Something is a loop when it is so many times as wide as its stem,
const WIDENING: f64 = 1.25;
/// and wider by so many pixels.
const WIDENING_PIXELS: f64 = 2.5;
/// A loop begins where the stem has grown by this share of what the loop is wider.
const BEGIN_SHARE: f64 = 0.3;
/// Light often fails at the border; this many pixels there are no neck.
const ENTRY_PIXELS: usize = 8;
/// A loop does not get wider by more than this share of its width in one pixel.
const LARGEST_JUMP: f64 = 0.6;
/// What widens by less for each pixel until it leaves the picture is a pin.
const LEAVING_SLOPE: f64 = 0.3;
/// A stem without a loop ends at a pin that is so many times as wide.
const PIN_TIMES: f64 = 2.0;
/// It is at least so many times as long as it is wide,
const STEM_LENGTHS: f64 = 3.0;
/// and at least this share of the picture.
const STEM_LEAST: f64 = 0.04;
/// So much of a stem, from its tip, is where a loop seen from its edge is.
const EDGE_ON_SHARE: f64 = 0.4;
/// A pin is straight: what strays from a straight line by so many times its width is none.
const BENT_WIDTHS: f64 = 0.8;

/// One column: what it spans, and whether the picture ends there.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    low: usize,
    high: usize,
    is_cut: bool,
}

/// What says that there is a loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Evidence {
    /// Behind a neck it is so many times wider.
    Widening(f64),
    /// A thin stem on a thick pin.
    Stem,
    /// Too bent for a pin.
    Bend,
}

/// A loop on its stem.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Loop {
    /// Where it lies along.
    pub along: Range<usize>,
    /// Where it lies across.
    pub across: Range<usize>,
    /// The middle of its end, along and across.
    pub tip: (f64, f64),
    /// Its middle; always a place of the piece.
    pub centre: (f64, f64),
    /// Why it is one.
    pub evidence: Evidence,
}

/// A piece seen from the side where it enters.
pub(crate) struct Outline {
    filled: Mask,
    spans: Vec<Span>,
    widths: Vec<f64>,
}

impl Side {
    /// From a place in the picture to one along and across, and back; `width` and `height` are the picture's.
    pub(crate) fn turn(self, (x, y): (usize, usize), width: usize, height: usize) -> (usize, usize) {
        match self {
            Self::Left => (x, y),
            Self::Right => (width - 1 - x, y),
            Self::Top => (y, x),
            Self::Bottom => (height - 1 - y, x),
        }
    }
}

impl Outline {
    /// The piece as it enters from `side` of a picture of `width` x `height`. `None` if it has no pixel.
    pub fn new(piece: &Piece, side: Side, width: usize, height: usize) -> Option<Self> {
        let (long, wide) = if matches!(side, Side::Left | Side::Right) { (width, height) } else { (height, width) };
        let mut filled = Mask::new(long, wide);
        for index in &piece.pixels {
            let (along, across) = side.turn((index % width, index / width), width, height);
            filled.pixels[across * long + along] = true;
        }
        let mut spans: Vec<Option<Span>> = vec![None; long];
        for (across, row) in filled.pixels.chunks_exact(long).enumerate() {
            for (span, _) in spans.iter_mut().zip(row).filter(|(_, set)| **set) {
                let span = span.get_or_insert(Span { low: across, high: across + 1, is_cut: false });
                span.high = across + 1;
                span.is_cut = span.low == 0 || span.high == wide;
            }
        }
        // What is lost in the dark before the border is as wide as where it is seen first.
        let seen = spans.iter().position(Option::is_some)?;
        let first = spans[seen];
        spans[..seen].fill(first);
        let spans: Vec<Span> = spans.into_iter().map_while(|span| span).collect();
        let widths = smoothed(&spans);
        Some(Self { filled, spans, widths })
    }

    /// How far it reaches into the picture.
    pub fn reach(&self) -> usize {
        self.spans.len()
    }

    /// The loop at its end, if it is more than a pin. `end` is how far before its last pixel the tip is taken: the very
    /// last is often ice or a hair.
    pub fn find_loop(&self, end: usize) -> Option<Loop> {
        self.behind_neck(end).or_else(|| self.on_stem(end)).or_else(|| self.bent(end))
    }

    /// Behind the narrowest place towards the tip it is wider again.
    fn behind_neck(&self, end: usize) -> Option<Loop> {
        let mut widest = (self.reach() - 1, 0.0);
        let mut best: Option<(usize, usize)> = None;
        for neck in (ENTRY_PIXELS.min(self.reach() / 2)..self.reach()).rev() {
            let width = self.widths[neck];
            let is_narrower = best.is_none_or(|(best, _)| width < self.widths[best] - 0.5);
            if is_narrower && self.opens(neck, widest.0) {
                best = Some((neck, widest.0));
            }
            if width > widest.1 {
                widest = (neck, width);
            }
        }
        let (neck, widest) = best?;
        let from = self.begin(neck, widest);
        Some(self.looped(from, end, Evidence::Widening(self.widths[widest] / self.widths[neck])))
    }

    /// Whether it opens from a neck to its widest place as a loop does.
    fn opens(&self, neck: usize, widest: usize) -> bool {
        let (stem, width) = (self.widths[neck], self.widths[widest]);
        if self.spans[neck].is_cut || width < WIDENING * stem || width < stem + WIDENING_PIXELS {
            return false;
        }
        // Where one edge of a pin is lost in the dark, its width jumps; a loop opens over several pixels.
        let rise = self.widths[neck..=widest].windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        // What only grows until it leaves the picture is a pin that enters from there.
        let leaves = self.reach() == self.filled.width && widest + ENTRY_PIXELS > self.reach();
        let is_steep = width - stem > LEAVING_SLOPE * (widest - neck) as f64;
        rise < LARGEST_JUMP * (width - stem) + 4.0 && (!leaves || is_steep)
    }

    /// Where a loop begins.
    fn begin(&self, neck: usize, widest: usize) -> usize {
        let (stem, width) = (self.widths[neck], self.widths[widest]);
        let begins = stem + BEGIN_SHARE * (width - stem);
        (neck..widest).rev().find(|along| self.widths[*along] <= begins).unwrap_or(neck)
    }

    /// A loop seen from its edge is no wider than its stem; but then the stem ends at a pin that is much wider.
    fn on_stem(&self, end: usize) -> Option<Loop> {
        let (mut from, mut stem) = (self.reach() - 1, self.widths[self.reach() - 1]);
        while from > 0 && self.widths[from - 1] <= 1.4 * stem + 1.5 {
            from -= 1;
            stem = median(self.widths[from..].iter().copied())?;
        }
        let length = self.reach() - from;
        let is_pin = |along: &usize| {
            let width = self.widths[*along];
            width > PIN_TIMES * stem && ((from - along) as f64) < 0.8 * width + 3.0
        };
        let is_long = length as f64 > (STEM_LENGTHS * stem).max(STEM_LEAST * self.filled.width as f64);
        let thick = self.widths[..from].iter().filter(|width| **width > PIN_TIMES * stem).count();
        if !is_long || thick <= ENTRY_PIXELS || !(0..from).any(|along| is_pin(&along)) {
            return None;
        }
        let edge_on = (length as f64 * EDGE_ON_SHARE) as usize;
        Some(self.looped(self.reach() - edge_on.max(1), end, Evidence::Stem))
    }

    /// A pin is straight.
    fn bent(&self, end: usize) -> Option<Loop> {
        let width = median(self.widths.iter().copied())?;
        let (first, last) = (self.reach() / 20, self.reach() * 19 / 20);
        let chord = |along: usize| {
            let share = (along - first) as f64 / (last - first).max(1) as f64;
            self.middle(first) + share * (self.middle(last) - self.middle(first))
        };
        let strays = (first..=last.min(self.reach() - 1)).map(|along| (self.middle(along) - chord(along)).abs());
        let most = strays.fold(0.0, f64::max);
        let is_cut = self.spans[first..last].iter().any(|span| span.is_cut);
        if is_cut || most < BENT_WIDTHS * width || most < 3.0 {
            return None;
        }
        let edge_on = (self.reach() as f64 * EDGE_ON_SHARE) as usize;
        Some(self.looped(self.reach() - edge_on.max(1), end, Evidence::Bend))
    }

    fn looped(&self, from: usize, end: usize, evidence: Evidence) -> Loop {
        let spans = &self.spans[from..];
        let low = spans.iter().map(|span| span.low).min().unwrap_or_default();
        let high = spans.iter().map(|span| span.high).max().unwrap_or_default();
        let tip = self.reach() - 1 - end.min(spans.len() / 2);
        Loop {
            along: from..self.reach(),
            across: low..high,
            tip: (tip as f64, self.middle(tip)),
            centre: self.centre(from),
            evidence,
        }
    }

    /// The middle of all between the outermost pixels from `from` on; where it lies beside a bent loop, the middle of
    /// the column there.
    fn centre(&self, from: usize) -> (f64, f64) {
        let (mut sum, mut along_sum, mut across_sum) = (0.0, 0.0, 0.0);
        for (along, span) in self.spans.iter().enumerate().skip(from) {
            let width = (span.high - span.low) as f64;
            sum += width;
            along_sum += width * along as f64;
            across_sum += width * self.middle(along);
        }
        let (along, across) = (along_sum / sum, across_sum / sum);
        let column = along.round() as usize;
        let is_inside = self.filled.is_set(column, across.round() as usize);
        (along, if is_inside { across } else { self.middle(column) })
    }

    fn middle(&self, along: usize) -> f64 {
        0.5 * (self.spans[along].low + self.spans[along].high - 1) as f64
    }
}

/// The widths, each the median of five: a pixel of ice is no neck.
fn smoothed(spans: &[Span]) -> Vec<f64> {
    let width = |span: &Span| (span.high - span.low) as f64;
    let near = |along: usize| &spans[along.saturating_sub(2)..(along + 3).min(spans.len())];
    (0..spans.len()).map(|along| median(near(along).iter().map(width)).unwrap_or_default()).collect()
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}
