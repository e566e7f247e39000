//! A goniometer with its microscope: what centres a sample.

use serde::{Deserialize, Serialize};

use super::{SampleDrawing, SampleMark, SampleScale};
use crate::Frame;

/// What a centring is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CentringPhase {
    /// Nothing.
    #[default]
    Idle,
    /// It waits for a person to click the sample.
    WaitsForClick,
    /// It turns or moves the sample.
    Moves,
    /// It looks for the sample in the picture.
    Searches,
    /// The sample was centred.
    Centred,
    /// It ended before the sample was centred.
    Ended,
}

/// How far a centring is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Centring {
    /// What it is doing.
    pub phase: CentringPhase,
    /// Which click or picture, from 1.
    pub step: u32,
    /// How many there are.
    pub steps: u32,
    /// What a person should know or do, in a sentence.
    pub message: String,
    /// How far from the beam the sample may be seen at the worst angle, as a standard error in um; 0 before it is known.
    pub error_um: f64,
}

impl Centring {
    /// Whether it goes on: it has begun, and has not ended one way or the other.
    pub fn is_running(&self) -> bool {
        !matches!(self.phase, CentringPhase::Idle | CentringPhase::Centred | CentringPhase::Ended)
    }
}

/// A position in which a point of the sample was in the beam.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CentredPosition {
    /// What it is called.
    pub name: String,
    /// Where each axis stood, by role: the position and its unit.
    pub axes: Vec<(String, f64, String)>,
    /// When, in seconds since 1970.
    pub wall_secs: f64,
}

crate::interface! {
    /// A goniometer with its microscope.
    pub diffractometer v1 {
        /// How far a centring is.
        channel centring: Centring;
        /// How the picture is to be read, and where the sample is in it: it follows the motors.
        channel scale: SampleScale;
        /// The positions that were saved.
        channel saved: Vec<CentredPosition>;
        /// The points of the saved positions, and of the clicks of a centring.
        channel marks: Vec<SampleMark>;
        /// The lines and grids that were drawn on the sample.
        channel drawings: Vec<SampleDrawing>;
        /// The picture of the saved position that is shown.
        channel shown: Frame;
        /// Centres by a person's clicks; finishes when the sample is centred.
        command centre();
        /// Centres by what is found in the pictures.
        command centre_automatically();
        /// The sample is at this pixel: for a centring that waits for it.
        /// Pixels are counted in the `size` of the scale, whatever the size of the picture that is shown.
        always command click(x: f64, y: f64);
        /// Moves what is seen at this pixel into the beam, without turning anything.
        command move_to_beam(x: f64, y: f64);
        /// Saves where the axes stand now, and the picture.
        command save(name: String);
        /// Goes to a saved position.
        command go_to(name: String);
        /// Forgets a saved position.
        command forget(name: String);
        /// Shows the picture of a saved position.
        command show(name: String);
        /// Draws a line or a grid on the sample, in place of one of the same name: so a grid gets the values of its cells.
        command draw(drawing: SampleDrawing);
        /// Takes a line or a grid away.
        command erase(name: String);
        /// Turns the minikappa and keeps what is in the beam there.
        command turn_head(kappa: f64, kappa_phi: f64);
        /// Turns the minikappa so that the line between two saved positions lies along the spindle, and keeps what is in
        /// the beam there; refused when no way to do it is within limits.
        optional command align(from: String, to: String);
        /// Ends a centring and every motion of it.
        always command stop();
    }
}
