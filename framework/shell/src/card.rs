//! What stands in the place of a brick that cannot be shown, and what is said above all bricks.

use brickwork_link::Action;
use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding};

use crate::event::{Event, Place};
use crate::focus::{Look, Pressable};
use crate::mark::{Sign, sign};
use crate::panel::Panel;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, style};

/// The most lines that a banner shows.
const BANNER_LINES: usize = 10;

fn title<'a>(shape: Sign, color: iced::Color, words: String, t: Tokens) -> Element<'a> {
    row![sign(shape, color), text(words).size(size::BODY).font(fonts::SEMIBOLD).color(t.text)]
        .spacing(space::S)
        .align_y(Alignment::Center)
        .into()
}

fn body<'a>(words: String, t: Tokens) -> Element<'a> {
    text(words).size(size::BODY).color(t.text).into()
}

fn small<'a>(words: String, t: Tokens) -> Element<'a> {
    text(words).size(size::LABEL).color(t.muted).into()
}

/// A brick that failed: what it is called, what it said, where in its source, and a button to start it again.
pub fn failed<'a>(brick: &str, name: &str, message: &str, source: &str, t: Tokens) -> Element<'a> {
    let restart = Pressable::new(text("Restart").size(size::BODY), t)
        .place(Place::new(brick, "restart"))
        .on_press(Some(Event::Restart { brick: brick.into() }));
    let mut lines = column![title(Sign::Square, t.danger, format!("{name} failed"), t), body(message.into(), t),];
    if !source.is_empty() {
        lines = lines.push(small(format!("at {source}"), t));
    }
    let lines = lines.push(restart).spacing(space::S);
    container(lines).padding(space::M).width(Length::Fill).style(style::failed(t)).into()
}

/// A brick that has not finished drawing or updating for too long; `since` as wall time, `lasted` in words.
pub fn not_answering<'a>(name: &str, since: &str, lasted: &str, t: Tokens) -> Element<'a> {
    let lines = column![
        title(Sign::Dots, t.minor, format!("{name} is not answering since {since} ({lasted})"), t),
        small("The others go on. It returns by itself when it is done.".into(), t),
    ];
    container(lines.spacing(space::S)).padding(space::M).width(Length::Fill).style(style::waiting(t)).into()
}

/// All errors of a layout, as the layout check writes them: the text keeps its lines, and its carets stand under what
/// they mean.
pub fn diagnostics<'a>(heading: &str, report: &str, t: Tokens) -> Element<'a> {
    let report = text(report.to_owned()).size(size::LABEL).font(fonts::MONO).color(t.text);
    let lines = column![title(Sign::Square, t.danger, heading.into(), t), report].spacing(space::S);
    container(lines).padding(space::M).width(Length::Fill).style(style::failed(t)).into()
}

/// That a layout has errors, in two lines whatever they are: what runs below keeps its room. *Details* has all of them.
pub fn folded<'a>(heading: &str, report: &str, t: Tokens) -> Element<'a> {
    let first = container(small(first_mistake(report), t)).clip(true);
    let words = column![title(Sign::Square, t.danger, heading.into(), t), first].spacing(space::XS);
    container(row![words.width(Length::Fill), details("layout", t)].spacing(space::S))
        .padding(space::M)
        .width(Length::Fill)
        .style(style::failed(t))
        .into()
}

/// The first error of a report with its place, and how many more there are.
fn first_mistake(report: &str) -> String {
    let is_error = |line: &&str| line.starts_with("error");
    let errors = report.lines().filter(is_error).count();
    let mut lines = report.lines().skip_while(|line| !is_error(line));
    let message = lines.next().unwrap_or_default().trim_start_matches("error: ");
    let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> "));
    let place = place.map(|place| place.rsplit('/').next().unwrap_or(place));
    let more = if errors > 1 { format!(" · and {} more", errors - 1) } else { String::new() };
    place.map_or_else(|| format!("{message}{more}"), |place| format!("{place}: {message}{more}"))
}

/// The button that opens the log at what is said of a subject.
fn details<'a>(subject: &str, t: Tokens) -> Element<'a> {
    Pressable::new(text("Details").size(size::LABEL), t)
        .look(Look::Segment(false))
        .padding([0.0, space::S])
        .place(Place::new("details", subject))
        .on_press(Some(Event::Details { subject: subject.into() }))
        .into()
}

