//! Why a plugin does not build, in the few lines that a window has room for.

use serde_json::Value;

use super::json::{list, text};

/// The lines of a notice, without the last one that says what goes on.
const LINES: usize = 9;
/// The letters of a line: a linker's last words have thousands.
const LETTERS: usize = 160;

/// What a failed build said.
#[derive(Debug, Default)]
pub struct Report {
    /// The first error of the compiler.
    first: Vec<String>,
    /// How many errors there were.
    errors: usize,
    /// What cargo said itself.
    pub cargo: Vec<String>,
}

impl Report {
    /// Takes a diagnostic of the compiler, as it is in cargo's JSON.
    pub fn take(&mut self, diagnostic: &Value) {
        let message = text(&diagnostic["message"]);
        let is_error = text(&diagnostic["level"]).starts_with("error") && !message.starts_with("aborting due to");
        if !is_error {
            return;
        }
        self.errors += 1;
        if self.errors == 1 {
            self.first = told(diagnostic);
        }
    }

    /// The notice: at most ten lines. `goes_on` says what the window shows meanwhile.
    pub fn notice(&self, plugin: &str, goes_on: &str) -> String {
        let mut lines = if self.first.is_empty() { cargo_error(&self.cargo) } else { self.first.clone() };
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &format!("{plugin} does not build: "));
        }
        lines.truncate(LINES);
        let more = match self.errors {
            0 | 1 => String::new(),
            2 => "One more error is in the terminal. ".into(),
            count => format!("{} more errors are in the terminal. ", count - 1),
        };
        lines.push(more + goes_on);
        let short = |line: &String| line.chars().take(LETTERS).collect::<String>();
        lines.iter().map(short).collect::<Vec<_>>().join("\n")
    }
}

/// An error with its code, its place, the line of the source, and what helps.
fn told(diagnostic: &Value) -> Vec<String> {
    let code = diagnostic["code"]["code"].as_str().map(|code| format!("[{code}]")).unwrap_or_default();
    let mut lines: Vec<String> = format!("error{code}: {}", text(&diagnostic["message"])).lines().map(into).collect();
    if let Some(span) = list(&diagnostic["spans"]).find(|span| span["is_primary"] == true) {
        let (line, column) = (&span["line_start"], &span["column_start"]);
        let place = format!("{}:{line}:{column}", text(&span["file_name"]));
        lines.push(match text(&span["label"]) {
            "" => place,
            label => format!("{place}: {label}"),
        });
        let source = list(&span["text"]).next().map(|source| text(&source["text"]).trim());
        lines.extend(source.map(|source| format!("{line} | {source}")));
    }
    for child in list(&diagnostic["children"]) {
        let words = format!("{}: {}", text(&child["level"]), text(&child["message"]));
        lines.extend(words.lines().map(into));
    }
    lines
}

/// What cargo says when no compiler ran: its error and what led to it.
fn cargo_error(said: &[String]) -> Vec<String> {
    let said: Vec<String> = said.iter().map(|line| plain(line)).collect();
    let from = said.iter().position(|line| line.starts_with("error"));
    let lines = said[from.unwrap_or(0)..].iter().map(|line| line.trim_end()).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(into).collect();
    if lines.is_empty() { vec!["cargo failed and did not say why".into()] } else { lines }
}

/// A line without the colours that a terminal shows.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    // A colour ends with its first letter.
    parts.fold(first, |plain, part| plain + part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, t)| t))
}

fn into(line: &str) -> String {
    line.into()
}

#[cfg(test)]
mod tests {
    use super::Report;
    use serde_json::json;

    #[test]
    fn the_first_error_is_told_with_its_place_and_the_others_are_counted() {
        let mut report = Report::default();
        report.take(&json!({"level": "warning", "message": "unused variable", "spans": []}));
        report.take(&json!({
            "level": "error", "message": "mismatched types", "code": {"code": "E0308"},
            "spans": [
                {"is_primary": false, "file_name": "src/a.rs", "line_start": 1, "column_start": 1, "text": []},
                {"is_primary": true, "file_name": "src/lib.rs", "line_start": 12, "column_start": 9,
                 "label": "expected `f64`, found `&str`", "text": [{"text": "        level(\"a\")"}]},
            ],
            "children": [{"level": "help", "message": "remove the quotes"}],
        }));
        report.take(&json!({"level": "error", "message": "another", "spans": []}));
        report.take(&json!({"level": "error", "message": "aborting due to 2 previous errors", "spans": []}));
        let notice = report.notice("lamp", "Generation 1 goes on.");
        assert_eq!(
            notice.lines().collect::<Vec<_>>(),
            [
                "lamp does not build: error[E0308]: mismatched types",
                "src/lib.rs:12:9: expected `f64`, found `&str`",
                "12 | level(\"a\")",
                "help: remove the quotes",
                "One more error is in the terminal. Generation 1 goes on.",
            ]
        );
    }

    #[test]
    fn an_error_of_cargo_itself_is_told_without_its_colours_and_in_ten_lines() {
        let said =
            ["\u{1b}[1m\u{1b}[32m   Compiling\u{1b}[0m lamp", "\u{1b}[1m\u{1b}[91merror\u{1b}[0m: no matching package"];
        let causes = (0..20).map(|number| format!("  cause {number}"));
        let report = Report { cargo: said.into_iter().map(String::from).chain(causes).collect(), ..Report::default() };
        let notice = report.notice("lamp", "Nothing was built yet.");
        assert!(notice.starts_with("lamp does not build: error: no matching package\n  cause 0\n"), "{notice}");
        assert!(notice.ends_with("\nNothing was built yet."), "{notice}");
        assert_eq!(notice.lines().count(), 10, "{notice}");
    }
}
