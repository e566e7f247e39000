//! `scan`: moves the motor through even steps for real, alone while it does, and leaves nothing moving.

use std::time::Duration;

use brickwork_sdk::interfaces::motor::Motor;
use brickwork_sdk::{Call, Error, ErrorKind, Result, Value};

use super::SimCommands;
use super::arguments::Arguments;

/// How long an aborted scan waits for its motor to stand.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// What a scan was asked for.
struct Plan {
    from: f64,
    to: f64,
    steps: u32,
    dwell: Duration,
    back: bool,
}

impl Plan {
    fn read(arguments: &Arguments) -> Result<Self> {
        Ok(Self {
            from: arguments.number("from")?,
            to: arguments.number("to")?,
            steps: arguments.count("steps")?,
            dwell: Duration::from_secs_f64(arguments.number("dwell")?),
            back: arguments.flag("back")?,
        })
    }

    /// The position of a step, the first being 0; the ends are exact.
    fn position(&self, step: u32) -> f64 {
        let share = f64::from(step) / f64::from(self.steps - 1);
        self.from * (1.0 - share) + self.to * share
    }
}

impl SimCommands {
    /// Answers with the positions where it stood.
    pub(super) async fn scan(&self, call: &Call, arguments: &Arguments<'_>) -> Result<Value> {
        let plan = Plan::read(arguments)?;
        let motor = self.motor.as_ref().ok_or_else(|| Error::refused("no motor fills the role \"motor\""))?;
        let reason = format!("a scan from {} to {}", plan.from, plan.to);
        let _alone = self.unless_ended(call, call.reserve(&["motor"], reason)).await?;
        let start = motor.position().value();
        let scanned = self.unless_ended(call, steps(call, motor, &plan, start)).await;
        if scanned.as_ref().is_err_and(|error| error.kind == ErrorKind::Aborted) {
            // Nobody else has the motor before it stands.
            call.clock().limit(STOP_LIMIT, motor.stop()).await??;
        }
        scanned
    }
}

async fn steps(call: &Call, motor: &Motor, plan: &Plan, start: Option<f64>) -> Result<Value> {
    let mut stood = Vec::new();
    for step in 0..plan.steps {
        let fraction = f64::from(step) / f64::from(plan.steps);
        call.progress(fraction, format!("step {}/{}", step + 1, plan.steps));
        motor.move_to(plan.position(step)).await?;
        call.clock().sleep(plan.dwell).await;
        stood.push(motor.position().value().map_or(Value::Null, Value::from));
    }
    if let Some(start) = start.filter(|_| plan.back) {
        call.progress(1.0, "back to the start");
        motor.move_to(start).await?;
    }
    Ok(Value::map([("positions", Value::list(stood))]))
}
