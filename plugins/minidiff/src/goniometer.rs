//! The motors of a chain of axes: where they are, in um and degrees, and how they are moved together within limits.

use std::collections::BTreeMap;
use std::time::Duration;

use brickwork_axes::{Chain, Motion, Seen};
use brickwork_sdk::client::Command;
use brickwork_sdk::interfaces::motor::Motor;
use brickwork_sdk::interfaces::{outside_from, real_limits};
use brickwork_sdk::unit::{Unit, UnitKind};
use brickwork_sdk::{Clock, Error, ObjectContext, Result};

use crate::config::Config;
use crate::reach::is_live;

/// A motion shorter than this is none, in um or degrees.
const NOTHING: f64 = 1e-3;
/// An axis that is farther from where it was sent, in um or degrees, is somewhere else.
const ELSEWHERE: (f64, f64) = (5.0, 0.1);
/// A position may be told so much later than the end of the motion.
const TOLD: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(20);

/// The chain of the bound axes and a motor for each.
pub struct Goniometer {
    /// The geometry.
    pub chain: Chain,
    motors: Vec<Motor>,
    omega: usize,
    /// Axes that a centring leaves alone.
    pub fixed: Vec<usize>,
}

impl Goniometer {
    /// Binds the motors that fill the roles of the axes.
    ///
    /// # Errors
    /// When what is bound is no goniometer.
    pub fn new(config: &Config, ctx: &ObjectContext) -> Result<Self> {
        let bound = config.axes.iter().filter_map(|axis| Some((axis, Motor::bind_optional(ctx, &axis.role)?)));
        let (axes, motors): (Vec<_>, Vec<_>) = bound.map(|(axis, motor)| (axis.clone(), motor)).unzip();
        let chain = Chain::new(axes, config.camera).map_err(|error| {
            Error::failed(format!("the bound axes are no goniometer: {error}"))
                .remedy("Fill the role omega and at least one of phiy, phiz, sampx, sampy in the layout.")
        })?;
        let omega = chain.index("omega").ok_or_else(|| Error::failed("`axes` has no omega"))?;
        let fixed = config.fixed.iter().filter_map(|role| chain.index(role)).collect();
        Ok(Self { chain, motors, omega, fixed })
    }

    /// The index of omega.
    pub fn omega(&self) -> usize {
        self.omega
    }

    /// Between which positions an axis may be sent, in um or degrees.
    ///
    /// # Errors
    /// Refused when its motor does not say.
    pub fn limits(&self, index: usize) -> Result<(f64, f64)> {
        let (name, factor) = (self.motors[index].object(), self.factor(index)?);
        let limits = self.motors[index].limits().value();
        let limits = limits.ok_or_else(|| Error::refused(format!("the limits of {name} are not known")))?;
        let (low, high) = real_limits(limits);
        Ok((low * factor, high * factor))
    }

    /// Where every axis is, in um and degrees.
    ///
    /// # Errors
    /// Names the motor that does not say, or says it in a unit that does not fit.
    pub fn positions(&self) -> Result<Vec<f64>> {
        let at = |(index, motor): (usize, &Motor)| {
            let name = motor.object();
            if !is_live(motor.status()) {
                return Err(Error::failed(format!("{name} is not connected")));
            }
            let position = motor.position().value().ok_or_else(|| Error::failed(format!("{name} says no position")))?;
            Ok(position * self.factor(index)?)
        };
        self.motors.iter().enumerate().map(at).collect()
    }

