//! How the parts of a sample are seen when the motors stand somewhere: where, how large, how turned and how soft.
//! Drawing and the truth both ask it, so that they cannot differ.

use brickwork_axes::{Chain, Seen};
use nalgebra::{Matrix3, Vector3};

use crate::axes::{Optics, Point};
use crate::canvas::Paint;
use crate::microscope::Scene;
use crate::sample::Sample;
use crate::shape::{Place, Spot};

/// Half the width of a blurred edge for each um out of focus: the aperture of the lens.
const APERTURE: f64 = 0.06;
/// Pixels; what is blurred more is not told apart.
const SOFTEST: f64 = 48.0;
/// How thick the loop is, halved, in um.
const LOOP_DEPTH: f64 = 6.0;
/// The length over which the directions of the head are measured, in um: any will do.
const RULER: f64 = 1000.0;

/// Where every point of the head is seen while the axes stand still: turned and shifted. It costs less for each point
/// than the chain does.
struct Pose {
    turn: Matrix3<f64>,
    shift: Vector3<f64>,
}

impl Pose {
    fn new(chain: &Chain, positions: &[f64]) -> Self {
        let see = |point| {
            let Seen { x, y, depth } = chain.see(positions, point);
            Vector3::new(x, y, depth)
        };
        let shift = see([0.0; 3]);
        let column = |index: usize| {
            let mut point = [0.0; 3];
            point[index] = RULER;
            (see(point) - shift) / RULER
        };
        Self { turn: Matrix3::from_columns(&[column(0), column(1), column(2)]), shift }
    }

    fn see(&self, (x, y, z): Point) -> Seen {
        let seen = self.turn * Vector3::new(x, y, z) + self.shift;
        Seen { x: seen.x, y: seen.y, depth: seen.z }
    }
}

/// One sample as the microscope sees it.
pub struct View<'a> {
    sample: &'a Sample,
    pose: Pose,
    optics: Optics,
    focus_um: f64,
    /// What one um along the length, the width and the depth of the sample is in the picture, in um.
    axes: [[f64; 2]; 3],
}

/// How a part of the sample is seen: where, how large a um is, how soft its edges are.
pub struct Part {
    /// The pixel of its middle.
    pub spot: Spot,
    /// The same in um from where the optical axis crosses the picture.
    pub seen: Seen,
    pixels_per_um: f64,
    soft: f32,
}

impl Part {
    /// A length in pixels.
    pub fn pixels(&self, um: f64) -> f32 {
        (um * self.pixels_per_um) as f32
    }

    /// With edges as soft as it is out of focus.
    pub fn paint(&self, level: f32, cover: f32) -> Paint {
        Paint { level, cover, soft: self.soft }
    }

    /// A round thing about it, of which only the size matters; the radius is in um, its height a share of it.
    pub fn round(&self, radius: f64, height: f32) -> Place {
        let radius = self.pixels(radius);
        Place::upright(self.spot, (radius, height * radius))
    }

    /// A place about it; the half axes are in um.
    fn place(&self, (long, wide): (f64, f64), (cos, sin): (f64, f64)) -> Place {
        Place { middle: self.spot, half: (self.pixels(long), self.pixels(wide)), turn: (cos as f32, sin as f32) }
    }
}

impl<'a> View<'a> {
    /// Looks at a sample.
    pub fn new(sample: &'a Sample, chain: &Chain, scene: &Scene, size: (u16, u16)) -> Self {
        let pose = Pose::new(chain, &scene.axes.positions(chain));
        let optics = Optics { size, um_per_pixel: scene.um_per_pixel };
        let seen = pose.turn * sample.tilt.matrix();
        let axes = [0, 1, 2].map(|index| [seen[(0, index)], seen[(1, index)]]);
        Self { sample, pose, optics, focus_um: scene.axes.focus_um, axes }
    }

    /// A point of the sample, from its crystal.
    pub fn part(&self, from_crystal: Point) -> Part {
        self.on_head(self.sample.on_head(from_crystal))
    }

    /// A point of the goniometer head.
    pub fn on_head(&self, point: Point) -> Part {
        let seen = self.pose.see(point);
        let (x, y) = self.optics.pixel(seen);
        let pixels_per_um = 1.0 / self.optics.um_per_pixel;
        let blur_um = APERTURE * (seen.depth - self.focus_um).abs();
        let soft = (0.5 + blur_um * pixels_per_um).min(SOFTEST) as f32;
        Part { spot: (x as f32, y as f32), seen, pixels_per_um, soft }
    }

    /// A flat round thing with these half axes along the length and the width of the sample, about as thick as a fibre.
    pub fn disc(&self, part: &Part, (long, wide): (f64, f64)) -> Place {
        let [p, q, r] = self.spread([long - LOOP_DEPTH, wide - LOOP_DEPTH, 0.0]);
        // The axes of the ellipse x (p q; q r)^-1 x = 1.
        let (half, turn) = if q == 0.0 {
            ((p.sqrt(), r.sqrt()), (1.0, 0.0))
        } else {
            let (mean, apart) = ((p + r) / 2.0, ((p - r) / 2.0).hypot(q));
            let (sin, cos) = (0.5 * q.atan2((p - r) / 2.0)).sin_cos();
            (((mean + apart).sqrt(), (mean - apart).max(0.0).sqrt()), (cos, sin))
        };
        part.place((half.0 + LOOP_DEPTH, half.1 + LOOP_DEPTH), turn)
    }

    /// A body with these half axes along the length, the width and the depth of the sample; it points where its length
    /// does.
    pub fn block(&self, part: &Part, half: [f64; 3]) -> Place {
        let [x, y] = self.axes[0];
        let length = x.hypot(y);
        let (cos, sin) = if length > 1e-6 { (x / length, y / length) } else { (1.0, 0.0) };
        let [p, q, r] = self.spread(half);
        let reach = |(x, y): (f64, f64)| (p * x * x + 2.0 * q * x * y + r * y * y).max(0.0).sqrt();
        part.place((reach((cos, sin)), reach((-sin, cos))), (cos, sin))
    }

    /// How far an ellipsoid with these half axes reaches in the picture: the matrix (p q; q r) whose `sqrt(u M u)` is
    /// its reach in the direction u.
    fn spread(&self, half: [f64; 3]) -> [f64; 3] {
        let scaled = half.into_iter().zip(self.axes).map(|(half, [x, y])| (half * x, half * y));
        scaled.fold([0.0; 3], |[p, q, r], (x, y)| [p + x * x, q + x * y, r + y * y])
    }
}
