//! State that survives a reload, a restart, a move to another screen: tagged data, never memory.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Result, Value, from_value, to_value};

/// What an instance wants its successor to know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The author's name for the shape of `data`, such as `"table 2"`; empty for no state.
    pub schema: String,
    /// The data.
    pub data: Value,
}

/// The newest state of each schema: what a later generation saves in another shape parks what was there, and a roll-back
/// finds it again. A host keeps them for an instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct States(Vec<State>);

/// Schemas that are kept.
const MAX_SCHEMAS: usize = 4;

impl States {
    /// Keeps a state as the newest; one without a schema is none.
    pub fn keep(&mut self, state: State) {
        if state.schema.is_empty() {
            return;
        }
        self.0.retain(|other| other.schema != state.schema);
        self.0.insert(0, state);
        self.0.truncate(MAX_SCHEMAS);
    }

    /// Restores the newest that is not refused; else says why the newest was.
    pub(crate) fn restore(&self, mut restore: impl FnMut(&State) -> Restored) -> Restored {
        let mut refused = Restored::Complete;
        for (at, state) in self.0.iter().enumerate() {
            match restore(state) {
                answer @ Restored::Refused(_) if at == 0 => refused = answer,
                Restored::Refused(_) => {}
                restored => return restored,
            }
        }
        refused
    }
}

/// What became of a saved state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Restored {
    /// All of it, or there was none.
    #[default]
    Complete,
    /// All but these fields.
    Partly(Vec<String>),
    /// None of it, and why.
    Refused(String),
}

impl State {
    /// No state.
    pub fn none() -> Self {
        Self::default()
    }

    /// The state of a serde type.
    pub fn new(schema: &str, data: &impl Serialize) -> Self {
        Self { schema: schema.into(), data: to_value(data).unwrap_or_default() }
    }

    /// The data as a serde type, if it was saved under this schema.
    ///
    /// # Errors
    /// Says which schema was saved, or which field does not fit.
    pub fn read<T: DeserializeOwned>(&self, schema: &str) -> Result<T> {
        if self.schema != schema {
            return Err(crate::Error::failed(format!("it was saved as {:?}, this is {schema:?}", self.schema)));
        }
        Ok(from_value(self.data.clone())?)
    }

    /// Puts the data into `target` if schema and shape fit.
    pub fn restore<T: DeserializeOwned>(&self, schema: &str, target: &mut T) -> Restored {
        match self.read(schema) {
            Ok(data) => {
                *target = data;
                Restored::Complete
            }
            Err(error) => Restored::Refused(error.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Restored, State, States};

    #[test]
    fn a_roll_back_finds_the_state_that_was_parked() {
        let mut states = States::default();
        states.keep(State::none());
        assert_eq!(states, States::default());
        states.keep(State::new("table 1", &1));
        states.keep(State::new("table 1", &2));
        states.keep(State::new("table 2", &"two"));
        let mut number = 0;
        assert_eq!(states.restore(|state| state.restore("table 1", &mut number)), Restored::Complete);
        assert_eq!(number, 2, "the newest of its schema");
        let mut text = String::new();
        assert_eq!(states.restore(|state| state.restore("table 2", &mut text)), Restored::Complete);
        assert_eq!(text, "two");
        let Restored::Refused(why) = states.restore(|state| state.restore("table 3", &mut text)) else {
            panic!("nothing of that schema was saved")
        };
        assert!(why.contains("table 2"), "it names the newest: {why}");
    }

    #[test]
    fn schemas_without_end_are_not_kept() {
        let mut states = States::default();
        (0..100).for_each(|number| states.keep(State::new(&format!("s {number}"), &number)));
        assert_eq!(states.0.len(), super::MAX_SCHEMAS);
        assert_eq!(states.0[0].schema, "s 99");
    }
}
