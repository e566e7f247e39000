//! Simulated hardware: a motor with faults on command, and a microscope picture that turns with it.
//!
//! It is what `demo.ron` runs on, and what other plugins are tried against. It never touches a device.

#![forbid(unsafe_code)]

mod camera;
mod faults;
mod letters;
mod motor;
mod picture;
mod profile;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::{camera as camera_v1, motor as motor_v1};
use camera::SimCamera;
use faults::sim_fault;
use motor::SimMotor;

brickwork_sdk::plugin! {
    objects: [SimMotor: motor_v1 + sim_fault, SimCamera: camera_v1],
    bricks: [],
}
