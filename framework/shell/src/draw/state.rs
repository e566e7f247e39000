//! An object's state: link, activity and message as a word and a sign.

use brickwork_sdk::status::{Activity, Link, ObjectStatus};
use brickwork_sdk::view::Node;
use iced::widget::{column, row, text};
use iced::{Alignment, Color, Padding};

use super::Pen;
use crate::mark::{Sign, sign};
use crate::readings::Readings;
use crate::tokens::{Tokens, size, space};
use crate::{Element, format};

impl<'a> Pen<'a> {
    pub(super) fn state(self, node: &'a Node) -> Element<'a> {
        let (t, readings) = (self.tokens(), self.drawing.readings);
        let object = node.text("object");
        let loading = ObjectStatus { since_ns: readings.now_ns(), ..ObjectStatus::default() };
        let status = readings.status(object).unwrap_or(&loading);
        let (shape, color) = shape(status, t);
        let words = match (&status.link, status.message.as_str()) {
            (Link::Live, "") => activity(status.activity).into(),
            (Link::Live, message) => message.into(),
            // A row of a table has no room for more; hovering says it.
            _ if self.labelled => in_brief(readings, status),
            _ => link_words(readings, status),
        };
        // One line whatever is said, so that nothing around it moves with a motor.
        let words = text(words).size(size::BODY).color(t.text).wrapping(text::Wrapping::None);
        let head = row![sign(shape, color), words].spacing(space::S).height(space::CONTROL).align_y(Alignment::Center);
        let mut lines = column![head];
        let details = Some(status).filter(|_| !self.labelled).into_iter().flat_map(what_is_wrong);
        for second in details {
            let words = text(second.to_owned()).size(size::LABEL).color(t.muted);
            lines = lines.push(iced::widget::container(words).padding(Padding::ZERO.left(10.0 + space::S)));
        }
        super::tooltip(lines.into(), everything(object, readings, status), t)
    }
}

/// What went wrong while it is still wrong, then what to do about it.
fn what_is_wrong(status: &ObjectStatus) -> impl Iterator<Item = &str> {
    let lines = [status.last_error.as_str(), status.remedy.as_str()];
    lines.into_iter().filter(|line| status.link != Link::Live && !line.is_empty())
}

fn shape(status: &ObjectStatus, t: Tokens) -> (Sign, Color) {
    match (&status.link, status.activity) {
        (Link::Live, Activity::Idle) => (Sign::Ring, t.muted),
        (Link::Live, Activity::Moving | Activity::Busy) => (Sign::Disc, t.moving),
        (Link::Loading, _) => (Sign::Dots, t.disconnected),
        (Link::Disconnected, _) => (Sign::Dashes, t.disconnected),
        (Link::Fault, _) => (Sign::Square, t.major),
    }
}

fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Idle => "idle",
        Activity::Moving => "moving",
        Activity::Busy => "busy",
    }
}

/// The link in words, with its age alone.
fn in_brief(readings: &dyn Readings, status: &ObjectStatus) -> String {
    let lasted = format::lasted(readings.now_ns().saturating_sub(status.since_ns));
    match status.link {
        Link::Disconnected => format!("disconnected {lasted}"),
        Link::Fault => format!("failed {lasted}"),
        _ => link_words(readings, status),
    }
}

/// The link in words, with its time and age when it is not live.
pub(crate) fn link_words(readings: &dyn Readings, status: &ObjectStatus) -> String {
    let age = readings.now_ns().saturating_sub(status.since_ns);
    let since = format!("since {} ({})", readings.wall(status.since_ns), format::lasted(age));
    match status.link {
        Link::Live => "live".into(),
        Link::Loading => "connecting".into(),
        Link::Disconnected => format!("disconnected {since}"),
        Link::Fault => format!("failed {since}"),
    }
}

fn everything(object: &str, readings: &dyn Readings, status: &ObjectStatus) -> String {
    let mut words = format!("{object}: {}", link_words(readings, status));
    if status.link == Link::Live {
        words += &format!(" since {}", readings.wall(status.since_ns));
    }
    if status.reconnects > 0 {
        words += &format!("\nreconnected {} times", status.reconnects);
    }
    if !status.last_error.is_empty() {
        words += &format!("\nlast error: {}", status.last_error);
    }
    if !status.remedy.is_empty() {
        words += &format!("\n{}", status.remedy);
    }
    words
}
