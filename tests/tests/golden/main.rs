//! Every brick as it looks, live and disconnected, in both themes.

mod minidiff;
mod spec;

use std::collections::BTreeMap;

use brickwork_sdk::interfaces::{ArgumentKind, ArgumentSpec, CommandResult, CommandSpec};
use brickwork_sdk::protocol::{Setup, States};
use brickwork_sdk::status::{Activity, Link, ObjectStatus, Quality};
use brickwork_sdk::testing::fields;
use brickwork_sdk::{Error, State, Value, to_value};
use brickwork_shell::event::{Entry, Event, Place, Rule};
use brickwork_tests::beamline::PLUGINS;
use brickwork_tests::golden::{BrickShot, Stage, bricks_of, leftovers};

/// The bricks that have pictures: how the names of their golden files begin.
const BRICKS: &[&str] = &[
    "actuators-list",
    "actuators-one",
    "beamline-bar",
    "beamline-machine",
    "camera-grid",
    "camera-view",
    "commands-panel",
    "gallery-containers",
    "gallery-controls",
    "gallery-data",
    "gallery-picture",
    "gallery-talk",
    "gallery-text",
    "gallery-values",
    "minidiff-centring",
    "minidiff-lights",
    "minidiff-minikappa",
    "minidiff-sample_view",
    "motors-chosen",
    "motors-one",
    "motors-table",
    "spec-console",
    "spec-plot",
];

/// The plugin that shows every node.
const GALLERY: &str = "libbrickwork_gallery.so";
/// Room for a brick that fills a tab of the window.
const TAB: (f32, f32) = (1264.0, 930.0);
/// Room for one that is scrolled in such a tab.
const TALL: (f32, f32) = (1264.0, 1120.0);

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

fn live() -> ObjectStatus {
    ObjectStatus { link: Link::Live, ..ObjectStatus::default() }
}

/// An object that was lost a minute and a half ago, as `Stage::disconnected` makes all.
fn gone(link: Link, last_error: &str, remedy: &str) -> ObjectStatus {
    let (since_ns, last_error, remedy) = (3_510_000_000_000, last_error.into(), remedy.into());
    ObjectStatus { link, since_ns, last_error, remedy, ..ObjectStatus::default() }
}

fn signal(stage: Stage, name: &str, (number, unit): (f64, &str), quality: Quality, status: ObjectStatus) -> Stage {
    stage
        .value_as(name, "number", number, quality)
        .value_as(name, "unit", unit, quality)
        .value_as(name, "share", 87.5, quality)
        .value_as(name, "count", Value::Int(21), quality)
        .value_as(name, "text", "closed", quality)
        .value_as(name, "flag", true, quality)
        .value_as(name, "list", Value::list([-5.0, 0.0, 7.5].map(Value::Float)), quality)
        .status(name, status)
}

/// A signal in each state; the one that is loading has nothing.
fn signals() -> Stage {
    let moving = ObjectStatus { activity: Activity::Moving, message: "swinging slowly".into(), ..live() };
    let lost = gone(Link::Disconnected, "connection refused: lid144:6510", "it reconnects by itself");
    let fault = gone(Link::Fault, "index out of bounds: the len is 3 but the index is 7", "it is started again");
    let stage = signal(Stage::default(), "good", (12.3456, "deg"), Quality::Ok, live());
    let stage = signal(stage, "moving", (-0.1234, "mm"), Quality::Ok, moving);
    let stage = signal(stage, "minor", (180.0, "deg"), Quality::Minor, live());
    let stage = signal(stage, "major", (2.1e12, "ph/s"), Quality::Major, live());
    let stage = signal(stage, "invalid", (12.7, "keV"), Quality::Invalid, live());
    let stage = signal(stage, "disconnected", (275.5, "mm"), Quality::Ok, lost);
    signal(stage, "fault", (3.0, "deg"), Quality::Ok, fault)
}

/// A number that was entered and refused by its control, text that is being typed, a refusal of the engine.
fn edited(stage: Stage) -> Stage {
    let place = |node: &str| Place::new("brick", node);
    let entry = Entry::Number { min: Some(0.002), max: Some(10.0), unit: "s".into() };
    stage
        .done(Event::Edit { place: place("exposure"), text: "12.5".into() })
        .done(Event::Commit { place: place("exposure"), rule: Rule { message: None, entry } })
        .done(Event::Edit { place: place("prefix"), text: "lyso_2".into() })
        .refused("follow", "centring in progress, step 2/3")
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
    let grid = BrickShot::of("libbrickwork_camera.so", setup("camera.grid", "cameras", &["onaxis", "hutch", "robot"]));
    grid.matches("camera-grid-live", (640.0, 520.0), &camera());
}

