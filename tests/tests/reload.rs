//! Sources and layouts edited while the beamline runs: what changes is seen, what does not keeps its state.

use std::path::Path;

use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::copies::PluginCopy;
use brickwork_tests::programs::built;
use brickwork_tests::{PATIENCE, display, poll, programs};

const OMEGA: &str = "motors.one(motor=omega)";
const MOTORS: &str = "libmotors.so";
const SIM: &str = "libsim.so";

/// A layout with these bricks in a column.
fn layout(bricks: &str) -> String {
    format!(
        r#"Beamline(
    format: 1,
    name: "RELOAD",
    objects: {{
        "omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 60, acceleration: 120)),
        "kappa": (kind: "sim.motor", config: (unit: "deg", limits: (-5, 245), velocity: 30)),
    }},
    windows: [Window("Sample", Column([{bricks}]))],
)"#
    )
}

fn omega_alone() -> String {
    layout(r#"Brick("motors.one", uses: {"motor": "omega"})"#)
}

fn open(layout: &str, motors: &Path, sim: &Path) -> Beamline {
    let mut beamline = Beamline::prepare(layout);
    beamline.put_plugin(motors, MOTORS);
    beamline.put_plugin(sim, SIM);
    beamline.run();
    beamline
}

/// The words in an input.
fn entered(beamline: &Beamline, id: &str) -> String {
    beamline.find("input", id).words
}

fn waits_for(beamline: &Beamline, id: &str, words: &str) {
    beamline.wait(&format!("{words:?} in {id}"), PATIENCE, |seen| {
        seen.iter().any(|seen| seen.kind == "input" && seen.id == id && seen.words == words)
    });
}

#[test]
fn an_edited_brick_stands_on_screen_with_its_old_state() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let copy = PluginCopy::of("motors", "motors");
    let first = copy.build();
    let beamline = open(&omega_alone(), &first, &built("libbrickwork_sim.so"));
    beamline.enter(&format!("{OMEGA}/step"), "2.5");
    waits_for(&beamline, &format!("{OMEGA}/step"), "2.5");
    beamline.type_into(&format!("{OMEGA}/target"), "33");

    // Another label, and more state than the brick had before.
    copy.edit("one.rs", "pub struct MotorBrick {", "pub struct MotorBrick {\n    presses: u32,");
    copy.edit("one.rs", "Ok(Self {", "Ok(Self { presses: 0,");
    copy.edit("one.rs", "self.axis.act(act);", "self.presses += 1;\n        self.axis.act(act);");
    copy.edit("one.rs", "panel(&self.axis, str::to_owned,", "panel(&self.axis, self.presses, str::to_owned,");
    copy.edit(
        "one.rs",
        "pub fn panel<M: Serialize>(axis: &Axis,",
        "pub fn panel<M: Serialize>(axis: &Axis, presses: u32,",
    );
    copy.edit("one.rs", "text(axis.name())", r#"text(format!("axis {}, {presses} presses", axis.name()))"#);
    copy.edit("chosen.rs", "panel(axis,", "panel(axis, 0,");
    beamline.put_plugin(&copy.build(), MOTORS);

    beamline.sees("axis omega, 0 presses");
    assert_eq!(entered(&beamline, &format!("{OMEGA}/step")), "2.5", "the brick's own state goes on");
    assert_eq!(entered(&beamline, &format!("{OMEGA}/target")), "33", "what was being typed goes on");
    // The new one works: the keyboard is still in its input.
    beamline.display.act(&["key", "Return"]);
    beamline.engine().arrives("omega", 33.0);
    beamline.sees("axis omega, 1 presses");
    // And the window says which generation it is.
    beamline.display.act(&["key", "ctrl+i"]);
    beamline.wait("generation 2 of the motors in About", PATIENCE, |seen| {
        let row = seen.iter().find(|seen| seen.words == "e2e-motors").map(|seen| seen.place.1);
        seen.iter().any(|seen| seen.words == "2" && Some(seen.place.1) == row)
    });
}

#[test]
fn an_edited_layout_leaves_the_other_bricks_as_they_were() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = open(&omega_alone(), &built("libbrickwork_motors.so"), &built("libbrickwork_sim.so"));
    beamline.enter(&format!("{OMEGA}/step"), "2.5");
    waits_for(&beamline, &format!("{OMEGA}/step"), "2.5");
    beamline.type_into(&format!("{OMEGA}/target"), "44");
    let before = beamline.find("input", &format!("{OMEGA}/target")).place;

    // Another brick comes above it: it moves.
    beamline.write_layout(&layout(
        r#"Brick("motors.one", uses: {"motor": "kappa"}), Brick("motors.one", uses: {"motor": "omega"})"#,
    ));
    beamline.find("input", "motors.one(motor=kappa)/target");
    let after = beamline.find("input", &format!("{OMEGA}/target"));
    assert!(after.place.1 > before.1, "it stands below the new brick");
    assert_eq!(after.words, "44", "what was being typed goes on");
    assert_eq!(entered(&beamline, &format!("{OMEGA}/step")), "2.5", "the brick's own state goes on");
}

