//! Data collection: the steps that MXCuBE calls one by one, and the whole loop as it once was inside spec. They follow
//! `MXCOLLECT_PARS` and write `COLLECT_SEQ`; no detector is there, and no file is written.

use brickwork_spec_protocol::Data;

use super::beam::set_shutter;
use super::{Arguments, Done};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::{Value, plain};

pub(super) const NAMES: &[&str] = &[
    "setMxCollectPars",
    "setMxCurrentFilename",
    "datacollection_parameters",
    "build_collect_seq",
    "ccdfile",
    "osc_prepare",
    "osc_scan",
    "_oscillation",
    "pilatus_prep",
    "pilatus_postframe_actions",
    "pilatus_cleanup",
    "ccdstart",
    "ccdread",
    "ccdsave",
    "ccdflush",
    "musstPX_loadprog",
    "mxsim_collect",
];
pub(super) const TAKE_TEXT: &[&str] = &["setMxCurrentFilename"];

const WANTED: &str = "MXCOLLECT_PARS";
const SEQUENCE: &str = "COLLECT_SEQ";

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "setMxCollectPars" => context.set_element(WANTED, &given.text(0)?, &given.text(1)?)?,
        "setMxCurrentFilename" => context.set_element(WANTED, "filename", &given.line())?,
        "datacollection_parameters" | "build_collect_seq" => build(context)?,
        "ccdfile" => file(context, given.number(given.all.len().saturating_sub(1))?)?,
        "osc_prepare" => {
            let start = given.number_or(0, wanted(context, "start")?)?;
            context.move_and_wait(&[("phi", start)]).await?;
        }
        "osc_scan" | "_oscillation" => oscillate(context, given).await?,
        "ccdstart" => context.step("detector exposes", 0.05).await,
        "ccdread" => read(context).await?,
        "ccdsave" => context.step("picture saved nowhere", 0.05).await,
        "ccdflush" => context.step("detector flushed", 0.1).await,
        "pilatus_prep" => context.step("detector prepared", 0.5).await,
        "pilatus_postframe_actions" => context.step("after the picture", 0.05).await,
        "pilatus_cleanup" => context.step("detector at rest", 0.2).await,
        "musstPX_loadprog" => context.step("program of the MUSST loaded", 0.2).await,
        "mxsim_collect" => return collect(context).await,
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

/// A number of what is wanted.
fn wanted(context: &Context, key: &str) -> Result<f64, SpecError> {
    let text = context.element(WANTED, key);
    let number = Data::text(&text).to_number();
    number.map_err(|_| SpecError::new(format!("{WANTED}[\"{key}\"] is {text:?} and not a number: set it first")))
}

/// Writes the sequence: for each picture its start.
fn build(context: &Context) -> Result<(), SpecError> {
    let (start, range, pictures) = (wanted(context, "start")?, wanted(context, "range")?, pictures(context)?);
    let sequence = (0..pictures).fold(brickwork_spec_protocol::Assoc::new(), |all, picture| {
        let number = (picture + 1).to_string();
        let begin = start + range * f64::from(picture);
        all.with(brickwork_spec_protocol::Key::two(number.as_str(), "start"), plain(begin))
            .with(brickwork_spec_protocol::Key::two(number.as_str(), "range"), plain(range))
    });
    context.set(SEQUENCE, Value::Assoc(sequence))
}

fn pictures(context: &Context) -> Result<u32, SpecError> {
    let number = wanted(context, "number_of_images")?;
    if (1.0..=10_000.0).contains(&number) && number.fract() == 0.0 {
        return Ok(number as u32);
    }
    Err(SpecError::new(format!("{number} pictures cannot be collected: 1 to 10000 can")))
}

/// Names the next picture.
fn file(context: &Context, number: f64) -> Result<(), SpecError> {
    let [directory, prefix, run] = ["directory", "prefix", "run_number"].map(|key| context.element(WANTED, key));
    let name = format!("{directory}/{prefix}_{run}_{number:04}.sim");
    context.set_element(WANTED, "filename", &name)
}

/// One turn with the shutter open: start, end, seconds, passes.
async fn oscillate(context: &Context, given: &Arguments<'_>) -> Result<(), SpecError> {
    let (start, end, secs) = (given.number(0)?, given.number(1)?, given.number(2)?);
    for _pass in 0..given.number_or(3, 1.0)?.clamp(1.0, 100.0) as u32 {
        turn(context, start, end, secs).await?;
    }
    Ok(())
}

async fn turn(context: &Context, start: f64, end: f64, secs: f64) -> Result<(), SpecError> {
    context.move_and_wait(&[("phi", start)]).await?;
    set_shutter(context, true).await?;
    context.pause(secs).await;
    context.move_and_wait(&[("phi", end)]).await?;
    set_shutter(context, false).await
}

/// Reads the detector out. The intensity is no picture's: it is the rate of the brightest counter.
async fn read(context: &Context) -> Result<(), SpecError> {
    context.step("detector reads out", 0.3).await;
    let intensity = context.world().counters.all.iter().map(|counter| counter.setup.rate).fold(0.0, f64::max);
    context.set("CURRENT_IMAGE_INTENSITY", Value::Number(intensity))
}

/// The whole loop, as it once was inside spec. Its name is this simulator's: that of the macro is not public.
async fn collect(context: &Context) -> Done {
    build(context)?;
    let (start, range, secs) =
        (wanted(context, "start")?, wanted(context, "range")?, wanted(context, "exposure_time")?);
    let pictures = pictures(context)?;
    context.say(&format!("(simulated) collection of {pictures} pictures\n"));
    context.step("detector prepared", 0.5).await;
    for picture in 0..pictures {
        let begin = start + range * f64::from(picture);
        context.set_element(WANTED, "current_phi", &plain(begin))?;
        file(context, f64::from(picture + 1))?;
        let name = context.element(WANTED, "filename");
        context.step(&format!("picture {} of {pictures}: {name}", picture + 1), 0.05).await;
        turn(context, begin, begin + range, secs).await?;
        read(context).await?;
    }
    context.step("detector at rest, collection done; a simulator writes no files", 0.2).await;
    Ok(Value::Number(f64::from(pictures)))
}
