//! `sim.motor`: one axis that moves as a real one does, in the engine's time.

use std::cell::Cell;
use std::time::Duration;

use brickwork_sdk::interfaces::{MotorState, motor, outside, outside_from, real_limits};
use brickwork_sdk::unit::Unit;
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Restored, Result, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::faults::{Faults, Faulty};
use crate::profile::Profile;

/// How often a moving axis says where it is.
const TICK: Duration = Duration::from_millis(25);
/// No simulated axis is longer, faster or stronger: beyond, sums lose their digits and become infinite.
const FAR: f64 = 1e12;
/// Nor slower or weaker.
const NEAR: f64 = 1e-9;
const SCHEMA: &str = "sim.motor 1";

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it is at first, in its unit.
    position: f64,
    /// mm, um, deg, mrad, keV, angstrom, steps and other units; % for the level of a light.
    unit: String,
    /// The lowest and the highest position, in its unit; `inf` and `-inf` for no limit.
    #[schemars(extend("infinite" = true))]
    limits: (f64, f64),
    /// Its unit per second.
    velocity: f64,
    /// Its unit per second squared.
    acceleration: f64,
    /// How far it goes beyond a lower target, to come back from below; in its unit.
    backlash: f64,
}

impl Default for Config {
    fn default() -> Self {
        let (position, limits, velocity, acceleration) = (0.0, (-180.0, 180.0), 20.0, 40.0);
        Self { position, unit: "deg".into(), limits, velocity, acceleration, backlash: 0.0 }
    }
}

/// One simulated axis.
pub struct SimMotor {
    config: Config,
    channels: motor::Channels,
    position: Cell<f64>,
    forward: Cell<bool>,
    moving: Cell<bool>,
    stopping: Cell<bool>,
    faults: Faults,
}

impl HardwareObject for SimMotor {
    const KIND: &'static str = "sim.motor";
    const HELP: &'static str = "A simulated motor with velocity, acceleration, backlash, limits and faults on command.";
    type Config = Config;

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let Config { position, unit, limits, velocity, acceleration, backlash } = config;
        let wrong = |is_wrong: bool, path: &str, message: String| is_wrong.then(|| ConfigProblem::at(path, message));
        let within = |path, number, range, unit| outside(number, range, unit).map(|why| ConfigProblem::at(path, why));
        let positive = |path, number: f64| match number > 0.0 {
            true => within(path, number, (NEAR, FAR), ""),
            false => wrong(true, path, format!("{number} is not above 0")),
        };
        let ordered = limits.0 < limits.1;
        let reached = if ordered { *limits } else { real_limits((f64::MIN, f64::MAX)) };
        let checks = [
            wrong(!ordered, "limits", format!("the low limit {} is not below the high limit {}", limits.0, limits.1)),
            within("position", *position, (reached.0.max(-FAR), reached.1.min(FAR)), unit),
            positive("velocity", *velocity),
            positive("acceleration", *acceleration),
            match *backlash < 0.0 {
                true => wrong(true, "backlash", format!("{backlash} is below 0")),
                false => within("backlash", *backlash, (0.0, FAR), unit),
            },
            Unit::problem("unit", unit),
        ];
        checks.into_iter().flatten().collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let config = Config { unit: Unit::spelled(&config.unit), ..config };
        Ok(Self {
            channels: motor::Channels::new(ctx),
            position: Cell::new(config.position),
            forward: Cell::new(true),
            moving: Cell::new(false),
            stopping: Cell::new(false),
            faults: Faults::default(),
            config,
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.faults.reach(ctx.clock())?;
        self.channels.unit.publish(self.config.unit.clone());
        self.channels.limits.publish(self.config.limits);
        self.channels.velocity.publish(self.config.velocity);
        self.channels.target.publish(self.position.get());
        self.channels.position.publish(self.position.get());
        self.publish_state();
        ctx.live();
        Err(self.faults.lost(ctx.clock()).await)
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.position.get())
    }

    fn restore(&mut self, state: &State) -> Restored {
        let mut position = self.position.get();
        let restored = state.restore(SCHEMA, &mut position);
        if position.abs() <= FAR {
            self.position.set(position);
            return restored;
        }
        Restored::Refused(format!("{position} is no position"))
    }
}

