//! Plugin files as programs and people leave them in the folder of a running engine: whole, half, linked, and writable
//! by others.

use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use brickwork_tests::folder::Folder;
use brickwork_tests::headless::Headless;
use brickwork_tests::programs::{built, have};
use brickwork_tests::torture::{self, FILE, LAYOUT, PLUGIN, build, bump, live, notice, put};
use brickwork_tests::{PATIENCE, poll};

/// Within so much a file is taken where no event tells of it.
const WITHOUT_EVENTS: Duration = Duration::from_millis(1500);
/// `daemon` on every Debian.
const OTHER_USER: u32 = 1;

/// Waits until the object lives in this generation.
fn arrives(headless: &Headless, generation: u64) {
    let engine = &headless.engine;
    let there = poll(PATIENCE, || (engine.status("one").generation == generation).then_some(()));
    assert!(there.is_some(), "no generation {generation}: {:?}", engine.notices().last());
    live(engine);
}

fn run(program: &str, arguments: &[&str], paths: &[&Path]) {
    let status = Command::new(program).args(arguments).args(paths).status();
    assert!(status.expect("the program is installed").success(), "{program} {arguments:?}");
}

#[test]
fn whatever_program_writes_a_plugin_it_is_reloaded_once() {
    if !have(&["rsync"]) {
        return;
    }
    let headless = torture::start();
    let (file, beside) = (headless.plugin(FILE), headless.folder().path().join("built.so"));
    let writers: [(&str, &[&str]); 8] = [
        ("cp", &[]),
        ("cp", &["--preserve=all"]),
        ("install", &[]),
        ("rsync", &["--ignore-times"]),
        ("rsync", &["--times", "--inplace", "--ignore-times"]),
        ("mv", &[]),
        // As cargo does it.
        ("ln", &["--force"]),
        ("ln", &["--force", "--symbolic"]),
    ];
    for (number, (program, arguments)) in (1..).zip(writers) {
        // A new file: what was linked before is not written into.
        let _ = std::fs::remove_file(&beside);
        std::fs::write(&beside, build("fine", number)).expect("the folder is ours");
        if number == 7 {
            std::fs::remove_file(&file).expect("it is there");
        }
        run(program, arguments, &[&beside, &file]);
        arrives(&headless, number as u64 + 1);
        assert_eq!(bump(&headless.engine), Some(number as i64), "{program} {arguments:?}: with its state");
        assert!(headless.engine.notice_about(FILE).is_none(), "{program} leaves nothing to say");
    }
    assert_eq!(headless.engine.generation(PLUGIN), 9, "each of them once");
}

#[test]
fn half_a_plugin_is_refused_while_it_is_written_and_the_whole_one_taken() {
    let headless = torture::start();
    let (whole, file) = (build("fine", 1), headless.plugin(FILE));
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("it is overwritten in place");
    notice(&headless.engine, |text| text.contains("it is no whole ELF library"));
    assert_eq!(bump(&headless.engine), Some(1), "what runs goes on");
    std::fs::write(&file, &whole).expect("it is overwritten in place");
    arrives(&headless, 2);
    assert_eq!(bump(&headless.engine), Some(2));
    assert!(headless.engine.notice_about(FILE).is_none());
}

#[test]
fn a_plugin_where_no_event_tells_of_it_is_found_by_looking() {
    let folder = Folder::new();
    // The link's folder is watched; what happens where it leads is told to nobody, as on a network folder.
    let elsewhere = folder.path().join("elsewhere.so");
    std::fs::write(&elsewhere, build("fine", 0)).expect("the folder is ours");
    symlink(&elsewhere, folder.plugins().join(FILE)).expect("the folder is ours");
    let headless = Headless::start_in(folder, LAYOUT, &[]);
    live(&headless.engine);
    for number in 1..=3 {
        std::fs::write(&elsewhere, build("fine", number)).expect("the folder is ours");
        let written = Instant::now();
        let there = poll(PATIENCE, || (headless.engine.generation(PLUGIN) == number as u64 + 1).then_some(()));
        let took = written.elapsed();
        assert!(there.is_some() && took <= WITHOUT_EVENTS, "{took:?}; {WITHOUT_EVENTS:?} are promised");
        arrives(&headless, number as u64 + 1);
    }
}

/// Whether files can be given to others here; CI runs as root.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("SKIPPED: only root can give files to others; CI runs as root");
    }
    is_root
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn a_plugin_that_others_may_write_is_not_taken_until_they_may_no_more() {
    let headless = torture::start();
    let engine = &headless.engine;
    let beside = headless.plugin("part");
    std::fs::write(&beside, build("fine", 1)).expect("the folder is ours");
    mode(&beside, 0o646);
    std::fs::rename(&beside, headless.plugin(FILE)).expect("the folder is ours");
    let text = notice(engine, |text| text.contains("everybody may write"));
    for said in ["another user could have written it", "chmod o-w", PLUGIN, "Generation 1 goes on"] {
        assert!(text.contains(said), "{said:?} is not said:\n{text}");
    }
    assert!(text.lines().count() <= 10, "{text}");
    assert_eq!(bump(engine), Some(1));
    // What is to be typed helps by itself.
    mode(&headless.plugin(FILE), 0o644);
    arrives(&headless, 2);
    assert!(engine.notice_about(FILE).is_none());
    assert_eq!(engine.refused(PLUGIN), "");

    mode(&headless.folder().plugins(), 0o777);
    put(&headless, &build("fine", 2));
    notice(engine, |text| text.contains("everybody may write"));
    mode(&headless.folder().plugins(), 0o700);
    arrives(&headless, 3);
    if is_root() {
        std::fs::write(&beside, build("fine", 3)).expect("the folder is ours");
        chown(&beside, Some(OTHER_USER), None).expect("root may");
        std::fs::rename(&beside, headless.plugin(FILE)).expect("the folder is ours");
        let text = notice(engine, |text| text.contains("belongs to daemon"));
        assert!(text.contains("chown root"), "{text}");
        chown(headless.plugin(FILE), Some(0), None).expect("root may");
        arrives(&headless, 4);
    }
}

