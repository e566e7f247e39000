//! The finder on drawn samples, whose truth is known exactly.

mod support;

use brickwork_finder::{Format, Options, Picture, find};
use support::{Image, Mount, Random, Scene};

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
