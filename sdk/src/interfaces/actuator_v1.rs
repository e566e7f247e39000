//! Something with a few named positions.

use serde::{Deserialize, Serialize};

/// What an actuator is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActuatorState {
    /// It stands at the position that it says.
    #[default]
    Ready,
    /// It is on its way.
    Moving,
    /// It stands at none of its positions.
    Between,
    /// Something that is not this object's forbids a motion: a search, a vacuum, a closed hutch.
    Interlocked,
    /// It cannot be moved until somebody has looked at it.
    Fault,
}

crate::interface! {
    /// Something with a few named positions: shutter, light, beamstop, zoom, aperture.
    pub actuator v1 {
        /// Where it is, one of `positions`; empty between two.
        channel position: String;
        /// Where it was last sent.
        channel target: String;
        /// The names of its positions, in their order; a shutter has `open` and `closed`.
        channel positions: Vec<String>;
        /// What it is doing.
        channel state: ActuatorState;
        /// What forbids a motion, in a sentence; empty when nothing does.
        optional channel interlock: String;
        /// Goes to a position; finishes when it is there.
        command move_to(position: String within positions) while_busy(replace);
        /// Ends the motion now.
        always command stop();
    }
}
