//! Functions of the optics: energy, resolution, attenuators, and the size of the beam.

use super::{Arguments, Done};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &[
    "transmission",
    "attio",
    "energy",
    "prodc_set_mono",
    "getMxResolution",
    "setMxResolution",
    "getMxResolutionAtCorner",
    "getMxBeamSizeX",
    "getMxBeamSizeY",
    "getMxSlitGapHorizontal",
    "getMxSlitGapVertical",
    "getMxBeamShape",
    "getMxBeamCentreX",
    "getMxBeamCentreY",
    "getMxBeamInfo",
];

/// The foils of the attenuator: what each lets through. Bit n of `MATT_STATE` is foil n.
const FOILS: [f64; 8] = [0.9, 0.8, 0.65, 0.4, 0.2, 0.1, 0.05, 0.02];

/// The simulated detector: half of its width, and its half diagonal, in mm.
const DETECTOR_MM: (f64, f64) = (157.5, 222.7);

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    let number = match given.name {
        "transmission" if given.all.is_empty() => context.number("ATT_FACTOR"),
        "transmission" => transmission(context, given.number(0)?).await?,
        "attio" => foils(context, given.number(0)?).await?,
        "energy" | "prodc_set_mono" if given.all.is_empty() => context.position("mono")?,
        "energy" | "prodc_set_mono" => {
            let kev = given.number(0)?;
            context.say(&format!("(simulated) energy to {kev} keV\n"));
            context.move_and_wait(&[("mono", kev)]).await?;
            context.position("mono")?
        }
        "getMxResolution" => resolution(context, DETECTOR_MM.0)?,
        "getMxResolutionAtCorner" => resolution(context, DETECTOR_MM.1)?,
        "setMxResolution" => set_resolution(context, given.number(0)?).await?,
        "getMxBeamSizeX" | "getMxSlitGapHorizontal" => context.position("slith")?,
        "getMxBeamSizeY" | "getMxSlitGapVertical" => context.position("slitv")?,
        "getMxBeamCentreX" | "getMxBeamCentreY" => DETECTOR_MM.0,
        "getMxBeamShape" => return Ok(Value::text("rectangular")),
        "getMxBeamInfo" => {
            let (x, y) = (context.position("slith")?, context.position("slitv")?);
            return Ok(Value::Text(format!("{x} {y} rectangular")));
        }
        _ => return Err(given.unknown()),
    };
    Ok(Value::Number(number))
}

/// Puts in the foils that let through what comes closest to so many percent, and tells what they let through.
async fn transmission(context: &Context, percent: f64) -> Result<f64, SpecError> {
    if !(0.0..=100.0).contains(&percent) {
        return Err(SpecError::new(format!("a transmission of {percent} % is not between 0 and 100")));
    }
    let through = |bits: u32| of_foils(bits) * 100.0;
    let closer = |a: &u32, b: &u32| (through(*a) - percent).abs().total_cmp(&(through(*b) - percent).abs());
    let bits = (0..1_u32 << FOILS.len()).min_by(closer).unwrap_or(0);
    foils(context, f64::from(bits)).await
}

fn of_foils(bits: u32) -> f64 {
    FOILS.iter().enumerate().filter(|(foil, _)| bits & (1 << foil) != 0).map(|(_, through)| through).product()
}

async fn foils(context: &Context, bits: f64) -> Result<f64, SpecError> {
    if !(0.0..256.0).contains(&bits) || bits.fract() != 0.0 {
        return Err(SpecError::new(format!("{bits} is no set of the {} foils", FOILS.len())));
    }
    context.pause(0.5).await;
    let percent = of_foils(bits as u32) * 100.0;
    context.set("MATT_STATE", Value::Number(bits))?;
    context.set("ATT_FACTOR", Value::Number(percent))?;
    context.say(&format!("(simulated) transmission {percent:.3} %\n"));
    Ok(percent)
}

fn wavelength(context: &Context) -> Result<f64, SpecError> {
    let kev = context.position("mono")?;
    Ok(context.number("hc_over_e") / kev)
}

/// The resolution in Angstrom that a radius on the detector sees, by Bragg's law.
fn resolution(context: &Context, radius_mm: f64) -> Result<f64, SpecError> {
    let two_theta = (radius_mm / context.position("dtox")?).atan();
    Ok(wavelength(context)? / (2.0 * (two_theta / 2.0).sin()))
}

async fn set_resolution(context: &Context, angstrom: f64) -> Result<f64, SpecError> {
    let sine = wavelength(context)? / (2.0 * angstrom);
    let two_theta = 2.0 * sine.asin();
    if !(two_theta > 0.0 && two_theta < std::f64::consts::FRAC_PI_2) {
        return Err(SpecError::new(format!("a resolution of {angstrom} A cannot be at this energy")));
    }
    context.move_and_wait(&[("dtox", DETECTOR_MM.0 / two_theta.tan())]).await?;
    resolution(context, DETECTOR_MM.0)
}
