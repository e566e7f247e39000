//! What is seen in a picture is where the geometry says.

mod kinds;
mod same;

use super::*;
use crate::axes::Point;
use crate::goniometer::chain;
use crate::letters;
use crate::sample::Mounted;
use crate::truth::Mark;

const SIZE: (u16, u16) = (640, 512);
const AT: Point = (-80.0, 110.0, -140.0);

fn setup(mounted: Mounted) -> Setup {
    Setup { size: SIZE, seed: 3, look: Look::Plain, chain: chain(), sample: Sample::new(mounted, AT) }
}

fn microscope(mounted: Mounted) -> Microscope {
    Microscope::new(setup(mounted))
}

fn scene(omega_deg: f64, um_per_pixel: f64) -> Scene {
    Scene { axes: Axes { omega_deg, ..Axes::default() }, um_per_pixel, lights: Lights::FRONT }
}

fn pixels(microscope: &Microscope, scene: &Scene) -> Vec<u8> {
    microscope.picture(scene).expect("all positions are numbers").pixels
}

fn point(microscope: &Microscope, scene: &Scene) -> Mark {
    microscope.truth(scene).expect("all positions are numbers").point.expect("there is something to be centred")
}

/// The same scene with the point to be centred in focus.
fn sharp(microscope: &Microscope, scene: Scene) -> Scene {
    let focus_um = point(microscope, &scene).seen.depth;
    Scene { axes: Axes { focus_um, ..scene.axes }, ..scene }
}

/// The middle of the pixels that are chosen, of those above the text.
fn middle_of(chosen: impl Fn(usize) -> bool) -> (f64, f64) {
    let (width, height) = (usize::from(SIZE.0), usize::from(SIZE.1));
    let found: Vec<usize> = (0..width * (height - 64)).filter(|index| chosen(*index)).collect();
    assert!(found.len() > 20, "{} pixels", found.len());
    let mean = |of: fn(usize, usize) -> usize| {
        found.iter().map(|index| of(*index, width) as f64 + 0.5).sum::<f64>() / found.len() as f64
    };
    (mean(|index, width| index % width), mean(|index, width| index / width))
}

/// Finds the crystal by its grey alone.
#[track_caller]
fn assert_found(microscope: &Microscope, scene: &Scene, below: u8) {
    let pixels = pixels(microscope, scene);
    assert_near(middle_of(|index| pixels[index] < below), point(microscope, scene).pixel, 3.0, scene);
}

/// Finds the crystal by what changes without it.
#[track_caller]
fn assert_crystal(microscope: &Microscope, scene: &Scene) {
    let sample = microscope.setup().sample.without_crystal();
    let without = pixels(&Microscope::new(Setup { sample, ..microscope.setup().clone() }), scene);
    let with = pixels(microscope, scene);
    let found = middle_of(|index| with[index].abs_diff(without[index]) > 4);
    assert_near(found, point(microscope, scene).pixel, 1.0, scene);
}

#[track_caller]
fn assert_near(found: (f64, f64), truth: (f64, f64), pixels: f64, scene: &Scene) {
    let off = (found.0 - truth.0).hypot(found.1 - truth.1);
    assert!(off <= pixels, "found at {found:?}, is at {truth:?}: {scene:?}");
}

#[test]
fn the_crystal_is_found_where_it_is_at_every_angle_and_zoom() {
    for mounted in [Mounted::Loop, Mounted::Needle, Mounted::OffCentre] {
        let microscope = microscope(mounted);
        for um_per_pixel in [2.5, 1.7, 1.2] {
            for omega_deg in [0.0, 30.0, 90.0, 135.0, 180.0, 260.0, -45.0] {
                // In focus, so that also the thin side of a needle is dark.
                assert_found(&microscope, &sharp(&microscope, scene(omega_deg, um_per_pixel)), 90);
            }
        }
    }
}

