//! What the tests stand on: a motor that is there at once or never arrives, and objects that only publish.

use std::cell::Cell;

use brickwork_sdk::interfaces::{ActuatorState, MotorState, motor};
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{Call, Error, ErrorKind, HardwareObject, ObjectContext, Result, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a test says of its motor.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub unit: String,
    pub limits: (f64, f64),
    /// It moves until it is stopped.
    pub endless: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { unit: "mm".into(), limits: (-2.0, 2.0), endless: false }
    }
}

impl Config {
    pub fn deg(low: f64, high: f64) -> Self {
        Self { unit: "deg".into(), limits: (low, high), ..Self::default() }
    }
}

/// A motor for tests.
pub struct TestMotor {
    config: Config,
    channels: motor::Channels,
    moving: Cell<bool>,
    ending: tokio::sync::Notify,
}

impl HardwareObject for TestMotor {
    const KIND: &'static str = "test.motor";
    type Config = Config;

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let channels = motor::Channels::new(ctx);
        Ok(Self { config, channels, moving: Cell::new(false), ending: tokio::sync::Notify::new() })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.unit.publish(self.config.unit.clone());
        self.channels.limits.publish(self.config.limits);
        self.channels.position.publish(0.0);
        self.channels.target.publish(0.0);
        self.channels.state.publish(MotorState::Ready);
        ctx.live();
        std::future::pending().await
    }
}

impl motor::Serve for TestMotor {
    async fn move_to(&self, call: &Call, position: f64) -> Result<()> {
        self.channels.target.publish(position);
        if !self.config.endless {
            self.channels.position.publish(position);
            return Ok(());
        }
        self.channels.state.publish(MotorState::Moving);
        self.moving.set(true);
        tokio::select! {
            () = call.aborted() => {}
            () = self.ending.notified() => {}
        }
        self.moving.set(false);
        self.channels.state.publish(MotorState::Ready);
        Err(Error::aborted())
    }

    async fn stop(&self, _: &Call) -> Result<()> {
        if self.moving.get() {
            self.ending.notify_waiters();
        }
        Ok(())
    }
}

/// A host of the plugin that has motors too.
pub fn host() -> FakeHost {
    FakeHost::new(crate::plugin().object::<TestMotor>(vec![brickwork_sdk::__serve!(TestMotor: motor)]))
}

/// A motor that is live.
pub fn motor(host: &FakeHost, name: &str, config: &Config) -> TestObject {
    let motor = host.object(name, "test.motor").config(config).start();
    motor.wait_live();
    motor
}

/// Moves a motor as a person does.
pub fn move_to(motor: &TestObject, position: f64) {
    assert_eq!(motor.call("motor", "move_to", fields! { position: position }), Outcome::Finished(Value::Null));
}

/// Publishes that an object is live.
pub fn live(host: &FakeHost, name: &str) {
    host.publish(name, "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
}

/// Publishes all that an actuator does.
pub fn actuator(host: &FakeHost, name: &str, positions: &[&str], position: &str) {
    host.publish(name, "positions", positions);
    host.publish(name, "position", position);
    host.publish(name, "state", ActuatorState::Ready);
    live(host, name);
}

/// Publishes all that a motor at 0 does.
pub fn still_motor(host: &FakeHost, name: &str, unit: &str, limits: (f64, f64)) {
    host.publish(name, "unit", unit);
    host.publish(name, "limits", limits);
    host.publish(name, "position", 0.0);
    host.publish(name, "target", 0.0);
    host.publish(name, "state", MotorState::Ready);
    live(host, name);
}

/// How something ended that did not finish.
pub fn ended(outcome: Outcome) -> (ErrorKind, String) {
    let error = outcome.into_result().expect_err("it did not finish");
    (error.kind, error.message)
}

/// Why something was refused.
pub fn refused(outcome: Outcome) -> String {
    let (kind, message) = ended(outcome);
    assert_eq!(kind, ErrorKind::Refused, "{message}");
    message
}
