//! `sim.actuator`: something with a few named positions, such as a shutter, a light or a zoom, in the engine's time.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::interfaces::{ActuatorState, actuator};
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Restored, Result, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::faults::{Faults, Faulty};

/// How often a motion looks whether it is there, or is to end.
const TICK: Duration = Duration::from_millis(25);
const SCHEMA: &str = "sim.actuator 1";

/// What a layout may say of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The names of its positions, in their order: two or more, all different.
    positions: Vec<String>,
    /// Where it is at first; the first of `positions` when this is empty.
    position: String,
    /// How long a motion takes, in seconds.
    #[schemars(range(min = 0.0, max = 3600.0))]
    travel_secs: f64,
    /// What forbids every motion, in a sentence; empty when nothing does.
    interlock: String,
}

impl Default for Config {
    fn default() -> Self {
        let positions = ["closed", "open"].map(String::from).to_vec();
        Self { positions, position: String::new(), travel_secs: 0.5, interlock: String::new() }
    }
}

impl Config {
    fn start(&self) -> String {
        let first = self.positions.first().cloned().unwrap_or_default();
        if self.position.is_empty() { first } else { self.position.clone() }
    }

    /// Why a word is none of its positions, if so.
    fn unknown(&self, word: &str) -> Option<String> {
        let known = self.positions.iter().any(|name| name == word);
        (!known).then(|| format!("{word:?} is none of {}", self.positions.join(", ")))
    }

    /// What is wrong with the names of the positions.
    fn misnamed(&self) -> Vec<ConfigProblem> {
        if self.positions.len() < 2 {
            let count = self.positions.len();
            return vec![ConfigProblem::at("positions", format!("an actuator has two positions or more, not {count}"))];
        }
        let wrong = |(index, name): (usize, &String)| {
            let message = match name.trim() {
                "" => "a position needs a name: the empty one stands for between two".to_owned(),
                _ if self.positions[..index].contains(name) => format!("{name:?} is there twice"),
                _ => return None,
            };
            Some(ConfigProblem::at(format!("positions[{index}]"), message))
        };
        self.positions.iter().enumerate().filter_map(wrong).collect()
    }
}

/// One simulated actuator.
pub struct SimActuator {
    config: Config,
    channels: actuator::Channels,
    /// Empty between two.
    position: RefCell<String>,
    moving: Cell<bool>,
    stopping: Cell<bool>,
    faults: Faults,
}

impl HardwareObject for SimActuator {
    const KIND: &'static str = "sim.actuator";
    const HELP: &'static str = "A simulated shutter, light or zoom: named positions, an interlock, faults on command.";
    type Config = Config;

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let mut problems = config.misnamed();
        if !config.position.is_empty() && problems.is_empty() {
            let choices = config.positions.clone();
            let unknown = config.unknown(&config.position).map(|why| ConfigProblem::at("position", why));
            problems.extend(unknown.map(|problem| ConfigProblem { choices, ..problem }));
        }
        if !(0.0..=3600.0).contains(&config.travel_secs) {
            let message = format!("{} is not a time from 0 to 3600 s", config.travel_secs);
            problems.push(ConfigProblem::at("travel_secs", message));
        }
        problems
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            channels: actuator::Channels::new(ctx),
            position: RefCell::new(config.start()),
            moving: Cell::new(false),
            stopping: Cell::new(false),
            faults: Faults::default(),
            config,
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.faults.reach(ctx.clock())?;
        self.channels.positions.publish(self.config.positions.clone());
        self.channels.interlock.publish(self.config.interlock.clone());
        self.channels.target.publish(self.position.borrow().clone());
        self.channels.position.publish(self.position.borrow().clone());
        self.publish_state();
        ctx.live();
        Err(self.faults.lost(ctx.clock()).await)
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &*self.position.borrow())
    }

    fn restore(&mut self, state: &State) -> Restored {
        let stood: String = match state.read(SCHEMA) {
            Ok(stood) => stood,
            Err(error) => return Restored::Refused(error.message),
        };
        match self.config.unknown(&stood).filter(|_| !stood.is_empty()) {
            Some(why) => Restored::Refused(why),
            None => {
                self.position.replace(stood);
                Restored::Complete
            }
        }
    }
}

impl actuator::Serve for SimActuator {
    async fn move_to(&self, call: &Call, position: String) -> Result<()> {
        if !self.config.interlock.is_empty() {
            return Err(Error::refused(self.config.interlock.clone()));
        }
        if let Some(why) = self.config.unknown(&position) {
            return Err(Error::refused(why));
        }
        let _motion = Motion::begin(self, call, &position)?;
        if *self.position.borrow() != position {
            self.stand("");
            self.travel(call).await?;
            self.stand(&position);
        }
        Ok(())
    }

    async fn stop(&self, call: &Call) -> Result<()> {
        while self.moving.get() {
            self.stopping.set(true);
            call.sleep(TICK).await?;
        }
        Ok(())
    }
}

impl SimActuator {
    /// Lets the time of a motion pass, which stands still while the axis is stalled.
    async fn travel(&self, call: &Call) -> Result<()> {
        let (mut last_secs, mut secs) = (call.clock().now_secs(), 0.0);
        while secs < self.config.travel_secs {
            self.faults.reach(call.clock())?;
            if call.is_aborted() || self.stopping.get() {
                return Err(Error::aborted());
            }
            call.clock().sleep(TICK).await;
            let now_secs = call.clock().now_secs();
            secs += if self.faults.stalled() { 0.0 } else { now_secs - last_secs };
            last_secs = now_secs;
        }
        self.faults.reach(call.clock())
    }

    fn stand(&self, at: &str) {
        self.position.replace(at.to_owned());
        self.channels.position.publish(at.to_owned());
    }
}

impl Faulty for SimActuator {
    const NO_LIMIT: Option<&'static str> = Some("an actuator has no limit switch: use stall, disconnect or panic");

    fn faults(&self) -> &Faults {
        &self.faults
    }

    fn publish_state(&self) {
        self.channels.state.publish(if self.moving.get() {
            ActuatorState::Moving
        } else if !self.config.interlock.is_empty() {
            ActuatorState::Interlocked
        } else if self.position.borrow().is_empty() {
            ActuatorState::Between
        } else {
            ActuatorState::Ready
        });
    }
}

/// One motion: however it ends, also with the object, it is said to stand again.
struct Motion<'a> {
    actuator: &'a SimActuator,
    call: &'a Call,
}

impl<'a> Motion<'a> {
    fn begin(actuator: &'a SimActuator, call: &'a Call, target: &str) -> Result<Self> {
        if actuator.moving.replace(true) {
            return Err(Error::refused("it is moving"));
        }
        actuator.stopping.set(false);
        actuator.channels.target.publish(target.to_owned());
        call.activity(Activity::Moving, format!("moving to {target}"));
        actuator.publish_state();
        Ok(Self { actuator, call })
    }
}

impl Drop for Motion<'_> {
    fn drop(&mut self) {
        self.actuator.moving.set(false);
        self.actuator.publish_state();
        self.call.activity(Activity::Idle, "");
    }
}