    /// Where the camera sees points of the sample, as [`SampleScale`](brickwork_sdk::interfaces::SampleScale) says it.
    pub fn pose(&self, positions: &[f64]) -> [[f64; 4]; 3] {
        let seen = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|point| {
            let Seen { x, y, depth } = self.chain.see(positions, point);
            [x, y, depth]
        });
        // More digits than a pixel has would be news at every tick.
        let short = |number: f64, digits: f64| (number * digits).round() / digits;
        [0, 1, 2].map(|row| {
            let [origin, x, y, z] = seen.map(|at| at[row]);
            let [x, y, z] = [x, y, z].map(|end| short(end - origin, 1e5));
            [x, y, z, short(origin, 20.0)]
        })
    }

    /// Where each axis stands in its own unit, by role.
    pub fn own_positions(&self) -> Result<Vec<(String, f64, String)>> {
        let positions = self.positions()?;
        let own = positions.iter().enumerate().map(|(index, position)| {
            let unit = self.motors[index].unit().value().unwrap_or_default();
            Ok((self.chain.axes()[index].role.clone(), position / self.factor(index)?, unit))
        });
        own.collect()
    }

    /// Positions by role, each in its motor's own unit, as those of all axes; what is not told is as it is `now`.
    ///
    /// # Errors
    /// When a motor has changed its unit.
    pub fn whole_of(&self, own: &[(String, f64, String)], now: &[f64]) -> Result<Vec<f64>> {
        let mut positions = now.to_vec();
        for (role, position, unit) in own {
            let Some(index) = self.chain.index(role) else { continue };
            if self.motors[index].unit().value().as_ref() != Some(unit) {
                return Err(Error::refused(format!("{role} was saved in {unit}, which is not its unit any more")));
            }
            positions[index] = position * self.factor(index)?;
        }
        Ok(positions)
    }

    /// Um or degrees for one unit of a motor.
    fn factor(&self, index: usize) -> Result<f64> {
        let motor = &self.motors[index];
        let unit = motor.unit().value().unwrap_or_default();
        let (kind, names) = match self.chain.axes()[index].motion {
            Motion::Translation => (UnitKind::Length, "um or mm"),
            Motion::Rotation => (UnitKind::Angle, "deg or mrad"),
        };
        Unit::factor_of(&unit, kind).ok_or_else(|| {
            Error::failed(format!("{} moves in {unit:?}; a diffractometer needs {names}", motor.object()))
        })
    }

    /// Why positions cannot be gone to: the first axis that would leave its limits.
    ///
    /// # Errors
    /// Refused, before anything moves.
    pub fn check(&self, to: &[f64]) -> Result<()> {
        for (index, motor) in self.motors.iter().enumerate() {
            let (name, factor) = (motor.object(), self.factor(index)?);
            let limits = motor.limits().value();
            let limits = limits.ok_or_else(|| Error::refused(format!("the limits of {name} are not known")))?;
            let unit = motor.unit().value().unwrap_or_default();
            let digits = (to[index] / factor * 1e6).round() / 1e6;
            let now = motor.position().value();
            // What stands beyond its limit and stays there forbids no other to move.
            if now.is_some_and(|now| (to[index] - now * factor).abs() <= NOTHING) {
                continue;
            }
            if let Some(why) = outside_from(now, digits, limits, &unit) {
                return Err(Error::refused(format!("a limit is in the way: {name}: {why}; nothing was moved")));
            }
        }
        Ok(())
    }

    /// Moves all axes that are not there yet, together, after their limits were checked. Dropped, it stops them.
    ///
    /// # Errors
    /// When one of them is outside its limits or does not arrive.
    pub async fn go(&self, clock: Clock, to: &[f64]) -> Result<()> {
        self.check(to)?;
        let from = self.positions()?;
        let mut moves: BTreeMap<usize, Command<()>> = BTreeMap::new();
        for (index, motor) in self.motors.iter().enumerate() {
            if (to[index] - from[index]).abs() > NOTHING {
                moves.insert(index, motor.move_to(to[index] / self.factor(index)?));
            }
        }
        for (index, moved) in moves {
            let name = self.motors[index].object();
            moved.await.map_err(|error| Error::failed(format!("{name} did not get there: {error}")).because(&error))?;
        }
        let there = async {
            while self.elsewhere(to).is_err() {
                clock.sleep(LOOK).await;
            }
        };
        clock.limit(TOLD, there).await.or_else(|_| self.elsewhere(to))
    }

    /// Whether each axis is where it was sent or left.
    ///
    /// # Errors
    /// Names the first that somebody else has moved, or that does not say where it is.
    pub fn elsewhere(&self, expected: &[f64]) -> Result<()> {
        let now = self.positions()?;
        for (index, axis) in self.chain.axes().iter().enumerate() {
            let near = if axis.motion == Motion::Translation { ELSEWHERE.0 } else { ELSEWHERE.1 };
            if (now[index] - expected[index]).abs() > near {
                let (factor, name) = (self.factor(index)?, self.motors[index].object());
                let [is, was] = [now, expected.to_vec()].map(|all| (all[index] / factor * 1e4).round() / 1e4);
                let unit = self.motors[index].unit().value().unwrap_or_default();
                return Err(Error::failed(format!("{name} is at {is} {unit}, but was left at {was} {unit}"))
                    .remedy("Somebody else has moved it, such as by hand or in spec. Begin again."));
            }
        }
        Ok(())
    }

    /// Turns omega alone.
    ///
    /// # Errors
    /// As [`Goniometer::go`].
    pub async fn turn(&self, clock: Clock, omega_deg: f64) -> Result<()> {
        let mut to = self.positions()?;
        to[self.omega] = omega_deg;
        self.go(clock, &to).await
    }

    /// Turns omega back, whatever the others are doing: one that is lost must not keep it where it is.
    ///
    /// # Errors
    /// When it does not arrive.
    pub async fn turn_back(&self, omega_deg: f64) -> Result<()> {
        self.motors[self.omega].move_to(omega_deg / self.factor(self.omega)?).await
    }

    /// The angles at which a centring looks, the way that omega has room for.
    ///
    /// # Errors
    /// When it has room for neither.
    pub fn angles(&self, count: u32, step_deg: f64) -> Result<Vec<f64>> {
        let start = self.positions()?;
        let way = |sign: f64| {
            let angles: Vec<f64> = (0..count).map(|at| start[self.omega] + sign * step_deg * f64::from(at)).collect();
            let mut last = start.clone();
            last[self.omega] = angles.last().copied().unwrap_or(start[self.omega]);
            self.check(&last).map(|()| angles)
        };
        way(1.0).or_else(|error| way(-1.0).map_err(|_| error))
    }
}
