//! What a simulated spec is told before it starts: its name and port, its motors and counters, and how it misbehaves.
//! Tests and the command write one, [`crate::Simulator::start`] takes it; it opens no file.

use serde::{Deserialize, Serialize};

use crate::{Faults, beamline};

/// All that a simulated spec is told before it starts. The default is an MX beamline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The name that clients look for, as the one that follows `-S` or the program's own name with a real spec. `sim`
    /// must be part of it, so that nobody takes it for a real one.
    pub name: String,
    /// The port on 127.0.0.1; 0 for any that is free, and none for the first free one of 6510 to 6530, as spec does.
    pub port: Option<u16>,
    /// The motors, in the order of their numbers.
    pub motors: Vec<MotorSetup>,
    /// The counters, in the order of their numbers. The first one counts seconds.
    pub counters: Vec<CounterSetup>,
    /// How many times faster than in reality time passes for motors, counters and macros.
    pub time_scale: f64,
    /// How it misbehaves from the beginning.
    pub faults: Faults,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            name: "mxspecsim".to_owned(),
            port: None,
            motors: beamline::motors(),
            counters: beamline::counters(),
            time_scale: 1.0,
            faults: Faults::default(),
        }
    }
}

impl Setup {
    /// The MX beamline on any free port, for a test.
    #[must_use]
    pub fn on_any_port() -> Self {
        Self { port: Some(0), ..Self::default() }
    }

    /// With these motors instead.
    #[must_use]
    pub fn with_motors(mut self, motors: impl IntoIterator<Item = MotorSetup>) -> Self {
        self.motors = motors.into_iter().collect();
        self
    }

    /// With time that passes so many times faster.
    #[must_use]
    pub fn with_time_scale(mut self, time_scale: f64) -> Self {
        self.time_scale = time_scale;
        self
    }

    /// What makes this setup impossible, in words, with the cure.
    pub(crate) fn problem(&self) -> Option<String> {
        if !self.name.to_ascii_lowercase().contains("sim") {
            let name = &self.name;
            return Some(format!("the name {name:?} does not say that this is a simulator: put `sim` into it"));
        }
        if self.name.len() >= brickwork_spec_protocol::NAME_BYTES || self.name.contains('\0') {
            return Some(format!("the name {:?} has no room in a packet: take a shorter one without NUL", self.name));
        }
        if !(self.time_scale > 0.0 && self.time_scale.is_finite()) {
            return Some(format!("a time scale of {} is not above 0", self.time_scale));
        }
        if self.counters.is_empty() {
            return Some("there is no counter: the first one counts seconds".to_owned());
        }
        self.motors.iter().find_map(MotorSetup::problem).or_else(|| self.doubled())
    }

    fn doubled(&self) -> Option<String> {
        let motors = self.motors.iter().map(|motor| &motor.mnemonic);
        let mut names: Vec<&String> = motors.chain(self.counters.iter().map(|counter| &counter.mnemonic)).collect();
        names.sort();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!("two motors or counters have the mnemonic {:?}", twice[0]))
    }
}

/// One motor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MotorSetup {
    /// Its name in commands and properties.
    pub mnemonic: String,
    /// Its name for people.
    pub name: String,
    /// Where it is at the start, in user units.
    pub position: f64,
    /// User position where dial is 0.
    pub offset: f64,
    /// 1 or -1: whether user and dial grow together.
    pub sign: i8,
    /// Steps per dial unit.
    pub step_size: f64,
    /// The lower limit of spec, in dial units.
    pub low_limit: f64,
    /// The upper limit of spec, in dial units.
    pub high_limit: f64,
    /// How far behind the limits of spec, as they are here, the limit switches are, in dial units.
    pub switches_behind: f64,
    /// Steps/s from which it starts.
    pub base_rate: f64,
    /// Steps/s at which it moves.
    pub slew_rate: f64,
    /// Milliseconds from base rate to slew rate.
    pub acceleration: f64,
    /// Steps by which it overshoots to come from one side; its sign says from which.
    pub backlash: f64,
    /// Whether it is disabled.
    pub unusable: bool,
}

impl Default for MotorSetup {
    fn default() -> Self {
        Self {
            mnemonic: "m0".to_owned(),
            name: "Motor 0".to_owned(),
            position: 0.0,
            offset: 0.0,
            sign: 1,
            step_size: 1000.0,
            low_limit: -100.0,
            high_limit: 100.0,
            switches_behind: 1.0,
            base_rate: 200.0,
            slew_rate: 10_000.0,
            acceleration: 125.0,
            backlash: 0.0,
            unusable: false,
        }
    }
}

impl MotorSetup {
    /// A motor with the rest as in the default.
    #[must_use]
    pub fn new(mnemonic: &str, name: &str) -> Self {
        Self { mnemonic: mnemonic.to_owned(), name: name.to_owned(), ..Self::default() }
    }

    /// With these limits, in dial units.
    #[must_use]
    pub fn between(mut self, low: f64, high: f64) -> Self {
        (self.low_limit, self.high_limit) = (low, high);
        self
    }

    /// With this position at the start, in user units.
    #[must_use]
    pub fn at(mut self, position: f64) -> Self {
        self.position = position;
        self
    }

    /// With these steps per unit, moving so many units per second.
    #[must_use]
    pub fn stepping(mut self, step_size: f64, units_per_second: f64) -> Self {
        self.step_size = step_size;
        self.slew_rate = step_size * units_per_second;
        self.base_rate = self.slew_rate / 20.0;
        self
    }

    fn problem(&self) -> Option<String> {
        let name = &self.mnemonic;
        let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() || !is_word(name) || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(format!("the mnemonic {name:?} is not one of letters, digits and `_`"));
        }
        if self.sign.abs() != 1 {
            return Some(format!("the sign of {name} is {}, not 1 or -1", self.sign));
        }
        if !(self.step_size > 0.0 && self.slew_rate > 0.0 && self.slew_rate.is_finite()) {
            return Some(format!("step_size and slew_rate of {name} are not both above 0"));
        }
        if !(0.0..=self.slew_rate).contains(&self.base_rate) || self.acceleration < 0.0 {
            return Some(format!("base_rate of {name} is not between 0 and slew_rate, or acceleration is below 0"));
        }
        let numbers = [self.position, self.offset, self.switches_behind, self.acceleration, self.backlash];
        let are_finite = numbers.iter().all(|number| number.is_finite());
        if !(self.low_limit < self.high_limit && self.switches_behind >= 0.0 && are_finite) {
            return Some(format!("low_limit of {name} is not below high_limit, or one of its numbers is none"));
        }
        None
    }
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterSetup {
    /// Its name in commands and properties.
    pub mnemonic: String,
    /// Its name for people.
    pub name: String,
    /// Counts per second.
    pub rate: f64,
    /// Whether it sees the beam: it then counts with the transmission while the shutter is open, and next to nothing
    /// while it is closed.
    #[serde(default)]
    pub sees_beam: bool,
}

impl CounterSetup {
    /// A counter that does not see the beam.
    #[must_use]
    pub fn new(mnemonic: &str, name: &str, rate: f64) -> Self {
        Self { mnemonic: mnemonic.to_owned(), name: name.to_owned(), rate, sees_beam: false }
    }
}
