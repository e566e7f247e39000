//! What is seen in a picture is where the geometry says.

mod cost;

use super::*;
use crate::letters;
use crate::sample::Mounted;

const SIZE: (u16, u16) = (640, 512);
const AT: (f64, f64, f64) = (-80.0, 110.0, -140.0);

fn painter(mounted: Mounted) -> Painter {
    Painter::new(SIZE, 3, Sample { at: AT, mounted })
}

fn scene(omega_deg: f64, um_per_pixel: f64) -> Scene {
    Scene { axes: Axes { omega_deg, ..Axes::default() }, um_per_pixel, light: Light::Front }
}

fn truth(painter: &Painter, scene: &Scene) -> (f64, f64) {
    painter.sample.truth(scene, Optics { size: SIZE, um_per_pixel: scene.um_per_pixel })
}

/// The middle of all that is darker than the loop and the pin, above the text.
fn darkest(canvas: &Canvas, below: u8) -> (f64, f64) {
    let dark = |index: &usize| canvas.pixels[*index] < below;
    let found: Vec<_> = (0..canvas.width * (canvas.height - 64)).filter(dark).collect();
    assert!(found.len() > 20, "{} dark pixels", found.len());
    let mean = |of: fn(usize, usize) -> usize| {
        found.iter().map(|index| of(*index, canvas.width) as f64 + 0.5).sum::<f64>() / found.len() as f64
    };
    (mean(|index, width| index % width), mean(|index, width| index / width))
}

fn assert_found(painter: &Painter, scene: &Scene, below: u8) {
    let (found, truth) = (darkest(&painter.draw(scene), below), truth(painter, scene));
    let off = (found.0 - truth.0).hypot(found.1 - truth.1);
    assert!(off <= 3.0, "found at {found:?}, is at {truth:?}: {scene:?}");
}

#[test]
fn the_crystal_is_found_where_it_is_at_every_angle_and_zoom() {
    for mounted in [Mounted::Loop, Mounted::Needle] {
        let painter = painter(mounted);
        for um_per_pixel in [2.5, 1.7, 1.2] {
            for omega_deg in [0.0, 30.0, 90.0, 135.0, 180.0, 260.0, -45.0] {
                // In focus, so that also the thin side of a needle is dark.
                let sharp = scene(omega_deg, um_per_pixel);
                let focus_um = sharp.axes.see(AT).depth;
                assert_found(&painter, &Scene { axes: Axes { focus_um, ..sharp.axes }, ..sharp }, 90);
            }
        }
    }
}

#[test]
fn the_crystal_is_found_where_the_motors_bring_it() {
    let painter = painter(Mounted::Loop);
    let axes = Axes { omega_deg: 70.0, ..Axes::default() };
    for axes in [
        Axes { sampx_um: 140.0, sampy_um: -110.0, phiy_um: 80.0, ..axes },
        Axes { sampx_um: 60.0, ..axes },
        Axes { sampy_um: -90.0, ..axes },
        Axes { phiy_um: -60.0, phiz_um: 75.0, ..axes },
        Axes { sampx_um: 140.0, sampy_um: -110.0, phiy_um: 40.0, phiz_um: -50.0, ..axes },
    ] {
        for um_per_pixel in [1.7, 0.8] {
            assert_found(&painter, &Scene { axes, ..scene(0.0, um_per_pixel) }, 90);
        }
    }
}

#[test]
fn centred_at_the_highest_zoom_it_stays_in_the_middle_while_it_turns() {
    let painter = painter(Mounted::Loop);
    for omega_deg in [0.0, 45.0, 90.0, 180.0] {
        let axes = Axes { omega_deg, sampx_um: 140.0, sampy_um: -110.0, phiy_um: 80.0, ..Axes::default() };
        let scene = Scene { axes, ..scene(0.0, 0.4) };
        let (x, y) = truth(&painter, &scene);
        assert!((x - 320.0).abs() < 1e-6 && (y - 256.0).abs() < 1e-6, "{x} {y}");
        assert_found(&painter, &scene, 90);
    }
}

