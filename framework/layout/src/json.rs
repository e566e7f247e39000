//! What was found in a layout as one JSON document, for editors: `brickwork check --json` prints it.

use std::path::Path;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::load::Loaded;
use crate::source::Sources;
use crate::syntax::Span;

#[derive(Serialize)]
struct Document<'d> {
    layout: &'d Path,
    errors: usize,
    warnings: usize,
    plugins: &'d [String],
    diagnostics: Vec<Entry<'d>>,
}

#[derive(Serialize)]
struct Entry<'d> {
    severity: &'static str,
    #[serde(flatten)]
    place: Place<'d>,
    message: &'d str,
    help: Option<&'d str>,
    related: Option<Related<'d>>,
}

#[derive(Serialize)]
struct Related<'d> {
    #[serde(flatten)]
    place: Place<'d>,
    message: &'d str,
}

/// Lines and columns from 1; the end is one past the last character.
#[derive(Serialize)]
struct Place<'d> {
    file: &'d Path,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

/// All diagnostics of a layout, and what is wrong with the files of `plugins`, as JSON.
pub fn to_json(layout: &Path, loaded: &Loaded, plugins: &[String]) -> String {
    let errors = loaded.error_count();
    let document = Document {
        layout,
        errors,
        warnings: loaded.diagnostics.len() - errors,
        plugins,
        diagnostics: loaded.diagnostics.iter().map(|diagnostic| entry(diagnostic, &loaded.sources)).collect(),
    };
    serde_json::to_string_pretty(&document).expect("texts and numbers can always be written")
}

fn entry<'d>(diagnostic: &'d Diagnostic, sources: &Sources) -> Entry<'d> {
    let Diagnostic { severity, file, span, line, column, message, help, label } = diagnostic;
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let related = |label: &'d Label| {
        let place = place(&label.file, label.span, (label.line, label.column), sources);
        Related { place, message: &label.message }
    };
    let place = place(file, *span, (*line, *column), sources);
    Entry { severity, place, message, help: help.as_deref(), related: label.as_ref().map(related) }
}

fn place<'d>(file: &'d Path, span: Span, start: (u32, u32), sources: &Sources) -> Place<'d> {
    let (end_line, end_column) = sources.get(file).map_or(start, |source| source.position(span.end));
    Place { file, line: start.0, column: start.1, end_line, end_column }
}
