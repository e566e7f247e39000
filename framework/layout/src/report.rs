//! Collects the diagnostics of all files while a layout is loaded. Every pass of the loader writes
//! to it; it decides the order in which they are shown.

use std::path::PathBuf;

use brickwork_sdk::secrets::without_secrets;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::model::Place;
use crate::source::Sources;
use crate::syntax::{Mistake, Span};

/// The files in the order in which they were first asked for; the layout itself is 0.
pub(crate) type FileId = usize;

#[derive(Default)]
pub(crate) struct Report {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) sources: Sources,
    diagnostics: Vec<(FileId, Diagnostic)>,
}

impl Report {
    pub(crate) fn error(&mut self, file: FileId, mistake: Mistake) {
        self.push(Severity::Error, file, mistake, None);
    }

    pub(crate) fn warning(&mut self, file: FileId, mistake: Mistake) {
        self.push(Severity::Warning, file, mistake, None);
    }

    /// An error with a second place, maybe in another file.
    pub(crate) fn error_with(&mut self, file: FileId, mistake: Mistake, label: (FileId, Span, &str)) {
        self.push(Severity::Error, file, mistake, Some(label));
    }

    fn push(&mut self, severity: Severity, file: FileId, mistake: Mistake, label: Option<(FileId, Span, &str)>) {
        let own_label = mistake.label.as_ref().map(|(span, message)| (file, *span, message.as_str()));
        let label = label.or(own_label).map(|(file, span, message)| {
            let Place { file, line, column } = self.place(file, span);
            Label { file, span, line, column, message: message.to_owned() }
        });
        let Place { file: path, line, column } = self.place(file, mistake.span);
        let Mistake { span, message, help, .. } = mistake;
        // A value may be quoted in it, and is shown in windows and kept in logs.
        let (message, help) = (without_secrets(&message), help.as_deref().map(without_secrets));
        self.diagnostics.push((file, Diagnostic { severity, file: path, span, line, column, message, help, label }));
    }

    pub(crate) fn place(&self, file: FileId, span: Span) -> Place {
        let path = self.files[file].clone();
        let (line, column) = self.sources.get(&path).map_or((1, 1), |source| source.position(span.start));
        Place { file: path, line, column }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|(_, diagnostic)| diagnostic.severity == Severity::Error)
    }

    /// All diagnostics by file and place.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<PathBuf>, Sources) {
        self.diagnostics.sort_by_key(|(file, diagnostic)| (*file, diagnostic.span, diagnostic.severity));
        let diagnostics = self.diagnostics.into_iter().map(|(_, diagnostic)| diagnostic).collect();
        (diagnostics, self.files, self.sources)
    }
}
