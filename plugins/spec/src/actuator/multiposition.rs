//! `spec.multiposition`: named places of a motor, such as the zooms of a microscope. It goes through the motor object,
//! whose limits and stop it has; it never talks to spec itself.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::{ActuatorState, MotorState, actuator};
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often it looks where the motor is while nothing tells it.
const FOLLOW: Duration = Duration::from_secs(1);

/// One place.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NamedPlace {
    /// What it is called.
    name: String,
    /// Where the motor is there, in its unit.
    at: f64,
}

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Its positions, in their order: two or more, such as `(name: "1x", at: 3.75)`.
    #[schemars(example = [NamedPlace { name: "1x".into(), at: 1.0 }, NamedPlace { name: "2x".into(), at: 2.5 }])]
    positions: Vec<NamedPlace>,
    /// How far the motor may be from a place and still be said to be there, in its unit.
    tolerance: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { positions: Vec::new(), tolerance: 0.01 }
    }
}

/// Named places of a motor.
pub struct Multiposition {
    config: Config,
    motor: Motor,
    channels: actuator::Channels,
    moving: Cell<bool>,
    said: RefCell<Option<(String, ActuatorState)>>,
}

impl HardwareObject for Multiposition {
    const KIND: &'static str = "spec.multiposition";
    const HELP: &'static str = "Named places of a motor, such as the zooms of a microscope, as an actuator.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Role::one("motor", motor::NAME).help("The motor that goes from place to place.")]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let Config { positions, tolerance } = config;
        let mut problems = Vec::new();
        if positions.len() < 2 {
            let why = format!("there are two positions or more, not {}", positions.len());
            problems.push(ConfigProblem::at("positions", why));
        }
        if !(tolerance.is_finite() && *tolerance > 0.0) {
            problems.push(ConfigProblem::at("tolerance", format!("{tolerance} is no distance above 0")));
        }
        for (at, place) in positions.iter().enumerate() {
            let others = &positions[..at];
            let mut wrong =
                |field: &str, why| problems.push(ConfigProblem::at(format!("positions[{at}].{field}"), why));
            if place.name.trim().is_empty() {
                wrong("name", "a position needs a name".to_owned());
            } else if others.iter().any(|other| other.name == place.name) {
                wrong("name", format!("{:?} is there twice", place.name));
            }
            let near = others.iter().find(|other| (other.at - place.at).abs() <= 2.0 * tolerance);
            if !place.at.is_finite() {
                wrong("at", format!("{} is no place", place.at));
            } else if let Some(near) = near {
                wrong("at", format!("{} is within the tolerance of {:?}", place.at, near.name));
            }
        }
        problems
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let (motor, channels) = (Motor::bind(ctx, "motor")?, actuator::Channels::new(ctx));
        Ok(Self { config, motor, channels, moving: Cell::new(false), said: RefCell::default() })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.positions.publish(self.config.positions.iter().map(|place| place.name.clone()).collect());
        let (clock, mut was_there) = (ctx.clock(), None);
        loop {
            let is_there = self.follow(ctx);
            // A motor that is still being connected is not lost.
            if was_there.as_ref() != Some(&is_there) && (is_there.is_ok() || self.has_begun()) {
                match &is_there {
                    Ok(()) => ctx.live(),
                    Err(why) => {
                        let error = format!("motor {}: {why}", self.motor.object());
                        ctx.lost(error, "See what the motor itself says.");
                    }
                }
                was_there = Some(is_there);
            }
            tokio::select! {
                _ = self.motor.position().changed() => {}
                _ = self.motor.state().changed() => {}
                _ = self.motor.status().changed() => {}
                () = clock.sleep(FOLLOW) => {}
            }
        }
    }
}

impl Multiposition {
    fn has_begun(&self) -> bool {
        self.motor.status().value().is_some_and(|status| status.link != Link::Loading)
    }
}

impl actuator::Serve for Multiposition {
    async fn move_to(&self, call: &Call, position: String) -> Result<()> {
        let Some(place) = self.config.positions.iter().find(|place| place.name == position) else {
            let names: Vec<_> = self.config.positions.iter().map(|place| place.name.as_str()).collect();
            return Err(Error::refused(format!("{position:?} is none of {}", names.join(", "))));
        };
        if self.moving.replace(true) {
            return Err(Error::refused("it is moving"));
        }
        let _moving = Moving(self, call);
        self.channels.target.publish(position.clone());
        call.activity(Activity::Moving, format!("moving to {position}"));
        tokio::select! {
            biased;
            // Dropped, the motion ends: the engine has the motor stop.
            () = call.aborted() => Err(Error::aborted()),
            end = self.motor.move_to(place.at) => end,
        }
    }

    async fn stop(&self, _: &Call) -> Result<()> {
        self.motor.stop().await
    }
}

impl Multiposition {
    /// Shows where the motor is; why that is not known, if so.
    fn follow(&self, ctx: &ObjectContext) -> Result<(), String> {
        match self.motor.status().value() {
            Some(ObjectStatus { link: Link::Live, .. }) => {}
            Some(status) if !status.last_error.is_empty() => return Err(status.last_error),
            _ => return Err("it is not there".into()),
        }
        let (Some(at), Some(state)) = (self.motor.position().value(), self.motor.state().value()) else {
            return Err("it has not said where it is".into());
        };
        let near = |place: &&NamedPlace| (place.at - at).abs() <= self.config.tolerance;
        let position = self.config.positions.iter().find(near).map(|place| place.name.clone()).unwrap_or_default();
        let state = match (state, position.is_empty()) {
            (MotorState::Moving, _) => ActuatorState::Moving,
            (MotorState::Fault, _) => ActuatorState::Fault,
            (_, true) => ActuatorState::Between,
            (_, false) => ActuatorState::Ready,
        };
        let now = (position, state);
        let mut said = self.said.borrow_mut();
        if said.as_ref() != Some(&now) {
            if said.is_none() {
                self.channels.target.publish(now.0.clone());
            }
            self.channels.position.publish(now.0.clone());
            self.channels.state.publish(state);
            if !self.moving.get() {
                let activity = if state == ActuatorState::Moving { Activity::Moving } else { Activity::Idle };
                ctx.activity(activity, "");
            }
            *said = Some(now);
        }
        Ok(())
    }
}

/// One motion, however it ends.
struct Moving<'a>(&'a Multiposition, &'a Call);

impl Drop for Moving<'_> {
    fn drop(&mut self) {
        self.0.moving.set(false);
        self.1.activity(Activity::Idle, "");
    }
}
