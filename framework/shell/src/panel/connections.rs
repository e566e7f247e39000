//! The connections panel: every object with its state, since when, why, what depends on it and what to do. The
//! "dependencies" that a beamline's staff used to keep on paper, alive.

use std::collections::BTreeMap;

use brickwork_layout::{Beamline, BrickSpec};
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::view::{Column, Node, Tone, View, button, column, row, space, state, table, text};
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::format;
use crate::readings::Readings;

/// What its controls send.
#[derive(Serialize, Deserialize)]
pub(super) enum Message {
    /// Puts the whole report into the clipboard.
    Copy(String),
}

pub(super) fn effect(Message::Copy(report): Message) -> Effect {
    Effect::Copy(report)
}

/// One object as a person needs to know it.
struct Line<'a> {
    name: &'a str,
    kind: &'a str,
    status: ObjectStatus,
    since: String,
    used_by: String,
}

/// How many objects are not live.
pub fn down(beamline: &Beamline, readings: &dyn Readings) -> usize {
    beamline.objects.keys().filter(|name| readings.link(name).0 != Link::Live).count()
}

/// What it shows; `bricks` are all of the layout.
pub fn connections(beamline: &Beamline, bricks: &[BrickSpec], readings: &dyn Readings) -> Node {
    let lines = lines(beamline, bricks, readings);
    let columns = [
        Column::new("Object"),
        Column::new("State"),
        Column::new("Since"),
        Column::numeric("Reconnects"),
        Column::new("Last error, and what to do").grow(1.4),
        Column::new("Used by").grow(1.0),
        Column::new("Kind"),
    ];
    let down = lines.iter().filter(|line| line.status.link != Link::Live).count();
    let said = match down {
        0 => text("all objects are live").muted(),
        1 => text("1 object is not live").tone(Tone::Warning),
        count => text(format!("{count} objects are not live")).tone(Tone::Warning),
    };
    let report = report(beamline, &lines, readings);
    let copy = button("copy", "Copy").help("Copy all of it as text, for a mail or a log book");
    let head = row([text("Connections").tone(Tone::Title), said, space(), copy.on_press(Message::Copy(report))]);
    let rows = table("objects", "Objects", &columns, (0, lines.len()), lines.iter().map(cells)).grow();
    column([head, rows]).grow().into_node()
}

/// The objects, those that are not live first.
fn lines<'a>(beamline: &'a Beamline, bricks: &[BrickSpec], readings: &dyn Readings) -> Vec<Line<'a>> {
    let users = users(beamline, bricks);
    let line = |(name, spec): (&'a String, &'a brickwork_layout::ObjectSpec)| {
        let status = readings.status(name).cloned().unwrap_or_default();
        let since = match status.since_ns {
            0 => String::new(),
            at => format!("{}, {}", readings.wall(at), format::lasted(readings.now_ns().saturating_sub(at))),
        };
        let used_by = users.get(name.as_str()).map(|names| names.join(", ")).unwrap_or_default();
        Line { name, kind: &spec.kind, status, since, used_by }
    };
    let mut lines: Vec<Line<'a>> = beamline.objects.iter().map(line).collect();
    lines.sort_by_key(|line| (line.status.link == Link::Live, line.name));
    lines
}

/// The objects and bricks whose roles name each object.
fn users(beamline: &Beamline, bricks: &[BrickSpec]) -> BTreeMap<String, Vec<String>> {
    let objects = beamline.objects.iter().map(|(name, spec)| (name.as_str(), &spec.uses));
    let bricks = bricks.iter().map(|brick| (brick.kind.as_str(), &brick.uses));
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (user, uses) in objects.chain(bricks) {
        for used in uses.values().flatten() {
            let names = users.entry(used.clone()).or_default();
            if !names.iter().any(|name| name == user) {
                names.push(user.to_owned());
            }
        }
    }
    users
}

