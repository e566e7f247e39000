//! The log panel: the newest lines of engine and shell, filtered, with all that is known of the one that is selected.

use std::collections::VecDeque;

use brickwork_link::{LogLine, NoticeLevel};
use brickwork_sdk::Value;
use brickwork_sdk::view::{
    Column, Node, Tone, View, button, choice, column, group, row, scroll, space, table, text, text_input,
};
use serde::{Deserialize, Serialize};

use super::Effect;

/// Lines that are kept; the files have the others.
const KEPT: usize = 2_000;
/// Rows that the table is given at once.
const PAGE: usize = 60;

/// Which process wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The engine.
    Engine,
    /// This shell.
    Shell,
}

/// What its controls send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Message {
    Filter(String),
    Least(String),
    Select(String),
    Page(f64),
    Copy,
}

/// The lines and what is looked at.
pub struct LogPanel {
    lines: VecDeque<(String, LogLine)>,
    filter: String,
    least: NoticeLevel,
    selected: Option<(String, LogLine)>,
    first: usize,
    unseen: usize,
}

impl Default for LogPanel {
    fn default() -> Self {
        Self {
            lines: VecDeque::new(),
            filter: String::new(),
            least: NoticeLevel::Info,
            selected: None,
            first: 0,
            unseen: 0,
        }
    }
}

impl LogPanel {
    /// Adds what a process wrote.
    pub fn add(&mut self, origin: Origin, lines: Vec<LogLine>) {
        let letter = if origin == Origin::Engine { 'e' } else { 's' };
        for line in lines {
            self.unseen += usize::from(line.level != NoticeLevel::Info);
            if self.lines.len() == KEPT {
                self.lines.pop_front();
            }
            self.lines.push_back((format!("{letter}{}", line.number), line));
        }
    }

    /// Forgets the engine's lines: another one answers and sends its own.
    pub fn forget_engine(&mut self) {
        self.lines.retain(|(id, _)| id.starts_with('s'));
    }

    /// Warnings and errors since the panel was last open.
    pub fn unseen(&self) -> usize {
        self.unseen
    }

    /// A person looks at it.
    pub fn seen(&mut self) {
        self.unseen = 0;
    }

    /// Shows what is about one object, plugin or brick, the newest error of it first.
    pub fn look_at(&mut self, subject: &str) {
        (self.filter, self.least, self.first) = (subject.to_owned(), NoticeLevel::Warning, 0);
        self.selected = self.matching().first().map(|(id, line)| ((*id).clone(), (*line).clone()));
    }

    /// Takes what its controls sent.
    pub fn update(&mut self, message: Value) -> Effect {
        match brickwork_sdk::from_value(message) {
            Ok(Message::Filter(filter)) => (self.filter, self.first) = (filter.trim().to_owned(), 0),
            Ok(Message::Least(word)) => (self.least, self.first) = (level_of(&word), 0),
            Ok(Message::Select(id)) => self.selected = self.lines.iter().find(|(other, _)| *other == id).cloned(),
            Ok(Message::Page(first)) => self.first = first.max(0.0) as usize,
            Ok(Message::Copy) => {
                let words = self.selected.as_ref().map(|(_, line)| brickwork_engine::log::in_one_line(line));
                return words.map_or(Effect::Nothing, Effect::Copy);
            }
            Err(error) => tracing::error!("the log panel does not know its own message: {error}"),
        }
        Effect::Nothing
    }

    /// The lines that pass the filter, the newest first.
    fn matching(&self) -> Vec<(&String, &LogLine)> {
        let words = self.filter.to_lowercase();
        let passes = |line: &LogLine| {
            let has = |text: &str| text.to_lowercase().contains(&words);
            line.level >= self.least
                && (words.is_empty()
                    || has(&line.text)
                    || has(line.subject())
                    || has(&line.caller)
                    || has(&line.plugin))
        };
        let mut found: Vec<_> =
            self.lines.iter().filter(|(_, line)| passes(line)).map(|(id, line)| (id, line)).collect();
        // Two processes write: by time, not by who was heard first.
        found.sort_by(|a, b| b.1.wall_secs.total_cmp(&a.1.wall_secs));
        found
    }