/// An actuator in each of three states.
fn actuators() -> Stage {
    let actuator = |stage: Stage, name: &str, positions: &[&str], (at, to): (&str, &str), state: &str| {
        let (activity, message) =
            if at == to { (Activity::Idle, "") } else { (Activity::Moving, "moving, 0.4 s left") };
        let positions = Value::list(positions.iter().map(|name| Value::from(*name)));
        let stage = stage.value(name, "positions", positions).value(name, "position", at).value(name, "target", to);
        stage.value(name, "state", state).status(name, ObjectStatus { activity, message: message.into(), ..live() })
    };
    let stage = actuator(Stage::default(), "zoom", &["1", "2", "3", "4", "5", "6"], ("5", "5"), "ready");
    let stage = actuator(stage, "beamstop", &["in", "out"], ("", "out"), "moving");
    let stage = actuator(stage, "shutter", &["closed", "open"], ("closed", "closed"), "interlocked");
    stage.value("shutter", "interlock", "the hutch is not searched")
}

#[test]
fn actuators_look_as_they_did() {
    let one = |name: &str| BrickShot::of("libbrickwork_actuators.so", setup("actuators.one", "actuator", &[name]));
    let size = (420.0, 170.0);
    one("zoom").matches("actuators-one-live", size, &actuators());
    one("beamstop").matches("actuators-one-moving", size, &actuators());
    one("shutter").matches("actuators-one-interlocked", size, &actuators());
    one("shutter").matches("actuators-one-disconnected", size, &actuators().disconnected());
    one("shutter").matches("actuators-one-loading", size, &Stage::default());
    let objects = ["zoom", "beamstop", "shutter"];
    let list = BrickShot::of("libbrickwork_actuators.so", setup("actuators.list", "actuators", &objects));
    list.matches("actuators-list-live", (720.0, 170.0), &actuators());
    list.matches("actuators-list-disconnected", (720.0, 170.0), &actuators().disconnected());
}

fn ring() -> Stage {
    Stage::default()
        .value("ring", "current", 198.37)
        .value("ring", "refill_in", 754.0)
        .value("ring", "lifetime", 61.4)
        .value("ring", "filling_mode", "7/8 + 1")
        .value("ring", "message", "Delivery until 08:00")
        .status("ring", live())
}

fn data(value: &impl serde::Serialize) -> Value {
    to_value(value).expect("it is plain data")
}

#[test]
fn the_ring_looks_as_it_did() {
    let machine = BrickShot::of("libbrickwork_beamline.so", setup("beamline.machine", "machine", &["ring"]));
    machine.matches("beamline-machine-live", (340.0, 240.0), &ring());
    machine.matches("beamline-machine-disconnected", (340.0, 290.0), &ring().disconnected());
    machine.matches("beamline-machine-loading", (340.0, 240.0), &Stage::default());
}

#[test]
fn a_bar_of_any_channels_looks_as_it_did() {
    let item = |object: &str, channel: &str, label: &str, unit: &str, decimals: i64| {
        fields! { object: object, channel: channel, label: label, unit: unit, decimals: decimals }
    };
    let items = vec![
        item("ring", "current", "Ring", "mA", 1),
        item("energy", "position", "E", "keV", 3),
        item("omega", "position", "Omega", "deg", 3),
        item("shutter", "position", "Shutter", "", 0),
    ];
    let objects = ["ring", "energy", "omega", "shutter"];
    let setup = Setup { config: fields! { items: items }, ..setup("beamline.bar", "objects", &objects) };
    let stage = motor(ring(), "omega", 12.3456, Activity::Moving).value("energy", "position", 12.7);
    let stage = stage.status("energy", live()).value("shutter", "position", "closed").status("shutter", live());
    let bar = BrickShot::of("libbrickwork_beamline.so", setup);
    bar.matches("beamline-bar-live", (1000.0, 60.0), &stage);
    bar.matches("beamline-bar-narrow", (560.0, 100.0), &stage);
    bar.matches("beamline-bar-disconnected", (1000.0, 60.0), &stage.disconnected());
    bar.matches("beamline-bar-loading", (1000.0, 60.0), &Stage::default());
}

/// A set that offers three commands and has run one.
fn scripts(last: &Result<Value, Error>, status: ObjectStatus) -> Stage {
    let argument = |name: &str, label: &str, kind| ArgumentSpec { name: name.into(), label: label.into(), kind };
    let number = |default, unit: &str| ArgumentKind::Number { default, range: (0.0, 100.0), unit: unit.into() };
    let options = vec!["brief".to_owned(), "full".to_owned()];
    let scan = vec![
        argument("from", "From", number(0.0, "deg")),
        argument("to", "To", number(90.0, "deg")),
        argument("steps", "Steps", number(20.0, "")),
        argument("back", "Back afterwards", ArgumentKind::Flag { default: true }),
        argument("detail", "Detail", ArgumentKind::Choice { default: "brief".into(), options }),
        argument("note", "Note", ArgumentKind::Text { default: "lyso 1".into() }),
    ];
    let spec = |name: &str, arguments, disabled: &str| CommandSpec {
        name: name.into(),
        label: name.into(),
        help: String::new(),
        arguments,
        disabled: disabled.into(),
    };
    let specs = [spec("Scan", scan, ""), spec("Home", vec![], ""), spec("Anneal", vec![], "the cryostream is off")];
    let last = CommandResult::new("Scan", last, 12.3);
    Stage::default()
        .value("scripts", "commands", to_value(&specs).expect("it is plain data"))
        .value("scripts", "last", to_value(&last).expect("it is plain data"))
        .status("scripts", status)
}

