//! How the bricks of the diffractometer look.

use brickwork_sdk::interfaces::{
    CentredPosition, Centring, CentringPhase, SampleDrawing, SampleGrid, SampleMark, SampleScale, SampleShape,
};
use brickwork_sdk::protocol::{Setup, States};
use brickwork_sdk::status::Activity;
use brickwork_sdk::{State, Value};
use brickwork_tests::golden::{BrickShot, Stage};

use super::{camera, data, live, motor, setup};

const LIBRARY: &str = "libbrickwork_minidiff.so";

fn scale() -> SampleScale {
    SampleScale {
        size: (1280.0, 1024.0),
        um_per_pixel: (1.2, 1.2),
        beam: (640.0, 512.0),
        beam_size_um: (50.0, 50.0),
        pose: [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
    }
}

fn diffractometer(phase: CentringPhase, message: &str) -> Stage {
    let mark = |name: &str, at| SampleMark { name: name.into(), point: scale().locate(at) };
    let marks = vec![mark("1", (520.0, 400.0)), mark("click 1", (700.0, 560.0))];
    let saved = |name: &str| CentredPosition { name: name.into(), ..CentredPosition::default() };
    let centring = Centring { phase, step: 2, steps: 3, message: message.into(), error_um: 0.0 };
    camera()
        .bars_of("onaxis", (1280, 1024))
        .value("minidiff", "scale", data(&scale()))
        .value("minidiff", "marks", data(&marks))
        .value("minidiff", "saved", data(&vec![saved("1"), saved("2")]))
        .value("minidiff", "centring", data(&centring))
        .status("minidiff", live())
}

/// A line, and a grid that has the values of its first rows.
fn drawings() -> Value {
    let line = SampleShape::Line { from: scale().locate((900.0, 300.0)), to: scale().locate((1100.0, 420.0)) };
    let values = (0..35).map(|cell: i32| f64::from((cell % 10 - 4) * (cell / 10 - 2))).collect();
    let (along, down) = ([300.0, 0.0, 0.0], [0.0, 180.0, 0.0]);
    let corner = scale().locate((200.0, 600.0));
    let grid = SampleShape::Grid(SampleGrid { corner, along, down, columns: 10, rows: 6, values });
    data(&[("L1", line), ("G1", grid)].map(|(name, shape)| SampleDrawing { name: name.into(), shape }))
}

fn with_roles(kind: &str, roles: &[(&str, &[&str])]) -> Setup {
    let objects = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let roles = roles.iter().map(|(role, names)| ((*role).to_owned(), objects(names))).collect();
    Setup { roles, ..setup(kind, "", &[]) }
}

#[test]
fn the_sample_view_looks_as_it_did() {
    let setup = with_roles("minidiff.sample_view", &[("camera", &["onaxis"]), ("diffractometer", &["minidiff"])]);
    let measures = [
        r#"{"quantity": "Distance", "points": [[-100, -300, 0], [200, -300, 0]], "is_done": true}"#,
        r#"{"quantity": "Area", "points": [[-500, -300, 0], [-300, -350, 0], [-350, -150, 0]], "is_done": true}"#,
    ];
    let kept = format!(
        r#"{{"tool": "Grid", "has_lens": false, "cell_um": [20, 30], "chosen": "G1", "measures": [{}]}}"#,
        measures.join(",")
    );
    let kept: serde_json::Value = serde_json::from_str(&kept).expect("it is JSON");
    let mut states = States::default();
    states.keep(State::new("minidiff.sample_view 2", &kept));
    let drawn = Setup { states, ..setup.clone() };
    let view = BrickShot::of(LIBRARY, setup);
    let waits = || diffractometer(CentringPhase::WaitsForClick, "click the sample: 2 of 3");
    view.matches("minidiff-sample_view-live", (640.0, 600.0), &waits());
    view.matches("minidiff-sample_view-disconnected", (640.0, 600.0), &waits().disconnected());
    let idle = diffractometer(CentringPhase::Centred, "centred").value("minidiff", "drawings", drawings());
    BrickShot::of(LIBRARY, drawn).matches("minidiff-sample_view-drawn", (820.0, 780.0), &idle);
}

#[test]
fn the_centring_looks_as_it_did() {
    let panel = BrickShot::of(LIBRARY, setup("minidiff.centring", "diffractometer", &["minidiff"]));
    let waits = diffractometer(CentringPhase::WaitsForClick, "click the sample: 2 of 3");
    let ended = diffractometer(CentringPhase::Ended, "centring ended: aborted");
    panel.matches("minidiff-centring-live", (400.0, 260.0), &ended);
    panel.matches("minidiff-centring-clicks", (400.0, 260.0), &waits);
    panel.matches("minidiff-centring-loading", (400.0, 180.0), &Stage::default());
}

#[test]
fn the_minikappa_looks_as_it_did() {
    let roles: [(&str, &[&str]); 3] =
        [("diffractometer", &["minidiff"]), ("kappa", &["kappa"]), ("kappa_phi", &["phi"])];
    let brick = BrickShot::of(LIBRARY, with_roles("minidiff.minikappa", &roles));
    let stage = |stage| motor(motor(stage, "kappa", 12.5, Activity::Idle), "phi", 90.0, Activity::Moving);
    let idle = stage(diffractometer(CentringPhase::Centred, "centred"));
    brick.matches("minidiff-minikappa-live", (440.0, 340.0), &idle);
    brick.matches("minidiff-minikappa-disconnected", (440.0, 380.0), &idle.disconnected());
    let waits = stage(diffractometer(CentringPhase::WaitsForClick, "click the sample: 2 of 3"));
    brick.matches("minidiff-minikappa-centring", (440.0, 380.0), &waits);
}

#[test]
fn the_lights_look_as_they_did() {
    let roles: [(&str, &[&str]); 3] =
        [("zoom", &["zoom"]), ("lights", &["frontlight", "backlight"]), ("levels", &["level"])];
    let brick = BrickShot::of(LIBRARY, with_roles("minidiff.lights", &roles));
    let actuator = |stage: Stage, name: &str, positions: &[&str], at: &str| {
        let stage = stage.value(name, "positions", data(&positions)).value(name, "position", at);
        stage.value(name, "target", at).value(name, "state", "ready").status(name, live())
    };
    let stage = actuator(Stage::default(), "zoom", &["1", "2", "3", "4"], "3");
    let stage = actuator(stage, "frontlight", &["off", "on"], "on");
    let stage = actuator(stage, "backlight", &["out", "in"], "out");
    let stage = motor(stage, "level", 40.0, Activity::Idle).value("level", "unit", "%");
    let stage = stage.value("level", "limits", data(&(0.0, 100.0)));
    brick.matches("minidiff-lights-live", (440.0, 260.0), &stage);
    brick.matches("minidiff-lights-disconnected", (440.0, 300.0), &stage.disconnected());
}
