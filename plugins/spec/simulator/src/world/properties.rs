//! What clients read and set: the properties of the simulated spec by their names. The server calls it. As with spec,
//! most of what is set becomes a command on the queue, so that it waits for what runs.

use brickwork_spec_protocol::{AllMotors, Assoc, Data, Key, MotorProperty, Property, Status};

use super::World;
use super::audience::ClientId;
use crate::error::SpecError;
use crate::queue::Job;
use crate::value::{Value, plain};

/// What setting a property leaves to do, beyond what the world could do itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing.
    Nothing,
    /// What `^C` does.
    Abort,
}

impl World {
    /// The value of a property.
    pub fn read(&self, property: &Property) -> Result<Data, SpecError> {
        let missing = || SpecError::missing(&property.to_string());
        let unreadable = || SpecError::new(format!("\"{property}\" cannot be read"));
        match property {
            Property::Motor(mnemonic, of_motor) => {
                let motor = &self.motors[self.motor(mnemonic)?];
                motor.read(*of_motor).ok_or_else(unreadable)
            }
            Property::Variable(name) => Ok(self.variables.get(name).ok_or_else(|| SpecError::missing(name))?.to_data()),
            Property::Element(name, key) => {
                let value = self.variables.element(name, key)?;
                let value = value.ok_or_else(|| SpecError::missing(&format!("{name}{key}")))?;
                Ok(Data::Assoc(Assoc::new().with(key.clone(), value)))
            }
            Property::Counter(mnemonic) => {
                let counter = self.counters.find(mnemonic);
                let counter = counter.ok_or_else(|| SpecError::new(format!("\"{mnemonic}\" is not a counter")))?;
                Ok(Data::number(self.counters.all[counter].value))
            }
            Property::Count => Ok(Data::flag(self.counters.is_counting())),
            Property::Status(Status::Ready) => Ok(Data::flag(!self.busy)),
            Property::Status(Status::Shell | Status::Simulate | Status::Quit) => Ok(Data::flag(false)),
            Property::AllMotors(_) | Property::Output(_) | Property::Error => Err(unreadable()),
            _ => Err(missing()),
        }
    }

    /// What a client is told when it registers: nothing for what has no value now, and for data arrays, which spec does
    /// not watch.
    pub fn first_event(&self, property: &Property) -> Option<Data> {
        self.read(property).ok().filter(|data| data.as_array().is_none())
    }

    /// Sets a property for a client.
    pub fn write(&mut self, client: ClientId, property: &Property, data: Data) -> Result<Then, SpecError> {
        match property {
            Property::Motor(mnemonic, of_motor) => self.write_motor(client, mnemonic, *of_motor, &data)?,
            Property::AllMotors(all) => self.write_all_motors(client, *all)?,
            Property::Variable(name) => self.write_variable(name, data)?,
            Property::Element(name, key) => self.write_element(name, key, data)?,
            Property::Count => {
                let preset = data.to_number().map_err(|error| SpecError::new(error.to_string()))?;
                if preset == 0.0 {
                    return Ok(Then::Abort);
                }
                self.push(Job::silent(client, format!("count_em {}", plain(preset))))?;
            }
            Property::Counter(_) | Property::Output(_) | Property::Error | Property::Status(_) => {
                return Err(SpecError::new(format!("\"{property}\" cannot be set")));
            }
            _ => return Err(SpecError::missing(&property.to_string())),
        }
        Ok(Then::Nothing)
    }

    fn write_motor(&mut self, client: ClientId, mne: &str, of: MotorProperty, data: &Data) -> Result<(), SpecError> {
        let motor = self.motor(mne)?;
        let name = format!("motor/{mne}/{}", of.name());
        let wrong = |error: &dyn std::fmt::Display| SpecError::new(format!("\"{name}\" cannot be set: {error}"));
        let number = || data.to_number().map(plain).map_err(|error| wrong(&error));
        let command = match of {
            MotorProperty::StartOne => {
                let user = data.to_number().map_err(|error| wrong(&error))?;
                if let Some(Some(prepared)) = self.audience.prepared(client) {
                    prepared.push((mne.to_owned(), user));
                    return Ok(());
                }
                format!("{{get_angles;A[{mne}]={};move_em;}}", plain(user))
            }
            MotorProperty::Position => format!("set {mne} {}", number()?),
            MotorProperty::DialPosition => format!("set_dial {mne} {}", number()?),
            MotorProperty::Offset => {
                let offset = data.to_number().map_err(|error| wrong(&error))?;
                let motor = &self.motors[motor];
                format!("set {mne} {}", plain(motor.user() - motor.offset + offset))
            }
            MotorProperty::HighLimit => format!("set_lm {mne} {} user({mne},get_lim({mne},-1))", number()?),
            MotorProperty::LowLimit => format!("set_lm {mne} {} user({mne},get_lim({mne},+1))", number()?),
            MotorProperty::Limits => match data.to_numbers().map_err(|error| wrong(&error))?.as_slice() {
                [low, high] => format!("set_lm {mne} {} {}", plain(*low), plain(*high)),
                _ => return Err(wrong(&"write `low high`")),
            },
            MotorProperty::Search => search(mne, data).ok_or_else(|| wrong(&"write `home`, `home+`, `lim+` ..."))?,
            MotorProperty::SyncCheck => return self.answer(motor, data),
            MotorProperty::BaseRate
            | MotorProperty::SlewRate
            | MotorProperty::Acceleration
            | MotorProperty::Backlash => format!("motor_par({mne},\"{}\",{})", of.name(), number()?),
            _ => return Err(wrong(&"it is only read")),
        };
        self.push(Job::silent(client, command))
    }

