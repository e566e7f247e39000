//! `bench reload`: how long after the last event of a file the new view stands on the screen, for a saved
//! layout and for a replaced plugin; what a reload costs in memory; whether the same content reloads anything; and how
//! long after a save a line of source stands on the screen.

use std::path::Path;
use std::time::{Duration, Instant};

use brickwork_tests::new_plugin::NewPlugin;

use crate::Outcome;
use crate::report::{Aim, Report, percentile};
use crate::stage::{Memory, Stage};
use brickwork_tests::random::Random;

const PLUGIN: &str = "bench-sink";
const PACKAGE: &str = "brickwork-bench-sink";
/// What the plugin's file holds in front of the letters that make two builds differ.
const MARK: &[u8] = b"brickwork-bench-mark:";
/// How long a new view may take.
const LIMIT: Duration = Duration::from_secs(5);
/// How often the same content is copied again.
const COPIES: usize = 20;
/// How long a copied file may take to be noticed: it settles, and where no event comes it is looked at twice a second.
const NOTICED: Duration = Duration::from_millis(700);
/// How often the source is edited.
const EDITS: usize = 10;
/// What stands in a new plugin's panel, and is edited.
const LABEL: &str = "text(\"Position\")";

/// Measures all of it.
pub fn run(report: &mut Report, times: usize, seed: u64) -> Outcome {
    let mut random = Random::new(seed);
    let mut stage = Stage::new(&layout(0), &[PLUGIN])?;
    stage.open_window()?;

    let save = |which: usize| {
        stage.write_layout(&layout(which))?;
        Ok(Instant::now())
    };
    let layout_ms = alternate(&stage, times, &mut random, save)?;

    let builds = [build(&stage.plugin(PLUGIN), "AAA")?, build(&stage.plugin(PLUGIN), "WWW")?];
    let beside = stage.plugin(PLUGIN).with_extension("new");
    let replace = |which: usize| {
        std::fs::write(&beside, &builds[which])?;
        std::fs::rename(&beside, stage.plugin(PLUGIN))?;
        Ok(Instant::now())
    };
    let (memory, generation) = (stage.memory_kb()?, stage.client()?.generation(PACKAGE)?);
    let plugin_ms = alternate(&stage, times, &mut random, replace)?;
    let reloads = stage.client()?.generation(PACKAGE)? - generation;
    let grown = Memory::growth(&memory, &stage.memory_kb()?);
    let identical = identical_reloads(&stage)?;
    drop(stage);
    let edit_ms = edit_to_screen(&mut random)?;

    report.figure("layout_p95_ms", percentile(&layout_ms, 95.0), Aim::AtMost(100.0));
    report.figure("plugin_p95_ms", percentile(&plugin_ms, 95.0), Aim::AtMost(100.0));
    report.figure("layout_p50_ms", percentile(&layout_ms, 50.0), Aim::None);
    report.figure("plugin_p50_ms", percentile(&plugin_ms, 50.0), Aim::None);
    report.figure("edit_to_screen_p50_ms", percentile(&edit_ms, 50.0), Aim::AtMost(1000.0));
    report.figure("edit_to_screen_p95_ms", percentile(&edit_ms, 95.0), Aim::AtMost(1000.0));
    report.figure("identical_reloads", identical as f64, Aim::AtMost(0.0));
    report.figure("rss_kb_per_reload", grown.rss / reloads as f64, Aim::AtMost(512.0));
    report.figure("anon_kb_per_reload", grown.anonymous / reloads as f64, Aim::AtMost(128.0));
    report.samples("layout_ms", layout_ms);
    report.samples("plugin_ms", plugin_ms);
    report.samples("edit_to_screen_ms", edit_ms);
    report.samples("reloads", reloads);
    Ok(())
}

/// Copies the content that is in force again, over the file and in its place; how many reloads came of it.
fn identical_reloads(stage: &Stage) -> Outcome<u64> {
    let (file, before) = (stage.plugin(PLUGIN), stage.client()?.generation(PACKAGE)?);
    let (content, beside) = (std::fs::read(&file)?, file.with_extension("new"));
    for copy in 0..COPIES {
        if copy % 2 == 0 {
            std::fs::write(&file, &content)?;
        } else {
            std::fs::write(&beside, &content)?;
            std::fs::rename(&beside, &file)?;
        }
        std::thread::sleep(NOTICED);
    }
    Ok(stage.client()?.generation(PACKAGE)? - before)
}

/// A new plugin's source is saved with one label and another in turn, while `brickwork dev` builds it in the dev
/// profile; in milliseconds, how long after the save the label was on screen.
fn edit_to_screen(random: &mut Random) -> Outcome<Vec<f64>> {
    let plugin = NewPlugin::write("bench-edit", &[]);
    plugin.build();
    let mut stage = Stage::prepare(&std::fs::read_to_string(plugin.layout())?, &[])?;
    stage.run_dev(&plugin)?;
    let labels = [LABEL, "text(\"Whereabouts\")"];
    let save = |which: usize| {
        plugin.edit(labels[1 - which], labels[which]);
        Ok(Instant::now())
    };
    alternate(&stage, EDITS, random, save)
}

fn layout(which: usize) -> String {
    let label = ["first", "another"][which];
    format!(
        r#"Beamline(format: 1, name: "bench", objects: {{}},
            windows: [Window("Bench", Brick("bench.panel", config: (label: "{label}")))])"#
    )
}

/// The plugin as it would be built with other letters in its mark.
fn build(file: &Path, letters: &str) -> Outcome<Vec<u8>> {
    let mut bytes = std::fs::read(file)?;
    let mark = bytes.windows(MARK.len()).position(|window| window == MARK).ok_or("the plugin has no mark")?;
    let begin = mark + MARK.len();
    bytes[begin..begin + letters.len()].copy_from_slice(letters.as_bytes());
    Ok(bytes)
}

/// Brings about the one and the other view in turn, each time after an irregular pause; in milliseconds,
/// how long after what `change` answers as the last event it was on screen.
fn alternate(
    stage: &Stage,
    times: usize,
    random: &mut Random,
    change: impl Fn(usize) -> Outcome<Instant>,
) -> Outcome<Vec<f64>> {
    let screen = stage.screen();
    let first = screen.settled()?;
    change(1)?;
    // The screen may rest a while before the change is noticed.
    std::thread::sleep(Duration::from_secs(1));
    let other = screen.settled()?;
    let area = screen.difference(&first, &other).ok_or("the new view did not come")?;
    let views = [screen.part(&first, area), screen.part(&other, area)];
    let mut took_ms = Vec::new();
    for turn in 0..times {
        std::thread::sleep(random.pause(Duration::from_millis(300), Duration::from_millis(900)));
        let which = turn % 2;
        let begun = change(which)?;
        took_ms.push(screen.wait(area, &views[which], &views[1 - which], begun, LIMIT)?.as_secs_f64() * 1e3);
    }
    Ok(took_ms)
}
