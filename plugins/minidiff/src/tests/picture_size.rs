//! A calibration belongs to a picture size: what a click means when the camera shows another one.

use brickwork_axes::Chain;
use brickwork_sdk::interfaces::{Centring, CentringPhase, FoundSample, SampleScale};
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{Activity, Frame, PixelFormat, Result, Value};

use super::stage::{Config, ended, host, live, motor, refused};

/// A diffractometer that was calibrated at 1280 x 1024, 1 um for a pixel, the beam at 700, 500.
struct Stage {
    host: FakeHost,
    motors: Vec<(String, TestObject)>,
    md: TestObject,
}

impl Stage {
    fn new() -> Self {
        let (host, chain) = (host(), Chain::standard());
        let roles = chain.axes().iter().map(|axis| axis.role.clone());
        let config = |role: &str| if role == "omega" { Config::deg(-720.0, 720.0) } else { Config::default() };
        let motors: Vec<_> = roles.map(|role| (role.clone(), motor(&host, &role, &config(&role)))).collect();
        live(&host, "onaxis");
        let zoom = fields! { name: "1", um_per_pixel: (1.0, 1.0), beam: Some((700.0, 500.0)) };
        let config = fields! { picture: (1280, 1024), zooms: vec![zoom] };
        let md = host.object("md", "minidiff.diffractometer").config(config);
        let md = motors.iter().fold(md, |md, (role, _)| md.role(role, role));
        let md = md.role("camera", "onaxis").role("finder", "finder").start();
        md.wait_live();
        Self { host, motors, md }
    }

    fn show(&self, width: u32, height: u32) {
        let frame = Frame { width, height, format: PixelFormat::Jpeg, data: vec![0; 4].into() };
        self.host.publish("onaxis", "frame", frame);
    }

    fn move_to_beam(&self) -> Outcome {
        self.md.call("diffractometer", "move_to_beam", fields! { x: 800.0, y: 500.0 })
    }

    /// Where phiy stands, in um.
    fn phiy_um(&self) -> f64 {
        let (_, phiy) = self.motors.iter().find(|(role, _)| role == "phiy").expect("a role of the chain");
        phiy.value::<f64>("position") * 1000.0
    }

    fn wait_for(&self, phase: CentringPhase) -> Centring {
        self.md.wait_value("centring", |said: &Centring| said.phase == phase)
    }
}

#[test]
fn a_click_moves_as_far_at_any_size_of_the_calibrated_proportions() {
    for (width, height) in [(1280, 1024), (640, 512), (2560, 2048), (643, 514)] {
        let stage = Stage::new();
        stage.show(width, height);
        assert_eq!(stage.move_to_beam(), Outcome::Finished(Value::Null), "{width} x {height}");
        assert!((stage.phiy_um().abs() - 100.0).abs() < 1e-6, "{width} x {height}: {}", stage.phiy_um());
        let scale: SampleScale = stage.md.value("scale");
        assert_eq!((scale.size, scale.um_per_pixel, scale.beam), ((1280.0, 1024.0), (1.0, 1.0), (700.0, 500.0)));
    }
}

#[test]
fn a_picture_of_other_proportions_moves_nothing_and_has_no_scale_until_the_camera_is_set_back() {
    let stage = Stage::new();
    stage.show(1280, 960);
    let words = "the picture has 1280 x 960 pixels and the calibration is for 1280 x 1024: no length in it is known";
    assert_eq!(refused(stage.move_to_beam()), words);
    for command in ["centre", "centre_automatically"] {
        assert_eq!(refused(stage.md.call("diffractometer", command, fields! {})), words);
    }
    assert_eq!(refused(stage.md.call("diffractometer", "click", fields! { x: 1.0, y: 1.0 })), words);
    assert_eq!(stage.phiy_um(), 0.0);
    let scale = stage.md.wait_value("scale", |scale: &SampleScale| !scale.is_known());
    assert_eq!(scale.size, (1280.0, 1024.0), "what it should be is told");
    stage.show(640, 512);
    stage.md.wait_value("scale", SampleScale::is_known);
    assert_eq!(stage.move_to_beam(), Outcome::Finished(Value::Null));
}

#[test]
fn a_centring_ends_with_the_reason_when_the_camera_changes_its_size() {
    for (width, height) in [(640, 512), (1280, 720)] {
        let stage = Stage::new();
        stage.show(1280, 1024);
        let centring = stage.md.begin("diffractometer", "centre", fields! {});
        stage.wait_for(CentringPhase::WaitsForClick);
        stage.show(width, height);
        let why = format!("the picture changed from 1280 x 1024 to {width} x {height} pixels");
        assert_eq!(ended(centring.wait()).1, why);
        assert_eq!(stage.wait_for(CentringPhase::Ended).message, format!("centring ended: {why}"));
        stage.md.wait_status("idle", |status| status.activity == Activity::Idle);
    }
}

#[test]
fn what_a_finder_sees_in_a_smaller_picture_is_centred_as_far() {
    let stage = Stage::new();
    stage.show(640, 512);
    // 100 um to the right of the beam, in a picture of half the size.
    let found = FoundSample { picture: (640.0, 512.0), centre: (400.0, 250.0), ..FoundSample::default() };
    stage.host.answer("finder", "find", Result::Ok(Some(found)));
    let centring = stage.md.call("diffractometer", "centre_automatically", fields! {});
    assert_eq!(centring, Outcome::Finished(Value::Null));
    // The finder says the same in both rounds: each brings it 100 um nearer.
    assert!((stage.phiy_um().abs() - 200.0).abs() < 0.5, "{}", stage.phiy_um());
}

#[test]
fn a_calibration_for_a_picture_without_pixels_is_a_mistake() {
    let problems = host().check("minidiff.diffractometer", fields! { picture: (1280, 0) });
    assert_eq!(problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>(), ["picture"]);
}
