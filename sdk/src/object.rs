//! The server's side: hardware objects, what they publish and the calls they answer.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use brickwork_abi::{ChannelId, PublishStatus};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use crate::context::ObjectContext;
use crate::protocol::{Caller, ConfigProblem, Post, Role};
use crate::status::Quality;
use crate::{Error, Restored, Result, State, Value, from_value, to_value};

/// A named thing of the beamline: a motor, a camera, a procedure.
///
/// Its life:
/// * [`new`](Self::new) with its config; no I/O, so that a reload can go back;
/// * [`restore`](Self::restore) with what its predecessor saved;
/// * [`run`](Self::run) connects and works; an `Err` is "disconnected", and it is run again with back-off;
/// * commands of its interfaces, beside `run`, on the same thread: state is in `Cell`s, never in locks;
/// * [`save`](Self::save), then it is dropped.
///
/// A panic in any of them is a Fault of this object alone; it is made anew with back-off.
pub trait HardwareObject: Sized + 'static {
    /// Its name in layouts, such as `sim.motor`.
    const KIND: &'static str;

    /// One sentence about it.
    const HELP: &'static str = "";

    /// What its `config` holds; a type with `#[serde(deny_unknown_fields)]` finds misspelt fields. Its doc comments
    /// are its documentation, its schema finds mistakes.
    type Config: DeserializeOwned + JsonSchema;

    /// The other objects that it uses.
    fn roles() -> Vec<Role> {
        Vec::new()
    }

    /// All mistakes in a config that can be parsed, such as numbers out of range.
    fn check(_config: &Self::Config) -> Vec<ConfigProblem> {
        Vec::new()
    }

    /// Makes it, without I/O.
    ///
    /// # Errors
    /// Says what in its config or roles cannot be.
    fn new(config: Self::Config, ctx: &ObjectContext) -> Result<Self>;

    /// Connects and works for ever; says `ctx.live()` once the hardware answers.
    fn run(&self, ctx: &ObjectContext) -> impl Future<Output = Result<()>> {
        async {
            ctx.live();
            std::future::pending().await
        }
    }

    /// A person answered a question that it asked.
    fn answer(&self, _ctx: &ObjectContext, _question: &str, _option: &str) {}

    /// What its successor should know.
    fn save(&self) -> State {
        State::none()
    }

    /// Takes what its predecessor saved, before `run`.
    fn restore(&mut self, state: &State) -> Restored {
        if state.schema.is_empty() {
            Restored::Complete
        } else {
            Restored::Refused(format!("{} keeps no state", Self::KIND))
        }
    }
}

/// One channel of this object, to publish on.
pub struct Publisher<T> {
    context: ObjectContext,
    id: ChannelId,
    kind: PhantomData<fn(T)>,
}

impl<T: Serialize> Publisher<T> {
    /// For code that `interface!` writes.
    #[doc(hidden)]
    pub fn new(context: &ObjectContext, channel: &str) -> Self {
        let id = context.inner.host.channel(context.inner.instance, channel.into());
        Self { context: context.clone(), id, kind: PhantomData }
    }

    /// Publishes a good value. A number that is none (NaN, infinite) is published as [`Quality::Invalid`].
    pub fn publish(&self, value: T) {
        self.publish_as(value, Quality::Ok, 0.0);
    }

    /// Publishes a value with its quality and the time of its source (seconds since 1970, 0 if unknown).
    /// A replaced object's values are dropped.
    pub fn publish_as(&self, value: T, quality: Quality, source_time: f64) -> PublishStatus {
        let mut value = to_value(&value).unwrap_or_default();
        let quality = if cannot_be(&value) { Quality::Invalid } else { quality };
        self.context.inner.host.publish(self.id, &mut value, quality.code(), source_time)
    }
}

/// Whether a value is a number that nothing can have, or a pair (limits, a place) with one that is not known. Limits may
/// be infinite, and in longer lists NaN is a gap.
fn cannot_be(value: &Value) -> bool {
    match value {
        Value::Float(number) => !number.is_finite(),
        Value::List(pair) if pair.len() == 2 => pair.iter().any(|number| number.as_f64().is_some_and(f64::is_nan)),
        _ => false,
    }
}

/// One call of a command that this object answers.
#[derive(Clone)]
pub struct Call {
    inner: Rc<CallInner>,
}

struct CallInner {
    context: ObjectContext,
    id: u64,
    caller: Caller,
    aborted: Cell<bool>,
    notify: Notify,
}

impl Deref for Call {
    type Target = ObjectContext;
    fn deref(&self) -> &ObjectContext {
        &self.inner.context
    }
}

impl Call {
    pub(crate) fn new(context: ObjectContext, id: u64, caller: Caller) -> Self {
        Self { inner: Rc::new(CallInner { context, id, caller, aborted: Cell::new(false), notify: Notify::new() }) }
    }

    /// Who asked.
    pub fn caller(&self) -> &Caller {
        &self.inner.caller
    }

    /// Whether somebody wants it to end early.
    pub fn is_aborted(&self) -> bool {
        self.inner.aborted.get()
    }

    pub(crate) fn abort(&self) {
        self.inner.aborted.set(true);
        self.inner.notify.notify_waiters();
    }

    /// Waits until somebody wants it to end early.
    pub async fn aborted(&self) {
        let notified = self.inner.notify.notified();
        if !self.is_aborted() {
            notified.await;
        }
    }

    /// Waits for so much of the engine's time.
    ///
    /// # Errors
    /// Aborted, at once, when somebody wants the call to end early: `?` passes it on.
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        let clock = self.clock();
        tokio::select! {
            biased;
            () = self.aborted() => Err(Error::aborted()),
            () = clock.sleep(duration) => Ok(()),
        }
    }

    /// Says how far it is: 0 to 1 if known, and what is being done.
    pub fn progress(&self, fraction: impl Into<Option<f64>>, message: impl Into<String>) {
        self.post(&Post::Progress { call: self.inner.id, fraction: fraction.into(), message: message.into() });
    }
}

/// The arguments of a call, taken one by one by code that `interface!` writes.
#[doc(hidden)]
pub struct Arguments(RefCell<Value>);

impl Arguments {
    #[doc(hidden)]
    pub fn new(value: Value) -> Self {
        Self(RefCell::new(value))
    }

    /// # Errors
    /// Refused when it is missing or of another type.
    #[doc(hidden)]
    pub fn take<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let value = match &mut *self.0.borrow_mut() {
            Value::Map(entries) => entries.iter_mut().find(|e| e.key == name).map(|e| std::mem::take(&mut e.value)),
            _ => None,
        };
        from_value(value.unwrap_or_default())
            .map_err(|error| Error::refused(format!("the argument {name:?} does not fit: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_cannot_be_is_never_published_as_good() {
        let [nan, inf, one] = [f64::NAN, f64::INFINITY, 1.0].map(Value::Float);
        for bad in [nan.clone(), inf.clone(), Value::list([nan.clone(), one.clone()])] {
            assert!(cannot_be(&bad), "{bad:?}");
        }
        let gap = Value::list([one.clone(), nan, one.clone()]);
        for good in [one, Value::list([Value::Float(f64::NEG_INFINITY), inf]), gap, Value::Int(1), "text".into()] {
            assert!(!cannot_be(&good), "{good:?}");
        }
    }
}
