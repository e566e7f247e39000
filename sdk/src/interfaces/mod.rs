//! The standard interfaces of a beamline, each declared once, here. A file holds one version for ever.

mod actuator_v1;
mod camera_v1;
mod command_set_v1;
mod diffractometer_v1;
mod machine_info_v1;
mod motor_v1;
mod sample;
mod sample_finder_v1;
mod shared_v1;

use crate::interface::Interface;
use crate::{Value, from_value};

pub use actuator_v1::{ActuatorState, actuator};
pub use camera_v1::camera;
pub use command_set_v1::{ArgumentKind, ArgumentSpec, CommandResult, CommandSpec, command_set};
pub use diffractometer_v1::{CentredPosition, Centring, CentringPhase, diffractometer};
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

/// Why a number is not within limits, as a sentence such as `12.5 is above the limit 10 deg`, if it is not.
///
/// The engine refuses with these words; objects and bricks that know better beforehand use the same.
pub fn outside(number: f64, (low, high): (f64, f64), unit: &str) -> Option<String> {
    let (side, limit) = match number {
        _ if number < low => ("below", low),
        _ if number > high => ("above", high),
        _ if number.is_nan() => return Some("that is not a number".into()),
        _ => return None,
    };
    let sentence = format!("{number} is {side} the limit {limit} {unit}");
    Some(sentence.trim_end().to_owned())
}

/// Why an argument is not `within` the last value of its channel, if it is not: a number between two limits, or one of
/// a list of words. What is not known is refused.
#[doc(hidden)]
pub fn not_within(argument: &str, value: Option<&Value>, channel: &str, bounds: Value, unit: &str) -> Option<String> {
    if let Ok(words) = from_value::<Vec<String>>(bounds.clone()) {
        return match value.and_then(Value::as_str) {
            Some(word) if words.iter().any(|known| known == word) => None,
            Some(word) => Some(format!("{word:?} is none of {}", words.join(", "))),
            None => Some(format!("{argument} must be one of {}", words.join(", "))),
        };
    }
    let Ok(limits) = from_value::<(f64, f64)>(bounds) else {
        return Some(format!("its {channel} are not known, so it is not moved"));
    };
    match value.and_then(Value::as_f64).filter(|number| number.is_finite()) {
        Some(number) => outside(number, limits, unit),
        None => Some(format!("{argument} must be a number")),
    }
}
