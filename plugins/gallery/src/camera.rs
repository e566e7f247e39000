//! `gallery.camera`: a camera whose picture is a test card, or one that is lost or was never there.
//!
//! The brick `gallery.picture` shows it. What it serves is drawn, never photographed.

use std::sync::Arc;
use std::time::Duration;

use brickwork_sdk::interfaces::camera;
use brickwork_sdk::{Error, Frame, HardwareObject, ObjectContext, PixelFormat, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::card::{Card, SIZE};

/// Pictures per second.
const RATE_HZ: f64 = 5.0;

/// What the picture of a camera looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Look {
    /// A new picture five times a second.
    #[default]
    Live,
    /// One picture, and then the camera is gone.
    Disconnected,
    /// No picture ever.
    Loading,
}

/// What a layout may say of it.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What its picture looks like.
    state: Look,
}

/// One pretended camera.
pub struct CardCamera {
    look: Look,
    channels: camera::Channels,
}

impl HardwareObject for CardCamera {
    const KIND: &'static str = "gallery.camera";
    const HELP: &'static str = "A pretended camera for the gallery: a test card with a moving bar.";
    type Config = Config;

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { look: config.state, channels: camera::Channels::new(ctx) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        if self.look == Look::Loading {
            return std::future::pending().await;
        }
        let card = Arc::new(blocking(Card::new).await?);
        self.channels.rate.publish(RATE_HZ);
        self.channels.frame.publish(picture(&card, 0).await?);
        ctx.live();
        if self.look == Look::Disconnected {
            ctx.lost("the gallery pretends that its cable was pulled", "write `state: Live` in the layout");
            return std::future::pending().await;
        }
        for number in 1.. {
            ctx.clock().sleep(Duration::from_secs_f64(1.0 / RATE_HZ)).await;
            self.channels.frame.publish(picture(&card, number).await?);
        }
        Ok(())
    }
}

impl camera::Serve for CardCamera {}

async fn picture(card: &Arc<Card>, number: u64) -> Result<Frame> {
    let card = card.clone();
    let data = blocking(move || card.jpeg(number)).await?.into();
    Ok(Frame { width: SIZE.0.into(), height: SIZE.1.into(), format: PixelFormat::Jpeg, data })
}

/// Computes beside the thread on which every object of this plugin lives.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::failed(error.to_string()))
}
