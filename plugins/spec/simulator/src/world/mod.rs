//! All that the simulated spec knows: its motors, counters and variables, its clients, and what waits to be done. The
//! server, the queue and the macros lock it for moments; nothing here waits.

mod audience;
mod counters;
mod motor;
mod profile;
mod properties;
mod variables;

use std::collections::VecDeque;
use std::time::Instant;

use brickwork_spec_protocol::{Data, MotorProperty, Property, Status};

pub(crate) use audience::{Audience, ClientId, OUTBOX};
pub(crate) use counters::Counters;
pub(crate) use motor::Motor;
pub(crate) use properties::Then;
pub(crate) use variables::Variables;

use crate::error::SpecError;
use crate::queue::Job;
use crate::value::Value;
use crate::{Setup, beamline};

/// The commands that may wait.
const WAITING: usize = 1000;

/// All that the simulated spec knows.
pub(crate) struct World {
    pub setup: Setup,
    pub motors: Vec<Motor>,
    /// `A[]`: where motors were when spec last looked, and where `move_em` brings them.
    pub angles: Vec<f64>,
    pub counters: Counters,
    pub variables: Variables,
    pub audience: Audience,
    pub jobs: VecDeque<Job>,
    /// Whether a command runs or waits.
    pub busy: bool,
    /// The number in the prompt.
    pub line: u64,
    began: Instant,
}

impl World {
    pub fn new(setup: Setup) -> Self {
        let motors: Vec<Motor> = setup.motors.iter().cloned().map(Motor::new).collect();
        let angles = motors.iter().map(Motor::user).collect();
        let counters = Counters::new(&setup.counters);
        let variables = Variables::new(beamline::variables());
        let audience = Audience::dropping(setup.faults.drops_every);
        let (jobs, busy, line, began) = (VecDeque::new(), false, 1, Instant::now());
        Self { setup, motors, angles, counters, variables, audience, jobs, busy, line, began }
    }

