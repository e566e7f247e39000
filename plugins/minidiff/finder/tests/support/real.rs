//! The real pictures. They are not part of the project: `BRICKWORK_VECTORS` names the folder that holds them.

use std::path::{Path, PathBuf};

use brickwork_finder::Side;
use serde_json::Value;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{Image, Truth};

/// A person has marked the loop, or the reference tool's own test says where it finds it.
const PICTURES: [(&str, Option<(f64, f64)>); 4] = [
    ("snapshot_1.jpeg", Some((675.0, 494.0))),
    ("snapshot_2.jpeg", Some((676.0, 482.0))),
    ("murko_1.jpg", None),
    ("murko_5.jpg", None),
];
/// Pixels from the reference tool's answer that are still right.
const NEAR: f64 = 20.0;

/// The real pictures with their names; none, said loudly, where there is no folder with them.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub fn real() -> Vec<(&'static str, Image)> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/vectors");
    let root = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| default.into(), PathBuf::from);
    if !root.is_dir() {
        eprintln!("SKIPPED: no pictures in {}; set BRICKWORK_VECTORS", root.display());
        return Vec::new();
    }
    PICTURES.map(|(name, point)| (name, image(&root.join("loops").join(name), point))).into()
}

fn image(path: &Path, point: Option<(f64, f64)>) -> Image {
    let read = |path: &Path| std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let file = read(path);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&file), options);
    let pixels = decoder.decode().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (width, height) = decoder.dimensions().expect("a decoded picture has a size");
    let pixels = pixels.chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2]].map(f32::from)).collect();
    let truth = match point {
        Some(point) => Truth::Near(point, NEAR),
        None => marked(&read(&path.with_extension("json"))),
    };
    Image { width, height, pixels, truth, side: Side::Left }
}

/// The outline that a person drew around the loop.
fn marked(json: &[u8]) -> Truth {
    let marks: Value = serde_json::from_slice(json).expect("the marks are JSON");
    let shapes = marks["shapes"].as_array().expect("marks have a list of shapes");
    let Some(shape) = shapes.iter().find(|shape| shape["label"] == "loop") else {
        return Truth::Nothing;
    };
    let number = |value: &Value| value.as_f64().expect("a place is two numbers");
    let points = shape["points"].as_array().expect("a shape has points");
    Truth::Outline(points.iter().map(|point| (number(&point[0]), number(&point[1]))).collect())
}
