//! What is drawn is found: the search that centres real samples finds the loops of simulated ones, and nothing on a bare
//! pin.

use brickwork_finder::{Format, Found, Options, find};
use brickwork_microscope::{Axes, Lights, Look, Microscope, Mounted, Sample, Scene, Setup, Truth, chain};

const SIZE: (u16, u16) = (1280, 1024);

fn microscope(look: Look, sample: Sample, seed: u64) -> Microscope {
    Microscope::new(Setup { size: SIZE, seed, look, chain: chain(), sample })
}

fn search(microscope: &Microscope, omega_deg: f64, lights: Lights) -> (Option<Found>, Truth) {
    let scene = Scene { axes: Axes { omega_deg, ..Axes::default() }, um_per_pixel: 2.0, lights };
    let picture = microscope.picture(&scene).expect("all positions are numbers");
    let (width, height) = (u32::from(SIZE.0), u32::from(SIZE.1));
    let seen = brickwork_finder::Picture::new(&picture.pixels, width, height, width as usize, Format::Gray8);
    let found = find(seen.expect("the buffer fits the size"), &Options::default());
    (found, microscope.truth(&scene).expect("all positions are numbers"))
}

/// Samples of a kind, each at three angles.
fn searches(look: Look, mounted: Mounted, lights: Lights) -> impl Iterator<Item = (Option<Found>, Truth)> {
    (0..5).flat_map(move |seed| {
        let microscope = microscope(look, Sample::random(mounted, seed), seed);
        [0.0, 60.0, 120.0].map(|step| search(&microscope, 17.0 * seed as f64 + step, lights))
    })
}

/// Each look with the lights before which it shows its samples.
const LIT: [(Look, Lights); 4] = [
    (Look::Plain, Lights::BACK),
    (Look::Plain, Lights::BOTH),
    (Look::Lifelike, Lights::BACK),
    (Look::Lifelike, Lights::FRONT),
];

#[test]
fn the_middle_of_every_loop_is_found_on_the_loop() {
    for (look, lights) in LIT {
        for mounted in [Mounted::Loop, Mounted::Needle, Mounted::OffCentre, Mounted::Empty] {
            for (found, truth) in searches(look, mounted, lights) {
                let (found, outline) = (found.expect("there is a loop"), truth.outline.expect("there is a loop"));
                assert!(outline.contains(found.centre), "{look:?} {lights:?} {mounted:?}: {found:?} {truth:?}");
            }
        }
    }
}

#[test]
fn under_ice_the_loop_is_found_too() {
    for (look, lights) in LIT {
        for (found, truth) in searches(look, Mounted::Ice, lights) {
            let (found, outline) = (found.expect("there is a loop"), truth.outline.expect("there is a loop"));
            let ((x, y), middle) = (found.centre, outline.middle());
            // Ice is as large as the loop that it covers.
            let off = (x - middle.0).hypot(y - middle.1);
            assert!(off < outline.half().0, "{look:?} {lights:?}: {found:?} {truth:?}");
        }
    }
}

#[test]
fn on_a_bare_pin_and_without_one_nothing_is_found() {
    for (look, lights) in LIT {
        for mounted in [Mounted::Pin, Mounted::Nothing] {
            for (found, _) in searches(look, mounted, lights) {
                assert_eq!(found, None, "{look:?} {lights:?} {mounted:?}");
            }
        }
    }
}
