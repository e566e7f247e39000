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