    /// The seconds since the start, as the simulated beamline feels them.
    pub fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * self.setup.time_scale
    }

    /// The number of a motor, by its mnemonic.
    pub fn motor(&self, mnemonic: &str) -> Result<usize, SpecError> {
        let found = self.motors.iter().position(|motor| motor.setup.mnemonic == mnemonic);
        found.ok_or_else(|| SpecError::new(format!("\"{mnemonic}\" is not a motor")))
    }

    /// Puts a command on the queue.
    pub fn push(&mut self, job: Job) -> Result<(), SpecError> {
        if self.jobs.len() >= WAITING {
            return Err(SpecError::new(format!("{WAITING} commands wait already")));
        }
        self.jobs.push_back(job);
        self.set_busy(true);
        Ok(())
    }

    /// Writes to the screen.
    pub fn say(&mut self, text: &str) {
        self.audience.publish(&Property::screen(), &Data::text(text));
    }

    /// Writes an error to the screen, and tells who wants to hear of errors.
    pub fn complain(&mut self, error: &SpecError) {
        self.say(&format!("{error}\n"));
        self.audience.publish(&Property::Error, &Data::error(error.to_string()));
    }

    /// Says whether spec waits at its prompt.
    pub fn set_busy(&mut self, busy: bool) {
        if self.busy != busy {
            self.busy = busy;
            self.audience.publish(&Property::Status(Status::Ready), &Data::flag(!busy));
        }
    }

    /// The prompt.
    pub fn prompt(&self) -> String {
        format!("{}.{}> ", self.line, self.setup.name.to_ascii_uppercase())
    }

    /// Tells properties of a motor to who wants to know.
    pub fn tell(&mut self, motor: usize, properties: &[MotorProperty]) {
        for property in properties {
            if let Some(data) = self.motors[motor].read(*property) {
                let name = self.motors[motor].setup.mnemonic.clone();
                self.audience.publish(&Property::Motor(name, *property), &data);
            }
        }
    }

    /// Tells where a motor is now.
    pub fn tell_position(&mut self, motor: usize) {
        self.angles[motor] = self.motors[motor].user();
        self.tell(motor, &[MotorProperty::DialPosition, MotorProperty::Position]);
    }

    /// Reads where all motors are into `A[]`.
    pub fn get_angles(&mut self) {
        self.angles = self.motors.iter().map(Motor::user).collect();
    }

    /// Starts all motors for which `A[]` says another place than they are at; none if one of them may not.
    pub fn move_em(&mut self) -> Result<(), SpecError> {
        let moves: Vec<(usize, f64)> = self.angles.iter().copied().enumerate().collect();
        let moves: Vec<_> = moves.into_iter().filter(|(motor, user)| self.motors[*motor].is_elsewhere(*user)).collect();
        moves.iter().try_for_each(|(motor, user)| self.motors[*motor].may_go(*user))?;
        let now = self.now();
        moves.iter().for_each(|(motor, user)| self.motors[*motor].go(*user, now));
        moves.iter().for_each(|(motor, _)| self.tell(*motor, &[MotorProperty::MoveDone]));
        Ok(())
    }

    /// Whether any motor moves.
    pub fn is_moving(&self) -> bool {
        self.motors.iter().any(Motor::is_moving)
    }

    /// Has all motors brake.
    pub fn stop_motors(&mut self) {
        let now = self.now();
        self.motors.iter_mut().for_each(|motor| motor.stop(now));
    }

    /// Ends a count that is under way.
    pub fn stop_counting(&mut self) {
        if self.counters.stop() {
            self.tell_counts();
            self.audience.publish(&Property::Count, &Data::flag(false));
        }
    }

    /// Begins to count, as [`Counters::start`].
    pub fn count(&mut self, preset: f64) {
        let now = self.now();
        self.counters.start(preset, now);
        self.audience.publish(&Property::Count, &Data::flag(true));
    }

    /// Goes on to the present: motors move, counters count, and who wants to know hears of it.
    pub fn advance(&mut self) {
        let now = self.now();
        for motor in 0..self.motors.len() {
            let progress = self.motors[motor].advance(now);
            if progress.moved {
                self.tell_moving(motor);
            }
            if progress.switched {
                self.tell(motor, &[MotorProperty::LowLimitHit, MotorProperty::HighLimitHit]);
            }
            if progress.ended {
                self.angles[motor] = self.motors[motor].user();
                self.tell(motor, &[MotorProperty::MoveDone]);
            }
        }
        let light = self.light();
        if let Some(ended) = self.counters.advance(now, light) {
            self.tell_counts();
            if ended {
                self.audience.publish(&Property::Count, &Data::flag(false));
            }
        }
    }

    /// Closes the fast shutter if a command is aborted that may have opened it, as the cleanup macros of a beamline do.
    pub fn close_after_abort(&mut self) {
        if self.busy && self.shutter_is_open() {
            let closed = self.variables.set("MS_STATE", Value::text("closed"), &mut self.audience);
            self.say(if closed.is_ok() { "(simulated) shutter closed\n" } else { "(simulated) shutter not closed\n" });
        }
    }

    /// Whether the fast shutter is open.
    pub fn shutter_is_open(&self) -> bool {
        self.variables.get("MS_STATE") == Some(&Value::text("open"))
    }

    /// The part of the beam that reaches the sample.
    pub fn light(&self) -> f64 {
        let percent = self.variables.get("ATT_FACTOR").and_then(|factor| factor.number().ok()).unwrap_or(0.0);
        if self.shutter_is_open() { percent / 100.0 } else { 0.0 }
    }

    /// Tells where a motor is now, while `A[]` keeps its goal.
    fn tell_moving(&mut self, motor: usize) {
        self.tell(motor, &[MotorProperty::DialPosition, MotorProperty::Position]);
    }

    fn tell_counts(&mut self) {
        let counts: Vec<(String, f64)> =
            self.counters.all.iter().map(|counter| (counter.setup.mnemonic.clone(), counter.value)).collect();
        for (mnemonic, value) in counts {
            self.audience.publish(&Property::Counter(mnemonic), &Data::number(value));
        }
    }
}
