//! What a Brickwork plugin author sees: hardware objects, bricks, interfaces, views and a test kit.
//!
//! A plugin is one library. This is a whole one: an interface, an object that serves it, a brick that
//! shows it, and their test.
//!
//! ```standalone_crate
//! use brickwork_sdk::view::{View, button, column, number_input, value};
//! use brickwork_sdk::{Brick, BrickContext, Call, HardwareObject, ObjectContext, Result, Role, interface, plugin};
//! use serde::{Deserialize, Serialize};
//!
//! interface! {
//!     /// A light that can be dimmed.
//!     pub light v1 {
//!         /// How bright it is.
//!         channel level: f64 in "%";
//!         /// The lowest and the highest level.
//!         channel limits: (f64, f64) in "%";
//!         /// Makes it brighter or darker.
//!         command dim(level: f64 within limits);
//!     }
//! }
//!
//! struct Lamp { channels: light::Channels }
//!
//! impl HardwareObject for Lamp {
//!     const KIND: &'static str = "example.lamp";
//!     type Config = ();
//!     fn new(_: (), ctx: &ObjectContext) -> Result<Self> { Ok(Self { channels: light::Channels::new(ctx) }) }
//!     async fn run(&self, ctx: &ObjectContext) -> Result<()> {
//!         self.channels.limits.publish((0.0, 100.0)); // here it would connect and read the lamp
//!         self.channels.level.publish(0.0);
//!         ctx.live();
//!         std::future::pending().await
//!     }
//! }
//!
//! impl light::Serve for Lamp {
//!     async fn dim(&self, _: &Call, level: f64) -> Result<()> { Ok(self.channels.level.publish(level)) }
//! }
//!
//! struct Panel { light: light::Light }
//!
//! #[derive(Serialize, Deserialize)]
//! enum Message { Dim(f64), Off }
//!
//! impl Brick for Panel {
//!     const KIND: &'static str = "example.panel";
//!     type Config = ();
//!     type Message = Message;
//!     fn roles() -> Vec<Role> { vec![Role::one("light", light::NAME)] }
//!     fn new(_: (), ctx: &BrickContext) -> Result<Self> { Ok(Self { light: light::Light::bind(ctx, "light")? }) }
//!     fn update(&mut self, message: Message) {
//!         match message {
//!             Message::Dim(level) => self.light.dim(level),
//!             Message::Off => self.light.dim(0.0),
//!         };
//!     }
//!     fn view(&self) -> View<Message> {
//!         column([
//!             value(self.light.level()).label("Level"),
//!             number_input("level", "New level", 0.0).follow(self.light.level()).on_submit(Message::Dim),
//!             button("off", "Off").on_press(Message::Off),
//!         ])
//!     }
//! }
//!
//! plugin! { objects: [Lamp: light], bricks: [Panel] }
//!
//! # fn main() {
//! let host = brickwork_sdk::testing::FakeHost::new(plugin());
//! let lamp = host.object("lamp", "example.lamp").start();
//! lamp.wait_live();
//! let mut panel = host.brick("example.panel").role("light", "lamp").open();
//! panel.enter("level", 40.0);
//! lamp.wait_value("level", |level: &f64| *level == 40.0);
//! panel.enter("level", 140.0);
//! assert_eq!(host.calls()[1], "lamp.dim(level: 140.0) refused: 140 is above the limit 100 %");
//! # }
//! ```
//!
//! [`HardwareObject`] and [`Brick`] say how each of them lives, [`interfaces`] holds the contracts of a
//! beamline, [`unit`] the units of its numbers, [`view`] what a brick can show, [`testing`] how it is tested.

#[cfg(panic = "abort")]
compile_error!(
    "a plugin needs `panic = \"unwind\"`: with \"abort\" one mistake of a plugin ends the whole beamline GUI"
);

extern crate self as brickwork_sdk;

mod brick;
pub mod client;
mod context;
mod error;
#[doc(hidden)]
pub mod glue;
pub mod interface;
pub mod interfaces;
#[doc(hidden)]
pub mod object;
mod plugin;
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod secrets;
mod state;
pub mod status;
pub mod testing;
pub mod unit;
pub mod view;

#[doc(hidden)]
pub use brickwork_abi as __abi;
pub use brickwork_abi::{
    Entry, Frame, Number, NumericArray, PixelFormat, PublishStatus, SharedBytes, Value, ValueError, from_value,
    to_value,
};
pub use brickwork_macros::interface;

pub use brick::Brick;
pub use context::{BrickContext, Clock, Context, ObjectContext, Reservation};
pub use error::{Error, ErrorKind, Result};
pub use object::{Call, HardwareObject, Publisher};
pub use protocol::{Caller, ConfigProblem, Role, RoleCount};
pub use state::{Restored, State};
pub use status::{Activity, Quality};

/// The guide for authors of plugins: its code is compiled and run with the doc-tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/plugins.md")]
pub struct Guide;