#[test]
fn clients_go_on_with_an_object_whose_plugin_was_rebuilt() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let copy = PluginCopy::of("sim", "sim");
    let beamline = open(&omega_alone(), &built("libbrickwork_motors.so"), &copy.build());
    let engine = beamline.engine();
    engine.end_of(engine.move_to("omega", 11.0));
    engine.arrives("omega", 11.0);
    assert_eq!(engine.status("omega").generation, 1);

    copy.edit("motor.rs", r#"format!("moving to {target:.3} {}""#, r#"format!("on the way to {target:.3} {}""#);
    beamline.put_plugin(&copy.build(), SIM);
    let live = poll(PATIENCE, || {
        let status = engine.status("omega");
        (status.generation == 2 && status.link == Link::Live).then_some(())
    });
    assert!(live.is_some(), "the new generation is live: {:?}", engine.status("omega"));

    // The same clients, before and after: a subscription of the link, and the window.
    assert_eq!(engine.number("omega", "position"), 11.0, "the object's own state goes on");
    let published = engine.latest("omega", "position").1;
    beamline.enter(&format!("{OMEGA}/target"), "71");
    beamline.sees("on the way to 71.000");
    engine.arrives("omega", 71.0);
    assert!(engine.latest("omega", "position").1 > published, "the old subscription gets the new values");
    beamline.sees("71.000");
    assert!(matches!(engine.end_of(engine.move_to("omega", 70.0)), Outcome::Finished(_)));
}

#[test]
fn a_broken_layout_or_library_changes_nothing_and_is_said_on_screen() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = open(&omega_alone(), &built("libbrickwork_motors.so"), &built("libbrickwork_sim.so"));
    let engine = beamline.engine();
    beamline.find("input", &format!("{OMEGA}/target"));

    beamline.write_layout(&omega_alone().replace(r#""motor": "omega""#, r#""motor": "omgea""#));
    beamline.sees("what is shown is the layout before");
    beamline.sees("omgea");
    beamline.find("input", &format!("{OMEGA}/target"));
    beamline.write_layout(&omega_alone());
    beamline.no_longer_sees("what is shown is the layout before");

    let whole = std::fs::read(built("libbrickwork_motors.so")).expect("it is built");
    let half = beamline.plugin("half");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("the folder is ours");
    beamline.put_plugin(&half, MOTORS);
    beamline.sees("was not loaded");
    beamline.sees("Generation 1 goes on.");
    assert_eq!(engine.generation("brickwork-motors"), 1);
    beamline.enter(&format!("{OMEGA}/target"), "5.5");
    engine.arrives("omega", 5.5);

    beamline.put_plugin(&built("libbrickwork_motors.so"), MOTORS);
    beamline.no_longer_sees("was not loaded");
}

#[test]
fn an_object_whose_new_generation_hangs_goes_on_with_the_one_before_and_its_state() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let copy = PluginCopy::of("sim", "sim-hangs");
    let beamline = open(&omega_alone(), &built("libbrickwork_motors.so"), &copy.build());
    let engine = beamline.engine();
    engine.end_of(engine.move_to("omega", 11.0));
    let new = "fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {";
    copy.edit("motor.rs", new, &format!("{new}\n        std::thread::sleep(Duration::from_secs(3600));"));
    beamline.put_plugin(&copy.build(), SIM);

    beamline.sees("it did not return from `new`");
    beamline.sees("Generation 1 goes on");
    let live = poll(PATIENCE, || (engine.status("omega").link == Link::Live).then_some(()));
    assert!(live.is_some(), "the old one is there again: {:?}", engine.status("omega"));
    assert_eq!(engine.number("omega", "position"), 11.0, "with the state that it was stopped with");
    assert!(matches!(engine.end_of(engine.move_to("omega", 12.0)), Outcome::Finished(_)));
}

#[test]
fn a_plugin_whose_file_is_removed_goes_on_and_that_is_said_until_it_is_back() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = open(&omega_alone(), &built("libbrickwork_motors.so"), &built("libbrickwork_sim.so"));
    let engine = beamline.engine();
    let (file, aside) = (beamline.plugin(SIM), beamline.plugin("aside"));
    std::fs::rename(&file, &aside).expect("the folder is ours");
    beamline.sees("libsim.so is gone");
    assert!(matches!(engine.end_of(engine.move_to("omega", 5.0)), Outcome::Finished(_)), "it goes on");
    std::fs::rename(&aside, &file).expect("the folder is ours");
    beamline.no_longer_sees("is gone");
    assert_eq!(engine.generation("brickwork-sim"), 1, "the same content is no reload");
}
