//! Centring by clicks: turn, wait, note, solve, move. The step and what is to be done is said at each.

use brickwork_axes::{Click, Options, Seen, Solution, solve};
use brickwork_sdk::interfaces::{Centring, CentringPhase};
use brickwork_sdk::{Call, Error, Result};

use crate::config::Looks;
use crate::diffractometer::Minidiff;

impl Minidiff {
    /// Asks for as many clicks as the layout says, and centres.
    pub(crate) async fn by_clicks(&self, call: &Call) -> Result<Centring> {
        let Looks { count, step_deg } = self.config.clicks;
        let angles = self.goniometer.angles(count, step_deg)?;
        let start = angles[0];
        let mut clicks = Vec::new();
        for (at, angle) in angles.into_iter().enumerate() {
            let step = at as u32 + 1;
            let say = |phase, message: String| {
                self.say(call, Centring { phase, step, steps: count, message, error_um: 0.0 });
            };
            if at > 0 {
                say(CentringPhase::Moves, format!("turning omega to {angle:.1} deg"));
                self.goniometer.turn(call.clock(), angle).await?;
            }
            say(CentringPhase::WaitsForClick, format!("click the sample: {step} of {count}"));
            clicks.push(self.note(self.next_click(call).await?)?);
        }
        self.finish(call, &clicks, start).await
    }

    /// A click with where the axes are; its point is shown from now on.
    pub(crate) fn note(&self, pixel: (f64, f64)) -> Result<Click> {
        let ((x, y), positions) = (self.um_from_beam(pixel)?, self.goniometer.positions()?);
        let point = self.goniometer.chain.locate(&positions, Seen { x, y, depth: 0.0 });
        self.told.borrow_mut().push(point);
        Ok(Click { positions, x, y })
    }

    /// Where the axes have to go.
    pub(crate) fn solve(&self, clicks: &[Click]) -> Result<Solution> {
        let now = self.goniometer.positions()?;
        let fixed = self.goniometer.fixed.iter().map(|index| (*index, now[*index])).collect();
        let options = Options { fixed, click_error: self.config.click_error_um, ..Options::default() };
        solve(&self.goniometer.chain, clicks, &options).map_err(|error| Error::failed(error.to_string()))
    }

    /// Moves the sample into the beam, and omega back to where it was.
    pub(crate) async fn finish(&self, call: &Call, clicks: &[Click], omega_deg: f64) -> Result<Centring> {
        let solution = self.solve(clicks)?;
        let steps = clicks.len() as u32;
        let message = "moving the sample into the beam".to_owned();
        self.say(call, Centring { phase: CentringPhase::Moves, step: steps, steps, message, error_um: 0.0 });
        let mut to = solution.positions.clone();
        to[self.goniometer.omega()] = omega_deg;
        self.goniometer.go(call.clock(), &to).await?;
        let error_um = solution.seen_error;
        let message = format!("centred, within {error_um:.1} um by {steps} looks at it");
        Ok(Centring { phase: CentringPhase::Centred, step: steps, steps, message, error_um })
    }
}
