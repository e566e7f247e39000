//! A simulated spec on a thread of its own, and what tests do to it. It serves until it is killed, dropped, or told to
//! die by a fault.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use brickwork_spec_protocol::{Data, Property};
use tokio::runtime;

use crate::context::{End, Spec};
use crate::error::{SpecError, StartError};
use crate::server;
use crate::value::Value;
use crate::{Fault, Faults, MotorSetup, Setup};

/// How long a port may still be taken when a spec begins again.
const AGAIN: Duration = Duration::from_millis(50);

/// What is asked of a simulator and cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ControlError(String);

impl From<SpecError> for ControlError {
    fn from(error: SpecError) -> Self {
        Self(error.text)
    }
}

/// A simulated spec that runs. Dropped, it is killed.
pub struct Simulator {
    /// Where it listens on 127.0.0.1. It stays the same when it begins again.
    pub port: u16,
    name: String,
    spec: Arc<Spec>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts one; it listens when this returns.
    ///
    /// # Errors
    /// The setup cannot be, or its port is taken.
    pub fn start(setup: Setup) -> Result<Self, StartError> {
        if let Some(problem) = setup.problem() {
            return Err(StartError::Setup(problem));
        }
        let (name, port) = (setup.name.clone(), setup.port);
        let spec = Arc::new(Spec::new(setup));
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (sender, started) = mpsc::sync_channel(1);
        let own = spec.clone();
        let thread = Builder::new().name("mxspecsim".into()).spawn(move || {
            runtime.block_on(async {
                match server::listen(port).await {
                    Ok(listener) => {
                        let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
                        // Whoever starts it waits.
                        let _ = sender.send(Ok(port));
                        live(&own, listener, port).await;
                    }
                    Err(error) => drop(sender.send(Err(error))),
                }
            });
        })?;
        let port = started.recv().unwrap_or(Err(StartError::NoPort))?;
        Ok(Self { port, name, spec, thread: Some(thread) })
    }

    /// The name that clients find it by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Does what the fault says, now.
    ///
    /// # Errors
    /// It names a motor that does not exist.
    pub fn fault(&self, fault: &Fault) -> Result<(), ControlError> {
        Ok(apply(&self.spec, fault)?)
    }

    /// How it misbehaves now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        let drops_every = self.spec.world().audience.drops_every;
        Faults { drops_every, ..*self.spec.faults.borrow() }
    }

    /// Hangs, or no longer: connections are accepted, and nothing is read or answered.
    pub fn hang(&self, hangs: bool) {
        self.spec.faults.send_modify(|faults| faults.hangs = hangs);
    }

    /// Sends all so many milliseconds late; 0 ends it.
    pub fn answer_late(&self, late: Duration) {
        let late_ms = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
        self.spec.faults.send_modify(|faults| faults.late_ms = late_ms);
    }

    /// Drops every n-th event; 0 ends it.
    pub fn drop_every(&self, every: u64) {
        self.spec.world().audience.drops_every = every;
    }

    /// Ends it and starts another on its port, which clients see as connections that end.
    ///
    /// # Errors
    /// The setup cannot be.
    pub fn restart(&self, setup: Setup) -> Result<(), ControlError> {
        match setup.problem() {
            Some(problem) => Err(ControlError(problem)),
            None => {
                self.spec.end.send_replace(Some(End::Restart(Box::new(setup))));
                Ok(())
            }
        }
    }

    /// Ends it at once: all connections are closed, and nobody listens when this returns.
    pub fn kill(&mut self) {
        self.spec.end.send_replace(Some(End::Die));
        self.wait();
    }

    /// Waits until it ends by itself, as `quit` and the fault `die` have it.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic in there is in its output already.
            let _ = thread.join();
        }
    }

    /// Whether it still runs: `quit` and the fault `die` end it too.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Puts a motor to a user position at once, as a hand at its knob does. Its encoder tells spec.
    ///
    /// # Errors
    /// There is no such motor, or it moves.
    pub fn move_by_hand(&self, motor: &str, position: f64) -> Result<(), ControlError> {
        let mut world = self.spec.world();
        let number = world.motor(motor)?;
        let own = &mut world.motors[number];
        if own.is_moving() {
            return Err(ControlError(format!("{motor} moves")));
        }
        own.dial = own.dial_of(position);
        world.tell_position(number);
        Ok(())
    }

    /// Has a motor's controller be so many steps elsewhere than spec believes: spec asks before the next move.
    ///
    /// # Errors
    /// There is no such motor.
    pub fn lose_steps(&self, motor: &str, steps: i64) -> Result<(), ControlError> {
        self.fault(&Fault::LoseSteps(motor.to_owned(), steps))
    }

    /// Has a motor's controller report a fault, or no longer.
    ///
    /// # Errors
    /// There is no such motor.
    pub fn motor_fault(&self, motor: &str, fault: bool) -> Result<(), ControlError> {
        Ok(set_motor_fault(&self.spec, motor, fault)?)
    }

    /// Where a motor is, in user units.
    #[must_use]
    pub fn position(&self, motor: &str) -> Option<f64> {
        let world = self.spec.world();
        world.motor(motor).ok().map(|motor| world.motors[motor].user())
    }

    /// The value of a variable, as a client reads it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Data> {
        self.spec.world().variables.get(name).map(Value::to_data)
    }

    /// Sets a variable, as a macro does: all who follow it hear of it.
    ///
    /// # Errors
    /// The name or the value is none of a variable.
    pub fn set_variable(&self, name: &str, value: Data) -> Result<(), ControlError> {
        let world = &mut *self.spec.world();
        world.may_be_variable(name)?;
        Ok(world.variables.set(name, Value::from_data(value)?, &mut world.audience)?)
    }

    /// Tells all who follow a property a value that it does not have, as a broken server does.
    pub fn send_event(&self, property: &Property, value: &Data) {
        self.spec.world().audience.publish(property, value);
    }

    /// The same with many values, one event each: as fast as a spec can be. Whoever sends more than clients read looks at
    /// [`Self::waiting`] between.
    pub fn send_events(&self, property: &Property, values: &[Data]) {
        self.spec.world().audience.publish_all(property, values);
    }

    /// What waits for the client that reads slowest: packets, and calls of [`Self::send_events`]. A client for which 8192
    /// wait is cut off.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.spec.world().audience.waiting()
    }

    /// What `^C` at its keyboard does.
    pub fn abort(&self) {
        self.spec.abort(KEYBOARD);
    }

    /// How many clients are connected.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.spec.world().audience.count()
    }
}

