//! The fluorescence spectrum: `eprodc_xfespectrum` fills the data array `XFE_DATA`.

use brickwork_spec_protocol::{Array, Data};

use super::{Arguments, Done, beam};
use crate::context::Context;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &["eprodc_xfespectrum"];

/// The lines that the simulated sample shows, in keV and as parts of its brightest: Fe, Zn and Se.
const LINES: [(f64, f64); 3] = [(6.404, 0.4), (8.639, 0.7), (11.222, 1.0)];

/// keV per channel; `XFE_CALIB` says the same.
const KEV: f64 = 0.02;

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    if given.name != "eprodc_xfespectrum" {
        return Err(given.unknown());
    }
    let config = context.element("XFE_CONFIG", "exposure");
    let secs = given.number_or(0, Data::text(config).to_number().unwrap_or(1.0))?;
    beam::set_shutter(context, true).await?;
    context.step(&format!("fluorescence spectrum of {secs} s"), secs).await;
    beam::set_shutter(context, false).await?;
    let counts = 5000.0 * secs * context.number("ATT_FACTOR") / 100.0;
    let beam_kev = context.position("mono")?;
    let channels: Vec<u32> = (0..1024).map(|channel| counts_at(f64::from(channel) * KEV, beam_kev, counts)).collect();
    context.set("XFE_DATA", Value::Array(Array::row(channels)))?;
    Ok(Value::NOTHING)
}

/// The lines below the energy of the beam, and the beam itself, scattered.
fn counts_at(kev: f64, beam_kev: f64, counts: f64) -> u32 {
    let peak = |at: f64| (-((kev - at) / 0.08).powi(2)).exp();
    let lines = LINES.iter().filter(|(at, _)| *at < beam_kev).map(|(at, part)| part * peak(*at));
    (counts * (lines.sum::<f64>() + 0.8 * peak(beam_kev) + 0.002)) as u32
}
