//! Kinds of samples, lights and focus: each looks as it should.

use super::*;

const LOOKS: [Look; 2] = [Look::Plain, Look::Lifelike];

fn with(look: Look, mounted: Mounted) -> Microscope {
    Microscope::new(Setup { look, ..setup(mounted) })
}

/// How many pixels above the text differ by more than noise.
fn differing(a: &[u8], b: &[u8]) -> usize {
    let rows = usize::from(SIZE.0) * (usize::from(SIZE.1) - 64);
    a[..rows].iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 20).count()
}

/// The mean grey of the pixels above the text.
fn mean(pixels: &[u8]) -> f64 {
    let rows = usize::from(SIZE.0) * (usize::from(SIZE.1) - 64);
    pixels[..rows].iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / rows as f64
}

#[test]
fn each_kind_of_sample_looks_different() {
    for look in LOOKS {
        let pictures = Mounted::ALL.map(|mounted| pixels(&with(look, mounted), &scene(0.0, 2.5)));
        for (index, picture) in pictures.iter().enumerate() {
            for (other, kind) in pictures[..index].iter().zip(Mounted::ALL) {
                let count = differing(picture, other);
                assert!(count > 300, "{:?} and {kind:?}, {look:?}: {count} pixels", Mounted::ALL[index]);
            }
        }
    }
}

#[test]
fn a_loop_is_seen_where_it_is_and_a_bare_pin_has_none() {
    for look in LOOKS {
        let empty = with(look, Mounted::Empty);
        let sharp = sharp(&empty, Scene { lights: Lights::BACK, ..scene(20.0, 2.5) });
        let outline = empty.truth(&sharp).expect("they are numbers").outline.expect("there is a loop");
        let [pin, nothing] = [Mounted::Pin, Mounted::Nothing].map(|mounted| pixels(&with(look, mounted), &sharp));
        let inside = |index: usize| {
            let (x, y) = (index % usize::from(SIZE.0), index / usize::from(SIZE.0));
            outline.contains((x as f64 + 0.5, y as f64 + 0.5))
        };
        let seen = pixels(&empty, &sharp);
        let found = middle_of(|index| inside(index) && seen[index].abs_diff(nothing[index]) > 20);
        assert_near(found, outline.middle(), 1.5, &sharp);
        let left =
            (0..SIZE.0 as usize * 400).filter(|index| inside(*index) && pin[*index].abs_diff(nothing[*index]) > 20);
        assert_eq!(left.count(), 0, "{look:?}");
        assert!(differing(&pin, &nothing) > 1000, "the pin itself is there");
    }
}

#[test]
fn the_truth_of_a_bare_pin_and_of_nothing_is_that_there_is_nothing_to_centre() {
    for mounted in [Mounted::Pin, Mounted::Nothing] {
        let truth = microscope(mounted).truth(&scene(0.0, 1.0)).expect("they are numbers");
        assert_eq!((truth.point, truth.outline), (None, None));
    }
    let empty = microscope(Mounted::Empty);
    let truth = empty.truth(&scene(25.0, 1.0)).expect("they are numbers");
    let (point, outline) = (truth.point.expect("the loop"), truth.outline.expect("the loop"));
    assert_near(point.pixel, outline.middle(), 1e-3, &scene(25.0, 1.0));
}

#[test]
fn nothing_mounted_is_the_background_alone() {
    let nothing = microscope(Mounted::Nothing);
    let (here, there) = (scene(0.0, 1.0), scene(0.0, 2.0));
    assert_eq!(pixels(&nothing, &here), pixels(&nothing, &there));
}

#[test]
fn an_empty_loop_holds_nothing_dark_and_ice_covers_the_crystal() {
    let dark =
        |mounted| pixels(&microscope(mounted), &scene(0.0, 1.2))[..640 * 440].iter().filter(|p| **p < 90).count();
    assert_eq!(dark(Mounted::Empty), 0);
    assert!(dark(Mounted::Loop) > 2 * dark(Mounted::Ice), "{} {}", dark(Mounted::Loop), dark(Mounted::Ice));
}

