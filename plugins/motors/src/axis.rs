//! One motor as a person handles it: the parts of a view that both bricks are made of, and what they do.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use brickwork_sdk::interfaces::{
    MotorState, figure, limits_in_words, motor::Motor, outside, outside_from, real_limits,
};
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{View, button, number_input, text, value};
use brickwork_sdk::{Restored, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Steps lie within these, in the motor's unit.
const STEPS: (f64, f64) = (1e-6, 1e6);
/// Targets are sent without the last digits of a sum, in the motor's unit.
const GRAIN: f64 = 1e-9;

/// What a person can do with a motor.
#[derive(Serialize, Deserialize)]
pub enum Act {
    /// Moves to a position.
    MoveTo(f64),
    /// Chooses how far a step goes.
    Step(f64),
    /// One step to smaller positions.
    Minus,
    /// One step to larger positions.
    Plus,
    /// Ends the motion.
    Stop,
}

/// What a layout may say of a brick with motors.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How far a step goes at first, in the motor's unit.
    pub step: f64,
    /// Digits after the point.
    pub decimals: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self { step: 1.0, decimals: 3 }
    }
}

impl Config {
    /// Every mistake in it.
    pub fn problems(&self) -> Vec<brickwork_sdk::ConfigProblem> {
        let step = outside(self.step, STEPS, "").map(|why| brickwork_sdk::ConfigProblem::at("step", why));
        step.into_iter().collect()
    }
}

/// For so long after it was sent a motor may not yet say that it moves.
const SETTLES: Duration = Duration::from_millis(500);

/// One motor and how far a step of it goes.
pub struct Axis {
    motor: Motor,
    /// How far a step goes, in the motor's unit.
    pub step: f64,
    decimals: u8,
    sent: Option<Sent>,
}

/// Where a step has sent the motor.
#[derive(Clone, Copy)]
struct Sent {
    to: f64,
    at: Instant,
    /// The number of the target that it published last before.
    before: Option<u64>,
}

impl Axis {
    pub fn new(motor: Motor, config: &Config) -> Self {
        Self { motor, step: config.step, decimals: config.decimals, sent: None }
    }

    pub fn name(&self) -> &str {
        self.motor.object()
    }

    /// Does what a person wants.
    pub fn act(&mut self, act: Act) {
        match act {
            Act::MoveTo(position) => self.send(position),
            Act::Step(step) if outside(step, STEPS, "").is_none() => self.step = step,
            Act::Step(_) => {}
            Act::Minus => self.move_by(-self.step),
            Act::Plus => self.move_by(self.step),
            Act::Stop => {
                self.sent = None;
                self.motor.stop().detach();
            }
        }
    }

    fn send(&mut self, to: f64) {
        let before = self.motor.target().latest().map(|target| target.sequence);
        self.sent = Some(Sent { to, at: Instant::now(), before });
        self.motor.move_to(to).detach();
    }

    fn move_by(&mut self, way: f64) {
        if let Ok(target) = self.target_of(way) {
            self.send(target);
        }
    }

    /// What steps are counted from: where the motor was sent, also before it says so, and its position once it rests.
    fn base(&self) -> Option<f64> {
        let target = self.motor.target().latest();
        match self.sent.filter(|sent| sent.at.elapsed() < SETTLES) {
            Some(sent) if sent.before == target.as_ref().map(|target| target.sequence) => Some(sent.to),
            None if !self.is_moving() => self.motor.position().value(),
            _ => target.map(|target| target.value),
        }
    }

    /// Where a step ends; else why there is none.
    fn target_of(&self, way: f64) -> Result<f64, String> {
        self.unreachable()?;
        let base = self.base().ok_or_else(|| format!("the position of {} is not known", self.name()))?;
        let limits = self.limits().ok_or_else(|| format!("the limits of {} are not known", self.name()))?;
        let target = ((base + way) / GRAIN).round() * GRAIN;
        let target = format!("{target:.9}").parse().unwrap_or(target);
        outside_from(self.motor.position().value(), target, limits, &self.unit()).map_or(Ok(target), Err)
    }

