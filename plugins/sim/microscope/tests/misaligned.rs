//! A centring that believes in an ideal goniometer errs on a misaligned one, and one that knows the true axes does not.

use brickwork_axes::{Chain, Click, Options, Seen, solve};
use brickwork_microscope::{Axes, Goniometer, Lights, Look, Microscope, Misaligned, Mounted, Sample, Scene, Setup};

const MISALIGNED: Misaligned = Misaligned {
    spindle_deg: 3.0,
    lean_deg: 1.0,
    sampx_deg: 4.0,
    sampy_deg: -2.0,
    spindle_below_um: 35.0,
    spindle_behind_um: 20.0,
};

fn chain(misaligned: &Misaligned) -> Chain {
    let goniometer = misaligned.apply(&Goniometer::default()).expect("the ideal one has no mistake");
    goniometer.chain().expect("a misaligned one has none either")
}

fn microscope(misaligned: &Misaligned, seed: u64) -> Microscope {
    let sample = Sample::random(Mounted::Loop, seed);
    Microscope::new(Setup { size: (640, 512), seed, look: Look::Plain, chain: chain(misaligned), sample })
}

fn seen(microscope: &Microscope, axes: Axes) -> Seen {
    let scene = Scene { axes, um_per_pixel: 1.0, lights: Lights::BACK };
    microscope.truth(&scene).expect("all positions are numbers").point.expect("there is a crystal").seen
}

/// How far from the beam the crystal is at most during a turn, after it was centred by three clicks.
fn error_um(microscope: &Microscope, believed: &Chain) -> f64 {
    let click = |omega_deg| {
        let axes = Axes { omega_deg, ..Axes::default() };
        let Seen { x, y, .. } = seen(microscope, axes);
        Click { positions: axes.positions(believed), x, y }
    };
    let clicks = [0.0, 90.0, 180.0].map(click);
    let solution = solve(believed, &clicks, &Options::default()).expect("three clicks are enough");
    let centred = Axes::default().at(believed, &solution.positions);
    (0..36)
        .map(|step| seen(microscope, Axes { omega_deg: 10.0 * f64::from(step), ..centred }))
        .map(|seen| seen.x.hypot(seen.y))
        .fold(0.0, f64::max)
}

#[test]
fn the_true_chain_centres_what_the_ideal_one_does_not() {
    for seed in 0..10 {
        let microscope = microscope(&MISALIGNED, seed);
        let (right, wrong) = (error_um(&microscope, &chain(&MISALIGNED)), error_um(&microscope, &Chain::standard()));
        assert!(right < 0.5, "{seed}: {right} um with the true chain");
        assert!(wrong > 2.0, "{seed}: {wrong} um with the ideal chain");
    }
}
