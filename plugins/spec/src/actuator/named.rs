//! An actuator whose position is the value of a variable of spec, and which is moved by a macro or by setting that
//! variable. `spec.shutter` and `spec.choice` are one each, with their own config.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::interfaces::{ActuatorState, actuator};
use brickwork_sdk::{Activity, Call, Error, ObjectContext, Result};
use brickwork_spec_protocol::Data;
use tokio::sync::watch;

use crate::attend::{Attended, Session, Spec};
use crate::session::words;
use crate::variable::Place;

/// One position.
#[derive(Clone, Debug)]
pub struct Position {
    pub name: String,
    /// The values of the variable that mean it; the first is the one that is set.
    pub values: Vec<String>,
    /// The macro that moves there, instead of setting the variable.
    pub command: Option<String>,
}

/// An actuator of spec.
pub struct Named {
    place: Place,
    positions: Vec<Position>,
    /// How long the variable may take to say that it is there.
    travel: Duration,
    session: Session,
    channels: actuator::Channels,
    /// What the variable last was.
    value: watch::Sender<String>,
    moving: Cell<bool>,
    stopping: tokio::sync::Notify,
    said: RefCell<Option<(String, ActuatorState)>>,
}

/// Whether two values are the same to spec, in which a number is a text: `1`, `1.0` and ` 1`.
fn is_same(one: &str, other: &str) -> bool {
    let number = |text: &str| Data::text(text).to_number().ok();
    one.trim() == other.trim() || number(one).is_some_and(|value| number(other) == Some(value))
}

impl Named {
    /// One that has not begun.
    pub fn new(place: Place, positions: Vec<Position>, travel_secs: f64, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            place,
            positions,
            travel: Duration::from_secs_f64(travel_secs),
            session: Session::bind(ctx)?,
            channels: actuator::Channels::new(ctx),
            value: watch::Sender::default(),
            moving: Cell::new(false),
            stopping: tokio::sync::Notify::new(),
            said: RefCell::default(),
        })
    }

    /// Shows where it is for ever.
    pub async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.positions.publish(self.positions.iter().map(|position| position.name.clone()).collect());
        self.session.attend(ctx, async |spec| self.follow(ctx, spec).await).await
    }

    async fn follow(&self, ctx: &ObjectContext, spec: &Attended<'_>) -> Result<()> {
        let events = self.place.watch(spec);
        let mut data = self.place.first(spec, &events, ctx.clock()).await;
        self.said.take();
        loop {
            match self.place.pick(data) {
                Ok(data) => {
                    self.value.send_replace(words(&data));
                    self.publish(ctx);
                    spec.live();
                }
                Err(error) => spec.lost(error.message, "Correct `variable` in the layout, or the macro that sets it."),
            }
            data = events.next().await.data;
        }
    }

    fn at(&self) -> Option<&Position> {
        let value = self.value.borrow();
        self.positions.iter().find(|position| position.values.iter().any(|own| is_same(own, &value)))
    }

    fn publish(&self, ctx: &ObjectContext) {
        let position = self.at().map(|position| position.name.clone()).unwrap_or_default();
        let state = match (self.moving.get(), position.is_empty()) {
            (true, _) => ActuatorState::Moving,
            (false, true) => ActuatorState::Between,
            (false, false) => ActuatorState::Ready,
        };
        let now = (position, state);
        let mut said = self.said.borrow_mut();
        if said.as_ref() == Some(&now) {
            return;
        }
        if said.is_none() {
            self.channels.target.publish(now.0.clone());
        }
        self.channels.position.publish(now.0.clone());
        self.channels.state.publish(state);
        if state == ActuatorState::Between {
            let why = format!("{} is {:?}, which is none of its positions", self.place.text, *self.value.borrow());
            ctx.activity(Activity::Idle, why);
        } else if state == ActuatorState::Ready {
            ctx.activity(Activity::Idle, "");
        }
        *said = Some(now);
    }

    /// Goes to a position; finishes when the variable says that it is there.
    pub async fn move_to(&self, call: &Call, name: String) -> Result<()> {
        let Some(position) = self.positions.iter().find(|position| position.name == name) else {
            let names: Vec<_> = self.positions.iter().map(|position| position.name.as_str()).collect();
            return Err(Error::refused(format!("{name:?} is none of {}", names.join(", "))));
        };
        let spec = self.session.spec()?;
        let _motion = Motion::begin(self, call, position)?;
        tokio::select! {
            biased;
            () = call.aborted() => {
                spec.abort()?;
                Err(Error::aborted())
            }
            () = self.stopping.notified() => Err(Error::aborted()),
            error = spec.lost() => Err(Error::failed(format!("spec was lost on the way to {name}: {error}"))),
            end = self.travel(call, &spec, position) => end,
        }
    }

    async fn travel(&self, call: &Call, spec: &Spec, position: &Position) -> Result<()> {
        let first = position.values.first().cloned().unwrap_or_default();
        match &position.command {
            Some(command) => drop(spec.command(command, None).await?),
            None => drop(self.place.set(spec, Data::text(first)).await?),
        }
        let mut value = self.value.subscribe();
        let is_there = |value: &String| position.values.iter().any(|own| is_same(own, value));
        let arrived = call.clock().limit(self.travel, value.wait_for(is_there)).await;
        match arrived {
            Ok(_) => Ok(()),
            Err(_) => {
                let (secs, now) = (self.travel.as_secs_f64(), self.value.borrow().clone());
                let wanted = position.values.join(" or ");
                let why =
                    format!("{} is {now:?} after {secs} s, not {wanted}, as at {}", self.place.text, position.name);
                Err(Error::failed(why).remedy("Look at the device, and at the output of spec."))
            }
        }
    }

    /// Ends the motion from here by spec's `^C`; without one it leaves spec alone.
    pub fn stop(&self) -> Result<()> {
        if self.moving.get() {
            self.session.any_spec()?.abort()?;
            self.stopping.notify_waiters();
        }
        Ok(())
    }
}

/// One motion: however it ends, it is said to stand again.
struct Motion<'a> {
    actuator: &'a Named,
    call: &'a Call,
}

impl<'a> Motion<'a> {
    fn begin(actuator: &'a Named, call: &'a Call, position: &Position) -> Result<Self> {
        if actuator.moving.replace(true) {
            return Err(Error::refused("it is moving"));
        }
        actuator.channels.target.publish(position.name.clone());
        call.activity(Activity::Moving, format!("moving to {}", position.name));
        actuator.publish(call);
        Ok(Self { actuator, call })
    }
}

impl Drop for Motion<'_> {
    fn drop(&mut self) {
        self.actuator.moving.set(false);
        self.call.activity(Activity::Idle, "");
        self.actuator.publish(self.call);
    }
}