fn cells(line: &Line<'_>) -> Vec<View<Message>> {
    let ObjectStatus { last_error, remedy, reconnects, .. } = &line.status;
    let words = [last_error.as_str(), remedy.as_str()].into_iter().filter(|words| !words.is_empty());
    vec![
        text(line.name),
        state(line.name),
        text(line.since.as_str()).muted(),
        text(reconnects.to_string()),
        column(words.map(text)),
        text(line.used_by.as_str()).muted(),
        text(line.kind).muted(),
    ]
}

/// All of it as text.
fn report(beamline: &Beamline, lines: &[Line<'_>], readings: &dyn Readings) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut report = format!("{}, {}, Brickwork {version}\n", beamline.name, readings.wall(readings.now_ns()));
    for Line { name, kind, status, since, used_by } in lines {
        let link = format!("{:?}", status.link).to_lowercase();
        report += &format!("{name:<16} {link:<12} since {since}; {} reconnects; {kind}", status.reconnects);
        for (what, words) in [("error", &status.last_error), ("to do", &status.remedy), ("used by", used_by)] {
            if !words.is_empty() {
                report += &format!("; {what}: {}", words.replace('\n', " "));
            }
        }
        report.push('\n');
    }
    report
}

#[cfg(test)]
mod tests {
    use brickwork_layout::ObjectSpec;

    use super::*;
    use crate::readings::FixedReadings;

    fn spec(kind: &str, uses: &[(&str, &str)]) -> ObjectSpec {
        let uses = uses.iter().map(|(role, object)| ((*role).to_owned(), vec![(*object).to_owned()])).collect();
        ObjectSpec { kind: kind.into(), uses, ..ObjectSpec::default() }
    }

    fn beamline() -> Beamline {
        let objects = BTreeMap::from([
            ("omega".to_owned(), spec("spec.motor", &[("session", "spec")])),
            ("spec".to_owned(), spec("spec.session", &[])),
        ]);
        Beamline { name: "ID-TEST".into(), objects, ..Beamline::default() }
    }

    fn readings() -> FixedReadings {
        let mut readings = FixedReadings::at(100_000_000_000);
        let live = ObjectStatus { link: Link::Live, since_ns: 1_000_000_000, reconnects: 2, ..ObjectStatus::default() };
        readings.set_status("omega", live);
        let lost = ObjectStatus {
            link: Link::Disconnected,
            since_ns: 58_000_000_000,
            last_error: "connection refused".into(),
            remedy: "start spec on lid144".into(),
            ..ObjectStatus::default()
        };
        readings.set_status("spec", lost);
        readings
    }

    #[test]
    fn what_is_down_comes_first_with_why_since_when_and_what_hangs_on_it() {
        let (beamline, readings) = (beamline(), readings());
        let node = connections(&beamline, &[], &readings);
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        let words: Vec<&str> = node.walk().map(|node| node.text("text")).collect();
        let at = |wanted: &str| words.iter().position(|words| *words == wanted);
        assert!(at("spec") < at("spec.motor"), "{words:?}");
        for wanted in ["connection refused", "start spec on lid144", "1 object is not live", "2"] {
            assert!(at(wanted).is_some(), "{wanted} in {words:?}");
        }
        assert!(words.iter().any(|words| words.contains("42 s")), "{words:?}");
        assert_eq!(down(&beamline, &readings), 1);
    }

    #[test]
    fn the_copy_is_plain_text_with_everything_in_it() {
        let (beamline, readings) = (beamline(), readings());
        let node = connections(&beamline, &[], &readings);
        let press = node.find("copy").and_then(|node| node.attribute("on_press")?.get("message").cloned());
        let effect = super::super::effect_of("shell/connections", press.expect("it is there"));
        let Effect::Copy(report) = effect else { panic!("it is copied") };
        for wanted in ["ID-TEST", "spec             disconnected", "to do: start spec on lid144", "used by: omega"] {
            assert!(report.contains(wanted), "{wanted} in {report}");
        }
    }
}
