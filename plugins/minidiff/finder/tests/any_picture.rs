//! Whatever bytes and sizes arrive, the answer is an error or a place in the picture, never a panic. And sharpness,
//! which is highest in focus.

mod support;

use brickwork_finder::{Area, Format, Options, Picture, PictureError, find, sharpness};
use support::{Random, Scene};

const FORMATS: [Format; 3] = [Format::Gray8, Format::Rgb8, Format::Rgba8];

fn area(left: f64, top: f64, right: f64, bottom: f64) -> Area {
    Area { left, top, right, bottom }
}

#[test]
fn what_cannot_be_a_picture_is_refused_with_the_cure() {
    let bytes = [0; 100];
    let refused = |width, height, stride, format| Picture::new(&bytes, width, height, stride, format).err();
    assert_eq!(refused(0, 4, 10, Format::Gray8), Some(PictureError::Empty { width: 0, height: 4 }));
    assert_eq!(refused(4, 0, 10, Format::Gray8), Some(PictureError::Empty { width: 4, height: 0 }));
    assert_eq!(refused(10, 4, 29, Format::Rgb8), Some(PictureError::Stride { stride: 29, row: 30 }));
    assert_eq!(refused(10, 4, 30, Format::Rgb8), Some(PictureError::Short { found: 100, needed: 120 }));
    assert_eq!(refused(25, 1, 100, Format::Rgba8), None);
    assert!(refused(u32::MAX, u32::MAX, usize::MAX, Format::Rgba8).is_some());
    let text = PictureError::Stride { stride: 29, row: 30 }.to_string();
    assert_eq!(text, "a stride of 29 bytes is too short for a row of 30 bytes: give at least 30");
}

#[test]
fn any_bytes_in_any_size_give_nothing_or_a_place_in_the_picture() {
    let mut random = Random(0xf00d);
    for round in 0..600 {
        let format = random.pick(&FORMATS);
        let (width, height) = (random.below(140), random.below(140));
        let stride = (width * format.bytes() + random.below(9)).saturating_sub(random.below(4));
        let blocks = 1 + random.below(40);
        let mut level = 0;
        let mut byte = |index: usize| {
            if index.is_multiple_of(blocks) {
                level = random.below(256) as u8;
            }
            level
        };
        let bytes: Vec<u8> = (0..stride * height).map(&mut byte).collect();
        let Ok(picture) = Picture::new(&bytes, width as u32, height as u32, stride, format) else { continue };
        if let Some(found) = find(picture, &Options::default()) {
            for (x, y) in [found.centre, found.tip] {
                assert!(x >= 0.0 && x < width as f64 && y >= 0.0 && y < height as f64, "{round}: {found:?}");
            }
            assert!((0.0..=1.0).contains(&found.confidence), "{round}: {found:?}");
        }
        let somewhere = area(random.between(-50.0, 150.0), -3.0, random.between(-50.0, 250.0), 1e9);
        assert!(sharpness(picture, somewhere) >= 0.0, "{round}");
    }
}

#[test]
fn the_less_blurred_picture_is_the_sharper_one_however_bright_the_lamp_is() {
    let image = Scene::default().draw();
    let sharp = |radius: usize, lamp: f32| {
        let bytes = image.blurred(radius).with_levels(0.0, lamp).bytes();
        let picture = Picture::new(&bytes, 640, 512, 3 * 640, Format::Rgb8).expect("as many bytes as pixels");
        sharpness(picture, area(250.0, 190.0, 430.0, 310.0))
    };
    let sharpnesses: Vec<f64> = [0, 1, 2, 4, 8].map(|radius| sharp(radius, 1.0)).into();
    assert!(sharpnesses.windows(2).all(|pair| pair[0] > 1.1 * pair[1]), "{sharpnesses:?}");
    let dimmed = sharp(2, 0.6);
    assert!((dimmed / sharpnesses[2] - 1.0).abs() < 0.05, "{dimmed} {sharpnesses:?}");
}

#[test]
fn a_region_without_pixels_has_no_sharpness() {
    let bytes = [90; 64 * 48];
    let picture = Picture::new(&bytes, 64, 48, 64, Format::Gray8).expect("as many bytes as pixels");
    let outside = [
        area(70.0, 0.0, 90.0, 40.0),
        area(9.0, 9.0, 3.0, 3.0),
        area(f64::NAN, 0.0, 9.0, 9.0),
        area(0.0, 0.0, 2.0, 2.0),
    ];
    for region in outside {
        assert_eq!(sharpness(picture, region), 0.0, "{region:?}");
    }
    assert_eq!(sharpness(picture, area(0.0, 0.0, 64.0, 48.0)), 0.0);
}
