//! The bricks through their views, the config through its check, and the finder on pictures that are none.

mod head;
mod lights;
mod minikappa;
mod phases;
mod stage;

use brickwork_sdk::interfaces::{Centring, CentringPhase, SampleScale};
use brickwork_sdk::testing::{FakeHost, fields};
use brickwork_sdk::{Frame, PixelFormat, Value, to_value};

use crate::finder::look;
use crate::sample_view::overlays;

fn host() -> FakeHost {
    FakeHost::new(crate::plugin())
}

fn centring(phase: CentringPhase, message: &str) -> Value {
    let centring = Centring { phase, message: message.into(), ..Centring::default() };
    to_value(&centring).expect("it is plain data")
}

#[test]
fn a_click_is_told_while_a_centring_waits_for_it_and_else_only_if_clicks_move() {
    let host = host();
    let brick = host.brick("minidiff.sample_view").role("camera", "onaxis").role("diffractometer", "md");
    let mut brick = brick.open();
    assert!(brick.node("picture").attribute("on_click").is_none(), "a click would do nothing");
    host.publish("md", "centring", centring(CentringPhase::WaitsForClick, "click the sample: 1 of 3"));
    brick.click_at("picture", (5.0, 7.0));
    assert_eq!(host.calls(), ["md.click(x: 5.0, y: 7.0)"]);
    host.publish("md", "centring", centring(CentringPhase::Centred, "centred"));
    brick.toggle("click_moves");
    brick.click_at("picture", (1.0, 2.0));
    assert_eq!(host.calls(), ["md.move_to_beam(x: 1.0, y: 2.0)"]);
}

#[test]
fn the_scale_bar_is_a_round_number_of_um() {
    let scale = SampleScale {
        size: (1280.0, 1024.0),
        um_per_pixel: (1.2, 1.2),
        beam: (640.0, 512.0),
        beam_size_um: (50.0, 30.0),
    };
    let shapes = format!("{:?}", overlays(&scale, &[]));
    assert!(shapes.contains("200 um"), "a fifth of the picture is 307 um: {shapes}");
    assert_eq!(overlays(&SampleScale::default(), &[]), [], "nothing is drawn while the scale is not known");
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
}

#[test]
fn a_picture_that_is_none_is_an_error_and_an_empty_one_has_no_sample() {
    let frame = |format, data: Vec<u8>| Frame { width: 64, height: 48, format, data: data.into() };
    let error = look(&frame(PixelFormat::Jpeg, vec![1, 2, 3])).expect_err("it is no JPEG");
    assert!(error.message.contains("cannot be looked at"), "{error:?}");
    assert!(look(&frame(PixelFormat::Rgb8, vec![0; 10])).is_err(), "it is too short");
    assert_eq!(look(&frame(PixelFormat::Grey8, vec![200; 64 * 48])), Ok(None));
}
