//! `sim.camera`: a microscope that sees the sample where the motors in its roles have brought it.

use std::sync::Arc;
use std::time::Duration;

use brickwork_microscope::{Microscope, Picture, Scene, SceneError};
use brickwork_sdk::interfaces::camera;
use brickwork_sdk::{ConfigProblem, Error, Frame, HardwareObject, ObjectContext, PixelFormat, Result, Role};
use jpeg_encoder::{ColorType, Encoder};

use crate::faults::{Faults, Faulty};
use crate::optics::Config;
use crate::stage::Stage;
use crate::truth::{SimulatedTruth, sim_truth};

/// JPEG quality: no visible blocks, about 50 kB at 1280x1024.
const QUALITY: u8 = 80;

/// How often a camera that stands still is looked at.
const STALLED: Duration = Duration::from_millis(100);

/// One simulated microscope.
pub struct SimCamera {
    config: Config,
    channels: camera::Channels,
    truth: sim_truth::Channels,
    stage: Stage,
    faults: Faults,
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
        config.problems()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let stage = Stage::new(ctx, config.um_per_pixel, config.zooms.clone(), config.sharp_at_um);
        let (channels, truth) = (camera::Channels::new(ctx), sim_truth::Channels::new(ctx));
        Ok(Self { config, channels, truth, stage, faults: Faults::default() })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.faults.reach(ctx.clock())?;
        tokio::select! {
            error = self.faults.lost(ctx.clock()) => Err(error),
            shown = self.show(ctx) => shown,
        }
    }
}

impl SimCamera {
    /// Publishes pictures for as long as nothing is wrong.
    async fn show(&self, ctx: &ObjectContext) -> Result<()> {
        let rate = self.config.rate;
        let setup = self.config.setup()?;
        self.stage.scene()?;
        ctx.live();
        self.channels.rate.publish(rate);
        if rate <= 0.0 {
            return std::future::pending().await;
        }
        let microscope = Arc::new(Microscope::new(setup));
        let mut shown: Option<(Scene, Frame)> = None;
        let mut next_secs = ctx.clock().now_secs();
        loop {
            while self.faults.stalled() {
                ctx.clock().sleep(STALLED).await;
            }
            let scene = self.stage.scene()?;
            match shown.take() {
                Some((drawn, frame)) if drawn.looks_like(&scene) => {
                    self.channels.frame.publish(frame.clone());
                    shown = Some((drawn, frame));
                }
                _ => {
                    let frame = draw(microscope.clone(), scene).await?;
                    self.channels.frame.publish(frame.clone());
                    self.tell_truth(&microscope, &scene)?;
                    shown = Some((scene, frame));
                }
            }
            let now_secs = ctx.clock().now_secs();
            next_secs = (next_secs + 1.0 / rate).max(now_secs);
            ctx.clock().sleep(Duration::from_secs_f64(next_secs - now_secs)).await;
        }
    }

    /// Says where the sample is in the picture that has just been published: who hears it has a picture as new.
    fn tell_truth(&self, microscope: &Microscope, scene: &Scene) -> Result<()> {
        let truth = microscope.truth(scene).map_err(unplaced)?;
        let has_crystal = microscope.setup().sample.has_crystal();
        self.truth.truth.publish(SimulatedTruth::new(&truth, has_crystal));
        Ok(())
    }
}

impl Faulty for SimCamera {
    const NO_LIMIT: Option<&'static str> = Some("a camera has no limit switch: use stall, disconnect or panic");

    fn faults(&self) -> &Faults {
        &self.faults
    }

    fn publish_state(&self) {}
}

impl camera::Serve for SimCamera {}
impl sim_truth::Serve for SimCamera {}

/// Computes beside the thread on which every object of this plugin lives.
async fn draw(microscope: Arc<Microscope>, scene: Scene) -> Result<Frame> {
    let drawn = tokio::task::spawn_blocking(move || microscope.picture(&scene).map(|picture| frame(&picture))).await;
    drawn.map_err(|error| Error::failed(error.to_string()))?.map_err(unplaced)
}

fn unplaced(error: SceneError) -> Error {
    Error::failed(error.to_string())
}

/// The picture as a grey JPEG file.
pub(crate) fn frame(picture: &Picture) -> Frame {
    let (width, height) = picture.size;
    let mut file = Vec::with_capacity(picture.pixels.len() / 8);
    Encoder::new(&mut file, QUALITY)
        .encode(&picture.pixels, width, height, ColorType::Luma)
        .expect("the buffer fits the size, and memory takes every byte");
    Frame { width: width.into(), height: height.into(), format: PixelFormat::Jpeg, data: file.into() }
}
