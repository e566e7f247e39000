//! What is planned and printed: brackets, their parts and the comments of these. Part of
//! [`mod@crate::format`]; plain data, but for what stands on one line.

/// No line is longer where that can be avoided, in characters.
pub(super) const WIDTH: usize = 120;

/// A whole file.
#[derive(Default)]
pub(super) struct Plan {
    /// Comments and attributes such as `#![enable(..)]` before the value, each on its own line.
    pub(super) before: Vec<Line>,
    pub(super) value: Option<Doc>,
    /// Comments on the last line of the value.
    pub(super) beside: Vec<String>,
    pub(super) after: Vec<Line>,
}

/// A comment on a line of its own.
pub(super) struct Line {
    /// Whether a blank line is before it.
    pub(super) is_apart: bool,
    pub(super) text: String,
}

/// One value.
pub(super) enum Doc {
    /// As it is written.
    Word(String),
    Bracket(Bracket),
}

/// A list, a map or a group.
pub(super) struct Bracket {
    /// The name and the opening bracket.
    pub(super) open: String,
    pub(super) close: &'static str,
    /// Comments on the line of the opening bracket.
    pub(super) opening: Vec<String>,
    pub(super) parts: Vec<Part>,
    /// Comments before the closing bracket.
    pub(super) closing: Vec<Line>,
    /// Whether its author began a new line after the opening bracket.
    pub(super) is_broken: bool,
    /// Whether its author wrote several parts on one line.
    pub(super) is_filled: bool,
    /// The whole on one line, if it may be on one.
    pub(super) flat: Option<String>,
}

/// One element, field or entry.
pub(super) struct Part {
    pub(super) before: Vec<Line>,
    /// Whether a blank line is before it.
    pub(super) is_apart: bool,
    /// `key: `
    pub(super) head: String,
    pub(super) value: Doc,
    /// Comments on its last line.
    pub(super) beside: Vec<String>,
}

impl Bracket {
    /// On one line, where no comment, no line end within and no wish of the author forbids it.
    pub(super) fn flat(&self) -> Option<String> {
        if self.is_broken || !self.opening.is_empty() || !self.closing.is_empty() {
            return None;
        }
        let mut out = self.open.clone();
        for (index, part) in self.parts.iter().enumerate() {
            if !part.before.is_empty() || !part.beside.is_empty() || part.head.contains('\n') {
                return None;
            }
            out.push_str(if index > 0 { ", " } else { "" });
            out.push_str(&part.head);
            out.push_str(part.value.flat()?);
            if out.len() > 4 * WIDTH {
                return None;
            }
        }
        out.push_str(self.close);
        Some(out)
    }
}

impl Doc {
    /// On one line, if that may be.
    pub(super) fn flat(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word.as_str()).filter(|word| !word.contains('\n')),
            Self::Bracket(bracket) => bracket.flat.as_deref(),
        }
    }
}
