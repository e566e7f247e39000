//! `bench startup`: from the start of `brickwork run` to the first complete frame on the screen: of the demo, whose
//! every visible brick must show live values, and of 200 objects whose servers are dead, each in its own way. Then
//! what both processes keep in memory, and what they use while nothing happens.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use brickwork_tests::beamline::{PLUGINS, shipped};
use brickwork_tests::mjpeg::free_port;

use crate::Outcome;
use crate::report::{Aim, Report, percentile};
use crate::screen::{LOOK, Screen};
use crate::stage::Stage;

/// Starts of each layout.
const TIMES: usize = 5;
/// How often the window is asked whether it is complete; it answers when that was, so seldom is enough.
const ASK: Duration = Duration::from_millis(30);
/// After the window was complete it is on the screen this much later at most.
const DRAWN_WITHIN: Duration = Duration::from_millis(250);
const LIMIT: Duration = Duration::from_secs(30);
/// Until caches are full and the pictures have their size.
const SETTLE: Duration = Duration::from_secs(4);

/// Measures all of it.
pub fn run(report: &mut Report, secs: f64) -> Outcome {
    let demo = shipped("demo.ron");
    let plugins: Vec<&str> = PLUGINS.iter().map(|file| plugin_of(file)).collect();
    let mut demo_ms = Vec::new();
    for _ in 0..TIMES {
        let mut stage = Stage::prepare(&demo, &plugins)?;
        demo_ms.push(first_frame_ms(&mut stage, "live_ms_ago")?);
    }
    report.figure("demo_first_frame_ms", percentile(&demo_ms, 50.0), Aim::AtMost(500.0));

    let silent = TcpListener::bind("127.0.0.1:0")?;
    let dead = dead(silent.local_addr()?.port());
    let mut dead_ms = Vec::new();
    for _ in 0..TIMES {
        let mut stage = Stage::prepare(&dead, &plugins)?;
        dead_ms.push(first_frame_ms(&mut stage, "drawn_ms_ago")?);
    }
    report.figure("dead200_first_frame_ms", percentile(&dead_ms, 50.0), Aim::AtMost(500.0));

    let mut stage = Stage::prepare(&demo, &plugins)?;
    first_frame_ms(&mut stage, "live_ms_ago")?;
    std::thread::sleep(SETTLE);
    report.figure("rss_mb", stage.rss_mb()?, Aim::AtMost(90.0));
    drop(stage);

    let mut stage = Stage::prepare(&without_pictures(&demo)?, &plugins)?;
    first_frame_ms(&mut stage, "drawn_ms_ago")?;
    std::thread::sleep(SETTLE);
    let idle = stage.cpu_percent(|| {
        std::thread::sleep(Duration::from_secs_f64(secs));
        Ok(())
    })?;
    report.figure("idle_cpu_percent", idle.1, Aim::AtMost(0.5));
    report.samples("demo_first_frame_ms", demo_ms);
    report.samples("dead200_first_frame_ms", dead_ms);
    Ok(())
}

/// From the start of the program until the screen shows the first complete frame.
fn first_frame_ms(stage: &mut Stage, complete: &str) -> Outcome<f64> {
    stage.open_screen()?;
    let begun = Instant::now();
    stage.run_whole()?;
    let (mut changes, mut asked) = (Vec::new(), Instant::now());
    let mut seen = sample(stage.screen())?;
    let mut complete_at: Option<Instant> = None;
    loop {
        let now = sample(stage.screen())?;
        if now != seen {
            seen = now;
            changes.push(Instant::now());
        }
        if complete_at.is_none() && asked.elapsed() > ASK {
            asked = Instant::now();
            complete_at = asked_when(&stage.probe(), complete);
        }
        match complete_at {
            Some(at) if at.elapsed() > DRAWN_WITHIN => {
                let drawn = changes.iter().find(|change| **change >= at).copied().unwrap_or(at);
                return Ok((drawn - begun).as_secs_f64() * 1e3);
            }
            None if begun.elapsed() > LIMIT => return Err("the window is not complete after 30 s".into()),
            _ => std::thread::sleep(4 * LOOK),
        }
    }
}

/// Every sixteenth line of the screen: enough to see that a frame was drawn.
fn sample(screen: &Screen) -> Outcome<Vec<u8>> {
    let whole = screen.whole();
    let mut lines = Vec::new();
    for y in (0..whole.height).step_by(16) {
        lines.extend(screen.pixels(crate::screen::Area { y, height: 1, ..whole })?);
    }
    Ok(lines)
}

/// When the window was complete, by the shell's own word; `None` while it is not, or does not answer.
fn asked_when(probe: &Path, what: &str) -> Option<Instant> {
    let mut stream = UnixStream::connect(probe).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    stream.write_all(b"frames\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let mut words = answer.split_whitespace();
    words.find(|word| *word == what)?;
    let ago_ms: u64 = words.next()?.parse().ok()?;
    Instant::now().checked_sub(Duration::from_millis(ago_ms))
}

/// `sim` of `libbrickwork_sim.so`.
fn plugin_of(file: &str) -> &str {
    file.trim_start_matches("libbrickwork_").trim_end_matches(".so")
}

/// The demo with its camera switched off.
fn without_pictures(demo: &str) -> Outcome<String> {
    let off = demo.replace("rate: 12", "rate: 0");
    if off == demo { Err("demo.ron has no camera with rate: 12".into()) } else { Ok(off) }
}

/// 200 cameras in 40 bricks: a third is refused, a third accepted and never answered, a third has no address.
fn dead(silent_port: u16) -> String {
    let refused_port = free_port();
    let url = |number: usize| match number % 3 {
        0 => format!("http://127.0.0.1:{refused_port}/{number}"),
        1 => format!("http://127.0.0.1:{silent_port}/{number}"),
        _ => format!("http://camera{number}.invalid/stream"),
    };
    let objects: String =
        (0..200).map(|n| format!("\"cam{n}\": (kind: \"camera.mjpeg\", config: (url: \"{}\")),\n", url(n))).collect();
    let brick = |number: usize| {
        let names: Vec<String> = (number * 5..number * 5 + 5).map(|camera| format!("\"cam{camera}\"")).collect();
        let items: Vec<String> = names
            .iter()
            .map(|name| format!("(object: {name}, channel: \"rate\", label: {name}, unit: \"Hz\")"))
            .collect();
        let (names, items) = (names.join(", "), items.join(", "));
        format!("Brick(\"beamline.bar\", uses: {{\"objects\": [{names}]}}, config: (items: [{items}])),\n")
    };
    let column = |numbers: std::ops::Range<usize>| numbers.map(brick).collect::<String>();
    format!(
        "Beamline(format: 1, name: \"DEAD\", objects: {{{objects}}}, windows: [Window(\"dead\", Row([Column([{}]), Column([{}])]))])",
        column(0..20),
        column(20..40)
    )
}
