//! What a layout may choose of the simulated microscope beyond its motors: kappa, levels of light, samples, axes that
//! are not as they should be, and the truth that it tells.

use brickwork_axes::{Axis, Motion};
use brickwork_microscope::{Axes, Goniometer, Misaligned, Mounted, Optics, Sample, chain};
use brickwork_sdk::testing::{FakeHost, New, TestObject, fields};
use brickwork_sdk::{Frame, Value};

use super::camera::{SAMPLE, SIZE, microscope, pixels, put, stand};
use super::{host, live};
use crate::truth::SimulatedTruth;

/// A microscope with this and nothing else in its config; its motors stand at 0.
fn with(host: &FakeHost, config: Value) -> TestObject {
    host.object("onaxis", "sim.camera").config(config).start()
}

/// The same with a role for omega.
fn with_omega(host: &FakeHost, config: Value) -> New<TestObject> {
    host.object("onaxis", "sim.camera").config(config).role("omega", "omega")
}

#[track_caller]
fn wait_pixel(camera: &TestObject, (x, y): (f64, f64)) -> SimulatedTruth {
    camera.wait_value("truth", |truth: &SimulatedTruth| {
        truth.pixel.is_some_and(|pixel| (pixel.0 - x).hypot(pixel.1 - y) < 0.11)
    })
}

#[test]
fn the_truth_follows_every_axis_also_those_of_a_minikappa() {
    let host = host();
    let camera = live(microscope(&host).role("kappa", "kappa").role("kappa_phi", "kappa_phi"));
    for (kappa_deg, kappa_phi_deg) in [(0.0, 0.0), (10.0, 0.0), (10.0, 60.0)] {
        let axes = Axes { omega_deg: 70.0, kappa_deg, kappa_phi_deg, phiy_um: 20.0, ..Axes::default() };
        put(&host, &axes);
        stand(&host, "kappa", kappa_deg, "deg");
        stand(&host, "kappa_phi", kappa_phi_deg, "deg");
        let (x, y, z) = SAMPLE;
        let chain = chain();
        let seen = chain.see(&axes.positions(&chain), [x, y, z]);
        let truth = wait_pixel(&camera, Optics { size: SIZE, um_per_pixel: 1.0 }.pixel(seen));
        assert_eq!(truth.what, "crystal");
        assert!((truth.depth_um.expect("there is a crystal") - seen.depth).abs() < 0.2, "{truth:?} {seen:?}");
    }
}

#[test]
fn the_truth_of_a_bare_pin_is_that_there_is_nothing() {
    let host = host();
    let camera = with(&host, fields! { mounted: "Pin" });
    let truth: SimulatedTruth = camera.value("truth");
    assert_eq!(truth, SimulatedTruth { what: "nothing".into(), ..SimulatedTruth::default() });
}

#[test]
fn the_truth_of_an_empty_loop_is_the_middle_of_the_loop() {
    let host = host();
    let truth: SimulatedTruth = with(&host, fields! { mounted: "Empty" }).value("truth");
    let ([left, top, right, bottom], (x, y)) = (truth.loop_box.expect("a loop"), truth.pixel.expect("a loop"));
    assert_eq!(truth.what, "loop");
    assert!(((left + right) / 2.0 - x).abs() < 1e-3 && ((top + bottom) / 2.0 - y).abs() < 1e-3, "{truth:?}");
}

#[test]
fn a_seed_makes_a_sample_in_place_of_the_one_that_is_given() {
    let host = host();
    let camera =
        with(&host, fields! { sample_seed: 12, sample: (1.0, 2.0, 3.0), mounted: "Needle", um_per_pixel: 2.0 });
    let (x, y, z) = Sample::random(Mounted::Needle, 12).point().expect("it has a crystal");
    let chain = chain();
    let seen = chain.see(&Axes::default().positions(&chain), [x, y, z]);
    wait_pixel(&camera, Optics { size: (1280, 1024), um_per_pixel: 2.0 }.pixel(seen));
}