/// Why a reload did not happen, in at most ten lines, with a button that takes it away, and one for what can be done.
pub fn banner<'a>(name: &str, report: &str, action: Option<&Action>, t: Tokens) -> Element<'a> {
    let mut lines: Vec<&str> = report.lines().collect();
    let left_out = (lines.len() > BANNER_LINES).then(|| lines.len() - (BANNER_LINES - 1));
    if left_out.is_some() {
        lines.truncate(BANNER_LINES - 1);
    }
    let (first, rest) = lines.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let mut words = column![title(Sign::Square, t.danger, first.into(), t)].spacing(space::XS);
    if !rest.is_empty() {
        words = words.push(small(rest.join("\n"), t));
    }
    if let Some(left_out) = left_out {
        words = words.push(small(format!("and {left_out} more lines in the log"), t));
    }
    let close = Pressable::new(text("✗").size(size::BODY), t)
        .look(Look::Segment(false))
        .padding([0.0, space::S])
        .place(Place::new("banner", name))
        .on_press(Some(Event::Dismiss { banner: name.into() }));
    let mut line = row![words.width(Length::Fill)].spacing(space::S);
    if let Some(action) = action {
        let act = Pressable::new(text(action.label.clone()).size(size::LABEL), t)
            .padding([0.0, space::S])
            .place(Place::new("act", name))
            .on_press(Some(Event::Act(action.clone())));
        line = line.push(act);
    }
    container(line.push(details(name, t)).push(close))
        .padding(space::M)
        .width(Length::Fill)
        .style(style::failed(t))
        .into()
}

/// A part of the status line that opens a panel.
#[derive(Clone, Copy)]
pub struct PanelTab<'a> {
    /// Names the control.
    pub name: &'a str,
    /// What it opens.
    pub panel: Panel,
    /// What it says.
    pub words: &'a str,
    /// Whether its panel is open.
    pub is_open: bool,
}

/// The status line: what runs at the left, the last words, the panels and the time at the right; each always in the same
/// place.
///
/// `running` says what runs, if something does, and whether its panel is open.
pub fn status_line<'a, 't>(
    running: (Option<&str>, bool),
    tabs: impl IntoIterator<Item = PanelTab<'t>>,
    last_words: &str,
    clock: &str,
    t: Tokens,
) -> Element<'a> {
    let (words, is_open) = running;
    let (shape, color) = if words.is_some() { (Sign::Disc, t.moving) } else { (Sign::Ring, t.muted) };
    let words = text(words.unwrap_or("nothing runs").to_owned()).size(size::LABEL);
    let left = row![sign(shape, color), words].spacing(space::S).align_y(Alignment::Center);
    let left = tab(left.into(), "running", Panel::Running, is_open, t);
    // Long words are cut: they drive neither the panels nor the time out of the window.
    let last_words = text(last_words.to_owned()).size(size::LABEL).color(t.muted).wrapping(text::Wrapping::None);
    let last_words = container(last_words).width(Length::Fill).align_x(Alignment::End).clip(true);
    let mut line = row![container(left).width(Length::Fill).clip(true), last_words];
    for PanelTab { name, panel, words, is_open } in tabs {
        let words = text(words.to_owned()).size(size::LABEL);
        line = line.push(tab(words.into(), name, panel, is_open, t));
    }
    let line = line.push(small(clock.into(), t));
    let line = line.spacing(space::M).align_y(Alignment::Center);
    container(line)
        .padding(Padding { right: space::S, ..Padding::from([2.0, space::XS]) })
        .width(Length::Fill)
        .style(style::raised(t))
        .into()
}

fn tab<'a>(content: Element<'a>, name: &str, panel: Panel, is_open: bool, t: Tokens) -> Element<'a> {
    Pressable::new(content, t)
        .look(Look::Line(is_open))
        .padding([0.0, space::S])
        .height(22.0)
        .place(Place::new("bar", name))
        .on_press(Some(Event::TogglePanel(panel)))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_mistakes_the_first_is_told_with_its_place_and_the_others_are_counted() {
        let report = "warning: w\n --> /l/demo.ron:1:1\nerror: expected `}`, found `]`\n --> /l/demo.ron:7:2\n  |\n\
                      error: there is no object `omga`\n --> /l/demo.ron:9:4\n";
        assert_eq!(first_mistake(report), "demo.ron:7:2: expected `}`, found `]` · and 1 more");
        assert_eq!(first_mistake("error: it is gone"), "it is gone");
    }
}
