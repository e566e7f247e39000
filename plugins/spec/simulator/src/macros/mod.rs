//! The functions and macros that the simulated spec knows, by family. The interpreter calls them by name; each family
//! lists its names and does what they say. A macro may be called with words, `mv phi 10`, or as a function.

mod beam;
mod collect;
mod count;
mod functions;
mod motion;
mod optics;
mod sample;
mod scan;
mod session;
mod spectrum;

use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;
use crate::world::World;

type Done = Result<Value, SpecError>;

/// The names of each family.
const FAMILIES: [&[&str]; 10] = [
    functions::NAMES,
    motion::NAMES,
    count::NAMES,
    scan::NAMES,
    session::NAMES,
    beam::NAMES,
    optics::NAMES,
    collect::NAMES,
    sample::NAMES,
    spectrum::NAMES,
];

/// The family of a name.
fn family(name: &str) -> Option<&'static [&'static str]> {
    FAMILIES.into_iter().find(|names| names.contains(&name))
}

/// Whether there is a function or macro of this name.
pub(crate) fn exists(name: &str) -> bool {
    family(name).is_some()
}

/// Whether words behind the macro are texts and not computed with.
pub(crate) fn takes_text(name: &str) -> bool {
    scan::TAKE_TEXT.contains(&name) || session::TAKE_TEXT.contains(&name) || collect::TAKE_TEXT.contains(&name)
}

/// Calls it.
pub(crate) async fn call(context: &Context, name: &str, arguments: &[Value]) -> Done {
    let given = Arguments { name, all: arguments };
    match family(name) {
        Some(functions::NAMES) => functions::call(context, &given),
        Some(motion::NAMES) => motion::call(context, &given).await,
        Some(count::NAMES) => count::call(context, &given).await,
        Some(scan::NAMES) => scan::call(context, &given).await,
        Some(session::NAMES) => session::call(context, &given).await,
        Some(beam::NAMES) => beam::call(context, &given).await,
        Some(optics::NAMES) => optics::call(context, &given).await,
        Some(collect::NAMES) => collect::call(context, &given).await,
        Some(sample::NAMES) => sample::call(context, &given).await,
        Some(spectrum::NAMES) => spectrum::call(context, &given).await,
        _ => Err(SpecError::new(format!("\"{name}\" is not a function or macro of this simulator"))),
    }
}

/// The number of a motor that is named by its number or its mnemonic.
pub(crate) fn motor_of(world: &World, value: &Value) -> Result<usize, SpecError> {
    if let Value::Text(mnemonic) = value {
        return world.motor(mnemonic);
    }
    let number = value.number()?;
    let found = (0..world.motors.len()).find(|motor| *motor as f64 == number);
    found.ok_or_else(|| SpecError::new(format!("there is no motor {number}")))
}

/// The number of a counter that is named by its number or its mnemonic.
pub(crate) fn counter_of(world: &World, value: &Value) -> Result<usize, SpecError> {
    let found = match value {
        Value::Text(mnemonic) => world.counters.find(mnemonic),
        _ => {
            let number = value.number()?;
            (0..world.counters.all.len()).find(|counter| *counter as f64 == number)
        }
    };
    found.ok_or_else(|| SpecError::new(format!("\"{}\" is not a counter", value.shown(""))))
}

/// What a macro was given.
struct Arguments<'a> {
    name: &'a str,
    all: &'a [Value],
}

impl Arguments<'_> {
    fn at(&self, index: usize) -> Result<&Value, SpecError> {
        let (name, given) = (self.name, self.all.len());
        self.all.get(index).ok_or_else(|| SpecError::new(format!("Usage: {name} needs more than {given} arguments")))
    }

    fn number(&self, index: usize) -> Result<f64, SpecError> {
        self.at(index)?.number()
    }

    /// The number, or this one where nothing is given.
    fn number_or(&self, index: usize, default: f64) -> Result<f64, SpecError> {
        self.all.get(index).map_or(Ok(default), Value::number)
    }

    fn text(&self, index: usize) -> Result<String, SpecError> {
        self.at(index)?.to_text()
    }

    /// All of them, with blanks between.
    fn line(&self) -> String {
        self.all.iter().map(|value| value.shown("")).collect::<Vec<_>>().join(" ")
    }

    /// A macro that its family lists but does not know.
    fn unknown(&self) -> SpecError {
        SpecError::missing(self.name)
    }
}

/// The value of a variable as a number; 0 where it is none.
fn number_of(world: &World, name: &str) -> f64 {
    world.variables.get(name).and_then(|value| value.number().ok()).unwrap_or(0.0)
}

impl Context {
    /// Sets a variable from a macro.
    fn set(&self, name: &str, value: Value) -> Result<(), SpecError> {
        let world = &mut *self.world();
        world.variables.set(name, value, &mut world.audience)
    }

    /// Sets an element of an associative array from a macro.
    fn set_element(&self, name: &str, key: &str, value: &str) -> Result<(), SpecError> {
        let world = &mut *self.world();
        let changes = brickwork_spec_protocol::Assoc::new().with(key, value);
        world.variables.set_elements(name, &changes, &mut world.audience)
    }

    /// An element of an associative array; empty where there is none.
    fn element(&self, name: &str, key: &str) -> String {
        let world = self.world();
        let value = world.variables.element(name, &key.into()).ok().flatten();
        value.unwrap_or_default().to_owned()
    }

    /// The value of a variable as a number; 0 where it is none.
    fn number(&self, name: &str) -> f64 {
        number_of(&self.world(), name)
    }

    /// The user position of a motor.
    fn position(&self, mnemonic: &str) -> Result<f64, SpecError> {
        let world = self.world();
        Ok(world.motors[world.motor(mnemonic)?].user())
    }

    /// Says what it does, takes its time, and says so: the manner of most macros of a beamline.
    async fn step(&self, what: &str, secs: f64) {
        self.say(&format!("(simulated) {what}\n"));
        self.pause(secs).await;
    }
}

#[cfg(test)]
mod tests;