#[test]
fn a_light_has_levels_where_the_names_of_its_positions_are_numbers() {
    let host = host();
    let camera = live(microscope(&host));
    let corner = |frame: &Frame| pixels(frame).2[3 * 640 * 20 + 3 * 20];
    host.publish("light", "position", "off");
    for (level, low, high) in [("0", 0, 20), ("25", 50, 90), ("50%", 110, 150), ("75 %", 165, 205), ("100", 230, 255)] {
        host.publish("backlight", "position", level);
        camera.wait_value("frame", |frame: &Frame| (low..=high).contains(&corner(frame)));
    }
}

#[test]
fn a_motor_dims_a_light_while_its_switch_is_on() {
    let host = host();
    let camera = live(microscope(&host).role("light_level", "dimmer").role("backlight_level", "lamp"));
    let corner = |frame: &Frame| pixels(frame).2[3 * 640 * 20 + 3 * 20];
    let sees = |low: u8, high: u8| camera.wait_value("frame", |frame: &Frame| (low..=high).contains(&corner(frame)));
    stand(&host, "dimmer", 50.0, "%");
    sees(85, 115);
    stand(&host, "dimmer", 0.25, "");
    sees(40, 65);
    host.publish("light", "position", "off");
    sees(0, 20);
    host.publish("backlight", "position", "in");
    stand(&host, "lamp", 0.5, "");
    sees(110, 150);
    host.publish("lamp", "unit", "mm");
    camera.wait_lost();
    assert_eq!(camera.status().last_error, "lamp moves in \"mm\"; the microscope needs no unit or %");
}

#[test]
fn a_misaligned_spindle_is_seen_turned_and_elsewhere() {
    let host = host();
    let on_axis = |um: f64| (um, 0.0, 0.0);
    let misaligned = Misaligned { spindle_deg: 5.0, spindle_below_um: 40.0, ..Misaligned::default() };
    // A point of the sample keeps its place while all axes are at 0; turned by 180 deg it is on the other side of the
    // axis, which is seen half way between.
    let (at, um_per_pixel) = (on_axis(100.0), 1.0);
    let camera = live(with_omega(&host, fields! { misaligned: misaligned, sample: at, um_per_pixel: um_per_pixel }));
    let ideal = wait_pixel(&camera, (740.0, 512.0));
    stand(&host, "omega", 180.0, "deg");
    let (sin, cos) = 10.0f64.to_radians().sin_cos();
    // The mirror image about a line that passes 40 um below the middle at 5 deg with the clock.
    let mirrored = (100.0 * cos - 40.0 * sin, 100.0 * sin + 40.0 * (1.0 + cos));
    let turned = wait_pixel(&camera, (640.0 + mirrored.0, 512.0 + mirrored.1));
    assert_ne!(ideal, turned);
}

#[test]
fn another_goniometer_has_its_own_axes() {
    let host = host();
    // Omega turns the other way.
    let mut other = Goniometer::default();
    let omega = other.axes.iter_mut().find(|axis| axis.role == "omega").expect("it has one");
    omega.direction = omega.direction.map(|number| -number);
    let camera = live(with_omega(&host, fields! { goniometer: other, sample: (0.0, 0.0, 120.0), um_per_pixel: 1.0 }));
    stand(&host, "omega", 90.0, "deg");
    wait_pixel(&camera, (640.0, 512.0 - 120.0));
}

#[test]
fn mistakes_in_axes_are_found_with_their_place() {
    let host = host();
    let check = |config: Value| host.check("sim.camera", config);
    let paths = |config: Value| check(config).into_iter().map(|problem| problem.path).collect::<Vec<_>>();
    let misaligned = Misaligned { lean_deg: 60.0, spindle_behind_um: f64::NAN, ..Misaligned::default() };
    let expected = ["misaligned.lean_deg", "misaligned.spindle_behind_um"];
    assert_eq!(paths(fields! { misaligned: misaligned }), expected);

    let mut goniometer = Goniometer::default();
    goniometer.axes[0].direction = [0.0; 3];
    let direction = [0.0, 0.0, 1.0];
    goniometer.axes.push(Axis { role: "chi".into(), motion: Motion::Rotation, direction, ..Axis::default() });
    let problems = check(fields! { goniometer: goniometer });
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["goniometer", "goniometer.axes[7].role"]);
    assert!(problems[0].message.contains("phiy"), "{}", problems[0].message);
    assert_eq!(problems[1].choices, Axes::ROLES);
}