    fn is_moving(&self) -> bool {
        self.motor.state().value() == Some(MotorState::Moving)
    }

    /// Why no command would reach it, if so.
    fn unreachable(&self) -> Result<(), String> {
        match self.motor.status().value().map(|status| status.link) {
            None | Some(Link::Live) => Ok(()),
            Some(_) => Err(format!("{} is not connected", self.name())),
        }
    }

    fn limits(&self) -> Option<(f64, f64)> {
        self.motor.limits().value()
    }

    fn unit(&self) -> String {
        self.motor.unit().value().unwrap_or_default()
    }

    /// Where it is.
    pub fn position<M>(&self) -> View<M> {
        value(self.motor.position()).decimals(self.decimals)
    }

    /// Whether it stands at a limit or cannot be moved; else empty.
    pub fn warning<M>(&self) -> View<M> {
        use brickwork_sdk::view::Tone::Warning;
        text(match self.motor.state().value().unwrap_or_default() {
            MotorState::LowLimit => "at the lower limit",
            MotorState::HighLimit => "at the upper limit",
            MotorState::Fault => "fault",
            MotorState::Ready | MotorState::Moving => "",
        })
        .tone(Warning)
    }

    /// Between which positions it may be sent.
    pub fn range<M>(&self) -> View<M> {
        let limits = self.limits().map_or_else(|| "--".into(), |limits| limits_in_words(limits, &self.unit()));
        text(limits).muted()
    }

    /// The input for an absolute move. It shows where the motor goes while it moves, so that steps count from there.
    pub fn target<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        let known = self.limits().ok_or_else(|| format!("the limits of {} are not known", self.name()));
        let shown = if self.is_moving() { self.motor.target() } else { self.motor.position() };
        let input =
            number_input(id, format!("Target of {}", self.name()), self.motor.position().value().unwrap_or(0.0))
                .follow(shown)
                .unit(self.unit())
                .decimals(self.decimals)
                .step(self.step)
                .disabled(self.unreachable().and(known.clone().map(drop)).err().unwrap_or_default())
                .on_submit(|position| send(Act::MoveTo(position)));
        known.map_or(input.clone(), |limits| input.range(self.allowed(limits)))
    }

    /// Between which positions it may be sent from where it is: what stands beyond a limit may come back in steps.
    fn allowed(&self, limits: (f64, f64)) -> (f64, f64) {
        let (low, high) = real_limits(limits);
        self.motor.position().value().map_or((low, high), |at| (low.min(at), high.max(at)))
    }

    /// The input for the width of a step.
    pub fn step<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        number_input(id, format!("Step of {}", self.name()), self.step)
            .unit(self.unit())
            .range(STEPS)
            .on_submit(|step| send(Act::Step(step)))
    }

    /// The button for one step down.
    pub fn minus<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        self.step_button(id, "−", -self.step, send(Act::Minus))
    }

    /// The button for one step up.
    pub fn plus<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        self.step_button(id, "+", self.step, send(Act::Plus))
    }

    fn step_button<M: Serialize>(&self, id: &str, sign: &str, way: f64, message: M) -> View<M> {
        button(id, sign)
            .help(format!("Move {} by {} {}", self.name(), figure(way), self.unit()))
            .disabled(self.target_of(way).err().unwrap_or_default())
            .on_press(message)
    }

    /// The button that ends the motion, whatever else is wrong.
    pub fn stop<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        button(id, "Stop").danger().help(format!("Stop {}", self.name())).on_press(send(Act::Stop))
    }
}

/// The width of each motor's step, for a brick of many.
pub fn save_steps(schema: &str, axes: &[Axis]) -> State {
    let steps: BTreeMap<&str, f64> = axes.iter().map(|axis| (axis.name(), axis.step)).collect();
    State::new(schema, &steps).lasting()
}

/// Gives each motor the step that was saved for it.
pub fn restore_steps(schema: &str, state: &State, axes: &mut [Axis]) -> Restored {
    let mut steps = BTreeMap::<String, f64>::new();
    let restored = state.restore(schema, &mut steps);
    for axis in axes {
        axis.step = steps.remove(axis.name()).unwrap_or(axis.step);
    }
    restored
}
