//! State that survives a reload and, where its author says so, the end of the process: tagged data, never memory.

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
    /// Whether it comes back at the next start, from disk; else only after a reload or the death of its process.
    pub lasting: bool,
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

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that come back at the next start: the lasting ones, or all or none of them where a layout says so.
    pub fn for_next_start(self, layout_says: Option<bool>) -> Self {
        Self(self.0.into_iter().filter(|state| layout_says.unwrap_or(state.lasting)).collect())
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
        Self { schema: schema.into(), data: to_value(data).unwrap_or_default(), lasting: false }
    }

    /// The same, to be kept on disk and restored at the next start too, unless a layout says `keep: false`.
    ///
    /// For what a person has set up: positions, steps, a list. Not for what holds only as long as the hardware stands
    /// where it stands.
    pub fn lasting(self) -> Self {
        Self { lasting: true, ..self }
    }

    /// The data as a serde type, if it was saved under this schema.
    ///
    /// # Errors
    /// Says which schema was saved, or which field does not fit.
    pub fn read<T: DeserializeOwned>(&self, schema: &str) -> Result<T> {
        if self.schema != schema {
            return Err(crate::Error::failed(format!("it was saved as {:?}, this is {schema:?}", self.schema)));
        }
        from_value(self.data.clone()).map_err(|error| {
            let cure = "a field that is new takes `#[serde(default)]`, another shape takes another schema name";
            crate::Error::failed(format!("{schema:?} does not fit any more: {error}; {cure}"))
        })
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
    fn a_state_that_does_not_fit_is_refused_with_the_field_and_the_cure() {
        #[derive(serde::Deserialize)]
        struct Steps {
            #[expect(dead_code, reason = "it is only read")]
            width: f64,
        }
        let mut steps = Steps { width: 1.0 };
        let refused = |state: State, steps: &mut Steps| match state.restore("steps 1", steps) {
            Restored::Refused(why) => why,
            other => panic!("it does not fit and was {other:?}"),
        };
        let missing = refused(State::new("steps 1", &crate::Value::map([("height", 1.0.into())])), &mut steps);
        assert!(missing.contains("width") && missing.contains("#[serde(default)]"), "{missing}");
        let other = refused(State::new("steps 1", &crate::Value::map([("width", "wide".into())])), &mut steps);
        assert!(other.contains("width") && other.contains("another schema name"), "{other}");
    }

    #[test]
    fn what_comes_back_at_the_next_start_is_what_author_or_layout_want() {
        let mut states = States::default();
        states.keep(State::new("kept 1", &1).lasting());
        states.keep(State::new("other 1", &2));
        let schemas = |layout_says: Option<bool>| {
            let States(states) = states.clone().for_next_start(layout_says);
            states.into_iter().map(|state| state.schema).collect::<Vec<_>>()
        };
        assert_eq!(schemas(None), ["kept 1"]);
        assert_eq!(schemas(Some(true)), ["other 1", "kept 1"]);
        assert!(schemas(Some(false)).is_empty());
    }

    #[test]
    fn schemas_without_end_are_not_kept() {
        let mut states = States::default();
        (0..100).for_each(|number| states.keep(State::new(&format!("s {number}"), &number)));
        assert_eq!(states.0.len(), super::MAX_SCHEMAS);
        assert_eq!(states.0[0].schema, "s 99");
    }
}
