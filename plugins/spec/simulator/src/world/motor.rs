//! One motor: where it is, where it may go, and how it goes there. The world owns them and tells their time; a motor
//! tells nobody what happens, it only returns it.

use brickwork_spec_protocol::{Data, MotorProperty};

use super::profile::{Profile, Rates};
use crate::MotorSetup;
use crate::error::SpecError;
use crate::value::plain;

/// One motor. All positions are dial positions unless they say something else.
#[derive(Debug, Clone)]
pub(crate) struct Motor {
    pub setup: MotorSetup,
    pub dial: f64,
    pub offset: f64,
    pub low: f64,
    pub high: f64,
    pub low_hit: bool,
    pub high_hit: bool,
    pub fault: bool,
    /// The position of the controller where spec believes another, in steps.
    pub controller: Option<i64>,
    motion: Option<Motion>,
}

#[derive(Debug, Clone)]
struct Motion {
    since: f64,
    from: f64,
    /// `None`: wherever the profile ends.
    to: Option<f64>,
    profile: Profile,
}

/// What a look at a moving motor found.
pub(crate) struct Progress {
    /// Its position is another.
    pub moved: bool,
    /// It stands now.
    pub ended: bool,
    /// A limit switch is hit that was not, or is no longer.
    pub switched: bool,
}

impl Motor {
    pub fn new(setup: MotorSetup) -> Self {
        let dial = f64::from(setup.sign) * (setup.position - setup.offset);
        let (offset, low, high) = (setup.offset, setup.low_limit, setup.high_limit);
        let (low_hit, high_hit, fault, controller, motion) = (false, false, false, None, None);
        Self { setup, dial, offset, low, high, low_hit, high_hit, fault, controller, motion }
    }

    pub fn user(&self) -> f64 {
        self.user_of(self.dial)
    }

    pub fn user_of(&self, dial: f64) -> f64 {
        f64::from(self.setup.sign) * dial + self.offset
    }

    pub fn dial_of(&self, user: f64) -> f64 {
        f64::from(self.setup.sign) * (user - self.offset)
    }

    pub fn is_moving(&self) -> bool {
        self.motion.is_some()
    }

    pub fn steps(&self) -> i64 {
        (self.dial * self.setup.step_size).round() as i64
    }

    /// The position of so many steps.
    pub fn dial_of_steps(&self, steps: i64) -> f64 {
        steps as f64 / self.setup.step_size
    }

    /// Whether a move there is one: spec does not move a motor by less than a step.
    pub fn is_elsewhere(&self, user: f64) -> bool {
        self.whole_steps(self.dial_of(user)) != self.steps()
    }

    /// Whether it may go to a user position now.
    pub fn may_go(&self, user: f64) -> Result<(), SpecError> {
        let (name, dial) = (&self.setup.mnemonic, self.dial_of(user));
        let wrong = |text: String| Err(SpecError::new(text));
        if self.setup.unusable {
            return wrong(format!("{name} is disabled and unusable"));
        }
        if self.fault {
            return wrong(format!("{name} has a motor fault"));
        }
        if self.is_moving() {
            return wrong(format!("{name} is still moving"));
        }
        // A position that was typed in user units may miss its limit by the last digit.
        let slack = 0.5 / self.setup.step_size;
        if !dial.is_finite() {
            return wrong(format!("{name} cannot go to {user}"));
        }
        if dial > self.high + slack {
            return wrong(format!("{name} will hit high limit at {}.", plain(self.user_of(self.high))));
        }
        if dial < self.low - slack {
            return wrong(format!("{name} will hit low limit at {}.", plain(self.user_of(self.low))));
        }
        Ok(())
    }

    /// Begins a move to a user position, with the way of the backlash in front if it comes from the wrong side.
    pub fn go(&mut self, user: f64, now: f64) {
        let steps = self.whole_steps(self.dial_of(user));
        let way = (steps - self.steps()) as f64;
        let backlash = self.setup.backlash;
        let rates = self.rates();
        let profile = if backlash != 0.0 && way.signum() != backlash.signum() {
            Profile::over(way - backlash, rates).then(Profile::over(backlash, rates))
        } else {
            Profile::over(way, rates)
        };
        let to = Some(self.dial_of_steps(steps));
        self.motion = Some(Motion { since: now, from: self.dial, to, profile });
    }

