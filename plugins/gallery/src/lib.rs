//! The gallery: every node of a view in every state, for those who design the window or write plugins.
//!
//! `layouts/gallery.ron` shows it. Its objects pretend to be good, bad, lost or absent hardware, and say that they
//! pretend; none of them touches a device, and no other plugin is meant to use them.

#![forbid(unsafe_code)]

mod asker;
mod bricks;
mod camera;
mod card;
mod echo;
mod signal;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::camera as camera_v1;

use asker::{Asker, gallery_asker};
use bricks::{ContainersBrick, ControlsBrick, DataBrick, PictureBrick, TalkBrick, TextBrick, ValuesBrick};
use camera::CardCamera;
use signal::{Signal, gallery_signal};

brickwork_sdk::plugin! {
    objects: [Signal: gallery_signal, CardCamera: camera_v1, Asker: gallery_asker],
    bricks: [TextBrick, ControlsBrick, ValuesBrick, DataBrick, ContainersBrick, PictureBrick, TalkBrick],
}
