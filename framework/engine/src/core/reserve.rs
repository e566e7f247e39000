//! Reservations: a procedure takes objects for a scope; others are refused with its reason.

use brickwork_sdk::protocol::{Caller, ObjectRequest, Outcome};
use brickwork_sdk::{Error, Value};

use super::Core;

/// Objects that one instance has for itself.
pub(super) struct Reservation {
    /// The instance that holds it, and its name.
    pub instance: u64,
    pub holder: String,
    token: u64,
    objects: Vec<String>,
    reason: String,
}

impl Core {
    pub(super) fn reserve(&mut self, name: &str, instance: u64, token: u64, objects: Vec<String>, reason: String) {
        let caller = Caller::Object(name.into());
        let taken = objects.iter().find_map(|object| self.reserved_against(object, &caller));
        let outcome = match taken {
            Some(refusal) => Outcome::Ended(Error::refused(refusal)),
            None => {
                self.reservations.push(Reservation { instance, holder: name.into(), token, objects, reason });
                Outcome::Finished(Value::Null)
            }
        };
        self.send(instance, &ObjectRequest::Reply { token, outcome });
    }

    pub(super) fn release(&mut self, instance: u64, token: u64) {
        self.reservations.retain(|r| (r.instance, r.token) != (instance, token));
    }

    pub(super) fn release_all(&mut self, instance: u64) {
        self.reservations.retain(|r| r.instance != instance);
    }

    /// Why somebody else may not use the object now.
    pub(super) fn reserved_against(&self, object: &str, caller: &Caller) -> Option<String> {
        let holds = |r: &Reservation| *caller == Caller::Object(r.holder.clone());
        let held = self.reservations.iter().find(|r| !holds(r) && r.objects.iter().any(|o| o == object))?;
        Some(format!("{object} is in use by {}: {}", held.holder, held.reason))
    }

    /// Who has reserved an object.
    pub(super) fn holders_of(&self, object: &str) -> Vec<String> {
        let holds = |r: &&Reservation| r.objects.iter().any(|o| o == object);
        self.reservations.iter().filter(holds).map(|r| r.holder.clone()).collect()
    }

    pub(super) fn is_reserved(&self, object: &str) -> bool {
        self.reservations.iter().any(|r| r.holder == object || r.objects.iter().any(|o| o == object))
    }
}