    fn write_all_motors(&mut self, client: ClientId, all: AllMotors) -> Result<(), SpecError> {
        match all {
            AllMotors::Prestart => {
                if let Some(prepared) = self.audience.prepared(client) {
                    *prepared = Some(Vec::new());
                }
                Ok(())
            }
            AllMotors::Start => {
                let moves = self.audience.prepared(client).and_then(Option::take);
                let moves = moves.ok_or_else(|| SpecError::new("start_all without prestart_all"))?;
                let sets: Vec<String> =
                    moves.iter().map(|(motor, user)| format!("A[{motor}]={};", plain(*user))).collect();
                self.push(Job::silent(client, format!("{{get_angles;{}move_em;}}", sets.concat())))
            }
            AllMotors::Abort => {
                self.stop_motors();
                Ok(())
            }
            _ => Err(SpecError::missing(&Property::AllMotors(all).to_string())),
        }
    }

    /// Takes the answer to what `sync_check` asked: the controller's position, or spec's own.
    fn answer(&mut self, motor: usize, data: &Data) -> Result<(), SpecError> {
        let of_controller = data.to_flag().map_err(|error| SpecError::new(error.to_string()))?;
        let name = &self.motors[motor].setup.mnemonic;
        let nothing = SpecError::new(format!("spec did not ask about the position of {name}"));
        let steps = self.motors[motor].controller.take().ok_or(nothing)?;
        if of_controller {
            self.motors[motor].dial = self.motors[motor].dial_of_steps(steps);
            // `A[]` holds where the move that waits for this answer shall end.
            self.tell_moving(motor);
        }
        Ok(())
    }

    fn write_variable(&mut self, name: &str, data: Data) -> Result<(), SpecError> {
        self.may_be_variable(name)?;
        match Value::from_data(data)? {
            Value::Assoc(changes) => self.variables.set_elements(name, &changes, &mut self.audience),
            value => self.variables.set(name, value, &mut self.audience),
        }
    }

    /// An element comes as an array with it alone, or as its value.
    fn write_element(&mut self, name: &str, key: &Key, data: Data) -> Result<(), SpecError> {
        self.may_be_variable(name)?;
        let text = match &data {
            Data::Assoc(assoc) => assoc.iter().find(|(own, _)| *own == key).map(|(_, value)| value.to_owned()),
            _ => data.to_text().ok(),
        };
        let text = text.ok_or_else(|| SpecError::new(format!("no value for \"{name}{key}\" was sent")))?;
        let changes = Assoc::new().with(key.clone(), text);
        self.variables.set_elements(name, &changes, &mut self.audience)
    }

    /// Whether a variable can have this name: `A`, `S` and the mnemonics are spec's own.
    pub fn may_be_variable(&self, name: &str) -> Result<(), SpecError> {
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if name.is_empty() || !is_word || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(SpecError::syntax(name));
        }
        if matches!(name, "A" | "S") || self.motor(name).is_ok() || self.counters.find(name).is_some() {
            return Err(SpecError::new(format!("\"{name}\" is built in and cannot be set")));
        }
        Ok(())
    }
}

fn search(mnemonic: &str, data: &Data) -> Option<String> {
    let text = data.to_text().ok()?;
    let mut words = text.split_ascii_whitespace();
    let how = words.next().filter(|how| matches!(*how, "home" | "home+" | "home-" | "lim+" | "lim-"))?;
    match words.next() {
        None => Some(format!("chg_dial({mnemonic},\"{how}\")")),
        Some(position) => {
            let position = Data::text(position).to_number().ok()?;
            Some(format!("chg_dial({mnemonic},\"{how}\",{})", plain(position)))
        }
    }
}
