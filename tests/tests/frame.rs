//! What the shell shows around the bricks: the log with its details, what runs, questions, and what a window remembers.

use brickwork_sdk::ErrorKind;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::{PATIENCE, display, poll, programs};

fn demo() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(&shipped("demo.ron")))
}

#[test]
fn a_refused_command_stands_in_the_log_with_who_asked_and_its_details() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    // It uses nearly all others: what they say at their start would push the refusal out of sight.
    let is_live = || (engine.status("minidiff").link == Link::Live).then_some(());
    poll(PATIENCE, is_live).expect("everything starts");
    let call = engine.move_to("omega", 900.0);
    assert!(matches!(engine.end_of(call), Outcome::Ended(error) if error.kind == ErrorKind::Refused));
    beamline.sees("1 new warning");
    beamline.display.act(&["key", "ctrl+l"]);
    beamline.sees("move_to refused: omega: 900 is above the limit 720 deg");
    beamline.enter("shell/log/filter", "kappa");
    beamline.no_longer_sees("move_to refused");
    beamline.display.act(&["key", "ctrl+a", "key", "BackSpace"]);
    beamline.enter("shell/log/filter", "refused");
    let line = beamline.wait("the line", PATIENCE, |seen| seen.iter().any(|seen| seen.words.contains("900 is above")));
    let line = line.iter().find(|seen| seen.words.contains("900 is above")).expect("it was just seen").clone();
    beamline.display.click(line.middle());
    beamline.sees("Details");
    beamline.sees("calls.rs:");
    beamline.display.act(&["key", "ctrl+l"]);
    beamline.no_longer_sees("Details");
}

#[test]
fn what_runs_is_listed_and_each_can_be_ended() {
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    let (omega, kappa) = (engine.move_to("omega", 700.0), engine.move_to("kappa", 240.0));
    engine.moves("omega");
    beamline.click("bar/running");
    let rows = beamline.wait("both commands", PATIENCE, |seen| {
        seen.iter().filter(|seen| seen.id.starts_with("shell/running/abort:")).count() >= 2
    });
    let first = rows.iter().find(|seen| seen.id.starts_with("shell/running/abort:")).expect("they were just seen");
    beamline.click(&first.id);
    let ended = poll(PATIENCE, || (engine.running() == 1).then_some(()));
    assert!(ended.is_some(), "one was ended and the other goes on");
    beamline.click("bar/abort");
    for call in [omega, kappa] {
        assert!(matches!(engine.end_of(call), Outcome::Ended(error) if error.kind == ErrorKind::Aborted));
    }
    beamline.sees("Nothing runs.");
}

#[test]
fn a_window_remembers_its_page_and_its_theme() {
    let Some(mut beamline) = demo() else { return };
    beamline.click("window 0//tab2");
    beamline.click("bar/theme");
    beamline.sees("Dark");
    let kept = beamline.state("windows");
    poll(PATIENCE, || {
        // Not what is being written beside it.
        let mut files = std::fs::read_dir(&kept).ok()?.flatten().map(|file| file.path());
        let file = files.find(|path| path.extension().is_some_and(|extension| extension == "json"))?;
        let text = std::fs::read_to_string(file).ok()?;
        (text.contains("\"is_light\": true") && text.contains("tabs")).then_some(())
    })
    .expect("it is written");
    beamline.kill_shell();
    beamline.run();
    beamline.sees("Dark");
    // Only the second page has omega in a table.
    beamline.find("control", "motors.table(motors=omega+kappa+phi+phiy+phiz+sampx+sampy+focus)/stop:omega");
}

#[test]
fn each_event_is_one_line_in_a_file_that_only_its_owner_reaches() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(beamline) = demo() else { return };
    let engine = beamline.engine();
    engine.end_of(engine.move_to("omega", 900.0));
    let folder = beamline.state("log");
    let mode = std::fs::metadata(&folder).expect("there are logs").permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads the logs");
    let line = poll(PATIENCE, || {
        let files = std::fs::read_dir(&folder).ok()?.flatten().map(|entry| entry.path());
        let texts = files.filter_map(|path| std::fs::read_to_string(path).ok());
        texts
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .find(|line| line.contains("move_to refused"))
    });
    let line = line.expect("the refusal is written");
    assert!(line.contains("warning omega for test: move_to refused: omega: 900 is above the limit 720 deg"), "{line}");
}
