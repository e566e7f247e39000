//! One layout has one engine, by whatever path, user and run folder somebody comes; and that one is found, and ends when
//! it is told to.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use brickwork_link::Holder;
use brickwork_tests::folder::Folder;
use brickwork_tests::programs::{Program, built, kill};
use brickwork_tests::{PATIENCE, poll};
use rustix::process::{Pid, Signal, kill_process};

const LAYOUT: &str = "Beamline(format: 1, name: \"one\", objects: {}, windows: [])\n";
/// A user that every Debian has, and that is no person's: `daemon`.
const OTHER_USER: u32 = 1;

/// `brickwork` with its files in a folder.
fn brickwork(folder: &Folder, arguments: &[&str], layout: &Path) -> Command {
    let mut command = Command::new(built("brickwork"));
    command.args(arguments).arg(layout);
    if arguments.first() == Some(&"run") {
        command.arg("--plugins").arg(folder.plugins());
    }
    folder.apply(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn has(text: &str, words: &[&str]) {
    words.iter().for_each(|word| assert!(text.contains(word), "{word:?} is not in: {text}"));
}

/// A folder with a layout in it.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(folder.layout(), LAYOUT).expect("the folder is ours");
    folder
}

/// An engine that listens.
fn engine(folder: &Folder, layout: &Path) -> Program {
    engine_by(folder, brickwork(folder, &["run", "--headless"], layout))
}

fn engine_by(folder: &Folder, mut command: Command) -> Program {
    let mut program = Program::start(command.stderr(Stdio::null()));
    poll(PATIENCE, || folder.socket().filter(|_| program.runs())).expect("the engine listens");
    program
}

/// Asks for a second engine, which is refused.
fn refused(folder: &Folder, layout: &Path) -> String {
    let output = brickwork(folder, &["run", "--headless"], layout).output().expect("the program starts");
    assert!(!output.status.success(), "a second engine ran: {}", said(&output));
    said(&output)
}

fn stops(folder: &Folder, layout: &Path, engine: &mut Program) {
    let output = brickwork(folder, &["stop"], layout).output().expect("the program starts");
    assert!(output.status.success(), "{}", said(&output));
    assert!(poll(PATIENCE, || (!engine.runs()).then_some(())).is_some(), "it goes on: {}", said(&output));
}

fn send(engine: &mut Program, signal: Signal) {
    let pid = Pid::from_raw(engine.child().id().cast_signed()).expect("a process has an id above 0");
    kill_process(pid, signal).expect("it runs");
}

fn ends_in_order(engine: &mut Program) {
    let status = poll(PATIENCE, || engine.child().try_wait().expect("it is our child"));
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
}

#[test]
fn a_second_engine_is_refused_by_any_path_and_the_first_is_named() {
    let folder = folder();
    let mut first = engine(&folder, &folder.layout());
    let other_paths = folder.path().join("elsewhere");
    fs::create_dir(&other_paths).expect("the folder is ours");
    let (hard, soft) = (other_paths.join("hard.ron"), other_paths.join("soft.ron"));
    fs::hard_link(folder.layout(), &hard).expect("one file system");
    symlink(folder.layout(), &soft).expect("the folder is ours");
    for path in [&folder.layout(), &hard, &soft] {
        let text = refused(&folder, path);
        has(&text, &["runs the layout", "process ", "on this computer, since 20", "run --headless", "brickwork stop"]);
    }
    // Without a run folder of its session, as by `ssh` or `sudo`.
    let mut bare = brickwork(&folder, &["run", "--headless"], &folder.layout());
    let output = bare.env_remove("XDG_RUNTIME_DIR").output().expect("the program starts");
    has(&said(&output), &["runs the layout"]);
    assert!(first.runs());
    stops(&folder, &hard, &mut first);
}

#[test]
fn an_engine_is_stopped_by_any_path_and_from_any_run_folder() {
    let folder = folder();
    let soft = folder.path().join("soft.ron");
    symlink(folder.layout(), &soft).expect("the folder is ours");
    let mut first = engine(&folder, &soft);
    let mut command = brickwork(&folder, &["stop"], Path::new("plugins/../beamline.ron"));
    command.current_dir(folder.path()).env_remove("XDG_RUNTIME_DIR");
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{}", said(&output));
    ends_in_order(&mut first);
    // It left nothing that stops the next.
    let mut second = engine(&folder, &folder.layout());
    fs::remove_file(folder.layout()).expect("the folder is ours");
    stops(&folder, &folder.layout(), &mut second);
}

#[test]
fn a_killed_engine_stops_nobody() {
    let folder = folder();
    let mut first = engine(&folder, &folder.layout());
    let holder = Holder::of(&folder.layout()).expect("it has the lock");
    // Whoever keeps it first: it would start it again.
    first.kill();
    if Holder::of(&folder.layout()).is_some_and(|still| still.process == holder.process) {
        kill(holder.process);
    }
    let mut next = engine(&folder, &folder.layout());
    stops(&folder, &folder.layout(), &mut next);
}

#[test]
fn of_many_that_start_at_once_one_runs() {
    let folder = folder();
    for _ in 0..3 {
        let start =
            |_| Program::start(brickwork(&folder, &["run", "--headless"], &folder.layout()).stderr(Stdio::null()));
        let mut all: Vec<Program> = (0..10).map(start).collect();
        let one = poll(PATIENCE, || {
            let running = all.iter_mut().map(|program| usize::from(program.runs())).sum::<usize>();
            (running <= 1).then_some(running)
        });
        assert_eq!(one, Some(1), "engines that run");
        let at = all.iter_mut().position(Program::runs).expect("one runs");
        poll(PATIENCE, || folder.socket()).expect("it listens");
        stops(&folder, &folder.layout(), &mut all[at]);
    }
}

#[test]
fn signals_end_the_engine_that_got_them_also_without_its_socket() {
    let folder = folder();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut engine = engine(&folder, &folder.layout());
        fs::remove_file(folder.socket().expect("it listens")).expect("the folder is ours");
        send(&mut engine, signal);
        ends_in_order(&mut engine);
    }
}

