//! Prints a plan: decides what fits on a line and what is broken into several. Part of
//! [`mod@crate::format`]; what it prints is planned and printed the same again.

use super::doc::{Bracket, Doc, Line, Part, Plan, WIDTH};

const INDENT: usize = 4;

pub(super) fn print(plan: &Plan) -> String {
    let mut out = Printer { text: String::new() };
    out.lines(&plan.before, 0);
    if let Some(value) = &plan.value {
        out.value(value, 0, plan.beside.iter().map(|text| width(text) + 1).sum());
        out.beside(&plan.beside);
        out.end_line();
    }
    out.lines(&plan.after, 0);
    out.text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

struct Printer {
    text: String,
}

impl Printer {
    /// How far the line is written.
    fn column(&self) -> usize {
        width(&self.text[self.text.rfind('\n').map_or(0, |at| at + 1)..])
    }

    fn end_line(&mut self) {
        self.text.push('\n');
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn lines(&mut self, lines: &[Line], indent: usize) {
        for line in lines {
            if line.is_apart {
                self.end_line();
            }
            self.indent(indent);
            self.text.push_str(&line.text);
            self.end_line();
        }
    }

    fn beside(&mut self, comments: &[String]) {
        for comment in comments {
            self.text.push(' ');
            self.text.push_str(comment);
        }
    }

    /// Prints a value from here on; `tail` characters follow it on its last line.
    fn value(&mut self, value: &Doc, indent: usize, tail: usize) {
        match value {
            Doc::Word(word) => self.text.push_str(word),
            Doc::Bracket(bracket) => match &bracket.flat {
                Some(flat) if self.column() + width(flat) + tail <= WIDTH => self.text.push_str(flat),
                _ if is_hugging(bracket) => self.hug(bracket, indent, tail),
                _ => self.broken(bracket, indent),
            },
        }
    }

    /// `Window("Main", Row([` and, at the end, `]))`.
    fn hug(&mut self, bracket: &Bracket, indent: usize, tail: usize) {
        self.text.push_str(&bracket.open);
        for (index, part) in bracket.parts.iter().enumerate() {
            self.text.push_str(if index > 0 { ", " } else { "" });
            self.text.push_str(&part.head);
            self.value(&part.value, indent, tail + 1);
        }
        self.text.push_str(bracket.close);
    }

    fn broken(&mut self, bracket: &Bracket, indent: usize) {
        self.text.push_str(&bracket.open);
        self.beside(&bracket.opening);
        self.end_line();
        if is_to_fill(bracket) {
            self.fill(&bracket.parts, indent + INDENT);
        } else {
            bracket.parts.iter().for_each(|part| self.part(part, indent + INDENT));
        }
        self.lines(&bracket.closing, indent + INDENT);
        self.indent(indent);
        self.text.push_str(bracket.close);
    }

    fn part(&mut self, part: &Part, indent: usize) {
        self.lines(&part.before, indent);
        if part.is_apart {
            self.end_line();
        }
        self.indent(indent);
        self.text.push_str(&part.head);
        // A comment may make its line too long: its value is not broken for it.
        self.value(&part.value, indent, 1);
        self.text.push(',');
        self.beside(&part.beside);
        self.end_line();
    }

    /// As many on a line as fit.
    fn fill(&mut self, parts: &[Part], indent: usize) {
        self.indent(indent);
        let mut is_first = true;
        for word in parts.iter().filter_map(|part| part.value.flat()) {
            if !is_first && self.column() + width(word) + 2 > WIDTH {
                self.end_line();
                self.indent(indent);
            } else if !is_first {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.text.push(',');
            is_first = false;
        }
        self.end_line();
    }
}

/// Whether the last part may stay on the line of the opening bracket: nothing but plain words is
/// before it.
fn is_hugging(bracket: &Bracket) -> bool {
    let Some((last, words)) = bracket.parts.split_last() else { return false };
    let is_bare = |part: &Part| part.before.is_empty() && part.beside.is_empty();
    let is_word = |part: &Part| {
        is_bare(part) && part.head.is_empty() && matches!(part.value, Doc::Word(_)) && part.value.flat().is_some()
    };
    let is_filled = matches!(&last.value, Doc::Bracket(inner) if !inner.parts.is_empty());
    bracket.close == ")"
        && !bracket.is_broken
        && bracket.opening.is_empty()
        && bracket.closing.is_empty()
        && is_bare(last)
        && is_filled
        && (last.head.is_empty() || words.is_empty())
        && !last.head.contains('\n')
        && words.iter().all(is_word)
}

/// Whether the parts are so plain that many stand on one line, and were written so.
fn is_to_fill(bracket: &Bracket) -> bool {
    let is_plain = |part: &Part| {
        part.before.is_empty()
            && part.beside.is_empty()
            && !part.is_apart
            && matches!(part.value, Doc::Word(_))
            && part.value.flat().is_some()
    };
    bracket.close == "]" && bracket.is_filled && bracket.parts.iter().all(is_plain)
}
