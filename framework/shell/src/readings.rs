//! What the drawing code reads: live values, the status of objects, pictures.
//!
//! The shell's store implements [`Readings`] over what the link brings; tests of drawing use
//! [`FixedReadings`]. Reading never waits and never changes anything.

use std::collections::BTreeMap;

use brickwork_sdk::Value;
use brickwork_sdk::status::{Link, ObjectStatus, Quality};
use iced::advanced::image;

/// The last value of a channel as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The value.
    pub value: &'a Value,
    /// How good its source says it is.
    pub quality: Quality,
    /// When the engine received it, in nanoseconds of the engine's clock; age is counted from it.
    pub engine_ns: u64,
    /// When its source says it was measured, in seconds since 1970; 0 when the source does not say. Shown, never trusted.
    pub source_time: f64,
}

/// The newest picture of a channel, scaled for the place that shows it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The pixels, best at the size that was reported for the place.
    pub handle: image::Handle,
    /// All pixels of the source, where the place has asked for them.
    pub whole: Option<image::Handle>,
    /// Width and height of the picture as its source made it: the system of overlays and clicks.
    pub source: (u32, u32),
    /// When the engine received it.
    pub engine_ns: u64,
}

/// Live data for drawing.
pub trait Readings {
    /// The last value of a channel, if there was one.
    fn reading(&self, object: &str, channel: &str) -> Option<Shown<'_>>;
    /// What is known of an object; `None` counts as loading.
    fn status(&self, object: &str) -> Option<&ObjectStatus>;
    /// Now, in nanoseconds of the engine's clock.
    fn now_ns(&self) -> u64;
    /// A time of the engine's clock as local wall time, `HH:MM:SS`.
    fn wall(&self, engine_ns: u64) -> String;
    /// The newest picture of a channel for the picture node `node` of `brick`, whose size came by
    /// [`Event::PictureSize`](crate::event::Event::PictureSize).
    fn picture(&self, brick: &str, node: &str, object: &str, channel: &str) -> Option<Picture>;

    /// How many pixels of the screen lie along one of the window: pictures are drawn pixel for pixel.
    fn pixels(&self) -> f32 {
        1.0
    }

    /// The link state of an object and its age in nanoseconds.
    fn link(&self, object: &str) -> (Link, u64) {
        match self.status(object) {
            Some(status) => (status.link.clone(), self.now_ns().saturating_sub(status.since_ns)),
            None => (Link::Loading, 0),
        }
    }
}

/// Readings that stay as they were set.
#[derive(Clone, Debug, Default)]
pub struct FixedReadings {
    values: BTreeMap<(String, String), (Value, Quality, u64)>,
    statuses: BTreeMap<String, ObjectStatus>,
    pictures: BTreeMap<(String, String), Picture>,
    now_ns: u64,
}

impl FixedReadings {
    /// Readings at this time of the engine's clock.
    pub fn at(now_ns: u64) -> Self {
        Self { now_ns, ..Self::default() }
    }

    /// Lets time pass: everything that was set is older now.
    pub fn pass(&mut self, ns: u64) {
        self.now_ns += ns;
    }

    /// Sets a value that was received now.
    pub fn set(&mut self, object: &str, channel: &str, value: impl Into<Value>, quality: Quality) {
        self.values.insert((object.into(), channel.into()), (value.into(), quality, self.now_ns));
    }

    /// Sets the status of an object.
    pub fn set_status(&mut self, object: &str, status: ObjectStatus) {
        self.statuses.insert(object.into(), status);
    }

    /// Sets the picture of a channel.
    pub fn set_picture(&mut self, object: &str, channel: &str, picture: Picture) {
        self.pictures.insert((object.into(), channel.into()), picture);
    }
}

impl Readings for FixedReadings {
    fn reading(&self, object: &str, channel: &str) -> Option<Shown<'_>> {
        let (value, quality, engine_ns) = self.values.get(&(object.to_owned(), channel.to_owned()))?;
        Some(Shown { value, quality: *quality, engine_ns: *engine_ns, source_time: 0.0 })
    }

    fn status(&self, object: &str) -> Option<&ObjectStatus> {
        self.statuses.get(object)
    }

    fn now_ns(&self) -> u64 {
        self.now_ns
    }

    fn wall(&self, engine_ns: u64) -> String {
        let seconds = 14 * 3600 + engine_ns / 1_000_000_000;
        format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    }

    fn picture(&self, _brick: &str, _node: &str, object: &str, channel: &str) -> Option<Picture> {
        self.pictures.get(&(object.to_owned(), channel.to_owned())).cloned()
    }
}
