//! One motion of a motor of spec, from the order to its end, and its stop. The motor calls it; what moves is known from
//! the events that the motor follows.
//!
//! `move_done` rises some 100 ms after the order, and positions may come before: so a motion has ended when `move_done`
//! was seen to rise *and* to fall after the order. One that is too short for that is found by asking.

use std::time::Duration;

use brickwork_sdk::interfaces::outside_from;
use brickwork_sdk::{Call, Error, Result};
use brickwork_spec_protocol::MotorProperty;
use tokio::sync::watch;

use super::SpecMotor;
use crate::attend::Spec;

/// After which time without a motion spec is asked whether there was none to make.
const LOOK: Duration = Duration::from_millis(500);
/// How long a motor may rest in the middle of its way, as for its backlash.
const REST: Duration = Duration::from_millis(300);
/// How long a motor may take to stand after it was told to.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// What has been seen of the motions of a motor.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    /// Whether it moves.
    pub is_moving: bool,
    /// How often it began.
    began: u64,
    /// How many errors spec told of, and the last.
    errors: u64,
    error: String,
}

impl Motion {
    /// It begins or ends to move.
    pub fn moves(&mut self, is_moving: bool) {
        self.is_moving = is_moving;
        self.began += u64::from(is_moving);
    }

    /// spec tells of an error.
    pub fn complains(&mut self, error: &str) {
        self.errors += 1;
        error.trim().clone_into(&mut self.error);
    }
}

/// Moves to a user position; finishes when it stands there.
pub async fn move_to(motor: &SpecMotor, call: &Call, position: f64) -> Result<()> {
    let spec = motor.session.spec()?;
    check(motor, position)?;
    let _way = Way::begin(motor, call, position)?;
    let before = motor.motion.borrow().clone();
    tokio::select! {
        biased;
        () = call.aborted() => {
            spec.abort()?;
            rest(motor, call, &before).await;
            Err(Error::aborted())
        }
        why = spec.lost() => {
            let remedy = "See at spec where it is; it may still be moving.";
            Err(motor.failed(format!("spec was lost while it was on its way: {why}")).remedy(remedy))
        }
        end = travel(motor, call, &spec, position, &before) => end,
    }
}

fn check(motor: &SpecMotor, position: f64) -> Result<()> {
    let values = motor.values.borrow();
    let Some(limits) = values.limits() else {
        return Err(Error::refused("its limits are not known, so it is not moved"));
    };
    let at = values.get(MotorProperty::Position);
    if let Some(why) = outside_from(at, position, limits, &motor.config.unit) {
        return Err(Error::refused(why));
    }
    match values.trouble() {
        Some(why) => Err(Error::refused(format!("{why}, so it is not moved"))),
        None => Ok(()),
    }
}

async fn travel(motor: &SpecMotor, call: &Call, spec: &Spec, to: f64, before: &Motion) -> Result<()> {
    let mut motion = motor.motion.subscribe();
    let mut refusal = spec.start_motor(&motor.config.motor, to).await?;
    let begun = tokio::select! {
        biased;
        error = refusal.refused() => return Err(error),
        begun = begin(motor, call, spec, &mut motion, to, before) => begun?,
    };
    if !begun {
        return Ok(());
    }
    loop {
        let ended = motion.wait_for(|motion| !motion.is_moving).await;
        let began = ended.map_err(|_| motor.failed("it is no more"))?.began;
        // What was told on the way may be older than the end of the motion.
        let at = spec.motor_number(&motor.config.motor, MotorProperty::Position).await?;
        motor.channels.position.publish(at);
        if (at - to).abs() <= motor.tolerance() {
            return Ok(());
        }
        let again = motion.wait_for(|motion| motion.began > began);
        if call.clock().limit(REST, again).await.is_err() {
            return Err(ended_elsewhere(motor, at, to, before));
        }
    }
}