#[test]
fn a_set_of_commands_looks_as_it_did() {
    let panel = BrickShot::of("libbrickwork_commands.so", setup("commands.panel", "commands", &["scripts"]));
    let note = "a long answer is read to its end, on as many lines as that takes; nothing of it is cut";
    let finished = Ok(fields! { peak: 12.5, motor: "omega", note: note });
    let (wide, narrow) = ((640.0, 560.0), (420.0, 600.0));
    panel.matches("commands-panel-live", wide, &scripts(&finished, live()));
    panel.matches("commands-panel-narrow", narrow, &scripts(&finished, live()));
    panel.matches("commands-panel-disconnected", wide, &scripts(&finished, live()).disconnected());
    let busy = ObjectStatus { activity: Activity::Busy, message: "Scan".into(), ..live() };
    let failed = Err(Error::failed("the shutter did not open").remedy("Search the hutch, then run it again."));
    panel.matches("commands-panel-busy", wide, &scripts(&failed, busy));
    panel.matches("commands-panel-loading", wide, &Stage::default());
}

#[test]
fn a_chosen_motor_looks_as_it_did() {
    let mut setup = setup("motors.chosen", "motors", &["omega", "kappa", "phi"]);
    setup.roles.insert("choice".into(), vec!["chosen".into()]);
    let stage = motors().value("chosen", "value", "phi").status("chosen", live());
    let brick = BrickShot::of("libbrickwork_motors.so", setup.clone());
    brick.matches("motors-chosen-live", (420.0, 280.0), &stage);
    brick.matches("motors-chosen-none", (420.0, 280.0), &motors());
    let table = BrickShot::of("libbrickwork_motors.so", Setup { kind: "motors.table".into(), ..setup });
    table.matches("motors-table-chosen", (1100.0, 240.0), &stage);
    brick.matches("motors-chosen-disconnected", (420.0, 360.0), &stage.disconnected());
}

#[test]
fn words_and_signs_look_as_they_did() {
    BrickShot::of(GALLERY, setup("gallery.text", "", &[])).matches("gallery-text", TAB, &Stage::default());
}

#[test]
fn controls_look_as_they_did() {
    let brick = BrickShot::of(GALLERY, setup("gallery.controls", "signal", &["good"]));
    brick.matches("gallery-controls-untouched", TAB, &signals());
    brick.matches("gallery-controls-edited", TAB, &edited(signals()));
}

#[test]
fn values_in_every_state_look_as_they_did() {
    let names = ["good", "moving", "minor", "major", "invalid", "disconnected", "fault", "loading"];
    BrickShot::of(GALLERY, setup("gallery.values", "signals", &names)).matches("gallery-values", TALL, &signals());
}

#[test]
fn a_table_a_tree_and_plots_look_as_they_did() {
    let kept = fields! { last: Some("Pin(\"2/4\")"), first: 0, sample: "3", pin: "2/4" };
    let mut states = States::default();
    states.keep(State::new("gallery.data 1", &kept));
    let brick = BrickShot::of(GALLERY, Setup { states, ..setup("gallery.data", "", &[]) });
    let opened = Event::Fold { place: Place::new("brick", "pucks"), item: "2".into(), open: true };
    brick.matches("gallery-data", TALL, &Stage::default().done(opened));
}

#[test]
fn containers_look_as_they_did() {
    let brick = BrickShot::of(GALLERY, setup("gallery.containers", "", &[]));
    brick.matches("gallery-containers", TAB, &Stage::default());
}

#[test]
fn pictures_look_as_they_did() {
    let lost = gone(Link::Disconnected, "connection refused: axis-eh4:80", "");
    let stage = Stage::default().bars_of("camera", (640, 480)).bars_of("lost", (640, 480));
    let stage = stage.status("camera", live()).status("lost", lost);
    let brick = BrickShot::of(GALLERY, setup("gallery.picture", "cameras", &["camera", "lost", "absent"]));
    brick.matches("gallery-picture", TAB, &stage);
}

#[test]
fn questions_and_commands_look_as_they_did() {
    let stage = Stage::default()
        .value("asker", "deadlines", Value::list([Value::Float(1.0), Value::Float(60.0)]))
        .value("asker", "answer", "leave it")
        .value("asker", "origin", "deadline")
        .value("asker", "done", 0.35)
        .status("asker", live());
    let brick = BrickShot::of(GALLERY, setup("gallery.talk", "asker", &["asker"]));
    brick.matches("gallery-talk", TAB, &stage.refused("refuse", "12.5 is above the limit 10 mm"));
}

#[test]
fn every_brick_of_every_plugin_has_its_pictures_and_there_are_no_others() {
    let mut kinds: Vec<String> = PLUGINS.iter().flat_map(|plugin| bricks_of(plugin)).collect();
    kinds.sort();
    assert_eq!(kinds.iter().map(|kind| kind.replace('.', "-")).collect::<Vec<_>>(), BRICKS);
    assert_eq!(leftovers(BRICKS), Vec::<String>::new());
}
