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
    let call = "scripts.run(name: \"scan\", arguments: {\"to\": 7.5, \"note\": \"none\", \"back\": true, \"speed\": \"fast\"})";
    let calls = host.calls();
    let plain = |text: &str| text.replace([' ', '"', '{', '}'], "");
    assert!(plain(&calls[0]).contains("to:7.5") && plain(&calls[0]).contains("back:true"), "{calls:?} is not {call}");
    assert!(
        plain(&calls[0]).contains("speed:fast") && plain(&calls[0]).contains("note:none"),
        "{calls:?} is not {call}"
    );
}

#[test]
fn what_cannot_be_run_says_why() {
    let host = FakeHost::new(crate::plugin());
    let mut panel = panel(&host);
    assert!(panel.text().contains("no commands are known yet"));
    set(&host, Activity::Idle, "");
    assert_eq!(panel.why_not("run:anneal").as_deref(), Some("the cryostream is off"));
    assert_eq!(panel.why_not("run:scan"), None);
    assert_eq!(panel.why_not_enter("scan/to", 12.0).as_deref(), Some("12 is above the limit 10 deg"));
    set(&host, Activity::Busy, "scanning");
    assert_eq!(panel.why_not("run:scan").as_deref(), Some("busy: scanning"));
    assert_eq!(panel.why_not("abort"), None);
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
