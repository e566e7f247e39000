//! The camera plugin: pictures from any MJPEG server, and stills from any that has them, as objects; bricks that show
//! them.
//! The host loads this library. It never decodes a picture (the shell does) and never keeps one:
//! the newest picture wins.

#![forbid(unsafe_code)]

mod brick;
mod camera;
mod config;
mod connection;
mod grid;
mod password;
mod source;
#[cfg(test)]
mod tests;
mod visit;

use brickwork_sdk::interfaces::camera as camera_interface;
use brickwork_sdk::plugin;

use brick::CameraView;
use camera::{MjpegCamera, StillsCamera};
use grid::CameraGrid;

plugin! { objects: [MjpegCamera: camera_interface, StillsCamera: camera_interface], bricks: [CameraView, CameraGrid] }