    /// What it shows; `time` gives the words for seconds since 1970.
    pub fn view(&self, time: impl Fn(f64) -> String) -> Node {
        let found = self.matching();
        let first = self.first.min(found.len().saturating_sub(PAGE));
        let rows = found.iter().skip(first).take(PAGE);
        let lines = rows.map(|(id, line)| {
            let cells = vec![
                text(time(line.wall_secs)).muted(),
                level(line.level),
                text(line.subject()),
                text(first_line(&line.text)),
                text(line.caller.as_str()).muted(),
            ];
            (id.as_str(), cells)
        });
        let (ids, cells): (Vec<&str>, Vec<Vec<View<Message>>>) = lines.unzip();
        let columns = [
            Column::new("Time"),
            Column::new("Level"),
            Column::new("About"),
            Column::new("What happened").grow(1.0),
            Column::new("For"),
        ];
        let selected = self.selected.as_ref().map_or("", |(id, _)| id.as_str());
        let lines = table("lines", "Log lines", &columns, (first, found.len()), cells)
            .rows(&ids)
            .selected(selected)
            .on_select(Message::Select)
            .on_page(Message::Page)
            .grow();
        let bar = row([
            text("Log").tone(Tone::Title),
            text_input("filter", "Filter", self.filter.as_str())
                .placeholder("filter by words, Enter")
                .on_text(Message::Filter),
            choice("least", "Least level", ["all", "warnings", "errors"].map(String::from), word_of(self.least))
                .on_select(Message::Least),
            space(),
            text(format!("{} of {} lines", found.len(), self.lines.len())).muted(),
        ]);
        let details = self.selected.as_ref().map(|(_, line)| details(line, &time));
        column([bar, row([lines].into_iter().chain(details)).grow()]).grow().into_node()
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn level(level: NoticeLevel) -> View<Message> {
    match level {
        NoticeLevel::Info => text("info").muted(),
        NoticeLevel::Warning => text("warning").tone(Tone::Warning),
        NoticeLevel::Error => text("error").tone(Tone::Danger),
    }
}

fn level_of(word: &str) -> NoticeLevel {
    match word {
        "errors" => NoticeLevel::Error,
        "warnings" => NoticeLevel::Warning,
        _ => NoticeLevel::Info,
    }
}

fn word_of(level: NoticeLevel) -> &'static str {
    match level {
        NoticeLevel::Error => "errors",
        NoticeLevel::Warning => "warnings",
        NoticeLevel::Info => "all",
    }
}

/// Everything that is known of one line.
fn details(line: &LogLine, time: &impl Fn(f64) -> String) -> View<Message> {
    let fact = |name: &str, value: &str| (!value.is_empty()).then(|| [text(name).muted(), text(value).grow()]);
    let causes = line.causes.iter().enumerate().map(|(at, cause)| {
        let name = if at == 0 { "because" } else { "and that" };
        fact(name, cause)
    });
    let facts = [
        fact("when", &time(line.wall_secs)),
        fact("about", line.subject()),
        fact("for", &line.caller),
        fact("plugin", &line.plugin),
        fact("what to do", &line.remedy),
    ];
    let facts = facts.into_iter().chain(causes).chain([fact("source", &line.place)]).flatten().flatten();
    // Several lines are those of a program, with columns and carets.
    let words = text(line.text.as_str());
    let words = if line.text.contains('\n') { words.fixed() } else { words };
    let copy = button("copy", "Copy").help("Copy this line with all its details").on_press(Message::Copy);
    let title = row([level(line.level), space(), copy]);
    group("Details", scroll(column([title, words, brickwork_sdk::view::grid(2, facts)])))
}

#[cfg(test)]
mod tests {
    use brickwork_sdk::to_value;

    use super::*;

    fn line(number: u64, level: NoticeLevel, object: &str, text: &str) -> LogLine {
        LogLine {
            number,
            wall_secs: number as f64,
            level,
            object: object.into(),
            text: text.into(),
            ..LogLine::default()
        }
    }

    fn panel() -> LogPanel {
        let mut panel = LogPanel::default();
        panel.add(
            Origin::Engine,
            vec![
                line(1, NoticeLevel::Info, "omega", "move_to begun"),
                LogLine {
                    causes: vec!["no route".into(), "the switch is off".into()],
                    remedy: "switch it on".into(),
                    place: "motor.rs:12".into(),
                    caller: "opd29".into(),
                    ..line(3, NoticeLevel::Warning, "omega", "disconnected")
                },
            ],
        );
        panel.add(Origin::Shell, vec![line(2, NoticeLevel::Error, "motors.one", "panic")]);
        panel
    }

    fn words(panel: &LogPanel) -> Vec<String> {
        let node = panel.view(|secs| format!("{secs}"));
        node.walk().filter(|node| node.kind == "text").map(|node| node.text("text").to_owned()).collect()
    }

    #[test]
    fn the_newest_line_of_both_processes_comes_first() {
        let words = words(&panel());
        let at = |wanted: &str| words.iter().position(|word| word == wanted).expect("it is shown");
        assert!(at("disconnected") < at("panic") && at("panic") < at("move_to begun"), "{words:?}");
        assert!(panel().view(|_| String::new()).problems().is_empty());
    }

    #[test]
    fn a_filter_and_a_level_leave_what_matches() {
        let mut panel = panel();
        panel.update(to_value(&Message::Least("warnings".into())).expect("plain"));
        assert_eq!(panel.matching().len(), 2);
        panel.update(to_value(&Message::Filter("OPD29 ".into())).expect("plain"));
        assert_eq!(panel.matching().len(), 1);
    }

    #[test]
    fn the_details_of_an_error_name_causes_place_and_cure() {
        let mut panel = panel();
        panel.look_at("omega");
        let words = words(&panel);
        for wanted in ["no route", "the switch is off", "switch it on", "motor.rs:12", "opd29"] {
            assert!(words.iter().any(|word| word == wanted), "{wanted} in {words:?}");
        }
        let Effect::Copy(copied) = panel.update(to_value(&Message::Copy).expect("plain")) else { panic!("copied") };
        assert!(copied.contains("cause: no route; the switch is off"), "{copied}");
    }

    #[test]
    fn memory_is_bounded_and_what_was_not_seen_is_counted() {
        let mut panel = LogPanel::default();
        panel.add(Origin::Engine, (0..3_000).map(|n| line(n, NoticeLevel::Warning, "omega", "x")).collect());
        assert_eq!((panel.lines.len(), panel.unseen()), (KEPT, 3_000));
        panel.seen();
        assert_eq!(panel.unseen(), 0);
        let node = panel.view(|_| String::new());
        let table = node.find("lines").expect("it is there");
        assert!(table.children.len() <= PAGE, "only a page is drawn");
        assert_eq!(table.number("total"), Some(KEPT as f64));
    }
}
