//! The variables of the simulated spec, and what their watchers hear. The interpreter and the clients set them through
//! the world; an array of data is never told of, as with spec.

use std::collections::BTreeMap;

use brickwork_spec_protocol::{Assoc, Data, Key, Property};

use super::audience::Audience;
use crate::error::SpecError;
use crate::value::Value;

/// All variables, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    all: BTreeMap<String, Value>,
}

/// The variables that there may be, and the elements of one that a client or a program can add.
const MOST: usize = 100_000;

impl Variables {
    pub fn new(all: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        Self { all: all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.all.get(name)
    }

    /// An element of an associative array; `Ok(None)`: it has no such element.
    pub fn element(&self, name: &str, key: &Key) -> Result<Option<&str>, SpecError> {
        match self.all.get(name) {
            Some(Value::Assoc(assoc)) => Ok(assoc.iter().find(|(own, _)| *own == key).map(|(_, value)| value)),
            Some(_) => Err(SpecError::new(format!("\"{name}\" is not an associative array"))),
            None => Err(SpecError::missing(name)),
        }
    }

    /// Sets a whole variable. Of an associative array the elements that it had and has no more are told as deleted.
    pub fn set(&mut self, name: &str, value: Value, audience: &mut Audience) -> Result<(), SpecError> {
        self.make_room(name)?;
        let before = self.all.insert(name.to_owned(), value.clone());
        if let (Some(Value::Assoc(before)), Value::Assoc(after)) = (&before, &value) {
            let gone = before.iter().filter(|(key, _)| after.iter().all(|(own, _)| own != *key));
            let gone: Vec<Key> = gone.map(|(key, _)| key.clone()).collect();
            tell_gone(name, &gone, audience);
        }
        match &value {
            Value::Array(_) => {}
            Value::Assoc(assoc) => tell_elements(name, assoc, audience),
            _ => audience.publish(&Property::variable(name), &value.to_data()),
        }
        Ok(())
    }

    /// Sets elements of an associative array, which is made if there is none.
    pub fn set_elements(&mut self, name: &str, changes: &Assoc, audience: &mut Audience) -> Result<(), SpecError> {
        self.make_room(name)?;
        let entry = self.all.entry(name.to_owned()).or_insert_with(|| Value::Assoc(Assoc::new()));
        if !matches!(entry, Value::Assoc(_)) {
            *entry = Value::Assoc(Assoc::new());
        }
        if let Value::Assoc(assoc) = entry {
            if assoc.len() + changes.len() > MOST {
                return Err(SpecError::new(format!("\"{name}\" has too many elements")));
            }
            assoc.apply(changes, false);
        }
        tell_elements(name, changes, audience);
        Ok(())
    }

    /// Deletes an element.
    pub fn delete(&mut self, name: &str, key: &Key, audience: &mut Audience) -> Result<(), SpecError> {
        self.element(name, key)?.ok_or_else(|| SpecError::missing(&format!("{name}{key}")))?;
        if let Some(Value::Assoc(assoc)) = self.all.get_mut(name) {
            assoc.remove(key);
        }
        tell_gone(name, std::slice::from_ref(key), audience);
        Ok(())
    }

    /// Deletes a variable.
    pub fn unglobal(&mut self, name: &str, audience: &mut Audience) -> Result<(), SpecError> {
        self.all.remove(name).ok_or_else(|| SpecError::missing(name))?;
        audience.publish_deletion(&Property::variable(name), &Data::Empty);
        Ok(())
    }

    fn make_room(&self, name: &str) -> Result<(), SpecError> {
        let fits = self.all.len() < MOST || self.all.contains_key(name);
        if fits { Ok(()) } else { Err(SpecError::new("too many variables")) }
    }
}

/// Tells who watches the array which elements changed, and who watches one of them.
fn tell_elements(name: &str, changes: &Assoc, audience: &mut Audience) {
    audience.publish(&Property::variable(name), &Data::Assoc(changes.clone()));
    for (key, value) in changes.iter() {
        let one = Assoc::new().with(key.clone(), value);
        audience.publish(&Property::element(name, key.clone()), &Data::Assoc(one));
    }
}

fn tell_gone(name: &str, gone: &[Key], audience: &mut Audience) {
    if gone.is_empty() {
        return;
    }
    let all = gone.iter().fold(Assoc::new(), |all, key| all.with(key.clone(), ""));
    audience.publish_deletion(&Property::variable(name), &Data::Assoc(all));
    for key in gone {
        let one = Assoc::new().with(key.clone(), "");
        audience.publish_deletion(&Property::element(name, key.clone()), &Data::Assoc(one));
    }
}
