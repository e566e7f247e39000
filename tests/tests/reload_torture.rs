//! Everything that can come in place of a good plugin file: what runs goes on, and one short notice says what is wrong.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::copies::PluginCopy;
use brickwork_tests::headless::Headless;
use brickwork_tests::torture::{self, FILE, PLUGIN, build, bump, is_helpful, live, notice, of_protocol, put};
use brickwork_tests::{PATIENCE, poll};

/// Reloads whose memory is looked at.
const RELOADS: usize = 300;
/// Reloads before them.
const WARM_UP: usize = 20;

/// Puts a file that must not come into force; answers the notice of it.
fn refused(headless: &Headless, bytes: &[u8], words: &str) -> String {
    let before = bump(&headless.engine);
    let file = put(headless, bytes);
    let text = notice(&headless.engine, |text| text.contains(words));
    is_helpful(&text, &file);
    goes_on(headless, before);
    text
}

/// The generation that ran before answers, with its state.
fn goes_on(headless: &Headless, before: Option<i64>) {
    let engine = &headless.engine;
    live(engine);
    assert!(before.is_some(), "it counted before");
    assert_eq!(bump(engine), before.map(|count| count + 1), "it goes on with its state");
    assert_eq!(engine.status("one").generation, 1);
}

#[test]
fn what_is_no_whole_plugin_is_refused_in_words_and_what_runs_goes_on() {
    let mut headless = torture::start();
    let whole = build("fine", 1);
    refused(&headless, b"", "the file is empty");
    refused(&headless, &[0xA5; 4096], "it is no whole ELF library");
    refused(&headless, &whole[..64], "it is no whole ELF library");
    refused(&headless, &whole[..whole.len() / 3], "it is no whole ELF library");
    refused(&headless, &whole[..whole.len() - 1], "it is");
    refused(&headless, &of_protocol(0), "built for protocol 0, this host speaks 1");
    refused(&headless, &of_protocol(2), "built for protocol 2, this host speaks 1");
    let program = std::fs::read(std::env::current_exe().expect("it runs")).expect("a program can be read");
    refused(&headless, &program, "without Brickwork's mark");
    assert_eq!(headless.engine.generation(PLUGIN), 1, "none of them came into force");

    // What is whole again is taken, and nothing is left of what was said.
    put(&headless, &whole);
    let second = poll(PATIENCE, || (headless.engine.generation(PLUGIN) == 2).then_some(()));
    assert!(second.is_some() && headless.engine.notice_about(FILE).is_none());
    assert_eq!(headless.engine.refused(PLUGIN), "");
    live(&headless.engine);
    assert!(headless.runs());
}

#[test]
fn a_file_that_is_cut_anywhere_is_never_loaded() {
    let folder = brickwork_tests::folder::Folder::new();
    let (file, whole) = (folder.path().join(FILE), build("fine", 0));
    std::fs::write(&file, &whole).expect("the folder is ours");
    let trust = brickwork_engine::Trust::default();
    brickwork_engine::loader::check(&file, &trust).expect("the whole file is one that can be loaded");
    let mut cuts = boundaries(&file);
    assert!(cuts.len() > 20, "the sections are known: {cuts:?}");
    cuts.extend((0..200).map(|part| whole.len() as u64 * part / 200));
    cuts.extend(0..64);
    cuts.retain(|cut| *cut < whole.len() as u64);
    cuts.sort_unstable();
    cuts.dedup();
    let cutting = std::fs::File::options().write(true).open(&file).expect("it is ours");
    for cut in cuts.iter().rev() {
        cutting.set_len(*cut).expect("it gets shorter");
        let taken = brickwork_engine::loader::check(&file, &trust).is_ok();
        assert!(!taken, "{cut} of {} bytes are taken for a whole plugin", whole.len());
    }
}

/// Where the sections of a library begin and end, and one byte to either side.
fn boundaries(library: &Path) -> Vec<u64> {
    let output = Command::new("readelf").args(["-S", "-W"]).arg(library).output();
    let text = String::from_utf8(output.expect("binutils come with the linker").stdout).expect("it is text");
    let hex = |word: &str| u64::from_str_radix(word, 16).ok();
    let section = |line: &str| {
        let words: Vec<&str> = line.split(']').nth(1)?.split_whitespace().collect();
        Some((hex(words.get(3)?)?, hex(words.get(4)?)?))
    };
    let sections = text.lines().filter_map(section);
    sections.flat_map(|(at, size)| [at, at + size]).flat_map(|at| [at.saturating_sub(1), at, at + 1]).collect()
}

