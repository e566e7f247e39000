//! What persons have set up is there again after the window was closed and the engine ended or was killed, where the
//! author or the layout wants it.

use brickwork_sdk::Value;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::{PATIENCE, display, poll, programs};

const LAYOUT: &str = r#"Beamline(
    format: 1,
    name: "TEST",
    objects: {
        "omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 60)),
        "kept": (kind: "shared.number", keep: true),
        "free": (kind: "shared.number"),
    },
    windows: [
        Window("States", Column([
            Brick("motors.one", id: "lasts", uses: {"motor": "omega"}),
            Brick("motors.one", id: "ends", uses: {"motor": "omega"}, keep: false),
        ])),
    ],
)"#;

fn set(beamline: &Beamline, object: &str, value: f64) {
    let engine = beamline.engine();
    let call = engine.call_on(object, "shared_number", "set", Value::map([("value", value.into())]));
    engine.end_of(call);
}

/// Waits until something about the files of the states is so.
fn states(beamline: &Beamline, is_so: impl Fn(&str) -> bool) {
    let seen = poll(PATIENCE, || {
        let mut words = String::new();
        for folder in std::fs::read_dir(beamline.state("states")).ok()?.flatten() {
            let Ok(objects) = std::fs::read_dir(folder.path().join("objects")) else { continue };
            objects
                .flatten()
                .for_each(|file| words += &format!("{:?}", std::fs::read(file.path()).unwrap_or_default()));
        }
        is_so(&words).then_some(())
    });
    assert!(seen.is_some(), "the states were not written");
}

#[test]
fn what_is_to_last_is_there_at_the_next_start_and_nothing_else() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let mut beamline = Beamline::open(LAYOUT);
    set(&beamline, "kept", 4.25);
    set(&beamline, "free", 5.5);
    beamline.enter("lasts/step", "7.25");
    beamline.enter("ends/step", "3.5");
    beamline.end_shell();
    beamline.stop_engine();
    beamline.run();
    let engine = beamline.engine();
    assert_eq!(engine.number("kept", "value"), 4.25);
    assert_eq!(engine.number("free", "value"), 0.0);
    assert_eq!(beamline.find("input", "lasts/step").words, "7.25");
    assert_eq!(beamline.find("input", "ends/step").words, "1");

    // What was saved a moment after a command outlives a death too.
    set(&beamline, "kept", 6.75);
    let bytes: Vec<String> = 6.75_f64.to_le_bytes().iter().map(ToString::to_string).collect();
    states(&beamline, |words| words.contains(&bytes.join(", ")));
    programs::kill_with_keeper(engine.process());
    beamline.sees("The engine does not answer");
    let _engine = beamline.run_engine();
    beamline.no_longer_sees("The engine does not answer");
    assert_eq!(beamline.engine().number("kept", "value"), 6.75);
}
