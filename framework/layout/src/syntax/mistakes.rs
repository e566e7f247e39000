//! Makes what lexer, brackets and parser found into what a person is told: one message for one
//! mistake, in order, and not too many. Called once, at the end of parsing.

use std::collections::HashSet;

use super::brackets::Stray;
use super::tree::{Mistake, Span};

/// How many mistakes of one file are told.
const MAX_ERRORS: usize = 100;

/// One mistake that the parser met.
pub(super) struct Found {
    pub(super) mistake: Mistake,
    /// Where the bracket around it opens.
    pub(super) inside: Option<usize>,
    /// Whether it may come from an opening bracket that is not there.
    pub(super) hints_at_bracket: bool,
}

/// The rest of each line on which a text is not closed.
pub(super) fn jumbled_lines(text: &str, lexical: &[Mistake]) -> Vec<Span> {
    let rest_of_line = |mistake: &Mistake| {
        let start = mistake.span.start;
        Span::new(start, text[start..].find('\n').map_or(text.len(), |length| start + length))
    };
    lexical.iter().take(MAX_ERRORS).map(rest_of_line).collect()
}

/// Where an opening bracket is missing, the parser trips there and the closing one is left over,
/// or one of the same kind after it: makes one mistake of the two, and
/// adds what lies between them to `jumbled`.
pub(super) fn unopened(strays: &[Stray], found: Vec<Found>, jumbled: &mut Vec<Span>) -> Vec<Mistake> {
    let (mut hints, others): (Vec<Found>, Vec<Found>) = found.into_iter().partition(|found| found.hints_at_bracket);
    hints.sort_by_key(|hint| hint.mistake.span);
    let mut errors: Vec<Mistake> = others.into_iter().map(|other| other.mistake).collect();
    for (nth, stray) in strays.iter().enumerate() {
        if nth >= MAX_ERRORS {
            errors.push(stray.mistake());
            continue;
        }
        let is_near = |hint: &Found| {
            let start = hint.mistake.span.start;
            let is_in_the_last = stray.after.is_some_and(|after| after < start);
            start < stray.span.start && (hint.inside == stray.inside || is_in_the_last)
        };
        let first = hints.iter().find(|hint| is_near(hint)).map(|hint| hint.mistake.span);
        let Some(place) = first else {
            errors.push(stray.mistake());
            continue;
        };
        errors.push(stray.unopened(place));
        jumbled.push(Span::new(place.start, stray.span.end));
        hints.retain(|hint| !is_near(hint));
    }
    errors.extend(hints.into_iter().map(|hint| hint.mistake));
    errors
}

/// Sorts, drops what only follows from an unclosed text on the same line, and limits the number.
pub(super) fn tidy(text: &str, lexical: Vec<Mistake>, errors: Vec<Mistake>) -> Vec<Mistake> {
    let mut starts: Vec<usize> = lexical.iter().chain(&errors).map(|error| error.span.start).collect();
    starts.sort_unstable();
    let lines = lines_of(text, &starts);
    let line_of = |error: &Mistake| lines[starts.partition_point(|start| *start < error.span.start)];
    let mut spoilt = HashSet::new();
    let mut kept: Vec<Mistake> = lexical.iter().filter(|e| spoilt.insert(line_of(e))).cloned().collect();
    kept.extend(errors.iter().filter(|error| !spoilt.contains(&line_of(error))).cloned());
    kept.sort_by_key(|error| error.span);
    if let Some(first_hidden) = kept.get(MAX_ERRORS).map(|error| error.span) {
        let hidden = kept.len() - MAX_ERRORS;
        kept.truncate(MAX_ERRORS);
        kept.push(Mistake::new(first_hidden, format!("{hidden} more mistakes from here on are not shown")));
    }
    kept
}

/// The line number of each of the sorted positions.
fn lines_of(text: &str, starts: &[usize]) -> Vec<usize> {
    let (mut line, mut at) = (0, 0);
    let mut lines = Vec::with_capacity(starts.len());
    for &start in starts {
        line += text.as_bytes()[at..start].iter().filter(|byte| **byte == b'\n').count();
        at = start;
        lines.push(line);
    }
    lines
}
