//! Every brick as it looks, live and disconnected, in both themes.

use std::collections::BTreeMap;

use brickwork_sdk::Value;
use brickwork_sdk::protocol::Setup;
use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_tests::beamline::PLUGINS;
use brickwork_tests::golden::{BrickShot, Stage, bricks_of, leftovers};

/// The bricks that have pictures: how the names of their golden files begin.
const BRICKS: &[&str] = &["camera-view", "motors-one", "motors-table"];

fn setup(kind: &str, role: &str, objects: &[&str]) -> Setup {
    let objects = objects.iter().map(|&object| object.to_owned()).collect();
    Setup {
        kind: kind.into(),
        name: "brick".into(),
        roles: BTreeMap::from([(role.into(), objects)]),
        ..Setup::default()
    }
}

fn motor(stage: Stage, name: &str, position: f64, activity: Activity) -> Stage {
    let moving = activity == Activity::Moving;
    let message = if moving { "moving to 90.000 deg".into() } else { String::new() };
    stage
        .value(name, "position", position)
        .value(name, "target", if moving { 90.0 } else { position })
        .value(name, "limits", Value::list([Value::Float(-180.0), Value::Float(180.0)]))
        .value(name, "unit", "deg")
        .value(name, "state", if moving { "moving" } else { "ready" })
        .value(name, "velocity", 20.0)
        .status(name, ObjectStatus { link: Link::Live, activity, message, ..ObjectStatus::default() })
}

fn motors() -> Stage {
    let stage = motor(Stage::default(), "omega", 12.3456, Activity::Moving);
    let stage = motor(stage, "kappa", -5.0, Activity::Idle);
    motor(stage, "phi", 179.999, Activity::Idle)
}

fn camera() -> Stage {
    let live = ObjectStatus { link: Link::Live, ..ObjectStatus::default() };
    Stage::default().value("onaxis", "rate", 25.0).status("onaxis", live).bars("onaxis")
}

#[test]
fn one_motor_looks_as_it_did() {
    let brick = BrickShot::of("libbrickwork_motors.so", setup("motors.one", "motor", &["omega"]));
    brick.matches("motors-one-live", (400.0, 320.0), &motors());
    brick.matches("motors-one-disconnected", (400.0, 320.0), &motors().disconnected());
}

#[test]
fn a_table_of_motors_looks_as_it_did() {
    let brick = BrickShot::of("libbrickwork_motors.so", setup("motors.table", "motors", &["omega", "kappa", "phi"]));
    brick.matches("motors-table-live", (1100.0, 240.0), &motors());
    brick.matches("motors-table-disconnected", (1100.0, 320.0), &motors().disconnected());
}

#[test]
fn a_camera_looks_as_it_did() {
    let brick = BrickShot::of("libbrickwork_camera.so", setup("camera.view", "camera", &["onaxis"]));
    brick.matches("camera-view-live", (480.0, 400.0), &camera());
    brick.matches("camera-view-disconnected", (480.0, 400.0), &camera().disconnected());
}

#[test]
fn every_brick_of_every_plugin_has_its_pictures_and_there_are_no_others() {
    let mut kinds: Vec<String> = PLUGINS.iter().flat_map(|plugin| bricks_of(plugin)).collect();
    kinds.sort();
    assert_eq!(kinds.iter().map(|kind| kind.replace('.', "-")).collect::<Vec<_>>(), BRICKS);
    assert_eq!(leftovers(BRICKS), Vec::<String>::new());
}
