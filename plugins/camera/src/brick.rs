//! The brick that shows one camera: its picture, and below it how the camera does, with exposure and gain where the
//! source has them.

use brickwork_sdk::client::Channel;
use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{View, column, number_input, picture, row, space, state, value};
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

/// What its controls send.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Expose for so many seconds.
    Exposure(f64),
    /// Amplify so much.
    Gain(f64),
}

impl Brick for CameraView {
    const KIND: &'static str = "camera.view";
    const HELP: &'static str = "The live picture of one camera, with exposure and gain if it has them.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("camera", camera::NAME).help("The camera whose picture is shown.")]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let camera = Camera::bind(ctx, "camera")?;
        Ok(Self { title: config.title.unwrap_or_else(|| camera.object().into()), camera })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Exposure(seconds) => self.camera.set_exposure(seconds).detach(),
            Message::Gain(gain) => self.camera.set_gain(gain).detach(),
        }
    }

    fn view(&self) -> View<Message> {
        let camera = &self.camera;
        let rate = value(camera.rate()).label("Rate").decimals(1).muted();
        let exposure = self.control("Exposure", camera.exposure(), camera.exposure_limits());
        let exposure = exposure.map(|control| control.unit("s").decimals(4).on_submit(Message::Exposure));
        let gain = self.control("Gain", camera.gain(), camera.gain_limits());
        let gain = gain.map(|control| control.decimals(2).on_submit(Message::Gain));
        let controls: Vec<_> = exposure.into_iter().chain(gain).collect();
        let controls = (!controls.is_empty()).then(|| row(controls).wrap());
        let lines =
            [picture("picture", &self.title, camera.frame()).grow(), row([state(camera.object()), space(), rate])];
        column(lines.into_iter().chain(controls))
    }
}

impl CameraView {
    /// The control of a number that the source has; `None` where it has none: there is nothing to pretend.
    fn control(&self, label: &str, channel: &Channel<f64>, limits: &Channel<(f64, f64)>) -> Option<View<Message>> {
        let now = channel.value()?;
        let control = number_input(label.to_lowercase(), label, now).follow(channel);
        let live = self.camera.status().value().is_some_and(|status| status.link == Link::Live);
        Some(match limits.value() {
            _ if !live => control.disabled(format!("{} is not connected", self.camera.object())),
            None => control.disabled("its limits are not known"),
            Some(limits) => control.range(limits),
        })
    }
}