/// Waits until it moves; `false` when there was no way to go.
async fn begin(
    motor: &SpecMotor,
    call: &Call,
    spec: &Spec,
    motion: &mut watch::Receiver<Motion>,
    to: f64,
    before: &Motion,
) -> Result<bool> {
    let (clock, limit) = (call.clock(), motor.config.start_limit_secs);
    let begun_secs = clock.now_secs();
    loop {
        // An error that spec tells of meanwhile may be of something else: then it moves soon.
        let began = motion.wait_for(|motion| motion.began > before.began);
        if clock.limit(LOOK, began).await.is_ok() {
            return Ok(true);
        }
        let is_moving = spec.motor_number(&motor.config.motor, MotorProperty::MoveDone).await? != 0.0;
        let at = spec.motor_number(&motor.config.motor, MotorProperty::Position).await?;
        let now = motion.borrow().clone();
        if now.began > before.began {
            return Ok(true);
        }
        if is_moving {
            continue;
        }
        if (at - to).abs() <= motor.tolerance() {
            motor.channels.position.publish(at);
            return Ok(false);
        }
        if now.errors > before.errors {
            return Err(motor.failed(format!("spec did not move it: {}", now.error)));
        }
        if clock.now_secs() - begun_secs >= limit {
            let why = format!("spec did not begin to move it within {limit} s; it stands at {at}");
            let remedy = "Look at spec's terminal: it may be busy or wait for an answer, and move it later.";
            return Err(motor.failed(why).remedy(remedy));
        }
    }
}

fn ended_elsewhere(motor: &SpecMotor, at: f64, to: f64, before: &Motion) -> Error {
    let (unit, values, said) = (&motor.config.unit, motor.values.borrow(), motor.motion.borrow());
    let error = if said.errors > before.errors { format!(" (spec says: {})", said.error) } else { String::new() };
    let place = format!("it stands at {at} {unit}, not at {to} {unit}{error}");
    match (values.trouble(), values.limit_hit()) {
        (Some(why), _) => motor.failed(format!("{why}; {place}")),
        (None, Some(side)) => motor.failed(format!("its {side} limit switch is hit; {place}")),
        (None, None) => motor.failed(format!("somebody stopped it, here or at spec: {place}")),
    }
}

/// Waits until it stands, also when it is only about to move.
async fn rest(motor: &SpecMotor, call: &Call, before: &Motion) {
    let mut motion = motor.motion.subscribe();
    let begins = motion.wait_for(|motion| motion.began > before.began || motion.is_moving);
    // It may have been stopped before it began.
    let _ = call.clock().limit(LOOK, begins).await;
    // The sender is in the motor, which is there.
    let _ = motion.wait_for(|motion| !motion.is_moving).await;
}

/// Stops it by spec's `^C`, and finishes when it stands. A motor that stands, and is not about to move, is left alone:
/// so is spec.
pub async fn stop(motor: &SpecMotor, call: &Call) -> Result<()> {
    let spec = motor.session.any_spec()?;
    let is_on_its_way = motor.sent_to.borrow().is_some();
    let is_known = motor.session.spec().is_ok() && motor.values.borrow().missing().is_empty();
    if is_known && !is_on_its_way && !motor.motion.borrow().is_moving {
        return Ok(());
    }
    spec.abort()?;
    let mut motion = motor.motion.subscribe();
    let stands = motion.wait_for(|motion| !motion.is_moving);
    match call.clock().limit(STOP_LIMIT, stands).await {
        Ok(_) => Ok(()),
        Err(_) => {
            let why = format!("it still moves {} s after ^C was sent", STOP_LIMIT.as_secs());
            Err(motor.failed(why).remedy("Stop it at spec's console, or by its emergency stop."))
        }
    }
}

/// One motion from here: however it ends, also with the object, none is said to go on.
struct Way<'a> {
    motor: &'a SpecMotor,
    call: &'a Call,
}

impl<'a> Way<'a> {
    fn begin(motor: &'a SpecMotor, call: &'a Call, to: f64) -> Result<Self> {
        if motor.sent_to.borrow().is_some() {
            return Err(Error::refused("it is moving"));
        }
        if motor.motion.borrow().is_moving {
            return Err(Error::refused("it is moved by spec, not from here: wait, or stop it"));
        }
        motor.sent_to.replace(Some(to));
        motor.channels.target.publish(to);
        motor.say_activity(call);
        Ok(Self { motor, call })
    }
}

impl Drop for Way<'_> {
    fn drop(&mut self) {
        self.motor.sent_to.take();
        self.motor.say_activity(self.call);
    }
}
