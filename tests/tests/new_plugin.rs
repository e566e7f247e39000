//! `brickwork new-plugin` and `brickwork dev`, as the author of a new plugin uses them.

use std::process::{Command, Output, Stdio};

use brickwork_tests::beamline::Beamline;
use brickwork_tests::new_plugin::{NewPlugin, new_plugin};
use brickwork_tests::programs::{Program, built, built_folder};
use brickwork_tests::{PATIENCE, display, poll, programs};

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// `brickwork COMMAND` on the layout of a new plugin, which may use the plugins of the project.
fn brickwork(command: &str, plugin: &NewPlugin) -> Output {
    let mut brickwork = Command::new(built("brickwork"));
    brickwork.arg(command).arg(plugin.layout()).arg("--plugins").arg(plugin.libraries());
    brickwork.arg("--plugins").arg(built_folder()).output().expect("the program starts")
}

/// All that is promised of what is written.
fn is_whole(plugin: &NewPlugin) {
    let formatted = plugin.cargo(&["fmt", "--check"]);
    assert!(formatted.status.success(), "{}", words(&formatted));
    assert_eq!(words(&plugin.build()), "", "it compiles without a warning");
    let tested = plugin.cargo(&["test", "--offline", "--quiet"]);
    assert!(tested.status.success() && words(&tested).contains("1 passed"), "{}", words(&tested));
    assert!(!words(&tested).contains("warning"), "{}", words(&tested));
    let checked = brickwork("check", plugin);
    assert!(words(&checked).contains("0 errors, 0 warnings"), "{}", words(&checked));
    let format = ["format", "--check"].map(String::from);
    let formatted = Command::new(built("brickwork")).args(format).arg(plugin.layout()).output().expect("it starts");
    assert!(formatted.status.success(), "{}", words(&formatted));
    let source = plugin.read("src/lib.rs");
    let test = source.split("    #[test]\n").nth(1).expect("it has a test");
    assert!(test.lines().take_while(|line| *line != "    }").count() < 20, "its test is short:\n{test}");
    assert!(plugin.read("README.md").lines().count() <= 15);
}

#[test]
fn a_new_object_with_its_brick_is_whole() {
    let plugin = NewPlugin::write("e2e-both", &[]);
    is_whole(&plugin);
    let source = plugin.read("src/lib.rs");
    assert!(source.contains("e2e_both.axis") && source.contains("e2e_both.panel"), "{source}");
}

#[test]
fn a_new_object_alone_is_whole() {
    let plugin = NewPlugin::write("e2e-object", &["--object"]);
    is_whole(&plugin);
    assert!(!plugin.read("src/lib.rs").contains("impl Brick for"));
}

#[test]
fn a_new_brick_alone_is_whole() {
    let plugin = NewPlugin::write("e2e-brick", &["--brick"]);
    is_whole(&plugin);
    assert!(!plugin.read("src/lib.rs").contains("impl HardwareObject for"));
}

#[test]
fn a_folder_that_is_there_stays_as_it_is() {
    let plugin = NewPlugin::write("e2e-there", &["--brick"]);
    std::fs::write(plugin.folder.join("src/lib.rs"), "mine").expect("the crate is ours");
    let again = new_plugin(&["e2e-there"]);
    assert!(!again.status.success());
    assert!(words(&again).contains("is there already"), "{}", words(&again));
    assert_eq!(plugin.read("src/lib.rs"), "mine");
}

