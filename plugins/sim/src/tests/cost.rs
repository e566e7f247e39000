//! What a picture costs, for who wants to know: it prints, and asserts nothing.

use brickwork_microscope::{Axes, Lights, Look, Microscope, Mounted, Sample, Scene, Setup, chain};

use crate::camera::frame;

const AT: (f64, f64, f64) = (-80.0, 110.0, -140.0);

/// What this thread has had of a processor, which others that run beside it do not change much.
fn spent_ns() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts it for each thread");
    stat.split(' ').next().and_then(|field| field.parse().ok()).expect("the first field is the time that it ran")
}

/// The mean of 40 pictures at different angles, in ms.
fn cost_ms(um_per_pixel: f64, work: &dyn Fn(&Scene)) -> f64 {
    let scene = |omega_deg| {
        let axes = Axes { omega_deg, ..Axes::default() };
        Scene { axes, um_per_pixel, lights: Lights::FRONT }
    };
    work(&scene(0.0));
    let begun_ns = spent_ns();
    (0..40).for_each(|step| work(&scene(9.0 * f64::from(step))));
    (spent_ns() - begun_ns) * 1e-6 / 40.0
}

/// Prints what a picture costs: `cargo test -p brickwork-sim --lib -- --ignored --nocapture what_a_picture_costs`.
#[test]
#[ignore = "it measures, and asserts nothing"]
#[allow(clippy::print_stdout)]
fn what_a_picture_costs() {
    let kinds = [
        (Look::Plain, Sample::new(Mounted::Loop, AT)),
        (Look::Plain, Sample::new(Mounted::Ice, AT)),
        (Look::Lifelike, Sample::new(Mounted::Loop, AT)),
        (Look::Lifelike, Sample::random(Mounted::Ice, 3)),
    ];
    for (look, sample) in kinds {
        let mounted = sample.mounted();
        let microscope = Microscope::new(Setup { size: (1280, 1024), seed: 1, look, chain: chain(), sample });
        for um_per_pixel in [2.5, 1.2, 0.4] {
            let picture = |scene: &Scene| microscope.picture(scene).expect("all positions are numbers");
            let drawn = cost_ms(um_per_pixel, &|scene| drop(picture(scene)));
            let whole = cost_ms(um_per_pixel, &|scene| drop(frame(&picture(scene))));
            println!("{look:?} {mounted:?} at {um_per_pixel} um/px: {drawn:.2} ms drawn, {whole:.2} ms with its file");
        }
    }
}
