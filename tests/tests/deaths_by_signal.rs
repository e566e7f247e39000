//! Plugins that end the process that runs them: by a signal, by `exit`, wherever their code runs. The process comes back,
//! says what it died of, and leaves that off when it dies of it again and again; the rest goes on.

use std::path::Path;
use std::time::Duration;

use brickwork_sdk::Value;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::engine::EngineClient;
use brickwork_tests::folder::Folder;
use brickwork_tests::headless::Headless;
use brickwork_tests::programs::{built, kept_by, kill, signal};
use brickwork_tests::torture::{FILE, LAYOUT, build, bump, live, put, tell};
use brickwork_tests::{PATIENCE, display, poll, programs};
use rustix::process::Signal;

const SIM: &str = "libbrickwork_sim.so";

/// The layout of the torture with an object of another plugin beside it.
fn layout() -> String {
    LAYOUT.replace("objects: {", "objects: {\"omega\": (kind: \"sim.motor\"), ")
}

fn start() -> Headless {
    let folder = Folder::new();
    folder.put_plugin(&built(SIM), SIM);
    std::fs::write(folder.plugins().join(FILE), build("fine", 0)).expect("the folder is ours");
    let headless = Headless::start_in(folder, &layout(), &[]);
    live(&headless.engine);
    headless
}

/// Has the object do what it dies of, if it does not by itself.
fn provoke(engine: &EngineClient, entry: &str) {
    match entry {
        "bump" => _ = tell(engine, "bump"),
        "drop" => _ = engine.call_on("one", "object", "restart", Value::map::<&str>([])),
        _ => {}
    }
}

/// A plugin that dies in `entry` in this way is survived, named and left off, until it is mended.
fn dies(word: &str, entry: &str, how: &str) {
    let mut headless = start();
    assert_eq!(bump(&headless.engine), Some(1));
    // What a command has changed is saved a second later.
    std::thread::sleep(Duration::from_millis(1500));
    put(&headless, &build(word, 1));
    if matches!(entry, "bump" | "drop" | "save") {
        let is_loaded = || (headless.engine.generation("brickwork-torture") == 2).then_some(());
        poll(PATIENCE, is_loaded).expect("it is loaded");
        // Reloaded by the one before: it is the new one's from here on.
        std::thread::sleep(Duration::from_millis(300));
    }
    if matches!(entry, "bump" | "drop") {
        for _ in 0..3 {
            live(&headless.engine);
            let before = headless.engine.process();
            provoke(&headless.engine, entry);
            headless.comes_back(before);
            let text = headless.hears("engine", &format!("while one.{entry} of plugin brickwork-torture ran"));
            assert!(text.contains(how), "{text}");
        }
    }
    if entry == "save" {
        tell(&headless.engine, "bump");
    }
    let subject = if entry == "load" { FILE } else { "one" };
    let text = headless.hears(subject, "again and again");
    assert!(text.contains(how), "{word}: {text}");
    assert!(text.lines().count() <= 10, "{text}");
    let rest = poll(PATIENCE, || (headless.engine.status("omega").link == Link::Live).then_some(()));
    rest.expect("the rest goes on");
    assert_eq!(headless.engine.status("one").link, Link::Fault);
    put(&headless, &build("fine", 2));
    live(&headless.engine);
    assert_eq!(bump(&headless.engine), Some(2), "{word}: with the state from before");
    assert!(headless.log().contains(how), "{word}: it is in the log");
}

#[test]
fn a_plugin_that_ends_the_engine_in_any_of_its_functions_is_named_and_left_off_until_it_is_mended() {
    const ABORT: &str = "signal 6 (SIGABRT)";
    const EXIT: &str = "an exit with status 3";
    const FAULT: &str = "signal 11 (SIGSEGV)";
    let deaths = [
        ("*roles", "load", FAULT),
        ("?check", "check", EXIT),
        ("*new", "new", FAULT),
        ("!restore", "restore", ABORT),
        ("?run", "run", EXIT),
        ("!save", "save", ABORT),
        ("*bump", "bump", FAULT),
        ("?drop", "drop", EXIT),
    ];
    std::thread::scope(|scope| {
        for (word, entry, how) in deaths {
            scope.spawn(move || dies(word, entry, how));
        }
    });
}

#[test]
fn an_engine_that_is_killed_is_started_again_and_one_that_is_asked_to_end_is_not() {
    let mut headless = start();
    let killed = headless.engine.process();
    kill(killed);
    headless.comes_back(killed);
    headless.hears("engine", "The engine died of signal 9 (SIGKILL)");
    live(&headless.engine);

    // Whichever of the two hears it: both end, and well.
    let second = Headless::start_in(Folder::new(), LAYOUT, &[]);
    let third = Headless::start_in(Folder::new(), LAYOUT, &[]);
    for (mut headless, asks_engine, how) in
        [(headless, true, Signal::TERM), (second, false, Signal::TERM), (third, false, Signal::HUP)]
    {
        let engine = headless.engine.process();
        let keeper = headless.keeper().id();
        signal(if asks_engine { engine } else { keeper }, how);
        let status = headless.keeper().wait().expect("it is our child");
        assert!(status.success(), "{status}: {}", headless.said());
        assert!(kept_by(keeper).is_empty());
    }
}

