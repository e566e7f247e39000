//! The camera plugin: pictures from any MJPEG server as an object, and a brick that shows them.
//! The host loads this library. It never decodes a picture (the shell does) and never keeps one:
//! the newest picture wins.

#![forbid(unsafe_code)]

mod brick;
mod camera;
mod config;
mod connection;
mod password;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::camera as camera_interface;
use brickwork_sdk::plugin;

use brick::CameraView;
use camera::MjpegCamera;

plugin! { objects: [MjpegCamera: camera_interface], bricks: [CameraView] }
