//! Macros of the beam: shutters, alignment, powders, and annealing. The macros of beamlines are not public: these have
//! their names, say what they simulate, and take some seconds.

use super::{Arguments, Done, number_of};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &[
    "msopen",
    "msclose",
    "prodc_quick_realign",
    "centrebeam",
    "beam_calibration",
    "anneal",
    "calibrate_intensities",
    "adjust_i0_i1_gain",
    "diagnostics",
    "prodc_prepare_beamline",
];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "msopen" => set_shutter(context, true).await?,
        "msclose" => set_shutter(context, false).await?,
        "prodc_quick_realign" => realign(context).await?,
        "centrebeam" => centre(context).await?,
        "beam_calibration" => powders(context).await?,
        "anneal" => anneal(context, given.number(0)?).await?,
        "calibrate_intensities" => return calibrate(context).await,
        "adjust_i0_i1_gain" => context.step("gains of i0 and i1 adjusted", 0.5).await,
        "diagnostics" => diagnostics(context).await?,
        "prodc_prepare_beamline" => {
            context.step("beamline prepared: beamstop in, light out", 1.0).await;
            context.move_and_wait(&[("bstopz", 0.0), ("flight", 0.0)]).await?;
        }
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

/// Opens or closes the fast shutter.
pub(super) async fn set_shutter(context: &Context, open: bool) -> Result<(), SpecError> {
    context.pause(0.1).await;
    let state = if open { "open" } else { "closed" };
    context.set("MS_STATE", Value::text(state))?;
    context.say(&format!("(simulated) shutter {state}\n"));
    Ok(())
}

async fn realign(context: &Context) -> Result<(), SpecError> {
    context.step("quick realign: second crystal rocked", 2.0).await;
    set_shutter(context, true).await?;
    super::count::count(context, 0.5).await;
    set_shutter(context, false).await?;
    context.step("quick realign: done", 0.5).await;
    Ok(())
}

/// Scans both slit gaps over the beam and goes back to where they were.
async fn centre(context: &Context) -> Result<(), SpecError> {
    let gaps = (context.position("slith")?, context.position("slitv")?);
    set_shutter(context, true).await?;
    for (slit, gap) in [("slith", gaps.0), ("slitv", gaps.1)] {
        context.step(&format!("centre beam: {slit} scanned"), 1.0).await;
        context.move_and_wait(&[(slit, gap + 0.1)]).await?;
        context.move_and_wait(&[(slit, gap)]).await?;
    }
    set_shutter(context, false).await?;
    context.say("(simulated) centre beam: done, the beam is in the centre\n");
    Ok(())
}

/// A powder picture at three distances of the detector.
async fn powders(context: &Context) -> Result<(), SpecError> {
    let before = context.position("dtox")?;
    for distance in [200.0, 300.0, 400.0] {
        context.move_and_wait(&[("dtox", distance)]).await?;
        set_shutter(context, true).await?;
        context.step(&format!("powder picture at {distance} mm"), 1.0).await;
        set_shutter(context, false).await?;
    }
    context.move_and_wait(&[("dtox", before)]).await?;
    context.say("(simulated) take powders: done; a simulator writes no files\n");
    Ok(())
}

/// The cryostream is blocked for so many seconds.
async fn anneal(context: &Context, secs: f64) -> Result<(), SpecError> {
    if !(0.0..=60.0).contains(&secs) {
        return Err(SpecError::new(format!("anneal: {secs} s is not between 0 and 60")));
    }
    context.step(&format!("cryostream blocked for {secs} s"), secs).await;
    context.say("(simulated) cryostream open\n");
    Ok(())
}

/// The intensities of i0 and i1 for the whole beam, as photons that are simulated.
async fn calibrate(context: &Context) -> Done {
    let (before, is_open) = {
        let world = context.world();
        (number_of(&world, "ATT_FACTOR"), world.shutter_is_open())
    };
    context.set("ATT_FACTOR", Value::Number(100.0))?;
    set_shutter(context, true).await?;
    super::count::count(context, 1.0).await;
    set_shutter(context, is_open).await?;
    context.set("ATT_FACTOR", Value::Number(before))?;
    let flux: f64 = context.world().counters.all.iter().filter(|c| c.setup.sees_beam).map(|c| c.value * 1e6).sum();
    context.set("CALIBRATED_FLUX", Value::Number(flux))?;
    context.say(&format!("(simulated) intensities calibrated: {flux:.3e} photons/s\n"));
    Ok(Value::Number(flux))
}

async fn diagnostics(context: &Context) -> Result<(), SpecError> {
    for part in ["machine current", "undulator gaps", "mono", "mirrors", "slits", "shutter", "detector"] {
        context.step(&format!("diagnostics: {part} ok"), 0.3).await;
    }
    context.say("(simulated) diagnostics: nothing is real here, so nothing is wrong\n");
    Ok(())
}
