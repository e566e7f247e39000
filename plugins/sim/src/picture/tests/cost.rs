//! What a picture costs, for who wants to know: it prints, and asserts nothing.

use super::*;

/// What this thread has had of a processor, which others that run beside it do not change much.
fn spent_ns() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts it for each thread");
    stat.split(' ').next().and_then(|field| field.parse().ok()).expect("the first field is the time that it ran")
}

/// Prints what a picture costs: `cargo test -p brickwork-sim --lib -- --ignored --nocapture what_a_picture_costs`.
#[test]
#[ignore = "it measures, and asserts nothing"]
#[allow(clippy::print_stdout)]
fn what_a_picture_costs() {
    for mounted in [Mounted::Loop, Mounted::Ice] {
        let painter = Painter::new((1280, 1024), 1, Sample { at: AT, mounted });
        for um_per_pixel in [2.5, 1.2, 0.4] {
            let time = |work: &dyn Fn(&Scene)| {
                work(&scene(0.0, um_per_pixel));
                let begun_ns = spent_ns();
                (0..40).for_each(|step| work(&scene(9.0 * f64::from(step), um_per_pixel)));
                (spent_ns() - begun_ns) * 1e-6 / 40.0
            };
            let drawn = time(&|scene| drop(painter.draw(scene)));
            let whole = time(&|scene| drop(painter.jpeg(scene)));
            println!("{mounted:?} at {um_per_pixel} um/px: {drawn:.2} ms drawn, {whole:.2} ms with its file");
        }
    }
}
