//! `bench faults`: what a person sees when a server dies and when it returns, whether one that was absent at the start
//! is met, whether panics of plugins are survived, and whether every command ends once, whatever ends it.

use std::time::{Duration, Instant};

use brickwork_sdk::Value;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::shipped;
use brickwork_tests::engine::EngineClient;
use brickwork_tests::{mjpeg, window};

use crate::Outcome;
use crate::report::{Aim, Report, percentile};
use crate::stage::Stage;

/// Deaths of the server, and panics of an object.
const TIMES: usize = 5;
/// Commands that are sent while others end them.
const COMMANDS: usize = 200;
/// How often the window is looked at.
const LOOK: Duration = Duration::from_millis(15);
const LIMIT: Duration = Duration::from_secs(15);
const DEAD: &str = "disconnected since";

/// Measures all of it.
pub fn run(report: &mut Report) -> Outcome {
    let port = mjpeg::free_port();
    let layout = shipped("demo-mjpeg.ron").replace(":8093/", &format!(":{port}/"));
    let mut stage = Stage::new(&layout, &["sim", "motors", "camera"])?;
    stage.open_window()?;
    let engine = EngineClient::connect(&stage.socket()?);

    let mut server = mjpeg::serve(port);
    let healed = wait(|| engine.status("onaxis").link == Link::Live);
    report.figure("absent_at_start_heals", f64::from(u8::from(healed.is_some())), Aim::AtLeast(1.0));

    let (mut dead_ms, mut live_ms) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        wait(|| !sees(&stage, DEAD)).ok_or("the camera does not come back")?;
        let killed = Instant::now();
        server.kill();
        wait(|| sees(&stage, DEAD)).ok_or("a dead camera is not seen")?;
        dead_ms.push(killed.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        server = mjpeg::serve(port);
        wait(|| !sees(&stage, DEAD)).ok_or("a camera that is back is not seen")?;
        live_ms.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    report.figure("server_dead_seen_ms", percentile(&dead_ms, 50.0), Aim::AtMost(2000.0));
    report.figure("server_back_live_ms", percentile(&live_ms, 50.0), Aim::None);

    let survived = (0..TIMES).filter(|_| survives_a_panic(&engine)).count();
    report.figure("panics_survived", survived as f64, Aim::AtLeast(TIMES as f64));
    report.figure("panics_tried", TIMES as f64, Aim::None);
    report.figure("commands_without_one_end", commands_without_one_end(&engine) as f64, Aim::AtMost(0.0));
    report.samples("server_dead_seen_ms", dead_ms);
    report.samples("server_back_live_ms", live_ms);
    crate::mxcube::run(report);
    Ok(())
}

fn wait(mut is_so: impl FnMut() -> bool) -> Option<()> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > LIMIT {
            return None;
        }
        std::thread::sleep(LOOK);
    }
    Some(())
}

fn sees(stage: &Stage, words: &str) -> bool {
    window::look(&stage.probe()).is_some_and(|seen| seen.iter().any(|seen| seen.words.contains(words)))
}

/// A driver panics: it alone is in Fault, the other object moves on, and it comes back by itself.
fn survives_a_panic(engine: &EngineClient) -> bool {
    engine.call_on("focus", "sim_fault", "panic", Value::map::<&str>([]));
    let fault = wait(|| engine.status("focus").link == Link::Fault).is_some();
    let others = engine.status("omega").link == Link::Live;
    let healed = wait(|| engine.status("focus").link == Link::Live).is_some();
    // Three in ten seconds would keep it off, as they should; a restart begins the count anew.
    engine.end_of(engine.call_on("focus", "object", "restart", Value::map::<&str>([])));
    fault && others && healed && wait(|| engine.status("focus").link == Link::Live).is_some()
}

/// Moves that are replaced, stopped, refused and cut off by a panic.
fn commands_without_one_end(engine: &EngineClient) -> usize {
    let calls: Vec<u64> = (0..COMMANDS)
        .map(|number| match number % 10 {
            8 => engine.call("omega", "stop", Value::map::<&str>([])),
            9 => engine.move_to("omega", 9_000.0),
            _ => engine.move_to("omega", (number * 37 % 700) as f64),
        })
        .collect();
    engine.call_on("omega", "sim_fault", "panic", Value::map::<&str>([]));
    // All of them end; what has ended twice by then stays so.
    let _ = wait(|| calls.iter().all(|call| engine.ends_of(*call) > 0) && engine.running() == 0);
    calls.iter().filter(|call| engine.ends_of(**call) != 1).count()
}
