//! Centring without a person: the finder looks at several angles, and the same solver does the rest.

use brickwork_sdk::interfaces::{Centring, CentringPhase};
use brickwork_sdk::{Call, Error, Result};

use crate::config::Looks;
use crate::diffractometer::Minidiff;

/// Rounds: the second looks at what the first has brought near.
const ROUNDS: u32 = 2;
/// Pictures in which the sample has to be found for a centring.
const ENOUGH: usize = 3;

impl Minidiff {
    /// Looks for the sample and centres it.
    pub(crate) async fn by_pictures(&self, call: &Call) -> Result<Centring> {
        let finder = self.finder.as_ref().ok_or_else(|| {
            Error::refused("nothing looks for samples here").remedy("Fill the role finder in the layout.")
        })?;
        let Looks { count, step_deg } = self.config.search;
        let mut centred = Centring::default();
        for round in 0..ROUNDS {
            let angles = self.goniometer.angles(count, step_deg)?;
            let (start, mut clicks) = (angles[0], Vec::new());
            self.told.borrow_mut().clear();
            for (at, angle) in angles.into_iter().enumerate() {
                let (step, steps) = (round * count + at as u32 + 1, ROUNDS * count);
                let say = |phase, message: String| {
                    self.say(call, Centring { phase, step, steps, message, error_um: 0.0 });
                };
                say(CentringPhase::Moves, format!("turning omega to {angle:.1} deg"));
                self.goniometer.turn(call.clock(), angle).await?;
                say(CentringPhase::Searches, format!("looking for the sample at {angle:.1} deg"));
                if let Some(found) = finder.find().await? {
                    let picture = if found.picture.0 > 0.0 { Some(found.picture) } else { self.shown() };
                    let pixel = picture.map_or(Ok(found.centre), |size| self.calibrated_from(size, found.centre))?;
                    clicks.push(self.note(pixel)?);
                }
            }
            if clicks.len() < ENOUGH {
                let text =
                    format!("the sample was found in {} of {count} pictures, too few to centre it", clicks.len());
                let remedy = "See whether a sample is mounted, lit and in the picture, or centre it by clicks.";
                return Err(Error::failed(text).remedy(remedy));
            }
            centred = self.finish(call, &clicks, start).await?;
        }
        Ok(centred)
    }
}
