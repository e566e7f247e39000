//! One axis of motion.

use serde::{Deserialize, Serialize};

/// What a motor is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotorState {
    /// It stands and can be moved.
    #[default]
    Ready,
    /// It moves.
    Moving,
    /// It stands at its lower limit.
    LowLimit,
    /// It stands at its upper limit.
    HighLimit,
    /// It cannot be moved until somebody has looked at it.
    Fault,
}

crate::interface! {
    /// One axis of motion, in its user coordinate.
    pub motor v1 {
        /// Where it is.
        channel position: f64 in unit;
        /// Where it was last sent.
        channel target: f64 in unit;
        /// The lowest and the highest position that it may be sent to.
        channel limits: (f64, f64) in unit;
        /// The unit of its positions: mm, um, deg or mrad.
        channel unit: String;
        /// What it is doing.
        channel state: MotorState;
        /// How fast it moves, in its unit per second.
        optional channel velocity: f64;
        /// Moves to `position`; finishes when the motion has ended there.
        command move_to(position: f64 within limits) while_busy(replace);
        /// Ends the motion now.
        always command stop();
    }
}
