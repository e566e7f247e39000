//! Simulated hardware: motors and actuators with faults on command, a microscope that sees where they stand, a storage
//! ring and a set of scripts.
//!
//! It is what `demo.ron` runs on, and what other plugins are tried against. It never touches a device.

#![forbid(unsafe_code)]

mod actuator;
mod camera;
mod commands;
mod faults;
mod machine;
mod motor;
mod optics;
mod profile;
mod stage;
#[cfg(test)]
mod tests;
mod truth;
mod zooms;

use actuator::SimActuator;
use brickwork_sdk::interfaces::{
    actuator as actuator_v1, camera as camera_v1, command_set, machine_info, motor as motor_v1,
};
use camera::SimCamera;
use commands::SimCommands;
use faults::sim_fault;
use machine::SimMachine;
use motor::SimMotor;
use truth::sim_truth;

brickwork_sdk::plugin! {
    objects: [
        SimMotor: motor_v1 + sim_fault,
        SimActuator: actuator_v1 + sim_fault,
        SimCamera: camera_v1 + sim_truth + sim_fault,
        SimMachine: machine_info,
        SimCommands: command_set,
    ],
    bricks: [],
}
