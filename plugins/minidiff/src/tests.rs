//! The config through its check, and the finder on pictures that are none.

mod head;
mod lights;
mod minikappa;
mod phases;
mod picture_size;
mod sample_view;
mod stage;

use brickwork_sdk::testing::{FakeHost, fields};
use brickwork_sdk::{Frame, PixelFormat, Value};

use crate::finder::look;

fn host() -> FakeHost {
    FakeHost::new(crate::plugin())
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| {
        let problems = host.check("minidiff.diffractometer", config);
        problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(fields! {}), Vec::<String>::new());
    let looks = fields! { count: 1, step_deg: 500.0 };
    assert_eq!(paths(fields! { clicks: looks }), ["clicks.count", "clicks.step_deg"]);
    assert_eq!(paths(fields! { fixed: ["phis"] }), ["fixed[0]"]);
    let axis = fields! { role: "tilt", motion: "Rotation", direction: (1.0, 0.0, 0.0) };
    let shift = fields! { role: "phiy", motion: "Translation", direction: (0.0, 0.0, 0.0) };
    assert_eq!(paths(fields! { axes: vec![axis, shift] }), ["axes", "axes[0]"]);
    assert_eq!(paths(fields! { click_error_um: 0.0 }), ["click_error_um"]);
    let zoom = fields! { name: "1", um_per_pixel: (1.0, 1.0), beam_size_um: (50.0, 0.0) };
    assert_eq!(paths(fields! { zooms: vec![zoom] }), ["zooms[0].beam_size_um"]);
}

#[test]
fn a_picture_that_is_none_is_an_error_and_an_empty_one_has_no_sample() {
    let frame = |format, data: Vec<u8>| Frame { width: 64, height: 48, format, data: data.into() };
    let error = look(&frame(PixelFormat::Jpeg, vec![1, 2, 3])).expect_err("it is no JPEG");
    assert!(error.message.contains("cannot be looked at"), "{error:?}");
    assert!(look(&frame(PixelFormat::Rgb8, vec![0; 10])).is_err(), "it is too short");
    assert_eq!(look(&frame(PixelFormat::Grey8, vec![200; 64 * 48])), Ok(None));
}
