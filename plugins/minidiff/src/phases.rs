//! `minidiff.phases`: brings the diffractometer into a phase - centring, data collection, transfer - by one command that
//! moves actuators and motors to the places that the layout gives.
//!
//! It is a `command_set`: `commands.panel` shows its phases. Nothing moves before everything that a phase needs was
//! found possible, and nothing is left moving when one of them does not get there.

mod config;

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use brickwork_sdk::client::Command;
use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::{ActuatorState, CommandResult, CommandSpec, MotorState, command_set};
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role, Value};

use crate::reach::{no_way_for, no_way_to};
use config::{Config, Phase};

/// How often it looks where everything is.
const FOLLOW: Duration = Duration::from_millis(200);
/// How long what was moving may take to stand after it was told to stop.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// The phases of one diffractometer.
pub struct Phases {
    config: Config,
    channels: command_set::Channels,
    actuators: Vec<Actuator>,
    motors: Vec<Motor>,
    /// The name of the phase on the way to which it is; empty when it is on none.
    running: RefCell<String>,
    /// The phase that was asked for last: of several that are reached, the one that is meant.
    wanted: RefCell<String>,
    /// What was last said of it.
    said: RefCell<String>,
    ending: tokio::sync::Notify,
}

impl HardwareObject for Phases {
    const KIND: &'static str = "minidiff.phases";
    const HELP: &'static str = "Phases of a diffractometer: each brings actuators and motors to their places at once.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![
            Role::many("actuators", actuator::NAME)
                .help("All that a phase may `set`: lights, beamstop, shutter, zoom."),
            Role::many("motors", motor::NAME).help("All that a phase may `move`."),
        ]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        config.known(ctx.role("actuators"), ctx.role("motors"))?;
        Ok(Self {
            config,
            channels: command_set::Channels::new(ctx),
            actuators: Actuator::bind_all(ctx, "actuators"),
            motors: Motor::bind_all(ctx, "motors"),
            running: RefCell::default(),
            wanted: RefCell::default(),
            said: RefCell::default(),
            ending: tokio::sync::Notify::new(),
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        let mut specs = None;
        ctx.live();
        loop {
            let now = self.specs();
            if specs.as_ref() != Some(&now) {
                self.channels.commands.publish(now.clone());
                specs = Some(now);
            }
            let is_idle = self.running.borrow().is_empty();
            if is_idle && self.reached() != *self.said.borrow() {
                self.say(ctx, Activity::Idle, self.reached());
            }
            ctx.clock().sleep(FOLLOW).await;
        }
    }
}

impl command_set::Serve for Phases {
    async fn run(&self, call: &Call, name: String, arguments: Value) -> Result<Value> {
        let Some(phase) = self.config.phases.iter().find(|phase| phase.name == name) else {
            let names: Vec<_> = self.config.phases.iter().map(|phase| phase.name.as_str()).collect();
            return Err(Error::refused(format!("there is no phase {name:?}, but {}", names.join(", "))));
        };
        let is_empty = matches!(&arguments, Value::Null) || arguments == Value::map::<&str>([]);
        if !is_empty {
            return Err(Error::refused(format!("{name} takes no arguments")));
        }
        self.check_way(phase)?;
        let _running = Running::begin(self, call, phase)?;
        let begun_secs = call.clock().now_secs();
        let result = self.carry_out(call, phase).await.map(|()| Value::Null);
        let seconds = call.clock().now_secs() - begun_secs;
        self.channels.last.publish(CommandResult::new(&name, &result, seconds));
        result
    }

    async fn abort(&self, call: &Call) -> Result<()> {
        while !self.running.borrow().is_empty() {
            self.ending.notify_waiters();
            call.sleep(FOLLOW).await?;
        }
        Ok(())
    }
}

impl Phases {
    fn specs(&self) -> Vec<CommandSpec> {
        let spec = |phase: &Phase| CommandSpec {
            name: phase.name.clone(),
            label: label(&phase.name),
            help: phase.help.clone(),
            arguments: Vec::new(),
            disabled: self.in_the_way(phase),
        };
        self.config.phases.iter().map(spec).collect()
    }

    fn say(&self, ctx: &ObjectContext, activity: Activity, message: String) {
        self.said.borrow_mut().clone_from(&message);
        ctx.activity(activity, message);
    }

