//! What a layout says of the phases, and what of it is wrong.

use std::collections::BTreeMap;

use brickwork_sdk::{ConfigProblem, Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One phase: where everything is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Phase {
    /// Its name, which runs it.
    pub name: String,
    /// What it is for, in a sentence.
    pub help: String,
    /// The position of each actuator that it brings somewhere, by the actuator's name in the layout.
    pub set: BTreeMap<String, String>,
    /// The position of each motor that it moves, by the motor's name in the layout and in the motor's unit.
    #[serde(rename = "move")]
    pub moves: BTreeMap<String, f64>,
}

/// What a layout may say of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The phases in the order in which they are shown; a beamline usually has centring, data_collection, beam_location
    /// and transfer, such as `(name: "centring", set: {"backlight": "in"}, move: {"omega": 0})`.
    pub phases: Vec<Phase>,
    /// How far a motor may be from its place for the phase still to be said to be reached, in the motor's unit.
    pub tolerance: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { phases: Vec::new(), tolerance: 0.01 }
    }
}

impl Config {
    /// All that is wrong with it, whatever the roles are.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        if self.phases.is_empty() {
            let cure = "name one phase at least, such as (name: \"centring\", set: {\"backlight\": \"in\"})";
            found.push(ConfigProblem::at("phases", cure));
        }
        if !(self.tolerance.is_finite() && self.tolerance > 0.0) {
            found.push(ConfigProblem::at("tolerance", format!("{} is no distance above 0", self.tolerance)));
        }
        for (at, phase) in self.phases.iter().enumerate() {
            let mut add = |field: &str, why: String| {
                found.push(ConfigProblem::at(format!("phases[{at}]{field}"), why));
            };
            if phase.name.trim().is_empty() {
                add(".name", "a phase needs a name".into());
            } else if self.phases[..at].iter().any(|other| other.name == phase.name) {
                add(".name", format!("{:?} is there twice: each phase has a name of its own", phase.name));
            }
            if phase.set.is_empty() && phase.moves.is_empty() {
                add("", "it brings nothing anywhere: give `set` or `move`".into());
            }
            for (name, position) in phase.moves.iter().filter(|(_, position)| !position.is_finite()) {
                add(&format!(".move.{name}"), format!("{position} is no position"));
            }
        }
        found
    }

    /// Whether the roles have every object that is named: known only with the roles, so when the object is made.
    ///
    /// # Errors
    /// All names that they do not have, each with its place.
    pub fn known(&self, actuators: &[String], motors: &[String]) -> Result<()> {
        let unknown = |at: usize, field, role, name: &String, names: &[String]| {
            let is_known = names.contains(name);
            let have = if names.is_empty() { "has none".into() } else { format!("has {}", names.join(", ")) };
            (!is_known).then(|| format!("phases[{at}].{field}: {name:?} is not in the role {role}, which {have}"))
        };
        let all = self.phases.iter().enumerate().flat_map(|(at, phase)| {
            let set = phase.set.keys().filter_map(move |name| unknown(at, "set", "actuators", name, actuators));
            set.chain(phase.moves.keys().filter_map(move |name| unknown(at, "move", "motors", name, motors)))
        });
        match all.collect::<Vec<_>>() {
            all if all.is_empty() => Ok(()),
            all => Err(Error::failed(format!("{}: mend the name, or add it to the role in `uses`", all.join("; ")))),
        }
    }
}
