//! The finder on drawn samples, whose truth is known exactly.

mod support;

use brickwork_finder::{Format, Options, Picture, Side, find};
use support::{Image, Mount, Random, Scene, at_least};

fn right(name: &str, image: &Image) {
    let found = image.find();
    assert_eq!(image.wrong(found.as_ref()), None, "{name}");
}

#[test]
fn a_loop_is_found_from_each_side() {
    let mut image = Scene::default().draw();
    for _ in 0..4 {
        right(&format!("{:?}", image.side), &image);
        image = image.turned();
    }
}

#[test]
fn a_bright_loop_before_a_dark_background_is_found() {
    right("bright", &Scene { levels: [25.0, 120.0, 150.0, 60.0, 220.0], ..Scene::default() }.draw());
}

#[test]
fn where_nothing_is_nothing_is_found() {
    let mut random = Random(7);
    for level in [0.0, 5.0, 128.0, 255.0] {
        let blank = Scene { mount: Mount::Nothing, levels: [level; 5], ..Scene::default() }.draw();
        right("blank", &blank);
        for sigma in [2.0, 10.0, 40.0] {
            right(&format!("noise {sigma} on {level}"), &blank.with_noise(sigma, &mut random));
        }
        right("vignette", &blank.with_vignette(1.0, (0.2, -0.3)));
    }
}

#[test]
fn a_pin_without_a_loop_is_nothing() {
    let mut random = Random(8);
    for taper in [0.0, 0.05, 0.1] {
        for (end, half) in [(150.0, 40.0), (300.0, 12.0), (450.0, 60.0), (400.0, 25.0)] {
            let mut image = Scene { mount: Mount::Pin, pin: ((end, 250.0), half), taper, ..Scene::default() }.draw();
            for _ in 0..4 {
                right(&format!("pin {end} {half} {taper}"), &image);
                right(&format!("noisy pin {end} {half} {taper}"), &image.with_noise(6.0, &mut random));
                right(&format!("blurred pin {end} {half} {taper}"), &image.blurred(4));
                image = image.turned();
            }
        }
    }
}

#[test]
fn dust_is_nothing() {
    let mut random = Random(9);
    for _ in 0..20 {
        let mut image = Scene { mount: Mount::Nothing, ..Scene::default() }.draw();
        for _ in 0..12 {
            let (x, y, radius) = (random.between(0.0, 640.0), random.between(0.0, 512.0), random.between(1.0, 9.0));
            for (index, pixel) in image.pixels.iter_mut().enumerate() {
                if ((index % 640) as f64 - x).hypot((index / 640) as f64 - y) < radius {
                    *pixel = [60.0; 3];
                }
            }
        }
        right("dust", &image);
    }
}

#[test]
fn the_smallest_pictures_are_nothing() {
    for size in 1..30u32 {
        let bytes = vec![90; (size * size) as usize];
        let picture = Picture::new(&bytes, size, size, size as usize, Format::Gray8).expect("it has its pixels");
        assert_eq!(find(picture, &Options::default()), None);
    }
}

#[test]
fn the_answer_tells_the_box_and_the_tip_of_the_loop() {
    let found = Scene { turned: 0.0, ..Scene::default() }.draw().find().expect("it is plain to see");
    let near = |value: f64, truth: f64, off: f64| assert!((value - truth).abs() < off, "{value} {truth}: {found:?}");
    near(found.centre.0, 340.0, 8.0);
    near(found.centre.1, 250.0, 3.0);
    near(found.bounds.right, 414.0, 4.0);
    near(found.bounds.top, 201.0, 4.0);
    near(found.bounds.bottom, 299.0, 4.0);
    near(found.tip.0, 414.0 - 0.02 * 640.0, 4.0);
    near(found.tip.1, 250.0, 3.0);
    assert!(found.confidence > 0.7 && found.confidence <= 1.0 && !found.is_cut, "{found:?}");
}

#[test]
fn a_loop_that_reaches_out_of_the_picture_is_found_and_said_to_be_cut() {
    for middle in [(340.0, 20.0), (340.0, 495.0), (600.0, 250.0)] {
        let found = Scene { middle, ..Scene::default() }.draw().find().expect("most of it is seen");
        assert!(found.is_cut, "{found:?}");
    }
}

#[test]
fn a_side_that_the_site_names_is_the_only_one_looked_at() {
    let image = Scene::default().draw();
    let bytes = image.bytes();
    let picture = Picture::new(&bytes, 640, 512, 3 * 640, Format::Rgb8).expect("as many bytes as pixels");
    let from = |side| find(picture, &Options { enters_from: Some(side) });
    assert_eq!(from(Side::Left), image.find());
    assert_eq!(from(Side::Right), None);
}

#[test]
fn grey_and_colour_with_and_without_a_gap_between_rows_are_the_same() {
    let image = Scene::default().draw();
    let grey: Vec<u8> = image.bytes().chunks_exact(3).map(|pixel| pixel[0]).collect();
    let rgba: Vec<u8> = grey.iter().flat_map(|level| [*level, *level, *level, 7]).collect();
    let gaps: Vec<u8> = grey.chunks_exact(640).flat_map(|row| [row, &[99; 13][..]].concat()).collect();
    for (bytes, stride, format) in [(grey, 640, Format::Gray8), (rgba, 2560, Format::Rgba8), (gaps, 653, Format::Gray8)]
    {
        let picture = Picture::new(&bytes, 640, 512, stride, format).expect("as many bytes as pixels");
        assert_eq!(find(picture, &Options::default()), image.find(), "{format:?}");
    }
}

/// Uneven light, noise, and the pin from any side.
fn spoiled(image: Image, random: &mut Random) -> Image {
    let middle = (random.between(-0.3, 0.3) as f32, random.between(-0.3, 0.3) as f32);
    let image = image.with_vignette(random.between(0.0, 0.7) as f32, middle);
    let mut image = image.with_noise(random.between(0.5, 8.0), random);
    if random.share() < 0.5 {
        image = image.mirrored();
    }
    for _ in 0..random.below(4) {
        image = image.turned();
    }
    image
}

fn spoiled_scenes(mount: Mount, count: usize) -> impl Iterator<Item = (String, Image)> {
    let mut random = Random(0x5eed_d4a5);
    (0..count).map(move |index| {
        let scene = Scene::random(&mut random, mount);
        (format!("{index} {scene:?}"), spoiled(scene.draw(), &mut random))
    })
}

#[test]
fn of_random_loops_in_uneven_light_nearly_all_are_found() {
    at_least(0.95, spoiled_scenes(Mount::Loop, 200));
}

#[test]
fn of_random_pins_without_a_loop_nearly_all_are_nothing() {
    at_least(0.98, spoiled_scenes(Mount::Pin, 200));
}
