//! The finder on real pictures, as they are and changed in every way in which beamlines differ.

mod support;

use support::{Image, Random, Truth, at_least, real};

#[test]
#[expect(clippy::print_stdout, reason = "the figures of each picture are the result")]
fn on_each_real_picture_the_answer_is_right() {
    let mut wrong = Vec::new();
    for (name, image) in real() {
        let found = image.find();
        match &found {
            None => println!("{name}: nothing"),
            Some(found) => {
                let ((x, y), (tip_x, tip_y)) = (found.centre, found.tip);
                let place = match &image.truth {
                    Truth::Near((x, y), _) => format!("tip {:.1} px from the reference", (tip_x - x).hypot(tip_y - y)),
                    Truth::Outline(_) => "the truth is an outline".to_owned(),
                    Truth::Nothing => "the truth is nothing".to_owned(),
                };
                let sure = found.confidence;
                println!(
                    "{name}: centre ({x:.0}, {y:.0}), tip ({tip_x:.0}, {tip_y:.0}), confidence {sure:.2}; {place}"
                );
            }
        }
        wrong.extend(image.wrong(found.as_ref()).map(|wrong| format!("{name}: {wrong}")));
    }
    assert_eq!(wrong, [""; 0]);
}

/// The picture from each side, as both eyes see it.
fn from_all_sides(image: &Image) -> Vec<(String, Image)> {
    let mut images = Vec::new();
    for (eye, image) in [("", image.clone()), ("mirrored ", image.mirrored())] {
        let mut turned = image;
        for quarter in 0..4 {
            images.push((format!("{eye}turned {}", 90 * quarter), turned.clone()));
            turned = turned.turned();
        }
    }
    images
}

/// The picture as other cameras, lamps and settings would give it.
fn changed(image: &Image, random: &mut Random) -> Vec<(String, Image)> {
    let mut images = Vec::new();
    for scale in [0.35, 0.5, 0.7, 1.3] {
        images.push((format!("scaled {scale}"), image.scaled(scale)));
    }
    for gamma in [0.5, 0.7, 1.4, 2.0] {
        images.push((format!("gamma {gamma}"), image.with_gamma(gamma)));
    }
    for (black, white) in [(0.0, 0.4), (0.0, 0.6), (0.3, 0.7), (0.4, 1.0), (1.0, 0.0)] {
        images.push((format!("levels {black}-{white}"), image.with_levels(black, white)));
    }
    for sigma in [3.0, 8.0, 15.0] {
        images.push((format!("noise {sigma}"), image.with_noise(sigma, random)));
    }
    for radius in [3, 6, 10] {
        images.push((format!("blur {radius}"), image.blurred(radius)));
    }
    for (share, middle) in [(0.5, (0.0, 0.0)), (0.8, (0.1, -0.1)), (0.5, (-0.4, 0.3))] {
        images.push((format!("vignette {share} {middle:?}"), image.with_vignette(share, middle)));
    }
    let (width, height) = (image.width, image.height);
    for (left, top, wide, high) in
        [(60, 0, 1100, 1000), (200, 100, 900, 800), (0, 150, 1000, 700), (330, 200, 700, 560)]
    {
        let (wide, high) = (wide.min(width - left), high.min(height - top));
        images.push((format!("cropped {left} {top}"), image.cropped(left, top, wide, high)));
    }
    images
}

#[test]
fn from_each_side_the_answer_is_right() {
    at_least(
        1.0,
        real().iter().flat_map(|(name, image)| {
            from_all_sides(image).into_iter().map(move |(how, image)| (format!("{name} {how}"), image))
        }),
    );
}

#[test]
fn under_other_light_and_with_other_cameras_the_answer_is_right() {
    let mut random = Random(0x5eed_0001);
    at_least(
        0.95,
        real().iter().flat_map(|(name, image)| {
            changed(image, &mut random).into_iter().map(move |(how, image)| (format!("{name} {how}"), image))
        }),
    );
}
