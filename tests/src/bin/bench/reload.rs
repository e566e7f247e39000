//! `bench reload`: how long after the last event of a file the new view stands on the screen, for a saved
//! layout and for a replaced plugin.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::random::Random;
use crate::report::{Aim, Report, percentile};
use crate::stage::Stage;

const PLUGIN: &str = "bench-sink";
/// What the plugin's file holds in front of the letters that make two builds differ.
const MARK: &[u8] = b"brickwork-bench-mark:";
/// How long a new view may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Measures both.
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
    let plugin_ms = alternate(&stage, times, &mut random, replace)?;

    report.figure("layout_p95_ms", percentile(&layout_ms, 95.0), Aim::AtMost(100.0));
    report.figure("plugin_p95_ms", percentile(&plugin_ms, 95.0), Aim::AtMost(100.0));
    report.figure("layout_p50_ms", percentile(&layout_ms, 50.0), Aim::None);
    report.figure("plugin_p50_ms", percentile(&plugin_ms, 50.0), Aim::None);
    report.samples("layout_ms", layout_ms);
    report.samples("plugin_ms", plugin_ms);
    Ok(())
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
