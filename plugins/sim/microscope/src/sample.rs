//! What is mounted on the goniometer: a pin, a loop on a fibre, and what the loop holds, with all their sizes. It knows
//! neither motors nor pictures.

use nalgebra::{Rotation3, Vector3};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::axes::Point;
use crate::noise::Random;

/// The middle of the loop, from the crystal: it never lies quite in the middle.
const LOOP_FROM_CRYSTAL: Point = (30.0, -18.0, 0.0);
/// The same for a crystal that hangs at the end of the loop.
const LOOP_FROM_CRYSTAL_OFF_CENTRE: Point = (72.0, -46.0, 0.0);

/// What is mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Mounted {
    /// A loop with a crystal.
    #[default]
    Loop,
    /// A loop with a long thin crystal.
    Needle,
    /// A loop with a crystal far from its middle.
    OffCentre,
    /// A loop with nothing in it.
    Empty,
    /// A loop with a crystal under ice.
    Ice,
    /// A pin without a loop.
    Pin,
    /// Nothing at all.
    Nothing,
}

impl Mounted {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Loop, Self::Needle, Self::OffCentre, Self::Empty, Self::Ice, Self::Pin, Self::Nothing];

    /// Whether there is a loop.
    pub fn has_loop(self) -> bool {
        !matches!(self, Self::Pin | Self::Nothing)
    }

    /// Half the length of the crystal along the spindle, half its width and half its depth, in um.
    fn crystal(self) -> Option<[f64; 3]> {
        match self {
            Self::Loop | Self::Ice | Self::OffCentre => Some([55.0, 38.0, 26.0]),
            Self::Needle => Some([105.0, 13.0, 10.0]),
            Self::Empty | Self::Pin | Self::Nothing => None,
        }
    }
}

/// One sample. Lengths are in um; what is said to be "from the crystal" is given along the sample's own length, width
/// and depth, which `tilt` turns from those of the goniometer head.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub(crate) mounted: Mounted,
    /// The middle of the crystal on the goniometer head; where it would be, if there is none.
    pub(crate) at: Point,
    /// Half the length, the width and the depth of the crystal.
    pub(crate) crystal: Option<[f64; 3]>,
    /// Half the length and half the width of the loop.
    pub(crate) loop_half: (f64, f64),
    pub(crate) loop_from_crystal: Point,
    /// How far along the spindle the pin begins behind the crystal.
    pub(crate) pin_from_crystal: f64,
    /// The head from the sample.
    pub(crate) tilt: Rotation3<f64>,
}

impl Sample {
    /// One of the usual size, straight on its pin, with the middle of its crystal there.
    pub fn new(mounted: Mounted, at: Point) -> Self {
        let off_centre = mounted == Mounted::OffCentre;
        Self {
            mounted,
            at,
            crystal: mounted.crystal(),
            loop_half: (150.0, 105.0),
            loop_from_crystal: if off_centre { LOOP_FROM_CRYSTAL_OFF_CENTRE } else { LOOP_FROM_CRYSTAL },
            pin_from_crystal: 620.0,
            tilt: Rotation3::identity(),
        }
    }

    /// One whose place, sizes and tilt are drawn from a seed: the same seed gives the same sample. Its crystal is up to
    /// 260 um away from the spindle and as far along it, and always within its loop.
    pub fn random(mounted: Mounted, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut within = |low, high| random.between(low, high);
        let (distance, around) = (within(0.0, 260.0), within(0.0, 360.0f64).to_radians());
        let at = (within(-260.0, 260.0), distance * around.cos(), distance * around.sin());
        let long = within(90.0, 210.0);
        let loop_half = (long, long * within(0.55, 0.85));
        // How far out in the loop its crystal lies: at 1 on the fibre.
        let (out, beside) =
            if mounted == Mounted::OffCentre { (within(0.5, 0.65), 1.0) } else { (within(0.0, 0.3), 0.8) };
        let aside = within(-180.0, 180.0f64).to_radians();
        let loop_from_crystal = (-out * long * aside.cos(), -out * loop_half.1 * aside.sin(), 0.0);
        let size = within(0.7, 1.3) * long / 150.0 * beside;
        let angles = [within(-180.0, 180.0), within(-15.0, 15.0), within(-15.0, 15.0)].map(f64::to_radians);
        let usual = Self::new(mounted, at);
        Self {
            crystal: usual.crystal.map(|half| half.map(|side| side * size)),
            loop_half,
            loop_from_crystal,
            pin_from_crystal: within(520.0, 760.0),
            tilt: Rotation3::from_euler_angles(angles[0], angles[1], angles[2]),
            ..usual
        }
    }

    /// What it is.
    pub fn mounted(&self) -> Mounted {
        self.mounted
    }

    /// Whether a crystal is on it.
    pub fn has_crystal(&self) -> bool {
        self.crystal.is_some()
    }

    /// The point to be centred, on the goniometer head: the middle of the crystal, or of a loop without one.
    pub fn point(&self) -> Option<Point> {
        match self.crystal {
            Some(_) => Some(self.at),
            None => self.mounted.has_loop().then(|| self.on_head(self.loop_from_crystal)),
        }
    }

    /// The same without its crystal: what differs between the two pictures is the crystal.
    pub fn without_crystal(&self) -> Self {
        Self { crystal: None, ..self.clone() }
    }

    /// Where a point of the sample is on the head.
    pub(crate) fn on_head(&self, (x, y, z): Point) -> Point {
        let turned = self.tilt * Vector3::new(x, y, z);
        (self.at.0 + turned.x, self.at.1 + turned.y, self.at.2 + turned.z)
    }
}
