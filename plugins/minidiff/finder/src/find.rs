//! From a picture to the loop in it: the steps of the search, in order, and what it answers. `minidiff` calls `find` at
//! each angle of automatic centring; nothing here moves a motor or remembers a picture.

use crate::background::{Contrast, contrast};
use crate::mask::{Mask, Piece};
use crate::outline::{Evidence, Loop, Outline};
use crate::picture::Picture;
use crate::plane::Plane;

/// The search works on a picture with about so many pixels along its longer side.
const WORKING_PIXELS: usize = 420;
/// A smaller picture than this, in working pixels, shows nothing.
const SMALLEST: usize = 24;
/// A sample stands out from its background by so many grey levels,
const LEAST_CONTRAST: f32 = 14.0;
/// and by so many times the noise.
const LEAST_SIGMAS: f32 = 5.0;
/// A pixel belongs to the sample if it has this share of the full contrast,
const LOW_SHARE: f32 = 0.13;
/// (what is brighter than the background where most is darker, or the other way round, needs more)
const OTHER_TIMES: f32 = 2.0;
/// and if others that are connected to it have this one.
const HIGH_SHARE: f32 = 0.4;
/// What reaches into the picture by less than this share of its shorter side is dust or frost at the edge.
const LEAST_REACH: f64 = 0.1;
/// What begins away from the border has at least this share of the shorter side,
const LEAST_LENGTH: f64 = 0.3;
/// and at most this share of the picture lies between.
const LARGEST_GAP: f64 = 0.15;
/// The tip is taken this share of the longer side before the last pixel.
const TIP_SHARE: f64 = 0.02;

/// A side of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
}

/// A box in pixels of the picture, from its upper left corner; x goes to the right and y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The smallest x.
    pub left: f64,
    /// The smallest y.
    pub top: f64,
    /// The largest x.
    pub right: f64,
    /// The largest y.
    pub bottom: f64,
}

/// What a site knows beforehand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The side from which pins enter. Without it the search decides for each picture.
    pub enters_from: Option<Side>,
}

/// A loop, in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The middle of the end of the loop, a little before its last pixel: x and y.
    pub tip: (f64, f64),
    /// The point to be centred, the middle of loop and crystal: x and y. It lies on the loop.
    pub centre: (f64, f64),
    /// The box around the loop, without its stem.
    pub bounds: Area,
    /// How sure this is, 0 to 1: from contrast and from how clearly the loop is wider than its stem.
    pub confidence: f64,
    /// Where the pin enters the picture.
    pub entered_from: Side,
    /// The loop reaches out of the picture, so that its middle is the middle of what is seen.
    pub is_cut: bool,
}

impl Side {
    const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Top, Self::Bottom];

    /// Whether at most `gap`, a share of the picture, lies between the piece and this side.
    fn is_near(self, piece: &Piece, gap: f64, width: usize, height: usize) -> bool {
        let (between, length) = match self {
            Self::Left => (piece.columns.start, width),
            Self::Right => (width - piece.columns.end, width),
            Self::Top => (piece.rows.start, height),
            Self::Bottom => (height - piece.rows.end, height),
        };
        between as f64 <= gap * length as f64
    }
}

/// How working pixels lie in the picture.
#[derive(Clone, Copy)]
struct Grid {
    step: usize,
    margin: usize,
    width: usize,
    height: usize,
}

