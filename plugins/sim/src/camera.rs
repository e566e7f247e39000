//! `sim.camera`: the picture of a sample, which turns with the motor in its role `omega`.

use std::sync::Arc;
use std::time::Duration;

use brickwork_sdk::interfaces::{camera, motor};
use brickwork_sdk::{ConfigProblem, Error, Frame, HardwareObject, ObjectContext, PixelFormat, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::picture::Painter;

/// Pictures of the same angle, in degrees, are the same picture.
const SAME_DEG: f64 = 0.05;

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
}

impl Default for Config {
    fn default() -> Self {
        Self { size: (1280, 1024), rate: 25.0, seed: 1 }
    }
}

/// One simulated microscope.
pub struct SimCamera {
    config: Config,
    channels: camera::Channels,
    omega: Option<motor::Motor>,
}

impl HardwareObject for SimCamera {
    const KIND: &'static str = "sim.camera";
    const HELP: &'static str = "A simulated microscope: a crystal in a loop that turns with the motor `omega`.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Role::optional("omega", motor::NAME)]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let (width, height) = config.size;
        let sides = 64..=4096;
        let size = (!sides.contains(&width) || !sides.contains(&height))
            .then(|| ConfigProblem::at("size", format!("{width} x {height}: each side is from 64 to 4096 pixels")));
        let rate = (!(0.0..=100.0).contains(&config.rate))
            .then(|| ConfigProblem::at("rate", format!("{} is not a rate from 0 to 100 Hz", config.rate)));
        size.into_iter().chain(rate).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let omega = motor::Motor::bind_optional(ctx, "omega");
        Ok(Self { config, channels: camera::Channels::new(ctx), omega })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        let Config { size, rate, seed } = self.config;
        ctx.live();
        self.channels.rate.publish(rate);
        if rate <= 0.0 {
            return std::future::pending().await;
        }
        let painter = Arc::new(blocking(move || Painter::new(size, seed)).await?);
        let mut shown: Option<(f64, Frame)> = None;
        let mut next_secs = ctx.clock().now_secs();
        loop {
            let angle_deg = self.omega.as_ref().and_then(|omega| omega.position().value()).unwrap_or(0.0);
            let (drawn_deg, frame) = match shown.take() {
                Some(same) if (same.0 - angle_deg).abs() < SAME_DEG => same,
                _ => (angle_deg, draw(painter.clone(), size, angle_deg).await?),
            };
            self.channels.frame.publish(frame.clone());
            shown = Some((drawn_deg, frame));
            let now_secs = ctx.clock().now_secs();
            next_secs = (next_secs + 1.0 / rate).max(now_secs);
            ctx.clock().sleep(Duration::from_secs_f64(next_secs - now_secs)).await;
        }
    }
}

impl camera::Serve for SimCamera {}

async fn draw(painter: Arc<Painter>, (width, height): (u16, u16), angle_deg: f64) -> Result<Frame> {
    let data = blocking(move || painter.jpeg(angle_deg)).await?.into();
    Ok(Frame { width: width.into(), height: height.into(), format: PixelFormat::Jpeg, data })
}

/// Computes beside the thread on which every object of this plugin lives.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::failed(error.to_string()))
}
