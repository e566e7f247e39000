//! How the speed of a stepping motor goes up and down: from its base rate to its slew rate and back. A motor that
//! moves has one; it knows no clock.

/// The speeds of a move, in steps/s: phases in which the speed changes evenly.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Profile {
    phases: Vec<Phase>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Phase {
    secs: f64,
    from: f64,
    to: f64,
}

/// What a motor can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rates {
    /// Steps/s from which it starts.
    pub base: f64,
    /// Steps/s at which it moves.
    pub slew: f64,
    /// Seconds from base to slew.
    pub ramp_secs: f64,
}

impl Rates {
    /// Steps/s².
    fn acceleration(self) -> f64 {
        (self.slew - self.base) / self.ramp_secs
    }
}

impl Profile {
    /// A move over so many steps, forward or back: a trapezoid of speeds, or a triangle when it is short.
    pub fn over(steps: f64, rates: Rates) -> Self {
        let (way, sign) = (steps.abs(), steps.signum());
        if way == 0.0 {
            return Self::default();
        }
        let phase = |secs, from: f64, to: f64| Phase { secs, from: sign * from, to: sign * to };
        let Rates { base, slew, ramp_secs } = rates;
        if ramp_secs == 0.0 || base == slew {
            return Self { phases: vec![phase(way / slew, slew, slew)] };
        }
        let ramp = f64::midpoint(base, slew) * ramp_secs;
        if 2.0 * ramp <= way {
            let cruise = phase((way - 2.0 * ramp) / slew, slew, slew);
            return Self { phases: vec![phase(ramp_secs, base, slew), cruise, phase(ramp_secs, slew, base)] };
        }
        let acceleration = rates.acceleration();
        let top = (base * base + acceleration * way).sqrt();
        let secs = (top - base) / acceleration;
        Self { phases: vec![phase(secs, base, top), phase(secs, top, base)] }
    }

    /// A stop from a speed: down to the base rate, and there at once.
    pub fn stop(speed: f64, rates: Rates) -> Self {
        let Rates { base, slew, ramp_secs } = rates;
        if speed.abs() <= base || ramp_secs == 0.0 || base == slew {
            return Self::default();
        }
        let secs = (speed.abs() - base) / rates.acceleration();
        Self { phases: vec![Phase { secs, from: speed, to: base * speed.signum() }] }
    }

    /// This move, and then another.
    pub fn then(mut self, other: Self) -> Self {
        self.phases.extend(other.phases);
        self
    }

    /// How long it takes.
    pub fn secs(&self) -> f64 {
        self.phases.iter().map(|phase| phase.secs).sum()
    }

    /// The steps that are done and the speed after so many seconds.
    pub fn at(&self, secs: f64) -> (f64, f64) {
        let (mut left, mut way) = (secs, 0.0);
        for phase in &self.phases {
            if left < phase.secs {
                let speed = phase.from + (phase.to - phase.from) * left / phase.secs;
                return (way + f64::midpoint(phase.from, speed) * left, speed);
            }
            left -= phase.secs;
            way += f64::midpoint(phase.from, phase.to) * phase.secs;
        }
        (way, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, Rates};

    const RATES: Rates = Rates { base: 100.0, slew: 1000.0, ramp_secs: 0.5 };

    #[test]
    fn a_move_ends_where_it_shall() {
        for steps in [1.0, 10.0, -300.0, 550.0, 551.0, 12_345.0, -99_999.0] {
            let profile = Profile::over(steps, RATES);
            let (way, speed) = profile.at(profile.secs() + 1.0);
            assert!((way - steps).abs() < 1e-6, "{steps}: {way}");
            assert_eq!(speed, 0.0);
        }
    }

    #[test]
    fn a_long_move_reaches_the_slew_rate_and_a_short_one_does_not() {
        let long = Profile::over(5000.0, RATES);
        assert_eq!(long.at(long.secs() / 2.0).1, 1000.0);
        let short = Profile::over(100.0, RATES);
        let top = short.at(short.secs() / 2.0).1;
        assert!(top > 100.0 && top < 1000.0, "{top}");
    }

    #[test]
    fn a_stop_goes_on_in_the_direction_of_the_move() {
        let stop = Profile::stop(-1000.0, RATES);
        assert_eq!(stop.secs(), 0.5);
        assert!((stop.at(1.0).0 + 275.0).abs() < 1e-9);
        assert_eq!(Profile::stop(50.0, RATES).secs(), 0.0, "below the base rate it stops at once");
    }

    #[test]
    fn without_a_ramp_the_speed_is_even() {
        let profile = Profile::over(-500.0, Rates { base: 0.0, slew: 1000.0, ramp_secs: 0.0 });
        assert_eq!((profile.secs(), profile.at(0.25)), (0.5, (-250.0, -1000.0)));
    }
}