impl motor::Serve for SimMotor {
    async fn move_to(&self, call: &Call, position: f64) -> Result<()> {
        let Config { limits, unit, backlash, .. } = &self.config;
        let reached = (limits.0.max(-FAR), limits.1.min(FAR));
        if let Some(why) = outside_from(Some(self.position.get()), position, reached, unit) {
            return Err(Error::refused(why));
        }
        let _motion = Motion::begin(self, call, position)?;
        if position < self.position.get() && *backlash > 0.0 {
            self.travel(call, (position - backlash).max(limits.0)).await?;
        }
        self.travel(call, position).await
    }

    async fn stop(&self, call: &Call) -> Result<()> {
        while self.moving.get() {
            self.stopping.set(true);
            call.sleep(TICK).await?;
        }
        Ok(())
    }
}

impl SimMotor {
    /// Goes one way, or brakes as soon as somebody wants it.
    async fn travel(&self, call: &Call, to: f64) -> Result<()> {
        let Config { velocity, acceleration, .. } = self.config;
        let mut profile = Profile::new(self.position.get(), to, velocity, acceleration);
        let (mut last_secs, mut secs, mut braking) = (call.clock().now_secs(), 0.0, false);
        loop {
            self.forward.set(profile.is_forward());
            self.trouble(call)?;
            self.position.set(profile.at(secs));
            self.channels.position.publish(self.position.get());
            let stop = call.is_aborted() || self.stopping.get();
            if secs >= profile.secs() && !braking {
                return Ok(());
            } else if secs >= profile.secs() || (stop && self.faults.stalled()) {
                return Err(Error::aborted());
            } else if stop && !braking {
                (profile, secs, braking) = (profile.brake(secs), 0.0, true);
            }
            call.clock().sleep(TICK).await;
            let now_secs = call.clock().now_secs();
            secs += if self.faults.stalled() { 0.0 } else { now_secs - last_secs };
            last_secs = now_secs;
        }
    }

    /// Fails when a fault ends every motion.
    fn trouble(&self, call: &Call) -> Result<()> {
        self.faults.reach(call.clock())?;
        let (side, position, unit) = (self.side(), self.position.get(), &self.config.unit);
        match self.faults.at_limit() {
            true => Err(Error::failed(format!("the {side} limit switch closed at {position:.3} {unit}"))),
            false => Ok(()),
        }
    }

    fn side(&self) -> &'static str {
        if self.forward.get() { "upper" } else { "lower" }
    }
}

impl Faulty for SimMotor {
    fn faults(&self) -> &Faults {
        &self.faults
    }

    fn publish_state(&self) {
        self.channels.state.publish(match (self.faults.at_limit(), self.forward.get(), self.moving.get()) {
            (true, true, _) => MotorState::HighLimit,
            (true, false, _) => MotorState::LowLimit,
            (false, _, true) => MotorState::Moving,
            (false, _, false) => MotorState::Ready,
        });
    }

    fn push(&self, by: f64) -> Result<()> {
        if self.moving.get() {
            return Err(Error::refused("it is moving"));
        }
        let to = self.position.get() + by;
        if let Some(why) = outside(to, (-FAR, FAR), &self.config.unit) {
            return Err(Error::refused(why));
        }
        self.position.set(to);
        self.channels.position.publish(self.position.get());
        Ok(())
    }
}

/// One motion: however it ends, also with the object, the axis is said to stand again.
struct Motion<'a> {
    motor: &'a SimMotor,
    call: &'a Call,
}

impl<'a> Motion<'a> {
    fn begin(motor: &'a SimMotor, call: &'a Call, target: f64) -> Result<Self> {
        if motor.moving.replace(true) {
            return Err(Error::refused("it is moving"));
        }
        motor.stopping.set(false);
        motor.channels.target.publish(target);
        call.activity(Activity::Moving, format!("moving to {target:.3} {}", motor.config.unit));
        motor.publish_state();
        Ok(Self { motor, call })
    }
}

impl Drop for Motion<'_> {
    fn drop(&mut self) {
        self.motor.moving.set(false);
        self.motor.publish_state();
        self.call.activity(Activity::Idle, "");
    }
}
