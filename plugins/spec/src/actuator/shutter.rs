//! `spec.shutter`: a shutter that macros of spec open and close, or a variable of it.

use brickwork_sdk::interfaces::actuator::Serve;
use brickwork_sdk::{Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::TRAVELS_SECS;
use super::named::{Named, Position};
use crate::attend::Session;
use crate::motor::wrong_time;
use crate::variable::{ElementForm, Place};

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The variable that says whether it is open: `NAME`, `NAME[key]` or `NAME[key][key]`.
    #[schemars(example = &"MS_STATE")]
    variable: String,
    /// `Brackets` for spec; `Slash` for servers that know elements as `var/NAME/key`.
    element_form: ElementForm,
    /// The values of the variable while it is open; the first is set when there is no macro.
    open_values: Vec<String>,
    /// The values of the variable while it is closed; the first is set when there is no macro.
    closed_values: Vec<String>,
    /// The macro that opens it, such as `msopen`; when it is left out, the variable is set.
    open: Option<String>,
    /// The macro that closes it, such as `msclose`; when it is left out, the variable is set.
    close: Option<String>,
    /// How long the variable may take to say that it is there, once the macro has ended or the variable was set.
    travel_secs: f64,
}

impl Default for Config {
    fn default() -> Self {
        let words = |words: [&str; 2]| words.map(String::from).to_vec();
        Self {
            variable: String::new(),
            element_form: ElementForm::default(),
            open_values: words(["1", "open"]),
            closed_values: words(["0", "closed"]),
            open: None,
            close: None,
            travel_secs: 10.0,
        }
    }
}

impl Config {
    fn place(&self) -> Result<Place, ConfigProblem> {
        Place::parse("variable", &self.variable, false, self.element_form)
    }

    fn misvalued(&self) -> Vec<ConfigProblem> {
        let lists = [("open_values", &self.open_values), ("closed_values", &self.closed_values)];
        let empty = lists.into_iter().filter(|(_, values)| values.is_empty());
        let empty = empty.map(|(path, _)| ConfigProblem::at(path, "one value is needed at least"));
        let both = self.closed_values.iter().enumerate().filter(|(_, value)| self.open_values.contains(value));
        let both = both.map(|(at, value)| {
            ConfigProblem::at(format!("closed_values[{at}]"), format!("{value:?} is among `open_values` too"))
        });
        let macros = [("open", &self.open), ("close", &self.close)].into_iter();
        let macros = macros.filter(|(_, command)| command.as_ref().is_some_and(|command| command.trim().is_empty()));
        let macros =
            macros.map(|(path, _)| ConfigProblem::at(path, "the macro is empty: leave it out to set the variable"));
        empty.chain(both).chain(macros).collect()
    }
}

/// One shutter.
pub struct SpecShutter(Named);

impl HardwareObject for SpecShutter {
    const KIND: &'static str = "spec.shutter";
    const HELP: &'static str =
        "A shutter of spec: opened and closed by macros or by a variable, and seen by a variable.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let place = config.place().err();
        let travel = wrong_time("travel_secs", config.travel_secs, TRAVELS_SECS);
        place.into_iter().chain(config.misvalued()).chain(travel).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let place = config.place().map_err(|problem| Error::failed(problem.to_string()))?;
        let position = |name: &str, values, command| Position { name: name.into(), values, command };
        let positions = vec![
            position("closed", config.closed_values, config.close),
            position("open", config.open_values, config.open),
        ];
        Named::new(place, positions, config.travel_secs, ctx).map(Self)
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.0.run(ctx).await
    }
}

impl Serve for SpecShutter {
    async fn move_to(&self, call: &Call, position: String) -> Result<()> {
        self.0.move_to(call, position).await
    }

    async fn stop(&self, _: &Call) -> Result<()> {
        self.0.stop()
    }
}
