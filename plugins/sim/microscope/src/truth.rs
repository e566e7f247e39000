//! What no camera knows and a simulator does: where the sample truly is in a picture. Tests compare with it what was
//! found.

use brickwork_axes::Seen;

use crate::axes::Optics;
use crate::sample::Sample;
use crate::shape::Place;
use crate::view::{Part, View};

/// Where the sample truly is in one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// The point to be centred: the middle of the crystal, or of a loop without one; nothing on a bare pin.
    pub point: Option<Mark>,
    /// The outline of the loop, if there is one.
    pub outline: Option<Outline>,
}

/// A point of the sample in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// In pixels from the left and from the top.
    pub pixel: (f64, f64),
    /// In um from where the optical axis crosses the picture, and how deep.
    pub seen: Seen,
}

/// The outline of a loop: an ellipse in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline(Place);

impl Truth {
    pub(crate) fn new(sample: &Sample, view: &View, optics: Optics) -> Self {
        let mark = |part: Part| Mark { pixel: optics.pixel(part.seen), seen: part.seen };
        let outline = || {
            let middle = view.part(sample.loop_from_crystal);
            Outline(view.disc(&middle, sample.loop_half))
        };
        Self {
            point: sample.point().map(|point| mark(view.on_head(point))),
            outline: sample.mounted.has_loop().then(outline),
        }
    }
}

impl Outline {
    /// Its middle, in pixels from the left and from the top.
    pub fn middle(&self) -> (f64, f64) {
        (self.0.middle.0.into(), self.0.middle.1.into())
    }

    /// Half its length and half its width, in pixels.
    pub fn half(&self) -> (f64, f64) {
        (self.0.half.0.into(), self.0.half.1.into())
    }

    /// Whether a pixel lies in it.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        let ((u, v), (a, b)) = (self.0.local(x as f32, y as f32), self.0.half);
        (u / a).powi(2) + (v / b).powi(2) <= 1.0
    }

    /// The corners of its box: left, top, right and bottom in pixels.
    pub fn bounds(&self) -> [f64; 4] {
        let ((left, top), (right, bottom)) = self.0.box_of_ellipse();
        [left, top, right, bottom].map(f64::from)
    }
}