#[test]
fn a_generation_that_panics_while_it_is_made_gives_way_to_the_one_before() {
    for (word, place) in [("new", "`new` panics"), ("restore", "`restore` panics"), ("run", "`run` panics")] {
        let headless = torture::start();
        let text = refused(&headless, &build(word, 1), place);
        assert!(text.contains("mark.rs:"), "the source place is said:\n{text}");
        assert!(text.contains("generation 2 does not work"), "{text}");
        assert!(headless.engine.refused(PLUGIN).contains(place), "{:?}", headless.engine.refused(PLUGIN));
        // What failed is not tried again by itself, and a mended build is taken.
        put(&headless, &build("fine", 2));
        let third = poll(PATIENCE, || (headless.engine.status("one").generation == 3).then_some(()));
        assert!(third.is_some(), "{word}: {:?}", headless.engine.status("one"));
        live(&headless.engine);
        assert_eq!(bump(&headless.engine), Some(3), "{word}: with the count of the first generation");
    }
}

#[test]
fn a_generation_that_panics_right_after_it_is_live_gives_way_too() {
    let headless = torture::start();
    refused(&headless, &build("late", 1), "`late` panics");
}

#[test]
fn a_plugin_that_panics_over_its_kinds_is_refused() {
    let headless = torture::start();
    let text = refused(&headless, &build("roles", 1), "`roles` panics");
    assert!(text.contains("mark.rs:"), "{text}");
    assert_eq!(headless.engine.generation(PLUGIN), 1);
}

#[test]
fn a_plugin_that_does_not_return_while_it_is_loaded_holds_up_nothing() {
    let headless = torture::start();
    refused(&headless, &build("hangrole", 1), "did not return within 10 s while it was loaded");
    put(&headless, &build("fine", 2));
    let second = poll(PATIENCE, || (headless.engine.status("one").generation == 2).then_some(()));
    assert!(second.is_some(), "{:?}", headless.engine.notices().last());
}

#[test]
fn a_generation_that_does_not_return_is_found_and_the_one_before_goes_on() {
    let cases = [("hangnew", "`new` or `restore` within"), ("hangrun", "`run` blocks"), ("block", "`run` blocks")];
    let begun: Vec<_> = cases.map(|case| (torture::start(), case)).into_iter().collect();
    for (headless, (word, _)) in &begun {
        assert_eq!(bump(&headless.engine), Some(1));
        put(headless, &build(word, 1));
    }
    for (headless, (_, words)) in &begun {
        let text = notice(&headless.engine, |text| text.contains(words));
        is_helpful(&text, &headless.plugin(FILE));
        goes_on(headless, Some(1));
        put(headless, &build("fine", 2));
        let third = poll(PATIENCE, || (headless.engine.status("one").generation == 3).then_some(()));
        assert!(third.is_some(), "a thread that is lost keeps no mended build from coming");
        live(&headless.engine);
    }
}

#[test]
fn an_object_whose_drop_or_save_panics_is_replaced_all_the_same() {
    for word in ["drop", "save"] {
        let headless = torture::start();
        put(&headless, &build(word, 1));
        let ready = poll(PATIENCE, || (headless.engine.status("one").generation == 2).then_some(()));
        assert!(ready.is_some());
        live(&headless.engine);
        assert_eq!(bump(&headless.engine), Some(1));
        put(&headless, &build("fine", 2));
        let replaced = poll(PATIENCE, || (headless.engine.status("one").generation == 3).then_some(()));
        assert!(replaced.is_some(), "{word}: {:?}", headless.engine.status("one"));
        live(&headless.engine);
        assert!(headless.engine.notices().iter().any(|notice| notice.text.contains("panics")), "{word} is said");
    }
}