#[test]
fn a_removed_socket_comes_back_and_a_removed_run_folder_too() {
    let folder = folder();
    let mut engine = engine(&folder, &folder.layout());
    fs::remove_dir_all(folder.path().join("run/brickwork")).expect("the folder is ours");
    has(&refused(&folder, &folder.layout()), &["runs the layout"]);
    assert!(poll(PATIENCE, || folder.socket()).is_some(), "its socket is there again");
    fs::remove_file(folder.socket().expect("it listens")).expect("the folder is ours");
    stops(&folder, &folder.layout(), &mut engine);
}

#[test]
fn an_engine_under_nohup_outlives_its_terminal() {
    let folder = folder();
    let mut command = Command::new("nohup");
    command.arg(built("brickwork")).args(["run", "--headless", "--plugins"]).arg(folder.plugins()).arg(folder.layout());
    folder.apply(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut engine = engine_by(&folder, command);
    send(&mut engine, Signal::HUP);
    std::thread::sleep(Duration::from_millis(300));
    assert!(engine.runs());
    stops(&folder, &folder.layout(), &mut engine);
}

#[test]
fn the_lock_follows_a_file_that_an_editor_replaces_and_a_link_that_is_led_elsewhere() {
    let folder = folder();
    let (link, other) = (folder.path().join("current.ron"), folder.path().join("other.ron"));
    symlink(folder.layout(), &link).expect("the folder is ours");
    let mut first = engine(&folder, &link);
    let beside = folder.path().join("beside");
    fs::write(&beside, LAYOUT.replace("one", "two")).expect("the folder is ours");
    fs::rename(&beside, folder.layout()).expect("the folder is ours");
    has(&refused(&folder, &folder.layout()), &["already"]);
    fs::write(&other, LAYOUT.replace("one", "three")).expect("the folder is ours");
    symlink(&other, &beside).expect("the folder is ours");
    fs::rename(&beside, &link).expect("the folder is ours");
    let is_followed = || Holder::of(&other).map(drop);
    poll(PATIENCE, is_followed).expect("it has the lock of what its link leads to");
    has(&refused(&folder, &other), &["runs the layout"]);
    stops(&folder, &link, &mut first);
}

#[test]
fn another_user_is_told_who_runs_the_layout() {
    if !rustix::process::geteuid().is_root() {
        skipped();
        return;
    }
    let folder = folder();
    let mut first = engine(&folder, &folder.layout());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let theirs = folder.path().join("theirs");
    fs::DirBuilder::new().mode(0o700).create(&theirs).expect("the folder is ours");
    std::os::unix::fs::chown(&theirs, Some(OTHER_USER), Some(OTHER_USER)).expect("root may");
    // The built program may lie where only we can look.
    let program = folder.path().join("brickwork");
    fs::copy(built("brickwork"), &program).expect("the folder is ours");
    let as_other = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).arg(folder.layout()).uid(OTHER_USER).gid(OTHER_USER);
        command.env("XDG_RUNTIME_DIR", &theirs).env("BRICKWORK_STATE", theirs.join("state"));
        let output = command.stdin(Stdio::null()).output().expect("root may");
        assert!(!output.status.success(), "{}", said(&output));
        said(&output)
    };
    has(
        &as_other(&["run", "--headless"]),
        &["runs the layout", "of root on this computer, since 20", "Have root end it"],
    );
    has(&as_other(&["stop"]), &["is run by process", "of root", "Have root end it"]);
    assert!(first.runs());
    stops(&folder, &folder.layout(), &mut first);
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped() {
    eprintln!("SKIPPED: only root can be two users; CI runs as root");
}