#[test]
fn the_back_light_shows_a_silhouette_and_no_light_shows_nothing() {
    let painter = painter(Mounted::Loop);
    let with = |light| painter.draw(&Scene { light, ..scene(20.0, 1.7) });
    let brightest = |canvas: &Canvas| canvas.pixels[..640 * 400].iter().copied().max().unwrap_or_default();
    assert!(brightest(&with(Light::Back)) > 240);
    assert!(brightest(&with(Light::Dark)) < 20);
    for light in [Light::Back, Light::Both] {
        assert_found(&painter, &Scene { light, ..scene(20.0, 1.7) }, 47);
    }
}

#[test]
fn away_from_the_focus_the_sample_is_softer() {
    let painter = painter(Mounted::Loop);
    // The sum of the differences between neighbours is the same for a soft and a hard edge, that of squares is not;
    // small ones are noise.
    let sharpness = |focus_um: f64| {
        let axes = Axes { omega_deg: 90.0, focus_um, ..Axes::default() };
        let canvas = painter.draw(&Scene { axes, ..scene(0.0, 1.2) });
        let step = |pair: &[u8]| f64::from(pair[0].abs_diff(pair[1]).saturating_sub(4)).powi(2);
        canvas.pixels[..640 * 440].windows(2).map(step).sum::<f64>()
    };
    let depth = scene(90.0, 1.2).axes.see(AT).depth;
    let (at, near, far) = (sharpness(depth), sharpness(depth + 150.0), sharpness(depth + 600.0));
    assert!(at > 1.2 * near && near > 1.2 * far, "{at} {near} {far}");
}

#[test]
fn each_kind_of_sample_looks_different() {
    let drawn = |mounted, um_per_pixel| painter(mounted).draw(&scene(0.0, um_per_pixel)).pixels;
    let pictures =
        [Mounted::Loop, Mounted::Needle, Mounted::Empty, Mounted::Ice, Mounted::Nothing].map(|it| drawn(it, 1.2));
    for (index, picture) in pictures.iter().enumerate() {
        for other in &pictures[..index] {
            let differ = picture.iter().zip(other).filter(|(a, b)| a.abs_diff(**b) > 30).count();
            assert!(differ > 500, "{differ} pixels");
        }
    }
    let pins = [Mounted::Empty, Mounted::Nothing].map(|other| (drawn(Mounted::Pin, 2.5), drawn(other, 2.5)));
    for (pin, other) in pins {
        assert!(pin.iter().zip(other).filter(|(a, b)| a.abs_diff(*b) > 30).count() > 500, "a pin has no loop");
    }
    let dark = pictures[2][..640 * 440].iter().filter(|pixel| **pixel < 90).count();
    assert_eq!(dark, 0, "an empty loop holds nothing");
}

#[test]
fn the_same_seed_and_scene_give_the_same_picture() {
    let sample = Sample { at: AT, mounted: Mounted::Loop };
    let painter = |seed| Painter::new((160, 128), seed, sample);
    let scene = scene(10.0, 2.5);
    assert_eq!(painter(3).jpeg(&scene), painter(3).jpeg(&scene));
    assert_ne!(painter(3).draw(&scene).pixels, painter(4).draw(&scene).pixels);
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
    assert!(!moved(|scene| scene.axes.focus_um += 5.0) && !moved(|scene| scene.axes.sampx_um -= 0.5));
    assert!(!moved(|scene| scene.light = Light::Back) && !moved(|scene| scene.um_per_pixel = 0.8));
}

#[test]
fn every_letter_that_is_written_is_known() {
    for letter in "SIMULATED OMEGA -0123456789. DEG".chars().filter(|letter| *letter != ' ') {
        assert_ne!(letters::rows(letter), [0; 7], "{letter}");
    }
}
