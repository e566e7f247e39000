//! The standard interfaces of a beamline, each declared once, here. A file holds one version for ever.

mod camera_v1;
mod motor_v1;

pub use camera_v1::camera;
pub use motor_v1::{MotorState, motor};
