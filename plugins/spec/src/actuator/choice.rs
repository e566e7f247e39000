//! `spec.choice`: names for the values of a variable of spec, as an actuator.

use std::collections::BTreeMap;

use brickwork_sdk::interfaces::actuator::Serve;
use brickwork_sdk::{Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::{Named, Position};
use crate::attend::Session;
use crate::motor::wrong_time;
use crate::variable::{ElementForm, Place};

/// The shortest and the longest time of a motion, in seconds.
pub const TRAVELS_SECS: (f64, f64) = (0.1, 3600.0);

/// One position.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NamedValue {
    /// What it is called here.
    name: String,
    /// The value of the variable there.
    value: String,
    /// The macro of spec that moves there, such as `lightin`; when it is left out, the variable is set.
    command: Option<String>,
}

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The variable that says where it is: `NAME`, `NAME[key]` or `NAME[key][key]`.
    #[schemars(example = &"LIGHT")]
    variable: String,
    /// `Brackets` for spec; `Slash` for servers that know elements as `var/NAME/key`.
    element_form: ElementForm,
    /// Its positions, in their order: two or more, such as `(name: "in", value: "1")`.
    #[schemars(example = [("in", "1"), ("out", "0")].map(|at| BTreeMap::from([("name", at.0), ("value", at.1)])))]
    positions: Vec<NamedValue>,
    /// How long the variable may take to say that it is there, once the macro has ended or the variable was set.
    travel_secs: f64,
}

impl Default for Config {
    fn default() -> Self {
        let (variable, element_form) = (String::new(), ElementForm::default());
        Self { variable, element_form, positions: Vec::new(), travel_secs: 10.0 }
    }
}

impl Config {
    fn place(&self) -> Result<Place, ConfigProblem> {
        Place::parse("variable", &self.variable, false, self.element_form)
    }

    fn misnamed(&self) -> Vec<ConfigProblem> {
        let count = self.positions.len();
        if count < 2 {
            return vec![ConfigProblem::at("positions", format!("there are two positions or more, not {count}"))];
        }
        let wrong = |(at, position): (usize, &NamedValue)| {
            let others = &self.positions[..at];
            let (field, why) = if position.name.trim().is_empty() {
                (".name", "a position needs a name".to_owned())
            } else if others.iter().any(|other| other.name == position.name) {
                (".name", format!("{:?} is there twice", position.name))
            } else if position.value.trim().is_empty() {
                (".value", "a position needs the value that the variable has there".to_owned())
            } else if others.iter().any(|other| other.value == position.value) {
                (".value", format!("{:?} is there twice: it would be two positions", position.value))
            } else if position.command.as_ref().is_some_and(|command| command.trim().is_empty()) {
                (".command", "the macro is empty: leave it out to set the variable".to_owned())
            } else {
                return None;
            };
            Some(ConfigProblem::at(format!("positions[{at}]{field}"), why))
        };
        self.positions.iter().enumerate().filter_map(wrong).collect()
    }
}

/// Names for the values of a variable.
pub struct SpecChoice(Named);

impl HardwareObject for SpecChoice {
    const KIND: &'static str = "spec.choice";
    const HELP: &'static str = "An actuator whose positions are values of a variable of spec, reached by setting it or by \
                                macros.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let place = config.place().err();
        let travel = wrong_time("travel_secs", config.travel_secs, TRAVELS_SECS);
        place.into_iter().chain(config.misnamed()).chain(travel).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let place = config.place().map_err(|problem| Error::failed(problem.to_string()))?;
        let position = |NamedValue { name, value, command }| Position { name, values: vec![value], command };
        let positions = config.positions.into_iter().map(position).collect();
        Named::new(place, positions, config.travel_secs, ctx).map(Self)
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.0.run(ctx).await
    }
}

impl Serve for SpecChoice {
    async fn move_to(&self, call: &Call, position: String) -> Result<()> {
        self.0.move_to(call, position).await
    }

    async fn stop(&self, _: &Call) -> Result<()> {
        self.0.stop()
    }
}
