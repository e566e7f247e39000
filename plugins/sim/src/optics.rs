//! What a layout may say of a simulated microscope, and the microscope that comes of it.

use brickwork_axes::ChainError;
use brickwork_microscope::{Axes, Goniometer, Look, Misaligned, Mounted, Point, Sample, Setup};
use brickwork_sdk::interfaces::outside;
use brickwork_sdk::{ConfigProblem, Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::zooms::{self, SCALES, Zooms};

const OFFSETS_UM: (f64, f64) = (-5000.0, 5000.0);

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// Pictures per second; 0 for none at all.
    pub rate: f64,
    /// The same seed gives the same pictures: it is that of the noise and of small grains of ice.
    pub seed: u64,
    /// How pictures are drawn: Plain or Lifelike.
    pub look: Look,
    /// The middle of the crystal on the goniometer head when all axes are at their datum, in um from where the axis crosses the
    /// view: along the axis, across it, along the view. To centre it, phiy is set to minus the first, sampy to minus
    /// the second, sampx to minus the third.
    pub sample: Point,
    /// What is mounted: Loop, Needle, OffCentre (a crystal far from the middle of its loop), Empty (a loop with nothing
    /// in it), Ice, Pin (without a loop) or Nothing.
    pub mounted: Mounted,
    /// Draws the place, the sizes and the tilt of the sample from this seed; `sample` then says nothing.
    pub sample_seed: Option<u64>,
    /// The side of a pixel at the sample, in um; without a zoom, and before its position is known.
    pub um_per_pixel: f64,
    /// The name of each position of the zoom, and its um per pixel.
    pub zooms: Zooms,
    /// Where the motor `focus` stands when the rotation axis is sharp, in um.
    pub sharp_at_um: f64,
    /// The goniometer: its axes from the floor to the sample. Their roles are among omega, kappa, kappa_phi, sampx,
    /// sampy, phiy and phiz. If not given, it is that of a MiniDiff with a minikappa on its head.
    pub goniometer: Goniometer,
    /// How its axes truly differ from what `goniometer` says.
    pub misaligned: Misaligned,
}

impl Default for Config {
    fn default() -> Self {
        let scales = [("1", 2.5), ("2", 1.7), ("3", 1.2), ("4", 0.8), ("5", 0.55), ("6", 0.4)];
        Self {
            size: (1280, 1024),
            rate: 25.0,
            seed: 1,
            look: Look::default(),
            sample: (-80.0, 110.0, -140.0),
            mounted: Mounted::default(),
            sample_seed: None,
            um_per_pixel: 1.2,
            zooms: scales.map(|(name, scale)| (name.to_owned(), scale)).to_vec(),
            sharp_at_um: 0.0,
            goniometer: Goniometer::default(),
            misaligned: Misaligned::default(),
        }
    }
}

impl Config {
    /// All that is wrong with it.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let rate = (!(0.0..=100.0).contains(&self.rate))
            .then(|| ConfigProblem::at("rate", format!("{} is not a rate from 0 to 100 Hz", self.rate)));
        let scale = outside(self.um_per_pixel, SCALES, "um").map(|why| ConfigProblem::at("um_per_pixel", why));
        let finite = self.sharp_at_um.is_finite();
        let sharp = (!finite).then(|| ConfigProblem::at("sharp_at_um", "it is not a position"));
        let single = [self.problems_of_size(), rate, scale, sharp].into_iter().flatten();
        let problems = single.chain(self.problems_of_sample()).chain(zooms::problems(&self.zooms));
        problems.chain(self.problems_of_goniometer()).chain(self.problems_of_misaligned()).collect()
    }

    /// The microscope that it describes.
    pub fn setup(&self) -> Result<Setup> {
        let refused = |error: ChainError| Error::failed(format!("`goniometer` is none: {error}"));
        let chain = self.misaligned.apply(&self.goniometer).and_then(|truly| truly.chain()).map_err(refused)?;
        let sample = match self.sample_seed {
            Some(seed) => Sample::random(self.mounted, seed),
            None => Sample::new(self.mounted, self.sample),
        };
        Ok(Setup { size: self.size, seed: self.seed, look: self.look, chain, sample })
    }

    fn problems_of_size(&self) -> Option<ConfigProblem> {
        let ((width, height), sides) = (self.size, 64..=4096);
        (!sides.contains(&width) || !sides.contains(&height))
            .then(|| ConfigProblem::at("size", format!("{width} x {height}: each side is from 64 to 4096 pixels")))
    }

    fn problems_of_sample(&self) -> impl Iterator<Item = ConfigProblem> {
        let (x, y, z) = self.sample;
        let outside = |(index, um)| Some(ConfigProblem::at(format!("sample[{index}]"), outside(um, OFFSETS_UM, "um")?));
        [x, y, z].into_iter().enumerate().filter_map(outside)
    }

    fn problems_of_goniometer(&self) -> impl Iterator<Item = ConfigProblem> {
        let chain = self.goniometer.chain().err().map(|error| ConfigProblem::at("goniometer", error.to_string()));
        let axes = self.goniometer.axes.iter().enumerate();
        let unknown = axes.filter(|(_, axis)| !axis.role.is_empty() && !Axes::ROLES.contains(&axis.role.as_str()));
        let unknown = unknown.map(|(index, axis)| {
            let known = Axes::ROLES.join(", ");
            let message = format!("this microscope has no role {:?} for it; it has {known}", axis.role);
            let choices = Axes::ROLES.map(str::to_owned).to_vec();
            ConfigProblem { choices, ..ConfigProblem::at(format!("goniometer.axes[{index}].role"), message) }
        });
        chain.into_iter().chain(unknown)
    }

    fn problems_of_misaligned(&self) -> impl Iterator<Item = ConfigProblem> {
        let (degrees, um) = Misaligned::LIMITS;
        let angles = self.misaligned.angles().map(|(name, value)| (name, outside(value, (-degrees, degrees), "deg")));
        let distances = self.misaligned.distances().map(|(name, value)| (name, outside(value, (-um, um), "um")));
        let wrong = |(name, why): (&str, Option<String>)| Some(ConfigProblem::at(format!("misaligned.{name}"), why?));
        angles.into_iter().chain(distances).filter_map(wrong)
    }
}
