//! The simulated microscope: what is seen in its pictures is where the motors say.

use brickwork_axes::Seen;
use brickwork_microscope::{Axes, Optics, chain};
use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{FakeHost, New, TestObject, fields};
use brickwork_sdk::{Frame, Value};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::{host, live};

pub const SIZE: (u16, u16) = (640, 512);
pub const SAMPLE: (f64, f64, f64) = (-60.0, 90.0, -70.0);
const AXES: [&str; 6] = ["omega", "sampx", "sampy", "phiy", "phiz", "focus"];

/// A microscope whose motors and switches a test plays; its light is on.
pub fn microscope(host: &FakeHost) -> New<TestObject> {
    host.publish("light", "position", "on");
    let config = fields! { size: SIZE, sample: SAMPLE, rate: 100.0, um_per_pixel: 1.0, sharp_at_um: 4000.0 };
    let camera = host.object("onaxis", "sim.camera").config(config);
    let roles = AXES.into_iter().chain(["zoom", "light", "backlight"]);
    roles.fold(camera, |camera, role| camera.role(role, role))
}

pub fn stand(host: &FakeHost, motor: &str, position: f64, unit: &str) {
    host.publish(motor, "unit", unit);
    host.publish(motor, "position", position);
}

/// Puts every motor, in mm or deg, where the axes say.
pub fn put(host: &FakeHost, axes: &Axes) {
    stand(host, "omega", axes.omega_deg, "deg");
    let Axes { sampx_um, sampy_um, phiy_um, phiz_um, focus_um, .. } = *axes;
    let lengths = [sampx_um, sampy_um, phiy_um, phiz_um, focus_um + 4000.0];
    AXES[1..].iter().zip(lengths).for_each(|(name, um)| stand(host, name, um / 1000.0, "mm"));
}

pub fn pixels(frame: &Frame) -> (usize, usize, Vec<u8>) {
    let mut decoder = JpegDecoder::new(ZCursor::new(&frame.data[..]));
    let pixels = decoder.decode().expect("it is a JPEG file");
    let (width, height) = decoder.dimensions().expect("it was decoded");
    (width, height, pixels)
}

fn see(axes: &Axes) -> Seen {
    let (x, y, z) = SAMPLE;
    let chain = chain();
    chain.see(&axes.positions(&chain), [x, y, z])
}

/// The middle of what is darker than the loop and the pin, above the text.
fn crystal(frame: &Frame) -> Option<(f64, f64)> {
    let (width, height, pixels) = pixels(frame);
    let dark: Vec<usize> = (0..width * (height - 64)).filter(|index| pixels[index * 3] < 90).collect();
    let mean = |of: fn(usize, usize) -> usize| {
        dark.iter().map(|index| of(*index, width) as f64 + 0.5).sum::<f64>() / dark.len() as f64
    };
    (dark.len() > 20).then(|| (mean(|index, width| index % width), mean(|index, width| index / width)))
}

#[track_caller]
fn wait_crystal(camera: &TestObject, axes: &Axes, um_per_pixel: f64) {
    let truth = Optics { size: SIZE, um_per_pixel }.pixel(see(axes));
    camera.wait_value("frame", |frame: &Frame| {
        crystal(frame).is_some_and(|found| (found.0 - truth.0).hypot(found.1 - truth.1) <= 3.0)
    });
}

#[test]
fn the_camera_gives_pictures_of_its_size() {
    let host = FakeHost::new(crate::plugin());
    let camera = host.object("onaxis", "sim.camera").config(fields! { size: (320, 256) }).start();
    let frame: Frame = camera.value("frame");
    assert_eq!((frame.width, frame.height), (320, 256));
    let (width, height, pixels) = pixels(&frame);
    assert_eq!((width, height, pixels.len()), (320, 256, 320 * 256 * 3));
    assert_eq!(camera.value::<f64>("rate"), 25.0);
}

#[test]
fn the_crystal_is_seen_where_its_motors_bring_it() {
    let host = host();
    let camera = live(microscope(&host));
    for axes in [
        Axes::default(),
        Axes { omega_deg: 90.0, ..Axes::default() },
        Axes { omega_deg: 200.0, phiy_um: -40.0, phiz_um: 60.0, focus_um: -50.0, ..Axes::default() },
        Axes { omega_deg: 200.0, sampx_um: 70.0, sampy_um: -90.0, phiy_um: 60.0, ..Axes::default() },
    ] {
        put(&host, &axes);
        wait_crystal(&camera, &axes, 1.0);
    }
}

