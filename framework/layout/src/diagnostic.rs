//! One mistake in a layout, with its place, and how it is shown as text. Made by the loader; shown
//! by `brickwork check` and, as a card, by the shell.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use brickwork_sdk::secrets::starred;
use serde::{Deserialize, Serialize};

use crate::source::{Source, Sources};
use crate::syntax::{Span, signs};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The layout cannot be used.
    Error,
    /// The layout can be used, but somebody should look.
    Warning,
}

/// One mistake, complete in itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file it is in.
    pub file: PathBuf,
    /// Its bytes in that file.
    pub span: Span,
    /// The line of its first byte, from 1.
    pub line: u32,
    /// The column of its first byte, from 1, in characters.
    pub column: u32,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// A second place that belongs to it.
    pub label: Option<Label>,
}

/// A second place of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The file it is in.
    pub file: PathBuf,
    /// Its bytes in that file.
    pub span: Span,
    /// The line of its first byte, from 1.
    pub line: u32,
    /// The column of its first byte, from 1, in characters.
    pub column: u32,
    /// What is there: "first here".
    pub message: String,
}

/// Longer lines, in bytes, are cut around what is marked in them.
const WIDTH: usize = 160;

/// All diagnostics as text, each as rustc would show it, with an empty line between them.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.render(sources)).collect::<Vec<_>>().join("\n")
}

impl Diagnostic {
    /// This diagnostic as text, in several lines that each end with a line end.
    pub fn render(&self, sources: &Sources) -> String {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let last_line = self.line.max(self.label.as_ref().map_or(0, |label| label.line));
        let mut out = Out { text: String::new(), gutter: last_line.to_string().len() };
        out.line(format_args!("{word}: {}", self.message));
        let place = Shown { file: &self.file, span: self.span, line: self.line, column: self.column };
        out.place("-->", &place, sources, '^', "");
        if let Some(label) = &self.label {
            let place = Shown { file: &label.file, span: label.span, line: label.line, column: label.column };
            out.place(":::", &place, sources, '-', &label.message);
        }
        if let Some(help) = &self.help {
            let gutter = out.gutter;
            out.line(format_args!("{:gutter$} = help: {help}", ""));
        }
        out.text
    }
}

struct Shown<'d> {
    file: &'d Path,
    span: Span,
    line: u32,
    column: u32,
}

struct Out {
    text: String,
    gutter: usize,
}

impl Out {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        let start = self.text.len();
        write!(self.text, "{line}").expect("writing to a String cannot fail");
        let trimmed = self.text[start..].trim_end().len();
        self.text.truncate(start + trimmed);
        self.text.push('\n');
    }

    fn place(&mut self, arrow: &str, at: &Shown<'_>, sources: &Sources, mark: char, note: &str) {
        let gutter = self.gutter;
        self.line(format_args!("{:gutter$}{arrow} {}:{}:{}", "", at.file.display(), at.line, at.column));
        let Some(source) = sources.get(at.file) else { return };
        let (line, indent, marks) = excerpt(source, at);
        self.line(format_args!("{:gutter$} |", ""));
        self.line(format_args!("{:>gutter$} | {line}", at.line));
        let marks = mark.to_string().repeat(marks);
        self.line(format_args!("{:gutter$} | {:indent$}{marks} {note}", "", ""));
    }
}

/// The line, how far its marks are indented and how many there are, in characters. A long line is
/// cut around its marks; a tab becomes a blank, so that the marks stand below what they mean.
fn excerpt(source: &Source, at: &Shown<'_>) -> (String, usize, usize) {
    let (start, line) = source.line(at.line);
    let spanned = source.text().get(at.span.start..at.span.end).unwrap_or_default();
    let marked = spanned.lines().next().unwrap_or_default().chars().count();
    // Stars take as many signs as what they hide, but fewer bytes: the place of the marks is counted in signs.
    let before = line.get(..at.span.start.saturating_sub(start)).unwrap_or(line).chars().count();
    let line = &starred(line);
    let split = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
    let (before, after) = line.split_at(split);
    let room = if line.len() <= WIDTH { usize::MAX } else { WIDTH / 2 };
    let mut left: Vec<char> = before.chars().rev().take(room).collect();
    left.reverse();
    let right: String = after.chars().take(room).collect();
    let shown_before: String = left.into_iter().collect();
    let cut_before = if shown_before.len() < before.len() { "..." } else { "" };
    let cut_after = if right.len() < after.len() { "..." } else { "" };
    let marks = marked.clamp(1, room);
    let indent = cut_before.len() + shown_before.chars().count();
    let unseen = |c: char| c.is_control() || signs::unseen(c).is_some();
    let shown = format!("{cut_before}{shown_before}{right}{cut_after}").replace(unseen, " ");
    (shown, indent, marks)
}
