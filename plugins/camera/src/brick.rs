//! The brick that shows one camera: its picture, and below it how the camera does.

use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::view::{View, column, picture, row, space, state, value};
use brickwork_sdk::{Brick, BrickContext, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The live picture of one camera.
pub struct CameraView {
    title: String,
    camera: Camera,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the picture is called; without it, the name of the camera.
    title: Option<String>,
}

impl Brick for CameraView {
    const KIND: &'static str = "camera.view";
    const HELP: &'static str = "The live picture of one camera.";
    type Config = Config;
    type Message = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("camera", camera::NAME)]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let camera = Camera::bind(ctx, "camera")?;
        Ok(Self { title: config.title.unwrap_or_else(|| camera.object().into()), camera })
    }

    fn update(&mut self, (): ()) {}

    fn view(&self) -> View<()> {
        column([
            picture("picture", &self.title, self.camera.frame()).grow(),
            row([state(self.camera.object()), space(), value(self.camera.rate()).label("Rate").decimals(1).muted()]),
        ])
    }
}
