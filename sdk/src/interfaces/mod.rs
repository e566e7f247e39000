//! The standard interfaces of a beamline, each declared once, here. A file holds one version for ever.

mod camera_v1;
mod motor_v1;

pub use camera_v1::camera;
pub use motor_v1::{MotorState, motor};

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
