//! The texts that were read, and the way from a byte to a line and column. Filled by the loader,
//! read by whoever shows a diagnostic; it never opens a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Every file that was read, with its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    files: BTreeMap<PathBuf, Source>,
}

/// One text and where its lines begin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    text: String,
    line_starts: Vec<usize>,
}

impl Sources {
    /// Adds or replaces the text of a file.
    pub fn insert(&mut self, file: PathBuf, text: String) {
        let bytes = text.as_bytes();
        // CR alone ends a line too.
        let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let line_starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        self.files.insert(file, Source { text, line_starts });
    }

    /// The text of a file, if it was read.
    pub fn get(&self, file: &Path) -> Option<&Source> {
        self.files.get(file)
    }
}

impl Source {
    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub fn position(&self, byte: usize) -> (u32, u32) {
        let byte = byte.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= byte).max(1);
        let before = &self.text.as_bytes()[self.line_starts[line - 1]..byte];
        // Every byte but the continuation bytes of UTF-8 begins a character.
        let column = before.iter().filter(|byte| (**byte as i8) >= -0x40).count() + 1;
        (to_u32(line), to_u32(column))
    }

    /// The byte at which a line begins, counted from 1, and its text without its end.
    pub(crate) fn line(&self, line: u32) -> (usize, &str) {
        let index = line.saturating_sub(1) as usize;
        let Some(&start) = self.line_starts.get(index) else { return (self.text.len(), "") };
        let end = self.line_starts.get(index + 1).copied().unwrap_or(self.text.len());
        (start, self.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