#[test]
fn an_engine_outlives_who_keeps_it_says_so_and_ends_when_it_is_asked() {
    let mut headless = start();
    let engine = headless.engine.process();
    let keeper = headless.keeper().id();
    kill(keeper);
    headless.hears("engine", "nobody starts it again");
    assert_eq!(headless.engine.process(), engine, "what it does goes on");
    assert!(headless.brickwork("stop", &[]).status.success());
    poll(PATIENCE, || headless.folder().socket().is_none().then_some(())).expect("it ends");
}

#[test]
fn what_an_engine_refuses_at_its_start_is_told_once_and_is_the_exit_status() {
    let headless = start();
    let second = headless.brickwork("run", &["--headless"]);
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(said.matches("already").count(), 1, "{said}");
    assert!(!said.contains("died"), "{said}");
}

#[test]
fn a_library_that_ends_the_process_that_looks_into_it_is_named_and_the_others_are_listed() {
    let folder = Folder::new();
    folder.put_plugin(&built(SIM), SIM);
    std::fs::write(folder.plugins().join(FILE), build("?roles", 0)).expect("the folder is ours");
    let layout = r#"Beamline(format: 1, name: "A", objects: {"omega": (kind: "sim.motor")}, windows: [])"#;
    std::fs::write(folder.layout(), layout).expect("the folder is ours");
    let plugins = folder.plugins();
    let brickwork = |arguments: &[&Path]| {
        let mut command = std::process::Command::new(built("brickwork"));
        command.args(arguments).arg("--plugins").arg(&plugins);
        folder.apply(&mut command);
        let output = command.output().expect("the program starts");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let why = "it is the end of a process that looks into it: an exit with status 3";
    let (code, said) = brickwork(&[Path::new("plugins")]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.matches("in force").count(), 2, "{said}");
    assert!(said.contains(why) && said.contains("sim.motor") && said.contains("in force    yes"), "{said}");
    let (code, said) = brickwork(&[Path::new("kinds")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(why) && said.contains("sim.motor"), "{said}");
    let (code, said) = brickwork(&[Path::new("check"), &folder.layout()]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(why) && said.contains("0 errors"), "{said}");
}

#[test]
fn what_an_object_prints_or_says_with_the_crate_log_is_in_the_log_with_its_plugin() {
    let headless = start();
    tell(&headless.engine, "say");
    let all =
        ["one: said with the crate log", "printed: said on the standard output", "printed: said on the standard error"];
    let logged = poll(PATIENCE, || Some(headless.log()).filter(|log| all.iter().all(|words| log.contains(words))));
    let log = logged.unwrap_or_else(|| panic!("{}", headless.log()));
    for line in log.lines().filter(|line| line.contains("printed: ")) {
        assert!(line.contains("brickwork-torture: "), "{line}");
    }
    assert!(headless.log().lines().count() < 100, "what is logged is not printed, and logged, again");
}

#[test]
fn a_brick_that_ends_the_window_becomes_a_card_and_the_window_and_its_other_bricks_come_back() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let layout =
        LAYOUT.replace("Brick(\"torture.panel\")", r#"Column([Brick("torture.panel"), Brick("gallery.text")])"#);
    let mut beamline = Beamline::prepare(&layout);
    for plugin in ["libbrickwork_gallery.so", SIM] {
        beamline.put_plugin(&built(plugin), plugin);
    }
    let library = beamline.state("build");
    std::fs::write(&library, build("fine", 0)).expect("the folder is ours");
    beamline.put_plugin(&library, FILE);
    beamline.run();
    beamline.sees("build 0000: 0 presses");
    let engine = beamline.engine().process();

    // Killed, the window comes back and says so.
    signal(beamline.shell_process(), Signal::KILL);
    beamline.sees("The window died of signal 9 (SIGKILL)");
    beamline.sees("build 0000: 0 presses");

    let deaths = [
        ("!bview", "signal 6 (SIGABRT) while torture.panel.view of plugin brickwork-torture ran"),
        ("?bnew", "an exit with status 3 that Brickwork did not ask for while torture.panel.new of"),
        ("*bupdate", "signal 11 (SIGSEGV) while torture.panel.update of plugin brickwork-torture ran"),
    ];
    for (number, (word, how)) in deaths.into_iter().enumerate() {
        std::fs::write(&library, build(word, number)).expect("the folder is ours");
        beamline.put_plugin(&library, FILE);
        for _ in 0..if word == "*bupdate" { 3 } else { 0 } {
            beamline.sees(&format!("build {number:04}: "));
            let before = beamline.shell_process();
            beamline.click("torture.panel/press");
            poll(PATIENCE, || (beamline.shell_process() != before).then_some(())).expect("another window opens");
        }
        beamline.sees("torture.panel failed");
        beamline.sees(how);
        let mended = build("fine", 10 + number);
        std::fs::write(&library, mended).expect("the folder is ours");
        beamline.put_plugin(&library, FILE);
        beamline.sees(&format!("build {:04}: ", 10 + number));
        beamline.no_longer_sees("torture.panel failed");
    }
    assert_eq!(beamline.engine().process(), engine, "the engine has nothing to do with it");
}