/// A folder with the plugin as a colleague of the group `bin` has put it there, and its path.
fn of_a_colleague() -> (Folder, PathBuf) {
    let folder = Folder::new();
    let file = folder.plugins().join(FILE);
    std::fs::write(&file, build("fine", 0)).expect("the folder is ours");
    mode(&file, 0o664);
    let output = Command::new("getent").args(["group", "bin"]).output().expect("it is part of the C library");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let group = text.split(':').nth(2).and_then(|number| number.parse().ok());
    chown(&file, None, Some(group.expect("every system has the group"))).expect("root may");
    (folder, file)
}

fn plugins(folder: &Folder, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(built("brickwork"));
    command.args(["plugins", "--plugins"]).arg(folder.plugins()).args(arguments);
    folder.apply(&mut command);
    let output = command.output().expect("the program starts");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_group_is_trusted_only_when_it_is_named() {
    if !is_root() {
        return;
    }
    let (folder, file) = of_a_colleague();
    let (is_well, text) = plugins(&folder, &[]);
    assert!(!is_well);
    for said in ["libtorture.so", "in force    no", "the group bin may write", "--trust-group bin"] {
        assert!(text.contains(said), "{said:?} is not said:\n{text}");
    }
    assert!(!text.contains(PLUGIN), "none of its code ran, so its name is not known:\n{text}");
    let (is_well, text) = plugins(&folder, &["--trust-group", "bin"]);
    assert!(is_well, "{text}");
    for said in [PLUGIN, "torture v1", "torture.counter, torture.panel", "group bin", "root", "in force    yes"] {
        assert!(text.contains(said), "{said:?} is not said:\n{text}");
    }
    assert!(text.contains(&file.display().to_string()));
    let headless = Headless::start_in(folder, LAYOUT, &["--trust-group", "bin"]);
    live(&headless.engine);
}

#[test]
fn an_engine_does_not_start_with_what_others_may_write_but_it_starts() {
    let folder = Folder::new();
    std::fs::write(folder.plugins().join(FILE), build("fine", 0)).expect("the folder is ours");
    mode(&folder.plugins().join(FILE), 0o666);
    let headless = Headless::start_in(folder, LAYOUT, &[]);
    let engine = &headless.engine;
    let text = notice(engine, |text| text.contains("everybody may write"));
    assert!(text.contains("Its kinds are not available"), "{text}");
    mode(&headless.plugin(FILE), 0o600);
    live(engine);
}

#[test]
fn only_the_folders_that_were_named_are_looked_into() {
    let (folder, other) = (Folder::new(), Folder::new());
    std::fs::write(folder.plugins().join(FILE), build("fine", 0)).expect("the folder is ours");
    let mut command = Command::new(built("brickwork"));
    command.args(["plugins", "--plugins"]).arg(other.plugins()).current_dir(folder.plugins());
    other.apply(&mut command);
    let output = command.env("LD_LIBRARY_PATH", folder.plugins()).output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("no plugins in") && !text.contains(PLUGIN), "{text}");
}

#[test]
fn a_copy_of_a_plugin_under_another_name_does_not_take_over_and_is_named() {
    let folder = Folder::new();
    // Names that stand before and behind that of the plugin in the order of the alphabet.
    let copies = ["libtorture (copy).so", "libtorture-old.so", "libtorture_1.so"];
    for (number, name) in (1..).zip(copies) {
        std::fs::write(folder.plugins().join(name), build("fine", number)).expect("the folder is ours");
    }
    std::fs::write(folder.plugins().join("libtorture.so.bak"), build("fine", 9)).expect("the folder is ours");
    std::fs::write(folder.plugins().join(FILE), build("fine", 0)).expect("the folder is ours");
    let headless = Headless::start_in(folder, LAYOUT, &[]);
    let engine = &headless.engine;
    live(engine);
    assert_eq!(engine.generation(PLUGIN), 1, "no copy was in force before");
    let names = |copy: &str| {
        let text = poll(PATIENCE, || engine.notice_about(copy)).expect("it is said").text;
        for said in ["another file of the plugin brickwork-torture", FILE, copy, "Remove one", "goes on"] {
            assert!(text.contains(said), "{said:?} is not said of {copy}:\n{text}");
        }
    };
    copies.iter().for_each(|copy| names(copy));
    // One that comes later does not either; in the place of the plugin it does.
    let late = headless.plugin("libtorture-new.so");
    std::fs::write(&late, build("fine", 5)).expect("the folder is ours");
    names("libtorture-new.so");
    assert_eq!(engine.generation(PLUGIN), 1);
    std::fs::rename(&late, headless.plugin(FILE)).expect("the folder is ours");
    arrives(&headless, 2);
}

#[test]
fn a_library_with_a_page_of_zeros_is_refused_before_its_code_runs() {
    let folder = Folder::new();
    let whole = build("fine", 0);
    let text_of = |bytes: &[u8]| {
        std::fs::write(folder.plugins().join(FILE), bytes).expect("the folder is ours");
        plugins(&folder, &[]).1
    };
    // The middle of a library is code.
    let mut bytes = whole.clone();
    let page = whole.len() / 2 / 4096 * 4096;
    bytes[page..page + 4096].fill(0);
    assert!(text_of(&bytes).contains("not written whole"), "{}", text_of(&bytes));
    assert!(text_of(&whole).contains("in force    yes"), "{}", text_of(&whole));
}
