//! The course of one motion along an axis: it speeds up, cruises and brakes. Pure arithmetic.

/// A trapezoid of speed over time; a triangle when the way is too short to cruise.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    from: f64,
    /// Where it ends.
    pub to: f64,
    /// The speed at its beginning and the highest one; both carry the sign of the direction.
    speeds: (f64, f64),
    acceleration: f64,
    up_secs: f64,
    cruise_secs: f64,
}

impl Profile {
    /// From rest to rest; `velocity` and `acceleration` are positive, per second and per second squared.
    pub fn new(from: f64, to: f64, velocity: f64, acceleration: f64) -> Self {
        let way = (to - from).abs();
        let peak = velocity.min((way * acceleration).sqrt());
        let up_secs = peak / acceleration;
        let cruise_secs = if peak > 0.0 { (way / peak - up_secs).max(0.0) } else { 0.0 };
        Self { from, to, speeds: (0.0, peak.copysign(to - from)), acceleration, up_secs, cruise_secs }
    }

    /// What remains when it is told to stop after so many seconds: it brakes.
    pub fn brake(&self, secs: f64) -> Self {
        let (from, speed) = (self.at(secs), self.speed_at(secs));
        let way = speed * speed.abs() / (2.0 * self.acceleration);
        Self { from, to: from + way, speeds: (speed, speed), up_secs: 0.0, cruise_secs: 0.0, ..*self }
    }

    /// How long it takes.
    pub fn secs(&self) -> f64 {
        self.up_secs + self.cruise_secs + self.down_secs()
    }

    fn down_secs(&self) -> f64 {
        self.speeds.1.abs() / self.acceleration
    }

    /// Whether it goes to larger positions.
    pub fn is_forward(&self) -> bool {
        self.speeds.1 >= 0.0
    }

    /// The speed after so many seconds.
    fn speed_at(&self, secs: f64) -> f64 {
        let (first, peak) = self.speeds;
        if secs < self.up_secs {
            first + (peak - first) * secs / self.up_secs
        } else {
            // Not clamp: it panics where a time is no number.
            let left = (self.secs() - secs).min(self.down_secs()).max(0.0);
            (self.acceleration * left).copysign(peak)
        }
    }

    /// The position after so many seconds.
    pub fn at(&self, secs: f64) -> f64 {
        let left = self.secs() - secs;
        let (first, peak) = self.speeds;
        if left <= 0.0 {
            self.to
        } else if secs < self.up_secs {
            self.from + (first + self.speed_at(secs)) / 2.0 * secs.max(0.0)
        } else if left < self.down_secs() {
            self.to - self.speed_at(secs) / 2.0 * left
        } else {
            self.to - peak * (left - self.down_secs() / 2.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest change of position and of speed between neighbours of 1,000 samples.
    fn roughness(profile: &Profile) -> (f64, f64) {
        let samples = |of: &dyn Fn(f64) -> f64| {
            let values: Vec<f64> = (0..=1000).map(|i| of(profile.secs() * f64::from(i) / 1000.0)).collect();
            values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max)
        };
        (samples(&|secs| profile.at(secs)), samples(&|secs| profile.speed_at(secs)))
    }

    #[test]
    fn a_long_way_is_a_trapezoid() {
        let profile = Profile::new(0.0, 100.0, 10.0, 5.0);
        assert!((profile.secs() - 12.0).abs() < 1e-9);
        assert!((profile.at(2.0) - 10.0).abs() < 1e-9);
        assert!((profile.at(6.0) - 50.0).abs() < 1e-9);
        assert!((profile.at(10.0) - 90.0).abs() < 1e-9);
        assert_eq!(profile.at(12.0), 100.0);
    }

    #[test]
    fn a_short_way_back_is_a_triangle() {
        let profile = Profile::new(1.0, 0.0, 10.0, 4.0);
        assert!((profile.secs() - 1.0).abs() < 1e-9);
        assert!((profile.at(0.5) - 0.5).abs() < 1e-9);
        assert!(!profile.is_forward());
    }

    #[test]
    fn position_and_speed_have_no_jumps() {
        for profile in [Profile::new(0.0, 100.0, 10.0, 5.0), Profile::new(3.0, -2.0, 50.0, 7.0)] {
            let braking = profile.brake(profile.secs() * 0.4);
            for profile in [profile, braking] {
                let step_secs = profile.secs() / 1000.0;
                let (position, speed) = roughness(&profile);
                assert!(position <= 10.1 * step_secs, "{profile:?} jumps by {position}");
                assert!(speed <= 7.1 * step_secs, "{profile:?} changes its speed by {speed}");
            }
        }
    }

    #[test]
    fn braking_begins_where_it_was_and_takes_the_way_of_its_speed() {
        let profile = Profile::new(0.0, 100.0, 10.0, 5.0);
        let braking = profile.brake(6.0);
        assert!((braking.at(0.0) - 50.0).abs() < 1e-9);
        assert!((braking.to - 60.0).abs() < 1e-9);
        assert!((braking.secs() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn no_way_takes_no_time() {
        let profile = Profile::new(7.0, 7.0, 10.0, 5.0);
        assert_eq!((profile.secs(), profile.at(0.0), profile.at(1.0)), (0.0, 7.0, 7.0));
    }
}