/// Finds the loop. `None` when there is none: an empty or dark picture, dust, a pin without a loop.
pub fn find(picture: Picture<'_>, options: &Options) -> Option<Found> {
    let long = picture.width().max(picture.height());
    let step = ((long as f64 / WORKING_PIXELS as f64).round() as usize).max(1);
    let margin = if step > 1 { step } else { 0 };
    let plane = Plane::of_picture(&picture, step, margin);
    if plane.width.min(plane.height) < SMALLEST {
        return None;
    }
    let grid = Grid { step, margin, width: plane.width, height: plane.height };
    let contrast = contrast(&plane);
    if contrast.full < LEAST_CONTRAST.max(LEAST_SIGMAS * contrast.noise) {
        return None;
    }
    let pieces = pieces(&contrast);
    let (piece, gap) = sample(&pieces, &contrast)?;
    entering(piece, gap, grid, options)
        .into_iter()
        .filter_map(|side| found(piece, &contrast, side, grid))
        .max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

/// The pieces that stand out.
fn pieces(contrast: &Contrast) -> Vec<Piece> {
    let (width, height) = (contrast.plane.width, contrast.plane.height);
    let low = (LOW_SHARE * contrast.full).max(4.0 * contrast.noise);
    let high = (HIGH_SHARE * contrast.full).max(LEAST_CONTRAST);
    let values = &contrast.plane.values;
    // Beside a dark sample the light may be bent, and beside a bright one the background is never quite right.
    let other = OTHER_TIMES * low;
    let (below, above) = if is_darker(&contrast.plane, low) { (low, other) } else { (other, low) };
    let mask = Mask::of(width, height, values.iter().map(|value| *value < -below || *value > above));
    let mut pieces = mask.closed(2).filled().pieces();
    pieces.retain(|piece| piece.pixels.iter().any(|index| values[*index].abs() > high));
    pieces
}

/// The largest piece that reaches in from the border, and the share of the picture that may lie between. A pin may be
/// lost in dark corners: then a long piece that begins near the border will do.
fn sample<'a>(pieces: &'a [Piece], contrast: &Contrast) -> Option<(&'a Piece, f64)> {
    let (width, height) = (contrast.plane.width, contrast.plane.height);
    let shorter = width.min(height) as f64;
    let largest = |reach: f64, gap: f64| {
        let long = pieces.iter().filter(|piece| piece.columns.len().max(piece.rows.len()) as f64 >= reach * shorter);
        let near = long.filter(|piece| Side::ALL.iter().any(|side| side.is_near(piece, gap, width, height)));
        near.max_by_key(|piece| piece.pixels.len()).map(|piece| (piece, gap))
    };
    largest(LEAST_REACH, 0.0).or_else(|| largest(LEAST_LENGTH, LARGEST_GAP))
}

/// Whether most of what stands out is darker than the background.
fn is_darker(plane: &Plane, low: f32) -> bool {
    plane.values.iter().filter(|value| value.abs() > low).sum::<f32>() < 0.0
}

/// The sides from which the piece may enter: all that it comes near, unless the site knows.
fn entering(piece: &Piece, gap: f64, grid: Grid, options: &Options) -> Vec<Side> {
    let allowed = |side: &Side| options.enters_from.is_none_or(|known| known == *side);
    let near = |side: &Side| side.is_near(piece, gap, grid.width, grid.height);
    Side::ALL.into_iter().filter(allowed).filter(near).collect()
}

fn found(piece: &Piece, contrast: &Contrast, side: Side, grid: Grid) -> Option<Found> {
    let outline = Outline::new(piece, side, grid.width, grid.height)?;
    let shorter = grid.width.min(grid.height) as f64;
    if (outline.reach() as f64) < LEAST_REACH * shorter {
        return None;
    }
    let end = (TIP_SHARE * grid.width.max(grid.height) as f64).round() as usize;
    let found = outline.find_loop(end)?;
    let corners = [
        grid.picture_from((found.along.start as f64 - 0.5, found.across.start as f64 - 0.5), side),
        grid.picture_from((found.along.end as f64 - 0.5, found.across.end as f64 - 0.5), side),
    ];
    let bounds = Area {
        left: corners[0].0.min(corners[1].0),
        top: corners[0].1.min(corners[1].1),
        right: corners[0].0.max(corners[1].0),
        bottom: corners[0].1.max(corners[1].1),
    };
    Some(Found {
        tip: grid.picture_from(found.tip, side),
        centre: grid.picture_from(found.centre, side),
        bounds,
        confidence: confidence(&found, contrast),
        entered_from: side,
        is_cut: grid.cuts(&found, side),
    })
}

fn confidence(found: &Loop, contrast: &Contrast) -> f64 {
    let shape = match found.evidence {
        Evidence::Widening(times) => 1.0 - 0.5 / (times - 0.25),
        Evidence::Stem => 0.4,
        Evidence::Bend => 0.25,
    };
    let sigmas = f64::from(contrast.full / (4.0 * contrast.noise).max(LEAST_CONTRAST));
    shape * (1.0 - 0.5 / sigmas.max(1.0))
}

impl Grid {
    /// The place in the picture of one along and across.
    fn picture_from(self, (along, across): (f64, f64), side: Side) -> (f64, f64) {
        let (right, bottom) = ((self.width - 1) as f64, (self.height - 1) as f64);
        let (x, y) = match side {
            Side::Left => (along, across),
            Side::Right => (right - along, across),
            Side::Top => (across, along),
            Side::Bottom => (across, bottom - along),
        };
        let place = |at: f64| self.margin as f64 + (at + 0.5) * self.step as f64 - 0.5;
        (place(x), place(y))
    }

    /// Whether the loop reaches another side than the one where it enters.
    fn cuts(self, found: &Loop, side: Side) -> bool {
        let (long, wide) = if matches!(side, Side::Left | Side::Right) {
            (self.width, self.height)
        } else {
            (self.height, self.width)
        };
        found.along.end == long || found.across.start == 0 || found.across.end == wide
    }
}