#[test]
fn long_names_and_long_folders_start_or_are_refused_with_the_cure() {
    let folder = folder();
    let long: PathBuf = folder.path().join(format!("{}.ron", "線".repeat(32)));
    fs::write(&long, LAYOUT).expect("a name may have 255 bytes");
    let mut first = engine(&folder, &long);
    stops(&folder, &long, &mut first);
    let deep = folder.path().join("d".repeat(100));
    fs::DirBuilder::new().mode(0o700).create(&deep).expect("the folder is ours");
    let mut command = brickwork(&folder, &["run", "--headless"], &folder.layout());
    let output = command.env("XDG_RUNTIME_DIR", &deep).output().expect("the program starts");
    has(&said(&output), &["the run folder", "bytes", "set XDG_RUNTIME_DIR"]);
}

#[test]
fn folders_that_another_user_could_replace_are_refused_by_name() {
    let folder = folder();
    let open = folder.path().join("open");
    fs::create_dir(&open).expect("the folder is ours");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("it is ours");
    for name in ["XDG_RUNTIME_DIR", "BRICKWORK_STATE"] {
        let mut command = brickwork(&folder, &["run", "--headless"], &folder.layout());
        let output = command.env(name, open.join("mine")).output().expect("the program starts");
        assert!(!output.status.success());
        has(&said(&output), &["everybody may write", &open.display().to_string(), "chmod o-w", "XDG_RUNTIME_DIR"]);
        assert!(!open.join("mine").exists(), "nothing is made there");
    }
}

#[test]
fn two_layouts_of_one_name_have_a_log_each() {
    let folder = folder();
    let other = folder.path().join("other");
    fs::create_dir(&other).expect("the folder is ours");
    let other = other.join("beamline.ron");
    fs::write(&other, LAYOUT).expect("the folder is ours");
    for layout in [&folder.layout(), &other] {
        let mut engine = engine(&folder, layout);
        stops(&folder, layout, &mut engine);
    }
    let logs = fs::read_dir(folder.path().join("state/log")).expect("it is there").count();
    assert_eq!(logs, 2);
}

#[test]
fn an_archive_does_not_replace_what_is_no_file() {
    let folder = folder();
    let out = folder.path().join("out");
    symlink("/dev/null", &out).expect("the folder is ours");
    let mut command = brickwork(&folder, &["support"], &folder.layout());
    let output = command.arg("--plugins").arg(folder.plugins()).arg("--out").arg(&out).output().expect("it starts");
    assert!(!output.status.success());
    has(&said(&output), &["no file"]);
    assert_eq!(fs::read_link(&out).expect("it is there still"), Path::new("/dev/null"));
}