    /// What a phase brings somewhere: the actuators and motors with their places.
    fn parts<'p>(
        &'p self,
        phase: &'p Phase,
    ) -> (impl Iterator<Item = (&'p Actuator, &'p String)>, impl Iterator<Item = (&'p Motor, f64)>) {
        let set = self.actuators.iter().filter_map(|actuator| Some((actuator, phase.set.get(actuator.object())?)));
        let moves = self.motors.iter().filter_map(|motor| Some((motor, *phase.moves.get(motor.object())?)));
        (set, moves)
    }

    /// All that keeps anything from going to its place; empty when nothing does.
    fn in_the_way(&self, phase: &Phase) -> String {
        let (set, moves) = self.parts(phase);
        let named = |name: &str, why: String| format!("{name}: {why}");
        let set = set.filter_map(|(actuator, to)| Some(named(actuator.object(), no_way_to(actuator, to)?)));
        let moves = moves.filter_map(|(motor, to)| Some(named(motor.object(), no_way_for(motor, to)?)));
        set.chain(moves).collect::<Vec<_>>().join("; ")
    }

    /// Refuses a phase while something is in its way.
    fn check_way(&self, phase: &Phase) -> Result<()> {
        match self.in_the_way(phase) {
            why if why.is_empty() => Ok(()),
            why => Err(Error::refused(format!("{why}; nothing was moved"))),
        }
    }

    /// The phases in which everything is at its place now, in a word or two.
    fn reached(&self) -> String {
        let is_reached = |phase: &&Phase| {
            let (mut set, mut moves) = self.parts(phase);
            let is_set = |actuator: &Actuator, to: &str| {
                let stands = actuator.state().value() != Some(ActuatorState::Moving);
                stands && actuator.position().value().as_deref() == Some(to)
            };
            let is_there = |motor: &Motor, to: f64| {
                let stands = motor.state().value() != Some(MotorState::Moving);
                stands && motor.position().value().is_some_and(|at| (at - to).abs() <= self.config.tolerance)
            };
            set.all(|(actuator, to)| is_set(actuator, to)) && moves.all(|(motor, to)| is_there(motor, to))
        };
        let reached: Vec<_> = self.config.phases.iter().filter(is_reached).map(|phase| phase.name.as_str()).collect();
        match self.wanted.borrow().as_str() {
            wanted if reached.contains(&wanted) => format!("in {wanted}"),
            _ if reached.is_empty() => "in no phase".into(),
            _ => format!("in {}", reached.join(", ")),
        }
    }

    /// Brings everything to its place with all of it reserved; leaves nothing moving when that does not come to its end.
    async fn carry_out(&self, call: &Call, phase: &Phase) -> Result<()> {
        let reason = format!("the way to the phase {} is in progress", phase.name);
        let _held = self.unless_ended(call, call.reserve(&["actuators", "motors"], reason)).await?;
        // Others may have moved it, or changed a limit, until it was reserved.
        self.check_way(phase)?;
        let (set, moves) = self.parts(phase);
        let set = set.map(|(actuator, to)| (actuator.object(), actuator.move_to(to.clone())));
        let moves = moves.map(|(motor, to)| (motor.object(), motor.move_to(to)));
        let arrived = self.unless_ended(call, arrive(call, set.chain(moves).collect())).await;
        let Err(error) = arrived else { return Ok(()) };
        match call.clock().limit(STOP_LIMIT, self.stop(phase)).await {
            Ok(Ok(())) => Err(error),
            Ok(Err(why)) | Err(why) => {
                let words = format!("{error}; what was moving may still move: {why}");
                Err(Error::failed(words).because(&why).remedy("See where everything is, and stop it there."))
            }
        }
    }

    /// Stops everything that a phase moves, and waits until it stands.
    async fn stop(&self, phase: &Phase) -> Result<()> {
        let (set, moves) = self.parts(phase);
        let stops: Vec<_> =
            set.map(|(actuator, _)| actuator.stop()).chain(moves.map(|(motor, _)| motor.stop())).collect();
        let mut all = Ok(());
        for stop in stops {
            all = all.and(stop.await);
        }
        all
    }

    /// Does something, unless somebody ends the command before it is done.
    async fn unless_ended<T>(&self, call: &Call, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            () = call.aborted() => Err(Error::aborted()),
            () = self.ending.notified() => Err(Error::aborted()),
            done = work => done,
        }
    }
}

/// Waits until everything is there, or one of it has not got there. Dropped, it ends the motions.
async fn arrive(call: &Call, mut moves: Vec<(&str, Command<()>)>) -> Result<()> {
    let count = moves.len();
    poll_fn(|task| {
        let mut at = 0;
        while let Some((name, command)) = moves.get_mut(at) {
            match Pin::new(command).poll(task) {
                Poll::Pending => at += 1,
                Poll::Ready(Ok(())) => {
                    let message = format!("{name} is there");
                    moves.swap_remove(at);
                    call.progress(1.0 - moves.len() as f64 / count as f64, message);
                }
                Poll::Ready(Err(error)) => {
                    let words = format!("{name} did not get there: {error}");
                    return Poll::Ready(Err(Error::failed(words).because(&error)));
                }
            }
        }
        if moves.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

/// A name as a person reads it: `data_collection` is `Data collection`.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One run: however it ends, also with the object, none is said to run afterwards.
struct Running<'a> {
    phases: &'a Phases,
    call: &'a Call,
}

impl<'a> Running<'a> {
    fn begin(phases: &'a Phases, call: &'a Call, phase: &Phase) -> Result<Self> {
        let mut running = phases.running.borrow_mut();
        if !running.is_empty() {
            return Err(Error::refused(format!("{running} is running")));
        }
        running.clone_from(&phase.name);
        phases.wanted.borrow_mut().clone_from(&phase.name);
        phases.say(call, Activity::Busy, format!("on its way to {}", phase.name));
        Ok(Self { phases, call })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.phases.running.borrow_mut().clear();
        self.phases.say(self.call, Activity::Idle, self.phases.reached());
    }
}
