//! The host table of the shell: what a library's bricks can do. One table per loaded generation.
//!
//! Bricks read channels and send commands; they publish nothing and own nothing.

use std::collections::HashMap;
use std::sync::Arc;

use brickwork_engine::crumbs;
use brickwork_sdk::__abi::export::RVec;
use brickwork_sdk::__abi::{ChannelId, HostFunctions, HostRef, PublishStatus, Reading, SubscribeMode, host_table};
use brickwork_sdk::protocol::Post;
use brickwork_sdk::{Value, from_value};
use parking_lot::Mutex;

use crate::event::Place;
use crate::link::Link;

/// What the functions of one table refer to; it lives as long as the process.
pub struct ShellHost {
    link: Arc<Link>,
    /// The plugin's name.
    plugin: String,
    /// The brick and the control whose message each instance is handling.
    acting: Mutex<HashMap<u64, Place>>,
}

impl ShellHost {
    /// The table for one library.
    pub fn leak(link: Arc<Link>, plugin: &str) -> (&'static Self, HostRef) {
        let (plugin, acting) = (plugin.to_owned(), Mutex::default());
        let host: &'static Self = Box::leak(Box::new(Self { link, plugin, acting }));
        (host, host_table(host))
    }

    /// Names the brick of an instance, and the control whose message it is about to handle.
    pub fn acting(&self, instance: u64, place: Place) {
        self.acting.lock().insert(instance, place);
    }

    /// The brick of an instance.
    pub fn brick(&self, instance: u64) -> String {
        self.acting.lock().get(&instance).map(|place| place.brick.clone()).unwrap_or_default()
    }

    /// The instance is gone.
    pub fn forget(&self, instance: u64) {
        self.acting.lock().remove(&instance);
        self.link.forget(instance);
    }
}

impl HostFunctions for ShellHost {
    fn log(&self, level: u8, _instance: u64, target: &str, message: &str) {
        let plugin = &self.plugin;
        // Its sdk does not know whose code has said it; this thread may.
        let brick = crumbs::here().map(|running| running.name).unwrap_or_default();
        match level {
            1 => tracing::error!(plugin, brick, target, "{message}"),
            2 => tracing::warn!(plugin, brick, target, "{message}"),
            3 => tracing::info!(plugin, brick, target, "{message}"),
            _ => tracing::debug!(plugin, brick, target, "{message}"),
        }
    }

    fn subscribe(&self, instance: u64, object: &str, channel: &str, _: SubscribeMode, _: u64, _: u64) -> u64 {
        // A brick reads the newest value when it draws; it has no use for every one.
        self.link.want(object, channel, Some(instance))
    }

    fn latest(&self, subscription: u64) -> Option<Reading> {
        self.link.latest(subscription)
    }

    fn unsubscribe(&self, subscription: u64) {
        self.link.unwant(subscription, None);
    }

    fn post(&self, instance: u64, message: Value) {
        match from_value(message) {
            Ok(Post::Call { object, interface, command, arguments, .. }) => {
                let place = self.acting.lock().get(&instance).cloned().unwrap_or_default();
                self.link.call(place, object, interface, command, arguments);
            }
            Ok(Post::SavePicture { node, name }) => {
                self.link.save_picture(Place::new(&self.brick(instance), &node), name);
            }
            Ok(_) => {}
            Err(error) => tracing::error!("a brick's post is not understood: {error}"),
        }
    }

    fn channel(&self, _: u64, _: &str) -> ChannelId {
        ChannelId { index: u32::MAX, epoch: 0 }
    }

    fn publish(&self, _: ChannelId, _: &mut Value, _: u8, _: f64) -> PublishStatus {
        PublishStatus::Stale
    }

    fn drain(&self, _: u64, _: u64, _: &mut RVec<Reading>) -> u64 {
        0
    }

    fn now_ns(&self) -> u64 {
        0
    }

    fn time_scale(&self) -> f64 {
        1.0
    }

    fn enters(&self, place: &str) {
        crumbs::enters(place);
    }
}