#[test]
fn a_simulated_motor_turns_the_picture() {
    let host = host();
    let motor = live(host.object("omega", "sim.motor"));
    let camera = microscope(&host).start();
    wait_crystal(&camera, &Axes::default(), 1.0);
    motor.call("motor", "move_to", fields! { position: 120.0 });
    wait_crystal(&camera, &Axes { omega_deg: 120.0, ..Axes::default() }, 1.0);
}

#[test]
fn the_zoom_changes_the_scale_and_keeps_it_between_two_positions() {
    let host = host();
    let camera = live(microscope(&host));
    wait_crystal(&camera, &Axes::default(), 1.0);
    host.publish("zoom", "position", "4");
    wait_crystal(&camera, &Axes::default(), 0.8);
    host.publish("zoom", "position", "");
    let axes = Axes { phiy_um: 30.0, ..Axes::default() };
    put(&host, &axes);
    wait_crystal(&camera, &axes, 0.8);
}

#[test]
fn without_light_the_picture_is_dark_and_the_back_light_makes_it_bright() {
    let host = host();
    let camera = live(microscope(&host));
    let corner = |frame: &Frame| pixels(frame).2[3 * 640 * 20 + 3 * 20];
    let light = |front: &str, back: &str| {
        host.publish("light", "position", front);
        host.publish("backlight", "position", back);
    };
    light("on", "out");
    camera.wait_value("frame", |frame: &Frame| (150..220).contains(&corner(frame)));
    light("off", "out");
    camera.wait_value("frame", |frame: &Frame| corner(frame) < 20);
    light("off", "in");
    camera.wait_value("frame", |frame: &Frame| corner(frame) > 230);
}

#[test]
fn while_nothing_moves_the_same_picture_is_published_again() {
    let host = host();
    let camera = live(microscope(&host));
    put(&host, &Axes::default());
    wait_crystal(&camera, &Axes::default(), 1.0);
    let first: Frame = camera.value("frame");
    // Another frame takes its place until it comes again; its bytes themselves are shared: nothing was drawn again.
    host.publish("onaxis", "frame", Frame { width: 1, ..first.clone() });
    camera
        .wait_value("frame", |frame: &Frame| frame.width == first.width && frame.data.as_ptr() == first.data.as_ptr());
    stand(&host, "phiy", 0.05, "mm");
    camera.wait_value("frame", |frame: &Frame| frame != &first);
}

#[test]
fn a_zoom_whose_scale_is_not_known_is_an_error_with_those_that_are() {
    let host = host();
    let camera = live(microscope(&host));
    host.publish("zoom", "position", "9");
    camera.wait_lost();
    let why = camera.status().last_error;
    assert_eq!(why, "the zoom is at \"9\", and `zooms` knows the scale of 1, 2, 3, 4, 5, 6 alone");
    host.publish("zoom", "position", "3");
    camera.wait_live();
}

#[test]
fn a_motor_with_a_unit_that_does_not_fit_is_an_error_with_its_name() {
    let host = host();
    stand(&host, "phiz", 1.0, "deg");
    let camera = microscope(&host).start();
    let status = camera.wait_status("in trouble", |status| !status.last_error.is_empty());
    assert_eq!(status.link, Link::Loading);
    assert_eq!(status.last_error, "phiz moves in \"deg\"; the microscope needs um or mm");
}

#[test]
fn at_rate_0_the_camera_gives_no_picture() {
    let host = host();
    let camera = host.object("onaxis", "sim.camera").config(fields! { rate: 0.0 }).start();
    camera.wait_live();
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(!camera.has("frame"));
}

#[test]
fn mistakes_in_a_config_are_all_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("sim.camera", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(fields! {}), Vec::<String>::new());
    assert_eq!(paths(fields! { size: (10, 10), rate: -1.0, um_per_pixel: 0.0 }), ["size", "rate", "um_per_pixel"]);
    assert_eq!(paths(fields! { sample: (0.0, 9000.0, f64::NAN) }), ["sample[1]", "sample[2]"]);
    assert_eq!(paths(fields! { zooms: [("a", 1.0), ("a", 2.0), ("b", -1.0)] }), ["zooms[1]", "zooms[2]"]);
    assert_eq!(paths(fields! { zooms: Vec::<(String, f64)>::new() }), ["zooms"]);
    let kinds = ["Loop", "Needle", "OffCentre", "Empty", "Ice", "Pin", "Nothing"];
    assert_eq!(host.check("sim.camera", fields! { mounted: "Leop" })[0].choices, kinds);
}
