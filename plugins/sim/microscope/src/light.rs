//! The lights of the simulated microscope, and which greys they give to the parts of a picture.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much light there is, each from 0 (off) to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lights {
    /// The light at the microscope.
    pub front: f32,
    /// The light behind the sample.
    pub back: f32,
}

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Look {
    /// Clear and even, as a drawing: for demonstrations.
    #[default]
    Plain,
    /// As real microscopes see it: uneven light, a thick frosted pin, a silhouette before the back light, a lit sample
    /// on black before the front light, and the noise of a sensor.
    Lifelike,
}

/// The grey levels of one light, 0 to 255; a grey picture is drawn and encoded in half the time of a coloured one.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// What is behind the sample.
    pub background: f32,
    /// How much darker the corners are.
    pub vignette: f32,
    /// The metal of the pin.
    pub pin: f32,
    /// The loop and what holds it.
    pub fibre: f32,
    /// What fills the loop.
    pub liquor: f32,
    /// The crystal: in a plain picture the darkest of all that is seen.
    pub crystal: f32,
    /// The middle of the crystal.
    pub face: f32,
    /// The edges of the crystal.
    pub edge: f32,
    /// Ice on the sample.
    pub ice: f32,
}

/// One row for no light, the front light, the back light and both, in the order of the fields of [`Palette`].
type Table = [[f32; 9]; 4];

const PLAIN: Table = [
    [9.0, 5.0, 5.0, 6.0, 10.0, 2.0, 2.5, 1.0, 12.0],
    [208.0, 70.0, 112.0, 122.0, 226.0, 62.0, 77.5, 40.0, 238.0],
    [246.0, 16.0, 48.0, 66.0, 214.0, 14.0, 17.5, 8.0, 120.0],
    [250.0, 24.0, 84.0, 100.0, 236.0, 44.0, 55.0, 28.0, 200.0],
];
const LIFELIKE: Table = [
    [5.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 4.0, 5.0],
    [24.0, 10.0, 118.0, 150.0, 52.0, 122.0, 205.0, 240.0, 226.0],
    [252.0, 190.0, 12.0, 30.0, 150.0, 64.0, 176.0, 14.0, 70.0],
    [252.0, 140.0, 62.0, 74.0, 170.0, 96.0, 206.0, 40.0, 150.0],
];

impl Lights {
    /// The light behind the sample alone.
    pub const BACK: Self = Self { front: 0.0, back: 1.0 };
    /// The light at the microscope alone.
    pub const FRONT: Self = Self { front: 1.0, back: 0.0 };
    /// All that there is.
    pub const BOTH: Self = Self { front: 1.0, back: 1.0 };

    pub(crate) fn palette(self, look: Look) -> Palette {
        let [dark, front, back, both] = match look {
            Look::Plain => PLAIN,
            Look::Lifelike => LIFELIKE,
        };
        let (f, b) = (self.front.clamp(0.0, 1.0), self.back.clamp(0.0, 1.0));
        let level = |index: usize| {
            let (without, with) =
                (dark[index] * (1.0 - f) + front[index] * f, back[index] * (1.0 - f) + both[index] * f);
            without * (1.0 - b) + with * b
        };
        let [background, vignette, pin, fibre, liquor, crystal, face, edge, ice] = std::array::from_fn(level);
        Palette { background, vignette, pin, fibre, liquor, crystal, face, edge, ice }
    }
}

impl Palette {
    /// What can be read on the background.
    pub fn ink(&self) -> u8 {
        if self.background < 100.0 { 150 } else { 44 }
    }
}