#[test]
fn a_plugin_whose_types_differ_is_refused_with_the_type_and_both_versions() {
    let copy = PluginCopy::with_sdk("shared", "other-types");
    let value = Path::new("sdk/abi/src/value.rs");
    copy.edit_at(
        value,
        "    pub format: PixelFormat,\n",
        "    pub format: PixelFormat,\n    /// More.\n    pub more: u32,\n",
    );
    copy.edit_at(Path::new("sdk/abi/src/codec.rs"), "Frame { width, height,", "Frame { more: 0, width, height,");
    let built = std::fs::read(copy.build()).expect("it was built");
    let headless = torture::start();
    let text = refused(&headless, &built, "Frame");
    for said in [
        "built with crossing types 1.0.0, this host has 1.0.0",
        "more: u32",
        "Build it again with the sdk of this host",
    ] {
        assert!(text.contains(said), "{said:?} is not said:\n{text}");
    }
    assert_eq!(headless.engine.generation(PLUGIN), 1);
}

#[test]
fn a_loaded_file_may_be_overwritten_in_place() {
    let mut headless = torture::start();
    let (file, other) = (headless.plugin(FILE), build("fine", 1));
    assert_eq!(bump(&headless.engine), Some(1));
    std::fs::write(&file, [0xFF; 4096]).expect("it is overwritten in place");
    notice(&headless.engine, |text| text.contains("it is no whole ELF library"));
    assert_eq!(bump(&headless.engine), Some(2));
    std::fs::write(&file, &other).expect("it is overwritten in place");
    let second = poll(PATIENCE, || (headless.engine.status("one").generation == 2).then_some(()));
    assert!(second.is_some() && headless.runs());
    live(&headless.engine);
    assert_eq!(bump(&headless.engine), Some(3));
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are the result")]
fn three_hundred_reloads_cost_little_memory_and_leave_no_thread() {
    let headless = torture::start();
    let engine = &headless.engine;
    let reload = |number: usize| {
        put(&headless, &build("fine", number));
        let there = poll(PATIENCE, || {
            let status = engine.status("one");
            (status.generation == number as u64 + 1 && status.link == Link::Live).then_some(())
        });
        assert!(there.is_some(), "reload {number}: {:?}, {:?}", engine.status("one"), engine.notices().last());
        assert_eq!(bump(engine), Some(number as i64), "the count goes on");
    };
    // What the first ones need is needed once, and the log keeps so many lines.
    (1..=WARM_UP).for_each(reload);
    let fill: Vec<u64> = (0..500).map(|_| torture::tell(engine, "nothing")).collect();
    fill.into_iter().for_each(|call| _ = engine.end_of(call));
    settled(&headless);
    let before = ["Rss", "Anonymous"].map(|what| headless.memory_kb(what));
    let begun = Instant::now();
    (WARM_UP + 1..=WARM_UP + RELOADS).for_each(reload);
    let took = begun.elapsed();
    settled(&headless);
    let after = ["Rss", "Anonymous"].map(|what| headless.memory_kb(what));
    let each = [0, 1].map(|at| after[at].saturating_sub(before[at]) as f64 / RELOADS as f64);
    println!("{RELOADS} reloads in {took:.1?}: {:.0} KB each, {:.0} KB of it anonymous", each[0], each[1]);
    assert!(each[0] <= 512.0, "{:.0} KB of memory for each reload", each[0]);
    // Of a library of the dev profile 116 KB are pages that relocation has written to, which cannot be given back.
    assert!(each[1] <= 160.0, "{:.0} KB of anonymous memory for each reload", each[1]);
}

/// Waits until nothing of an old generation is left: the present one has a thread and a copy of its file.
fn settled(headless: &Headless) {
    let tasks = format!("/proc/{}/task", headless.engine.process());
    let named = |name: &str| {
        let threads = std::fs::read_dir(&tasks).expect("the engine lives").flatten();
        let names = threads.map(|thread| std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default());
        names.filter(|comm| comm.trim() == name).count()
    };
    let name = "objects torture";
    assert!(named(name) > 0, "a plugin's thread has the plugin's name");
    let copies = || {
        let files = std::fs::read_dir(headless.folder().path().join("state/plugins")).expect("there are copies");
        files.count()
    };
    let one = poll(PATIENCE, || (named(name) == 1 && copies() == 1).then_some(()));
    assert!(one.is_some(), "{} threads and {} copies stay", named(name), copies());
}

#[test]
fn the_same_content_again_is_no_reload() {
    let headless = torture::start();
    let (file, whole) = (headless.plugin(FILE), build("fine", 0));
    std::fs::write(&file, &whole).expect("it is overwritten in place");
    put(&headless, &whole);
    assert!(Command::new("touch").arg(&file).status().expect("it runs").success());
    // A change that counts, behind them: whatever they caused has happened by then.
    put(&headless, &build("fine", 1));
    let other = poll(PATIENCE, || (headless.engine.generation(PLUGIN) > 1).then_some(()));
    assert!(other.is_some());
    assert_eq!(headless.engine.generation(PLUGIN), 2);
}

#[test]
fn three_panics_in_ten_seconds_keep_an_object_off_until_it_is_restarted() {
    let headless = torture::start();
    let engine = &headless.engine;
    for _ in 0..2 {
        torture::tell(engine, "panic");
        let fault = poll(PATIENCE, || (engine.status("one").link == Link::Fault).then_some(()));
        assert!(fault.is_some());
        live(engine);
    }
    let Outcome::Ended(error) = engine.end_of(torture::tell(engine, "panic")) else { panic!("it panics") };
    assert!(error.message.contains("it was told to panic"), "{error:?}");
    let off = poll(PATIENCE, || {
        let about = engine.notice_about("one").map(|notice| notice.text).unwrap_or_default();
        about.contains("stays off").then_some(about)
    });
    let off = off.expect("it stays off");
    assert!(off.contains("counter.rs:") && off.lines().count() <= 10, "{off}");
    let status = engine.status("one");
    assert!(status.last_error.contains("counter.rs:") && status.remedy.contains("brickwork restart"), "{status:?}");
    let Outcome::Ended(refusal) = engine.end_of(torture::tell(engine, "bump")) else { panic!("it is off") };
    assert!(refusal.message.contains("off"), "{refusal:?}");

    let wrong = headless.brickwork("restart", &["another"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("no object"), "{wrong:?}");
    assert!(headless.brickwork("restart", &["one"]).status.success());
    live(engine);
    assert_eq!(bump(engine), Some(1), "it begins anew");
    assert!(engine.notice_about("one").is_none(), "nothing is left of what was said");
}

#[test]
fn a_new_build_brings_an_object_back_that_stays_off() {
    let headless = torture::start();
    let engine = &headless.engine;
    let is_off = || engine.notice_about("one").is_some_and(|notice| notice.text.contains("stays off"));
    while !is_off() {
        live(engine);
        engine.end_of(torture::tell(engine, "panic"));
        let fault = poll(PATIENCE, || (engine.status("one").link == Link::Fault).then_some(()));
        assert!(fault.is_some());
    }
    put(&headless, &build("fine", 1));
    live(engine);
    assert_eq!(engine.status("one").generation, 2);
    assert_eq!(bump(engine), Some(1));
}

#[test]
fn a_panic_in_a_thread_of_the_plugins_own_is_said_with_its_place() {
    let mut headless = torture::start();
    let engine = &headless.engine;
    engine.end_of(torture::tell(engine, "thread"));
    let said = poll(PATIENCE, || engine.notice_about(PLUGIN).map(|notice| notice.text));
    let said = said.expect("there is a notice of the plugin");
    assert!(said.contains("a thread was told to panic") && said.contains("counter.rs:"), "{said}");
    assert_eq!(bump(engine), Some(1), "the object goes on");
    assert!(headless.runs());
}

#[test]
fn a_command_that_blocks_is_seen_as_a_loss_and_a_mended_build_heals_it() {
    let headless = torture::start();
    let engine = &headless.engine;
    torture::tell(engine, "block");
    let lost = poll(PATIENCE, || {
        let status = engine.status("one");
        (status.link == Link::Disconnected && status.last_error.contains("does not answer")).then_some(())
    });
    assert!(lost.is_some(), "{:?}", engine.status("one"));
    // The command holds the object; whoever gave it, or a person, ends that.
    assert!(headless.brickwork("restart", &["one"]).status.success());
    put(&headless, &build("fine", 1));
    let second = poll(PATIENCE, || (engine.status("one").generation == 2).then_some(()));
    assert!(second.is_some(), "{:?}", engine.status("one"));
    live(engine);
    assert!(bump(engine).is_some());
}
