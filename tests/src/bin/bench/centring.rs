//! `bench centring`: what the solver and the finder cost, and how often a sample that is mounted by chance is centred
//! without anybody, on the simulated beamline with an engine alone.

use std::hint::black_box;
use std::time::{Duration, Instant};

use brickwork_axes::{Chain, Click, Options, solve};
use brickwork_finder::{Format, Options as FinderOptions, Picture, find};
use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_tests::centring::{Mounting, loop_wobble, mount};
use brickwork_tests::headless::Headless;
use brickwork_tests::poll;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::Outcome as Done;
use crate::report::{Aim, Report, percentile};

const SOLVES: u32 = 20_000;
const LOOKS: usize = 50;
const LIMIT: Duration = Duration::from_secs(60);
/// Half the side of the beam, in um: the middle of the loop has to be so near at all angles.
const NEAR_UM: f64 = 25.0;
/// Measures all of it.
pub fn run(report: &mut Report, times: usize, seed: u64) -> Done {
    report.figure("solve_us", solve_us(), Aim::None);
    let headless = mounting(None).start();
    let looks = finder_ms(&headless)?;
    report.figure("finder_ms", percentile(&looks, 50.0), Aim::AtMost(30.0));
    let mut distances = Vec::new();
    for sample in 0..times as u64 {
        distances.push(centred_um(&headless, seed.wrapping_add(sample)));
    }
    let good = distances.iter().filter(|distance| **distance <= NEAR_UM).count();
    report.figure("auto_success_percent", 100.0 * good as f64 / times.max(1) as f64, Aim::AtLeast(95.0));
    report.figure("auto_tried", times as f64, Aim::None);
    report.samples("finder_ms", looks);
    report.samples("auto_distance_um", distances);
    Ok(())
}

fn solve_us() -> f64 {
    let chain = Chain::standard();
    let click = |angle: f64| {
        let positions = vec![1.0, 2.0, angle, 3.0, 4.0];
        let seen = chain.see(&positions, [100.0, -50.0, 20.0]);
        Click { positions, x: seen.x, y: seen.y }
    };
    let clicks = [0.0, 90.0, 180.0].map(click);
    let begun = Instant::now();
    for _ in 0..SOLVES {
        // The clicks are enough; what comes out is looked at by tests.
        let _ = black_box(solve(&chain, black_box(&clicks), &Options::default()));
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(SOLVES)
}

fn mounting(seed: Option<u64>) -> Mounting {
    Mounting { seed, rate: 25, ..Mounting::default() }
}

/// How long the finder takes for a picture of the simulated microscope, decoded before, in milliseconds.
fn finder_ms(headless: &Headless) -> Done<Vec<f64>> {
    let frame = poll(LIMIT, || match headless.engine.latest("onaxis", "frame").0 {
        Value::Frame(frame) => Some(frame),
        _ => None,
    });
    let frame = frame.ok_or("the camera shows nothing")?;
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&frame.data[..]), options);
    let pixels = decoder.decode().map_err(|error| format!("{error:?}"))?;
    let picture = || Picture::new(&pixels, frame.width, frame.height, frame.width as usize, Format::Gray8);
    let look = |_| {
        let begun = Instant::now();
        let found = picture().map(|picture| find(picture, &FinderOptions::default()));
        black_box(found).map(|_| begun.elapsed().as_secs_f64() * 1e3)
    };
    Ok((0..LOOKS).map(look).collect::<Result<_, _>>()?)
}

/// Mounts a sample by chance, has it centred, and answers how far the middle of its loop is from the beam at the worst
/// angle, in um; infinitely far if it was not centred.
fn centred_um(headless: &Headless, seed: u64) -> f64 {
    mount(headless, &mounting(Some(seed)));
    let call = headless.engine.call_on("md", "diffractometer", "centre_automatically", Value::map::<&str>([]));
    let is_centred = matches!(headless.engine.end_of(call), Outcome::Finished(_));
    if is_centred { loop_wobble(headless, seed) } else { f64::INFINITY }
}
