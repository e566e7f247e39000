//! What a layout says of one motor of spec, and the mistakes that can be found in it.

use brickwork_sdk::ConfigProblem;
use brickwork_sdk::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shortest and the longest time limit of a start, in seconds.
const START_LIMITS_SECS: (f64, f64) = (0.5, 3600.0);

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Its mnemonic in spec, such as `phi`.
    #[schemars(example = &"phi")]
    pub motor: String,
    /// The unit of its user position: mm, um, deg, mrad, keV, angstrom, %, counts, steps and others. spec does not tell
    /// it.
    pub unit: String,
    /// How far from where it was sent it may come to stand, in its unit; two steps when it is left out.
    pub tolerance: Option<f64>,
    /// How long it may take from the order to the beginning of the motion, in seconds: longer where macros of spec
    /// prepare it.
    pub start_limit_secs: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { motor: String::new(), unit: "mm".into(), tolerance: None, start_limit_secs: 5.0 }
    }
}

impl Config {
    /// Every mistake in it.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        problems.extend(wrong_name("motor", "the mnemonic of the motor", &self.motor));
        problems.extend(Unit::problem("unit", &self.unit));
        if let Some(tolerance) = self.tolerance.filter(|tolerance| !(tolerance.is_finite() && *tolerance > 0.0)) {
            problems.push(ConfigProblem::at("tolerance", format!("{tolerance} is not above 0")));
        }
        problems.extend(wrong_time("start_limit_secs", self.start_limit_secs, START_LIMITS_SECS));
        problems
    }
}

/// The longest name of a motor, a counter or a macro; a packet has room for little more with its property.
const MAX_NAME: usize = 40;

/// What is wrong with a name of spec, if anything is.
pub fn wrong_name(path: &str, what: &str, name: &str) -> Option<ConfigProblem> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let why = match name {
        "" => format!("{what} is missing"),
        _ if !name.chars().all(is_name) => format!("{name:?} is no name of spec: letters, digits and `_` are"),
        _ if name.len() > MAX_NAME => format!("{name:?} is longer than {MAX_NAME} characters"),
        _ => return None,
    };
    Some(ConfigProblem::at(path, why))
}

/// What is wrong with a time, if anything is.
pub fn wrong_time(path: &str, secs: f64, (least, most): (f64, f64)) -> Option<ConfigProblem> {
    let is_right = (least..=most).contains(&secs);
    (!is_right).then(|| ConfigProblem::at(path, format!("{secs} s is not a time from {least} to {most} s")))
}
