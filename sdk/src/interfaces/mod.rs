//! The standard interfaces of a beamline, each declared once, here. A file holds one version for ever.

mod actuator_v1;
mod camera_v1;
mod command_set_v1;
mod diffractometer_v1;
mod limits;
mod machine_info_v1;
mod motor_v1;
mod sample;
mod sample_finder_v1;
mod shared_v1;

use crate::interface::Interface;

pub use actuator_v1::{ActuatorState, actuator};
pub use camera_v1::camera;
pub use command_set_v1::{ArgumentKind, ArgumentSpec, CommandResult, CommandSpec, command_set};
pub use diffractometer_v1::{CentredPosition, Centring, CentringPhase, diffractometer};
#[doc(hidden)]
pub use limits::refusal;
pub use limits::{figure, limits_in_words, outside, outside_from, real_limits};
pub use machine_info_v1::machine_info;
pub use motor_v1::{MotorState, motor};
pub use sample::{SampleDrawing, SampleGrid, SampleMark, SamplePoint, SampleScale, SampleShape};
pub use sample_finder_v1::{FoundSample, sample_finder};
pub use shared_v1::{shared_flag, shared_number, shared_text};

/// All of them, as data.
pub fn all() -> Vec<Interface> {
    vec![
        actuator::interface(),
        camera::interface(),
        command_set::interface(),
        diffractometer::interface(),
        machine_info::interface(),
        motor::interface(),
        sample_finder::interface(),
        shared_flag::interface(),
        shared_number::interface(),
        shared_text::interface(),
    ]
}
