//! What a layout may say of a diffractometer, and what of it is wrong.

use brickwork_axes::{Axis, Camera, Chain};
use brickwork_sdk::ConfigProblem;
use brickwork_sdk::interfaces::outside;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Clicks or pictures of one centring.
const COUNTS: (f64, f64) = (2.0, 20.0);
/// Turns between them, in degrees.
const STEPS_DEG: (f64, f64) = (5.0, 180.0);
const SCALES: (f64, f64) = (0.01, 100.0);

/// One position of the zoom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Zoom {
    /// The zoom's own name of it.
    pub name: String,
    /// Um at the sample for one pixel, to the right and downwards.
    pub um_per_pixel: (f64, f64),
    /// The pixel that the beam goes through; without it, the middle of the picture.
    pub beam: Option<(f64, f64)>,
    /// Width and height of the beam, in um, where another aperture goes with this position; without it, `beam_size_um`.
    pub beam_size_um: Option<(f64, f64)>,
}

/// How often a centring looks, and how far it turns in between.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Looks {
    /// How many clicks or pictures.
    pub count: u32,
    /// Degrees of omega between two.
    pub step_deg: f64,
}

impl Default for Looks {
    fn default() -> Self {
        Self { count: 3, step_deg: 90.0 }
    }
}

/// What a layout may say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The axes from the floor to the sample, each named by its role. Those whose role is left open are left out.
    pub axes: Vec<Axis>,
    /// What goes to the right and what goes down in the picture.
    pub camera: Camera,
    /// Roles that a centring does not move, such as phiz where the spindle was aligned with the beam.
    pub fixed: Vec<String>,
    /// Width and height in pixels of the picture that `zooms` were calibrated for. A picture of another size and the
    /// same proportions is converted; with one of other proportions nothing is clicked, drawn or centred.
    pub picture: (u16, u16),
    /// The positions of the zoom, in pixels of `picture`; without a zoom the first one counts.
    pub zooms: Vec<Zoom>,
    /// Width and height of the beam, in um.
    pub beam_size_um: (f64, f64),
    /// The standard error of a click, in um, as it is assumed.
    pub click_error_um: f64,
    /// A centring by clicks.
    pub clicks: Looks,
    /// A centring by itself.
    pub search: Looks,
}

impl Default for Config {
    fn default() -> Self {
        let scales = [("1", 2.5), ("2", 1.7), ("3", 1.2), ("4", 0.8), ("5", 0.55), ("6", 0.4)];
        let zoom =
            |(name, scale): (&str, f64)| Zoom { name: name.into(), um_per_pixel: (scale, scale), ..Zoom::default() };
        Self {
            axes: Chain::standard().axes().to_vec(),
            camera: Camera::default(),
            fixed: Vec::new(),
            picture: (1280, 1024),
            zooms: scales.map(zoom).to_vec(),
            beam_size_um: (50.0, 50.0),
            click_error_um: 2.0,
            clicks: Looks::default(),
            search: Looks { count: 4, step_deg: 60.0 },
        }
    }
}

impl Config {
    /// All that is wrong with it; `roles` are those that an axis may have.
    pub fn problems(&self, roles: &[&str]) -> Vec<ConfigProblem> {
        let chain = Chain::new(self.axes.clone(), self.camera).err();
        let chain = chain.map(|error| ConfigProblem::at("axes", error.to_string()));
        let unknown = self.axes.iter().enumerate().filter(|(_, axis)| !roles.contains(&axis.role.as_str()));
        let unknown = unknown.map(|(at, axis)| {
            let words = format!("{:?} is no role of an axis, which are {}", axis.role, roles.join(", "));
            ConfigProblem::at(format!("axes[{at}]"), words)
        });
        let fixed = self.fixed.iter().enumerate().filter(|(_, role)| !self.axes.iter().any(|axis| axis.role == **role));
        let fixed =
            fixed.map(|(at, role)| ConfigProblem::at(format!("fixed[{at}]"), format!("there is no axis {role:?}")));
        let looks = [("clicks", self.clicks), ("search", self.search)].into_iter().flat_map(|(name, looks)| {
            let count = outside(f64::from(looks.count), COUNTS, "");
            let count = count.map(|why| ConfigProblem::at(format!("{name}.count"), why));
            let step = outside(looks.step_deg, STEPS_DEG, "deg");
            count.into_iter().chain(step.map(|why| ConfigProblem::at(format!("{name}.step_deg"), why)))
        });
        chain.into_iter().chain(unknown).chain(fixed).chain(looks).chain(self.problems_of_picture()).collect()
    }

    fn problems_of_picture(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        if self.picture.0 == 0 || self.picture.1 == 0 {
            found.push(ConfigProblem::at("picture", "a picture has at least one pixel to each side"));
        }
        if self.zooms.is_empty() {
            found.push(ConfigProblem::at("zooms", "one position at least has to tell how large a pixel is"));
        }
        for (at, zoom) in self.zooms.iter().enumerate() {
            let is_size = zoom.beam_size_um.is_none_or(|(width, height)| is_size(width.min(height)));
            let wrong = || ConfigProblem::at(format!("zooms[{at}].beam_size_um"), "a beam has a size above 0 um");
            found.extend((!is_size).then(wrong));
            for scale in [zoom.um_per_pixel.0, zoom.um_per_pixel.1] {
                let wrong = outside(scale, SCALES, "um per pixel");
                found.extend(wrong.map(|why| ConfigProblem::at(format!("zooms[{at}].um_per_pixel"), why)));
            }
        }
        for (name, number) in
            [("beam_size_um", self.beam_size_um.0.min(self.beam_size_um.1)), ("click_error_um", self.click_error_um)]
        {
            found
                .extend((!is_size(number)).then(|| ConfigProblem::at(name, format!("{number} is no size above 0 um"))));
        }
        found
    }
}

fn is_size(um: f64) -> bool {
    um.is_finite() && um > 0.0
}
