//! A goniometer with its microscope: what centres a sample.

use serde::{Deserialize, Serialize};

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

/// How the picture of the microscope is to be read now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleScale {
    /// Width and height of the picture, in pixels.
    pub size: (f64, f64),
    /// Um at the sample for one pixel, to the right and downwards; 0 while it is not known.
    pub um_per_pixel: (f64, f64),
    /// The pixel that the beam goes through.
    pub beam: (f64, f64),
    /// Width and height of the beam, in um.
    pub beam_size_um: (f64, f64),
}

/// Where a point of the sample is seen now: it follows the motors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleMark {
    /// What it is called.
    pub name: String,
    /// In pixels, from the left and from the top.
    pub at: (f64, f64),
    /// Away from the microscope, in um from the focus of the beam.
    pub depth_um: f64,
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
        /// How the picture is to be read.
        channel scale: SampleScale;
        /// The positions that were saved.
        channel saved: Vec<CentredPosition>;
        /// Where the points of the saved positions, and of the clicks of a centring, are seen now.
        channel marks: Vec<SampleMark>;
        /// Centres by a person's clicks; finishes when the sample is centred.
        command centre();
        /// Centres by what is found in the pictures.
        command centre_automatically();
        /// The sample is at this pixel: for a centring that waits for it.
        always command click(x: f64, y: f64);
        /// Moves what is seen at this pixel into the beam, without turning anything.
        command move_to_beam(x: f64, y: f64);
        /// Saves where the axes stand now.
        command save(name: String);
        /// Goes to a saved position.
        command go_to(name: String);
        /// Forgets a saved position.
        command forget(name: String);
        /// Turns the minikappa and keeps what is in the beam there.
        command turn_head(kappa: f64, kappa_phi: f64);
        /// Turns the minikappa so that the line between two saved positions lies along the spindle, and keeps what is in
        /// the beam there; refused when no way to do it is within limits.
        optional command align(from: String, to: String);
        /// Ends a centring and every motion of it.
        always command stop();
    }
}