#[test]
fn the_crystal_is_found_where_the_motors_bring_it() {
    let microscope = microscope(Mounted::Loop);
    let axes = Axes { omega_deg: 70.0, ..Axes::default() };
    for axes in [
        Axes { sampx_um: 140.0, sampy_um: -110.0, phiy_um: 80.0, ..axes },
        Axes { sampx_um: 60.0, ..axes },
        Axes { sampy_um: -90.0, ..axes },
        Axes { phiy_um: -60.0, phiz_um: 75.0, ..axes },
        Axes { sampx_um: 140.0, sampy_um: -110.0, phiy_um: 40.0, phiz_um: -50.0, ..axes },
        Axes { kappa_deg: 20.0, kappa_phi_deg: 50.0, phiy_um: 60.0, ..axes },
    ] {
        for um_per_pixel in [1.7, 0.8] {
            assert_found(&microscope, &Scene { axes, ..scene(0.0, um_per_pixel) }, 90);
        }
    }
}

#[test]
fn the_truth_is_the_middle_of_the_crystal_for_every_sample_and_look() {
    for look in [Look::Plain, Look::Lifelike] {
        for (seed, mounted) in
            [Mounted::Loop, Mounted::Needle, Mounted::OffCentre].into_iter().cycle().take(24).enumerate()
        {
            let sample = Sample::random(mounted, seed as u64);
            let microscope = Microscope::new(Setup { look, sample, ..setup(mounted) });
            let axes = Axes { omega_deg: 47.0 * seed as f64, kappa_deg: 3.0 * (seed % 4) as f64, ..Axes::default() };
            let lights = if seed % 2 == 0 { Lights::BACK } else { Lights::FRONT };
            assert_crystal(&microscope, &sharp(&microscope, Scene { axes, lights, ..scene(0.0, 1.7) }));
        }
    }
}

#[test]
fn centred_at_the_highest_zoom_it_stays_in_the_middle_while_it_turns() {
    let microscope = microscope(Mounted::Loop);
    for omega_deg in [0.0, 45.0, 90.0, 180.0] {
        let axes = Axes { omega_deg, sampx_um: 140.0, sampy_um: -110.0, phiy_um: 80.0, ..Axes::default() };
        let scene = Scene { axes, ..scene(0.0, 0.4) };
        let (x, y) = point(&microscope, &scene).pixel;
        assert!((x - 320.0).abs() < 1e-6 && (y - 256.0).abs() < 1e-6, "{x} {y}");
        assert_found(&microscope, &scene, 90);
    }
}

#[test]
fn the_same_seed_and_scene_give_the_same_picture() {
    for look in [Look::Plain, Look::Lifelike] {
        let new = |seed| Microscope::new(Setup { size: (160, 128), seed, look, ..setup(Mounted::Loop) });
        let scene = scene(10.0, 2.5);
        assert_eq!(new(3).picture(&scene), new(3).picture(&scene));
        assert_ne!(new(3).picture(&scene), new(4).picture(&scene));
    }
}

#[test]
fn only_what_can_be_seen_makes_another_picture() {
    let here = scene(10.0, 1.0);
    let moved = |change: fn(&mut Scene)| {
        let mut other = here;
        change(&mut other);
        here.looks_like(&other)
    };
    assert!(moved(|scene| scene.axes.omega_deg += 0.01) && moved(|scene| scene.axes.phiy_um += 0.05));
    assert!(!moved(|scene| scene.axes.omega_deg += 0.1) && !moved(|scene| scene.axes.phiz_um += 0.5));
    assert!(!moved(|scene| scene.axes.kappa_deg += 0.1) && !moved(|scene| scene.axes.kappa_phi_deg -= 0.1));
    assert!(!moved(|scene| scene.axes.focus_um += 5.0) && !moved(|scene| scene.axes.sampx_um -= 0.5));
    assert!(!moved(|scene| scene.lights = Lights::BACK) && !moved(|scene| scene.um_per_pixel = 0.8));
}

#[test]
fn every_letter_that_is_written_is_known() {
    for letter in "SIMULATED OMEGA -0123456789. DEG".chars().filter(|letter| *letter != ' ') {
        assert_ne!(letters::rows(letter), [0; 7], "{letter}");
    }
}