    /// Begins a way to a position that the limits of spec do not bound, as a search does.
    pub fn go_unbounded(&mut self, dial: f64, now: f64) {
        let profile = Profile::over((dial - self.dial) * self.setup.step_size, self.rates());
        self.motion = Some(Motion { since: now, from: self.dial, to: Some(dial), profile });
    }

    /// Brakes.
    pub fn stop(&mut self, now: f64) {
        let rates = self.rates();
        if let Some(motion) = self.motion.as_mut().filter(|motion| motion.to.is_some()) {
            let (way, speed) = motion.profile.at(now - motion.since);
            let from = motion.from + way / self.setup.step_size;
            *motion = Motion { since: now, from, to: None, profile: Profile::stop(speed, rates) };
        }
    }

    /// Goes on to where it is at this time.
    pub fn advance(&mut self, now: f64) -> Progress {
        let Some(motion) = &self.motion else { return Progress { moved: false, ended: false, switched: false } };
        let secs = now - motion.since;
        let mut ended = secs >= motion.profile.secs();
        let reached = motion.from + motion.profile.at(secs).0 / self.setup.step_size;
        let whole = |dial: f64| (dial * self.setup.step_size).round() / self.setup.step_size;
        let dial = if ended { motion.to.unwrap_or_else(|| whole(reached)) } else { whole(reached) };
        let before = (self.dial, self.low_hit, self.high_hit);
        let (low, high) = self.switches();
        self.dial = dial.clamp(low, high);
        (self.low_hit, self.high_hit) = (self.dial <= low, self.dial >= high);
        ended |= dial < low || dial > high;
        if ended {
            self.motion = None;
        }
        let switched = before.1 != self.low_hit || before.2 != self.high_hit;
        Progress { moved: before.0 != self.dial, ended, switched }
    }

    /// Where the limit switches are.
    pub fn switches(&self) -> (f64, f64) {
        let behind = self.setup.switches_behind;
        (self.setup.low_limit - behind, self.setup.high_limit + behind)
    }

    /// The value of a property; `None`: it cannot be read.
    pub fn read(&self, property: MotorProperty) -> Option<Data> {
        let setup = &self.setup;
        Some(match property {
            MotorProperty::Position => Data::number(self.user()),
            MotorProperty::DialPosition => Data::number(self.dial),
            MotorProperty::Offset => Data::number(self.offset),
            MotorProperty::Sign => Data::integer(i64::from(setup.sign)),
            MotorProperty::StepSize => Data::number(setup.step_size),
            MotorProperty::MoveDone => Data::flag(self.is_moving()),
            MotorProperty::HighLimitHit => Data::flag(self.high_hit),
            MotorProperty::LowLimitHit => Data::flag(self.low_hit),
            MotorProperty::EmergencyStop => Data::flag(false),
            MotorProperty::MotorFault => Data::flag(self.fault),
            MotorProperty::HighLimit => Data::number(self.high),
            MotorProperty::LowLimit => Data::number(self.low),
            MotorProperty::Unusable => Data::flag(setup.unusable),
            MotorProperty::BaseRate => Data::number(setup.base_rate),
            MotorProperty::SlewRate => Data::number(setup.slew_rate),
            MotorProperty::Acceleration => Data::number(setup.acceleration),
            MotorProperty::Backlash => Data::number(setup.backlash),
            MotorProperty::SyncCheck => self.question()?,
            _ => return None,
        })
    }

    /// What spec asks when the controller is elsewhere than it believes: its steps, and those of the controller.
    pub fn question(&self) -> Option<Data> {
        let controller = self.controller?;
        Some(Data::text(format!("{} {controller}", self.steps())))
    }

    fn rates(&self) -> Rates {
        let setup = &self.setup;
        Rates { base: setup.base_rate, slew: setup.slew_rate, ramp_secs: setup.acceleration / 1000.0 }
    }

    fn whole_steps(&self, dial: f64) -> i64 {
        (dial * self.setup.step_size).round() as i64
    }
}