#[test]
fn the_back_light_shows_a_silhouette_and_no_light_shows_nothing() {
    for look in LOOKS {
        let microscope = with(look, Mounted::Loop);
        let lit = |lights| pixels(&microscope, &Scene { lights, ..scene(20.0, 1.7) });
        let brightest = |pixels: Vec<u8>| pixels[..640 * 400].iter().copied().max().unwrap_or_default();
        assert!(brightest(lit(Lights::BACK)) > 230);
        assert!(brightest(lit(Lights::default())) < 20);
        let pin = pixels(&with(look, Mounted::Pin), &Scene { lights: Lights::BACK, ..scene(20.0, 1.7) });
        assert!(mean(&pin) > mean(&lit(Lights::BACK)), "a loop takes light away");
    }
    for lights in [Lights::BACK, Lights::BOTH] {
        assert_found(&microscope(Mounted::Loop), &Scene { lights, ..scene(20.0, 1.7) }, 47);
    }
}

#[test]
fn the_front_light_lights_the_sample_before_a_dark_background() {
    let [sample, nothing] =
        [Mounted::Loop, Mounted::Nothing].map(|mounted| pixels(&with(Look::Lifelike, mounted), &scene(20.0, 1.7)));
    assert!(mean(&nothing) < 40.0 && mean(&sample) > mean(&nothing) + 2.0, "{} {}", mean(&sample), mean(&nothing));
    let darker = sample.iter().zip(&nothing).filter(|(sample, nothing)| **sample + 12 < **nothing).count();
    assert_eq!(darker, 0);
}

#[test]
fn more_light_makes_a_brighter_picture() {
    for look in LOOKS {
        let microscope = with(look, Mounted::Loop);
        let lit =
            |front, back| mean(&pixels(&microscope, &Scene { lights: Lights { front, back }, ..scene(0.0, 1.7) }));
        let levels = [0.0, 0.25, 0.5, 0.75, 1.0];
        for ladder in [levels.map(|level| lit(level, 0.0)), levels.map(|level| lit(0.0, level))] {
            assert!(ladder.is_sorted_by(|a, b| a + 2.0 < *b), "{look:?}: {ladder:?}");
        }
    }
}

#[test]
fn away_from_the_focus_the_sample_is_softer_the_farther_the_more() {
    // The sum of the differences between neighbours is the same for a soft and a hard edge, that of squares is not;
    // small ones are noise.
    let step = |pair: &[u8]| f64::from(pair[0].abs_diff(pair[1]).saturating_sub(12)).powi(2);
    for look in LOOKS {
        let microscope = with(look, Mounted::Loop);
        let depth = point(&microscope, &scene(90.0, 1.2)).seen.depth;
        let sharpness = |off_um: f64| {
            let axes = Axes { omega_deg: 90.0, focus_um: depth + off_um, ..Axes::default() };
            pixels(&microscope, &Scene { axes, ..scene(0.0, 1.2) })[..640 * 440].windows(2).map(step).sum::<f64>()
        };
        for side in [1.0, -1.0] {
            let ladder = [0.0, 60.0, 150.0, 300.0, 600.0].map(|off_um| sharpness(side * off_um));
            assert!(ladder.is_sorted_by(|near, far| *near > 1.1 * far), "{look:?}: {ladder:?}");
        }
    }
}

#[test]
fn a_random_sample_is_the_same_for_the_same_seed_and_another_for_another() {
    for seed in 0..50 {
        let sample = Sample::random(Mounted::Loop, seed);
        assert_eq!(sample, Sample::random(Mounted::Loop, seed));
        assert_ne!(sample, Sample::random(Mounted::Loop, seed + 1));
    }
}

#[test]
fn the_crystal_of_a_random_sample_is_in_its_loop_at_every_angle() {
    for seed in 0..50 {
        let mounted = [Mounted::Loop, Mounted::Needle, Mounted::OffCentre, Mounted::Ice][seed as usize % 4];
        let microscope = Microscope::new(Setup { sample: Sample::random(mounted, seed), ..setup(mounted) });
        for omega_deg in [0.0, 60.0, 120.0, 200.0] {
            let truth = microscope.truth(&scene(omega_deg, 1.7)).expect("they are numbers");
            let (point, outline) = (truth.point.expect("a crystal"), truth.outline.expect("a loop"));
            assert!(outline.contains(point.pixel), "{mounted:?} {seed}: {truth:?}");
        }
    }
}

#[test]
fn a_position_that_is_no_number_is_an_error_with_its_axis() {
    let axes = Axes { sampx_um: f64::INFINITY, ..Axes::default() };
    let error = microscope(Mounted::Loop).picture(&Scene { axes, ..scene(0.0, 1.0) }).expect_err("it is no number");
    assert_eq!(error, SceneError::Position("sampx", f64::INFINITY));
    let flat = microscope(Mounted::Loop).truth(&scene(0.0, 0.0)).expect_err("pixels need a size");
    assert_eq!(flat, SceneError::Scale(0.0));
}
