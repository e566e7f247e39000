//! What is said of a plugin, an object or a brick holds as long as its cause, and not longer; what waits can be hurried.

use std::time::Duration;

use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::headless::Headless;
use brickwork_tests::programs::built;
use brickwork_tests::torture::{FILE, LAYOUT, PLUGIN, build, live, notice, put, start, tell};
use brickwork_tests::{PATIENCE, display, poll, programs};

const SIM: &str = "libbrickwork_sim.so";

#[test]
fn a_reload_behind_a_long_command_is_said_as_long_as_it_waits_and_can_be_hurried() {
    let layout = r#"Beamline(format: 1, name: "A", objects: {"omega": (kind: "sim.motor", config: (velocity: 1.0))}, windows: [])"#;
    let headless = Headless::start(layout, &[(&built(SIM), SIM)]);
    let engine = &headless.engine;
    let call = engine.move_to("omega", 60.0);
    engine.moves("omega");
    // What lies behind the end of a library changes its hash and nothing else.
    let other = [std::fs::read(built(SIM)).expect("it is built").as_slice(), b"\0"].concat();
    std::fs::write(headless.plugin("part"), other).expect("the folder is ours");
    std::fs::rename(headless.plugin("part"), headless.plugin(SIM)).expect("the folder is ours");
    let subject = "reload of omega";
    let waits = poll(PATIENCE, || engine.notice_about(subject)).expect("it is said that the reload waits");
    let action = waits.action.expect("there is something to click");
    assert_eq!((action.object.as_str(), action.label.as_str()), ("omega", "Abort and reload"));
    let hurried = engine.call_on("omega", "object", &action.command, Value::map::<&str>([]));
    assert!(matches!(engine.end_of(hurried), Outcome::Finished(_)));
    assert!(matches!(engine.end_of(call), Outcome::Ended(_)), "the motion was aborted");
    poll(PATIENCE, || engine.notice_about(subject).is_none().then_some(())).expect("it waits no more");
    poll(PATIENCE, || (engine.status("omega").generation == 2).then_some(())).expect("it was reloaded");
    let late = engine.call_on("omega", "object", &action.command, Value::map::<&str>([]));
    assert!(matches!(engine.end_of(late), Outcome::Ended(_)), "where nothing waits there is nothing to hurry");
}

#[test]
fn nothing_is_said_any_more_of_a_refused_file_that_was_removed() {
    let headless = start();
    let file = headless.plugin("libbroken.so");
    let whole = std::fs::read(built(SIM)).expect("it is built");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("the folder is ours");
    let about = || headless.engine.notice_about("libbroken.so");
    poll(PATIENCE, about).expect("it is refused");
    std::fs::remove_file(file).expect("it is there");
    poll(PATIENCE, || about().is_none().then_some(())).expect("it is taken back");
    assert!(headless.log().contains("libbroken.so: "), "a refusal is in the log, under its subject");
}

#[test]
fn a_generation_that_did_not_work_is_tried_again_when_a_layout_comes_into_force() {
    let headless = start();
    put(&headless, &build("new", 1));
    notice(&headless.engine, |text| text.contains("generation 2 does not work"));
    live(&headless.engine);
    let tries = || headless.log().matches("generation 2 failed").count();
    assert_eq!(tries(), 1);
    std::fs::write(headless.folder().layout(), LAYOUT.replace("TORTURE", "ANOTHER")).expect("the folder is ours");
    poll(PATIENCE, || (tries() == 2).then_some(())).expect("it is tried again");
    live(&headless.engine);
}

#[test]
fn what_was_said_of_a_generation_is_taken_back_once_it_works_after_all() {
    let headless = start();
    // It works, but for a command that panics while it has to prove itself.
    put(&headless, &build("fine", 1));
    poll(PATIENCE, || (headless.engine.status("one").generation == 2).then_some(())).expect("it is reloaded");
    live(&headless.engine);
    tell(&headless.engine, "panic");
    notice(&headless.engine, |text| text.contains("generation 2 does not work"));
    headless.engine.call_on("one", "object", "restart", Value::map::<&str>([]));
    let about = || headless.engine.notice_about(FILE);
    poll(PATIENCE, || about().is_none().then_some(())).expect("it is taken back");
    assert_eq!(headless.engine.refused(PLUGIN), "");
    assert_eq!(headless.engine.status("one").generation, 2);
}

#[test]
fn a_thread_that_does_not_end_is_counted() {
    let headless = start();
    tell(&headless.engine, "block");
    std::thread::sleep(Duration::from_millis(100));
    put(&headless, &build("fine", 1));
    poll(PATIENCE, || headless.engine.notice_about("reload of one")).expect("it waits for the command");
    headless.engine.call_on("one", "object", "restart", Value::map::<&str>([]));
    poll(PATIENCE, || (headless.engine.threads_left(PLUGIN) == 1).then_some(())).expect("it is counted");
    live(&headless.engine);
}

#[test]
fn a_brick_that_hung_and_was_replaced_is_not_said_to_hang_and_one_that_is_gone_is_not_spoken_of() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let mut beamline = Beamline::prepare(LAYOUT);
    let library = beamline.state("build");
    let put = |beamline: &Beamline, word: &str, number: usize| {
        std::fs::write(&library, build(word, number)).expect("the folder is ours");
        beamline.put_plugin(&library, FILE);
    };
    put(&beamline, "bhang", 0);
    beamline.run();
    beamline.sees("is not answering since");
    put(&beamline, "fine", 1);
    beamline.sees("build 0001: 0 presses");
    beamline.no_longer_sees("is not answering");

    put(&beamline, "bnew", 2);
    beamline.sees("torture.panel: generation 3 could not be shown");
    // Another brick stands in its place, with another name.
    beamline.write_layout(&LAYOUT.replace("Brick(\"torture.panel\")", "Brick(\"torture.panel\", id: \"other\")"));
    beamline.no_longer_sees("torture.panel: generation 3");
    let engine = beamline.engine();
    assert_eq!(engine.status("one").link, Link::Live);
}
