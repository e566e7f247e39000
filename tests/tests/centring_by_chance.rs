//! Samples by chance on the simulated beamline, with an engine alone: 200 centred by clicks that are as good as a
//! person's, and 200 loops centred by what is found in the pictures. A night is made minutes by the engine's clock.

use brickwork_axes::Chain;
use brickwork_sdk::interfaces::{Centring, CentringPhase};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::{Value, from_value};
use brickwork_tests::centring::{Mounting, SCALE, loop_wobble, mount, positions, wobble};
use brickwork_tests::headless::Headless;
use brickwork_tests::random::Random;
use brickwork_tests::{PATIENCE, poll};

/// How many of each.
const SAMPLES: u64 = 200;
/// Half the side of the beam, in um.
const BEAM_UM: f64 = 25.0;

fn centring(headless: &Headless) -> Centring {
    from_value(headless.engine.latest("md", "centring").0).expect("it has one shape")
}

fn call(headless: &Headless, command: &str) -> u64 {
    headless.engine.call_on("md", "diffractometer", command, Value::map::<&str>([]))
}

/// Centres by three clicks, each off by so many pixels to either side; how far the crystal is then from the beam over a
/// turn, and what the diffractometer says of it, in um.
fn by_clicks(headless: &Headless, chance: &mut Random, noise_px: f64) -> (f64, f64) {
    let (chain, sample) = (Chain::standard(), Mounting::default().sample);
    // Where the motors stand when the sample is mounted is what makes it another one.
    let away = chain.axes().iter().map(|axis| {
        let limit = if axis.role == "omega" { 180.0 } else { 0.12 };
        headless.engine.move_to(&axis.role, chance.within(limit))
    });
    away.collect::<Vec<_>>().into_iter().for_each(|call| drop(headless.engine.end_of(call)));
    let centre = call(headless, "centre");
    for step in 1..=3 {
        let waits = || {
            let now = centring(headless);
            (now.phase == CentringPhase::WaitsForClick && now.step == step).then_some(())
        };
        assert!(poll(PATIENCE, waits).is_some(), "step {step}: {:?}", centring(headless));
        let seen = chain.see(&positions(headless), sample);
        let [x, y] = [640.0 + seen.x / SCALE, 512.0 + seen.y / SCALE].map(|at| at + noise_px * chance.normal());
        let at = Value::map([("x", Value::Float(x)), ("y", Value::Float(y))]);
        let clicked = headless.engine.call_on("md", "diffractometer", "click", at);
        assert!(matches!(headless.engine.end_of(clicked), Outcome::Finished(_)));
    }
    let ended = headless.engine.end_of(centre);
    assert!(matches!(ended, Outcome::Finished(_)), "{ended:?}");
    (wobble(headless, sample, f64::hypot), centring(headless).error_um)
}

#[test]
fn two_hundred_samples_are_centred_by_clicks_as_well_as_the_clicks_allow() {
    let mut chance = Random::new(5);
    for (noise_px, samples) in [(0.0, SAMPLES / 2), (1.0, SAMPLES / 4), (3.0, SAMPLES / 4)] {
        let click_error_um = f64::max(noise_px * SCALE, 0.1);
        let headless = Mounting { rate: 0, click_error_um, ..Mounting::default() }.start_with(&["--time-scale", "20"]);
        let all: Vec<_> = (0..samples).map(|_| by_clicks(&headless, &mut chance, noise_px)).collect();
        let worst = all.iter().map(|(found, _)| *found).fold(0.0, f64::max);
        if noise_px == 0.0 {
            assert!(worst < 0.5, "{worst} um with clicks on the pixel");
            continue;
        }
        // It says its standard error at the worst angle: that is what is found, and no sample is off by far more.
        let mean =
            |of: fn(&(f64, f64)) -> f64| (all.iter().map(|one| of(one).powi(2)).sum::<f64>() / samples as f64).sqrt();
        let (found, said) = (mean(|one| one.0), mean(|one| one.1));
        assert!((0.6..1.7).contains(&(found / said)), "{noise_px} px: found {found} um, said {said} um");
        assert!(worst < 5.0 * said, "{noise_px} px: {worst} um, and {said} um was said");
    }
}

#[test]
fn at_least_95_percent_of_two_hundred_loops_are_centred_without_anybody() {
    let of = |seed| Mounting { seed: Some(seed), rate: 6, ..Mounting::default() };
    let headless = of(0).start_with(&["--time-scale", "12"]);
    let is_centred = |seed: &u64| {
        mount(&headless, &of(*seed + 1));
        let ended = headless.engine.end_of(call(&headless, "centre_automatically"));
        matches!(ended, Outcome::Finished(_)) && loop_wobble(&headless, *seed + 1) <= BEAM_UM
    };
    let good = (0..SAMPLES).filter(is_centred).count() as u64;
    assert!(good * 100 >= SAMPLES * 95, "{good} of {SAMPLES} were centred");
}
