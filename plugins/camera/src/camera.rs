//! The two kinds of camera: `camera.mjpeg`, which follows a stream, and `camera.stills`, which asks for picture after
//! picture. Both are a source with its own settings, and nothing else.

use brickwork_sdk::interfaces::camera::Serve;
use brickwork_sdk::{ConfigProblem, HardwareObject, ObjectContext, Result};

use crate::config::{MjpegConfig, Settings, StillsConfig};
use crate::source::Source;

/// A camera behind an MJPEG server.
pub struct MjpegCamera {
    source: Source,
}

impl Serve for MjpegCamera {}

impl HardwareObject for MjpegCamera {
    const KIND: &'static str = "camera.mjpeg";
    const HELP: &'static str = "A camera whose pictures come as MJPEG or as JPEG stills over HTTP.";
    type Config = MjpegConfig;

    fn check(config: &MjpegConfig) -> Vec<ConfigProblem> {
        Settings::from(config.clone()).problems()
    }

    fn new(config: MjpegConfig, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { source: Source::new(config.into(), ctx)? })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.source.run(ctx).await
    }
}

/// A camera that answers each request with one picture.
pub struct StillsCamera {
    source: Source,
}

impl Serve for StillsCamera {}

impl HardwareObject for StillsCamera {
    const KIND: &'static str = "camera.stills";
    const HELP: &'static str = "A camera that is asked over HTTP for one JPEG picture after the other, as Axis has it.";
    type Config = StillsConfig;

    fn check(config: &StillsConfig) -> Vec<ConfigProblem> {
        Settings::from(config.clone()).problems()
    }

    fn new(config: StillsConfig, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { source: Source::new(config.into(), ctx)? })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.source.run(ctx).await
    }
}