/// The number of no client.
const KEYBOARD: u64 = 0;

impl Drop for Simulator {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Serves, and begins again as often as it is told to.
async fn live(spec: &Arc<Spec>, mut listener: tokio::net::TcpListener, port: u16) {
    while let End::Restart(setup) = server::serve(spec, listener).await {
        spec.begin_again(*setup);
        listener = loop {
            match server::listen(Some(port)).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        };
    }
}

/// Does what a fault says.
pub(crate) fn apply(spec: &Spec, fault: &Fault) -> Result<(), SpecError> {
    match fault {
        Fault::None => {
            spec.faults.send_replace(Faults::default());
            let mut world = spec.world();
            world.audience.drops_every = 0;
            let names: Vec<String> = world.motors.iter().map(|motor| motor.setup.mnemonic.clone()).collect();
            drop(world);
            return names.iter().try_for_each(|name| set_motor_fault(spec, name, false));
        }
        Fault::Hang => spec.faults.send_modify(|faults| faults.hangs = true),
        Fault::Late(ms) => spec.faults.send_modify(|faults| faults.late_ms = *ms),
        Fault::Drop(every) => spec.world().audience.drops_every = *every,
        Fault::Die => drop(spec.end.send_replace(Some(End::Die))),
        Fault::Restart(motors) => {
            let mut setup = spec.world().setup.clone();
            if !motors.is_empty() {
                setup.motors = motors.iter().map(|motor| MotorSetup::new(motor, motor)).collect();
            }
            if let Some(problem) = setup.problem() {
                return Err(SpecError::new(problem));
            }
            spec.end.send_replace(Some(End::Restart(Box::new(setup))));
        }
        Fault::LoseSteps(motor, steps) => {
            let mut world = spec.world();
            let motor = world.motor(motor)?;
            let own = &mut world.motors[motor];
            own.controller = (*steps != 0).then(|| own.steps() + steps);
        }
        Fault::Motor(motor) => set_motor_fault(spec, motor, true)?,
    }
    Ok(())
}

fn set_motor_fault(spec: &Spec, motor: &str, fault: bool) -> Result<(), SpecError> {
    let mut world = spec.world();
    let motor = world.motor(motor)?;
    if world.motors[motor].fault != fault {
        world.motors[motor].fault = fault;
        if fault {
            let now = world.now();
            world.motors[motor].stop(now);
        }
        world.tell(motor, &[brickwork_spec_protocol::MotorProperty::MotorFault]);
    }
    Ok(())
}
