//! The panel, used as a person does.

use brickwork_sdk::interfaces::{ArgumentKind, ArgumentSpec, CommandResult, CommandSpec};
use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick, fields};
use brickwork_sdk::{Error, Value};

fn argument(name: &str, kind: ArgumentKind) -> ArgumentSpec {
    ArgumentSpec { name: name.into(), label: name.to_uppercase(), kind }
}

fn specs() -> Vec<CommandSpec> {
    let scan = vec![
        argument("to", ArgumentKind::Number { default: 5.0, range: (0.0, 10.0), unit: "deg".into() }),
        argument("note", ArgumentKind::Text { default: "none".into() }),
        argument("back", ArgumentKind::Flag { default: false }),
        argument("speed", ArgumentKind::Choice { default: "slow".into(), options: vec!["slow".into(), "fast".into()] }),
    ];
    let spec = |name: &str, arguments, disabled: &str| CommandSpec {
        name: name.into(),
        label: name.to_uppercase(),
        help: "It helps.".into(),
        arguments,
        disabled: disabled.into(),
    };
    vec![spec("scan", scan, ""), spec("anneal", vec![], "the cryostream is off")]
}

fn set(host: &FakeHost, activity: Activity, message: &str) {
    let status = ObjectStatus { link: Link::Live, activity, message: message.into(), ..ObjectStatus::default() };
    host.publish("scripts", "status", status);
    host.publish("scripts", "commands", specs());
}

fn panel(host: &FakeHost) -> TestBrick {
    host.brick("commands.panel").role("commands", "scripts").open()
}

#[test]
fn a_command_is_run_with_what_was_entered_and_with_what_stands_there_at_first() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel = panel(&host);
    panel.enter("scan/to", 7.5);
    panel.toggle("scan/back");
    panel.select("scan/speed", "fast");
    panel.click("run:scan");
    let sent = r#"scripts.run(name: "scan", arguments: {"to": 7.5, "note": "none", "back": true, "speed": "fast"})"#;
    assert_eq!(host.calls(), [sent]);
}

#[test]
fn what_cannot_be_run_says_why() {
    let host = FakeHost::new(crate::plugin());
    let mut panel = panel(&host);
    assert!(panel.text().contains("no commands are known yet"));
    assert_eq!(panel.why_not("abort"), None);
    set(&host, Activity::Idle, "");
    assert_eq!(panel.why_not("run:anneal").as_deref(), Some("the cryostream is off"));
    assert_eq!(panel.why_not("run:scan"), None);
    assert_eq!(panel.why_not_enter("scan/to", 12.0).as_deref(), Some("12 is above the limit 10 deg"));
    set(&host, Activity::Busy, "scanning");
    assert_eq!(panel.why_not("run:scan").as_deref(), Some("busy: scanning"));
    assert!(panel.node("run:scan").flag("said"), "the state at the top says it: the lines below do not move");
    assert!(!panel.node("run:anneal").flag("said"));
    panel.click("abort");
    assert_eq!(host.calls(), ["scripts.abort()"]);
    host.publish("scripts", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    assert_eq!(panel.why_not("run:scan").as_deref(), Some("scripts is not connected"));
}

#[test]
fn how_the_last_run_ended_is_told_in_words() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel = panel(&host);
    let failed = Err(Error::failed("the shutter did not open").remedy("Search the hutch."));
    host.publish("scripts", "last", CommandResult::new("scan", &failed, 2.04));
    let text = panel.text();
    for words in ["SCAN failed after 2.0 s", "the shutter did not open", "Search the hutch."] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let answer: Value = fields! { peak: 12.5, motor: "omega", done: true };
    host.publish("scripts", "last", CommandResult::new("scan", &Ok(answer), 3.0));
    let text = panel.text();
    for words in ["SCAN finished after 3.0 s", "12.5", "omega", "yes"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_was_entered_survives_a_reload() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel = panel(&host);
    panel.enter("scan/note", "lyso 1");
    let mut panel = panel.reload();
    assert_eq!(panel.node("scan/note").text("value"), "lyso 1");
}

#[test]
fn a_layout_may_choose_commands_and_their_order() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel =
        host.brick("commands.panel").role("commands", "scripts").config(fields! { only: vec!["anneal"] }).open();
    assert!(panel.view().find("run:anneal").is_some() && panel.view().find("run:scan").is_none());
}

#[test]
fn a_command_that_the_set_does_not_have_is_said() {
    let host = FakeHost::new(crate::plugin());
    let only = fields! { only: vec!["scan", "aneal"], title: "Scripts" };
    let mut panel = host.brick("commands.panel").role("commands", "scripts").config(only).open();
    set(&host, Activity::Idle, "");
    let text = panel.text();
    assert!(text.contains("scripts has no command \"aneal\", but scan, anneal") && text.contains("Scripts"), "{text}");
    host.publish("scripts", "commands", Vec::<CommandSpec>::new());
    assert!(panel.text().contains("it offers no commands now"));
}

#[test]
fn what_was_entered_is_kept_while_the_set_refuses_it_and_forgotten_when_it_takes_another_kind() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel = panel(&host);
    panel.enter("scan/to", 7.5);
    let with = |kind| CommandSpec { name: "scan".into(), arguments: vec![argument("to", kind)], ..Default::default() };
    let narrow = ArgumentKind::Number { default: 0.0, range: (0.0, 5.0), unit: "deg".into() };
    host.publish("scripts", "commands", [with(narrow)]);
    assert_eq!(panel.node("scan/to").number("value"), Some(7.5));
    assert_eq!(panel.why_not("run:scan").as_deref(), Some("TO: 7.5 is above the limit 5 deg"));
    host.publish("scripts", "commands", [with(ArgumentKind::Text { default: "end".into() })]);
    assert_eq!(panel.node("scan/to").text("value"), "end");
    panel.click("run:scan");
    assert_eq!(host.calls(), [r#"scripts.run(name: "scan", arguments: {"to": "end"})"#]);
}

#[test]
fn a_run_that_was_refused_or_ended_early_says_so() {
    let host = FakeHost::new(crate::plugin());
    set(&host, Activity::Idle, "");
    let mut panel = panel(&host);
    host.publish("scripts", "last", CommandResult::new("scan", &Err(Error::refused("the hutch is open")), 0.0));
    assert!(panel.text().contains("SCAN refused after 0.0 s\nthe hutch is open"), "{}", panel.text());
    host.publish("scripts", "last", CommandResult::new("gone", &Err(Error::aborted()), 754.2));
    assert!(panel.text().ends_with("Last run\ngone aborted after 12 min 34 s"), "{}", panel.text());
}