#[test]
fn a_wrong_name_or_sdk_writes_nothing_and_says_what_would_be_right() {
    for (arguments, said) in [
        (&["E2E"][..], "such as `cryo-stream`"),
        (&["e2e-sdk", "--sdk", "/tmp"], "give the folder `sdk` of a checkout"),
        (&["e2e-sdk", "--object", "--brick"], "cannot be used with"),
    ] {
        let refused = new_plugin(arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(words(&refused).contains(said), "{}", words(&refused));
    }
    let folder = NewPlugin::write("e2e-neighbour", &[]).folder;
    assert!(!folder.with_file_name("e2e-sdk").exists());
}

#[test]
fn what_is_saved_comes_into_the_window_and_what_does_not_build_is_said_there() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let plugin = NewPlugin::write("e2e-dev", &[]);
    plugin.build();
    let layout = std::fs::read_to_string(plugin.layout()).expect("it was written");
    let mut beamline = Beamline::prepare(&layout);
    beamline.run_dev(&plugin);
    beamline.sees("Position");

    plugin.edit("text(\"Position\")", "text(17.5)");
    beamline.sees("e2e-dev does not build: error[E0");
    beamline.sees("src/lib.rs:");
    beamline.sees("The generation before goes on.");
    beamline.sees("Position");

    plugin.edit("text(17.5)", "text(\"Whereabouts\")");
    beamline.sees("Whereabouts");
    beamline.no_longer_sees("does not build");

    let broken = plugin.read("Cargo.toml").replace("schemars = \"1\"", "schemars = \"99\"");
    std::fs::write(plugin.folder.join("Cargo.toml"), broken).expect("the crate is ours");
    beamline.sees("e2e-dev does not build: error: failed to select a version");

    assert!(beamline.has_engine());
    beamline.end_dev();
    assert!(!beamline.has_engine(), "dev ends the engine that it started");
}

#[test]
fn an_engine_that_runs_already_is_told_and_one_that_looks_elsewhere_is_refused() {
    let plugin = NewPlugin::write("e2e-attach", &["--object"]);
    plugin.build();
    let beamline = Beamline::prepare(&plugin.read("e2e-attach.ron"));
    let mut elsewhere = beamline.run_engine();
    let engine = beamline.engine();
    let refused = beamline.command_dev(&plugin).output().expect("the program starts");
    assert!(!refused.status.success());
    assert!(words(&refused).contains("does not look into"), "{}", words(&refused));
    assert_eq!(engine.notices().iter().filter(|notice| notice.subject.contains("e2e-attach")).count(), 0);
    engine.leave();
    elsewhere.kill();

    let _engine = beamline.run_engine_with(&[&plugin.libraries(), &built_folder()]);
    let engine = beamline.engine();
    let mut dev = Program::start(beamline.command_dev(&plugin).stderr(Stdio::null()));
    plugin.edit("fn save(&self) -> State {", "fn save(&self) -> Stat {");
    let said = poll(PATIENCE, || engine.notices().into_iter().find(|notice| notice.text.contains("does not build")));
    let said = said.expect("the engine was told");
    assert!(said.text.contains("error[E0"), "{}", said.text);
    assert!(said.text.lines().count() <= 10, "{}", said.text);

    // Killed, it cannot take back what it said.
    dev.kill();
    let taken_back =
        |_: &()| engine.notices().last().is_some_and(|last| last.subject == said.subject && last.text.is_empty());
    assert!(poll(PATIENCE, || Some(()).filter(taken_back)).is_some(), "{:?}", engine.notices());
    assert!(beamline.has_engine(), "an engine that it did not start goes on");
}

#[test]
fn a_notice_of_a_client_is_shown_in_ten_lines_until_it_leaves() {
    let beamline = Beamline::prepare("Beamline(format: 1, name: \"empty\", objects: {}, windows: [])");
    let _engine = beamline.run_engine();
    let (watching, saying) = (beamline.engine(), beamline.engine());
    let text: Vec<String> = (1..=30).map(|line| format!("line {line}")).collect();
    saying.say("a build", &text.join("\n"));
    let heard = poll(PATIENCE, || watching.notices().into_iter().find(|notice| notice.subject == "a build"));
    assert_eq!(heard.expect("every shell is told").text, text[..10].join("\n"));
    let late = beamline.engine();
    assert!(poll(PATIENCE, || late.notices().into_iter().find(|notice| notice.subject == "a build")).is_some());
    saying.leave();
    let taken_back = |_: &()| watching.notices().last().is_some_and(|last| last.text.is_empty());
    assert!(poll(PATIENCE, || Some(()).filter(taken_back)).is_some(), "{:?}", watching.notices());
}
