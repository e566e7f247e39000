//! `sim.camera`: a microscope that sees the sample where the motors in its roles have brought it.

use std::sync::Arc;
use std::time::Duration;

use brickwork_sdk::interfaces::{camera, outside};
use brickwork_sdk::{ConfigProblem, Error, Frame, HardwareObject, ObjectContext, PixelFormat, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::picture::{Painter, Scene};
use crate::sample::{Mounted, Sample};
use crate::stage::{Stage, Zooms};

const SCALES: (f64, f64) = (0.01, 100.0);
const OFFSETS_UM: (f64, f64) = (-5000.0, 5000.0);

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Width and height in pixels.
    size: (u16, u16),
    /// Pictures per second; 0 for none at all.
    rate: f64,
    /// The same seed gives the same pictures.
    seed: u64,
    /// The middle of the crystal on the goniometer head at omega 0, in um from where the axis crosses the view: along
    /// the axis, across it, along the view. To centre it, phiy is set to minus the first, sampy to minus the second,
    /// sampx to minus the third.
    sample: Point,
    /// What is mounted: Loop, Needle, Empty (a loop with nothing in it), Ice, Pin (without a loop) or Nothing.
    mounted: Mounted,
    /// The side of a pixel at the sample, in um; without a zoom, and before its position is known.
    um_per_pixel: f64,
    /// The name of each position of the zoom, and its um per pixel.
    zooms: Zooms,
    /// Where the motor `focus` stands when the rotation axis is sharp, in um.
    sharp_at_um: f64,
}

impl Default for Config {
    fn default() -> Self {
        let scales = [("1", 2.5), ("2", 1.7), ("3", 1.2), ("4", 0.8), ("5", 0.55), ("6", 0.4)];
        Self {
            size: (1280, 1024),
            rate: 25.0,
            seed: 1,
            sample: (-80.0, 110.0, -140.0),
            mounted: Mounted::default(),
            um_per_pixel: 1.2,
            zooms: scales.map(|(name, scale)| (name.to_owned(), scale)).to_vec(),
            sharp_at_um: 0.0,
        }
    }
}

impl Config {
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

    fn problems_of_zooms(&self) -> impl Iterator<Item = ConfigProblem> {
        let wrong = |(index, (name, scale)): (usize, &(String, f64))| {
            let twice = self.zooms[..index].iter().any(|(other, _)| other == name);
            let message =
                if twice { format!("{name:?} is there twice") } else { outside(*scale, SCALES, "um per pixel")? };
            Some(ConfigProblem::at(format!("zooms[{index}]"), message))
        };
        let empty = self.zooms.is_empty().then(|| ConfigProblem::at("zooms", "a zoom has one position or more"));
        empty.into_iter().chain(self.zooms.iter().enumerate().filter_map(wrong))
    }
}

/// One simulated microscope.
pub struct SimCamera {
    config: Config,
    channels: camera::Channels,
    stage: Stage,
}

impl HardwareObject for SimCamera {
    const KIND: &'static str = "sim.camera";
    const HELP: &'static str =
        "A simulated microscope: pin, loop and crystal where the motors in its roles bring them.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        Stage::roles()
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let rate = (!(0.0..=100.0).contains(&config.rate))
            .then(|| ConfigProblem::at("rate", format!("{} is not a rate from 0 to 100 Hz", config.rate)));
        let scale = outside(config.um_per_pixel, SCALES, "um").map(|why| ConfigProblem::at("um_per_pixel", why));
        let finite = config.sharp_at_um.is_finite();
        let sharp = (!finite).then(|| ConfigProblem::at("sharp_at_um", "it is not a position"));
        let single = [config.problems_of_size(), rate, scale, sharp];
        let single = single.into_iter().flatten();
        single.chain(config.problems_of_sample()).chain(config.problems_of_zooms()).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let stage = Stage::new(ctx, config.um_per_pixel, config.zooms.clone(), config.sharp_at_um);
        Ok(Self { config, channels: camera::Channels::new(ctx), stage })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        let Config { size, rate, seed, sample, mounted, .. } = self.config;
        self.stage.scene()?;
        ctx.live();
        self.channels.rate.publish(rate);
        if rate <= 0.0 {
            return std::future::pending().await;
        }
        let painter = Arc::new(Painter::new(size, seed, Sample { at: sample, mounted }));
        let mut shown: Option<(Scene, Frame)> = None;
        let mut next_secs = ctx.clock().now_secs();
        loop {
            let scene = self.stage.scene()?;
            let (drawn, frame) = match shown.take() {
                Some(same) if same.0.looks_like(&scene) => same,
                _ => (scene, draw(painter.clone(), size, scene).await?),
            };
            self.channels.frame.publish(frame.clone());
            shown = Some((drawn, frame));
            let now_secs = ctx.clock().now_secs();
            next_secs = (next_secs + 1.0 / rate).max(now_secs);
            ctx.clock().sleep(Duration::from_secs_f64(next_secs - now_secs)).await;
        }
    }
}

impl camera::Serve for SimCamera {}

/// Computes beside the thread on which every object of this plugin lives.
async fn draw(painter: Arc<Painter>, (width, height): (u16, u16), scene: Scene) -> Result<Frame> {
    let drawn = tokio::task::spawn_blocking(move || painter.jpeg(&scene)).await;
    let data = drawn.map_err(|error| Error::failed(error.to_string()))?.into();
    Ok(Frame { width: width.into(), height: height.into(), format: PixelFormat::Jpeg, data })
}
