//! From the tree to what is printed: every part of a bracket with the comments that belong to it.
//! Part of [`mod@crate::format`]; it decides which comment goes where, never where a line ends.

use super::doc::{Bracket, Doc, Line, Part, Plan};
use crate::syntax::{Expr, ExprKind, Item, MapEntry, Span, Token, TokenKind, Tree};

/// A comment without the blanks at the end.
pub(super) fn comment(text: &str) -> String {
    text.trim_end().to_owned()
}

pub(super) fn plan(tree: &Tree) -> Plan {
    let planner = Planner { tree };
    let end = tree.tokens().len();
    let Some(root) = tree.root() else {
        return Plan { before: planner.lines(0, end, false), ..Plan::default() };
    };
    let first = root.tokens.start;
    let mut before = planner.attributes_and_comments(first);
    before.extend(planner.name_comments(root).into_iter().map(|text| Line { is_apart: false, text }));
    let (beside, at) = planner.beside(root.tokens.end, end);
    let after = planner.lines(at, end, true);
    Plan { before, value: Some(planner.value(root)), beside, after }
}

struct Planner<'t> {
    tree: &'t Tree,
}

/// One part as the tree has it: its name or key, and its value.
struct Raw<'t> {
    head: String,
    value: &'t Expr,
}

impl<'t> Planner<'t> {
    fn token(&self, at: usize) -> Token {
        self.tree.tokens()[at]
    }

    fn written(&self, at: usize) -> &'t str {
        let span = self.token(at).span;
        &self.tree.text()[span.start..span.end]
    }

    /// How many line ends a blank token holds.
    fn line_ends(&self, at: usize) -> usize {
        if self.token(at).kind == TokenKind::Blank { self.written(at).matches('\n').count() } else { 0 }
    }

    fn has_line_end(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| self.written(at).contains('\n'))
    }

    fn comments(&self, from: usize, to: usize) -> impl Iterator<Item = String> {
        let comments = (from..to).filter(|at| self.token(*at).kind == TokenKind::Comment);
        comments.map(|at| comment(self.written(at)))
    }

    /// The comments between two tokens, each as a line; the first may be apart from what is before.
    fn lines(&self, from: usize, to: usize, may_be_apart: bool) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut is_apart = false;
        for at in from..to {
            is_apart |= self.line_ends(at) > 1;
            if self.token(at).kind == TokenKind::Comment {
                let is_apart_here = is_apart && (may_be_apart || !lines.is_empty());
                lines.push(Line { is_apart: is_apart_here, text: comment(self.written(at)) });
                is_apart = false;
            }
        }
        lines
    }

    /// What stands before the value of the file; attributes are kept as they are written.
    fn attributes_and_comments(&self, end: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let (mut at, mut is_apart) = (0, false);
        while at < end {
            let kind = self.token(at).kind;
            is_apart |= self.line_ends(at) > 1;
            if kind != TokenKind::Blank {
                let last = if kind == TokenKind::Comment { at } else { self.attribute(at, end) };
                let text = &self.tree.text()[self.token(at).span.start..self.token(last).span.end];
                lines.push(Line { is_apart: is_apart && !lines.is_empty(), text: comment(text) });
                (at, is_apart) = (last, false);
            }
            at += 1;
        }
        lines
    }

    /// The last token of the attribute that begins at a `#`: its closing bracket.
    fn attribute(&self, first: usize, end: usize) -> usize {
        let mut depth = 0_usize;
        for at in first..end {
            match self.token(at).kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) if depth == 1 => return at,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        first
    }

    /// The comments that stand on the line of what ended before `from`, and where they end. A comment
    /// that something follows on its line belongs to that.
    fn beside(&self, from: usize, end: usize) -> (Vec<String>, usize) {
        let mut last = from;
        for at in from..end {
            match self.token(at).kind {
                TokenKind::Blank if self.line_ends(at) > 0 => break,
                TokenKind::Blank => {}
                TokenKind::Comment => last = at + 1,
                _ => return (Vec::new(), from),
            }
        }
        (self.comments(from, last).collect(), last)
    }

    /// Comments between the name of a group and its bracket.
    fn name_comments(&self, expr: &Expr) -> Vec<String> {
        match &expr.kind {
            ExprKind::Group { name: Some(_), .. } => self.comments(expr.tokens.start, self.open(expr)).collect(),
            _ => Vec::new(),
        }
    }

    /// The token of a bracket's opening.
    fn open(&self, expr: &Expr) -> usize {
        let is_open = |at: &usize| matches!(self.token(*at).kind, TokenKind::Open(_));
        expr.tokens.clone().find(is_open).unwrap_or(expr.tokens.start)
    }

    fn source(&self, expr: &Expr) -> String {
        self.tree.text()[expr.span.start..expr.span.end].to_owned()
    }

    fn value(&self, expr: &'t Expr) -> Doc {
        let (name, close, raws) = match &expr.kind {
            ExprKind::List(items) => {
                let raws = items.iter().map(|value| Raw { head: String::new(), value }).collect();
                ("", "]", raws)
            }
            ExprKind::Map(entries) => {
                let raw =
                    |entry: &'t MapEntry| Raw { head: format!("{}: ", self.source(&entry.key)), value: &entry.value };
                ("", "}", entries.iter().map(raw).collect())
            }
            ExprKind::Group { name, items } => {
                let written = |span: Span| &self.tree.text()[span.start..span.end];
                let raw = |item: &'t Item| Raw {
                    head: item.name.as_ref().map(|name| format!("{}: ", written(name.span))).unwrap_or_default(),
                    value: &item.value,
                };
                let name = name.as_ref().map_or("", |name| written(name.span));
                (name, ")", items.iter().map(raw).collect())
            }
            _ => return Doc::Word(self.source(expr)),
        };
        self.bracket(expr, name, close, raws)
    }

    fn bracket(&self, expr: &'t Expr, name: &str, close: &'static str, raws: Vec<Raw<'t>>) -> Doc {
        let open = self.open(expr);
        let end = expr.tokens.end - 1;
        let first = (open + 1..end).find(|at| !self.token(*at).kind.is_trivia()).unwrap_or(end);
        let (opening, mut at) = self.beside(open + 1, end);
        let is_broken = self.has_line_end(open + 1, first) && !raws.is_empty();
        let mut parts: Vec<Part> = Vec::new();
        let mut is_filled = false;
        for raw in &raws {
            let part_start = (at..end).find(|at| !self.token(*at).kind.is_trivia()).unwrap_or(end);
            is_filled |= !parts.is_empty() && !self.has_line_end(at, part_start);
            let (part, next) = self.part(at, part_start, end, raw, !parts.is_empty());
            parts.push(part);
            at = next;
        }
        let closing = self.lines(at, end, !parts.is_empty());
        let open = format!("{name}{}", self.written(open));
        let mut bracket = Bracket { open, close, opening, parts, closing, is_broken, is_filled, flat: None };
        bracket.flat = bracket.flat();
        Doc::Bracket(bracket)
    }

    /// The part between `at` and `end` whose first token is `first`, and where what follows begins.
    fn part(&self, at: usize, first: usize, end: usize, raw: &Raw<'t>, may_be_apart: bool) -> (Part, usize) {
        let value = raw.value;
        let mut before = self.lines(at, first, may_be_apart);
        let last_comment = (at..first).rev().find(|at| self.token(*at).kind == TokenKind::Comment);
        let is_apart = (last_comment.unwrap_or(at)..first).any(|at| self.line_ends(at) > 1);
        // Comments in odd places come before the whole, where they cannot be lost.
        let key_end = self.key_end(first, value.tokens.start, &raw.head);
        let odd = self.comments(key_end, value.tokens.start).chain(self.name_comments(value));
        before.extend(odd.map(|text| Line { is_apart: false, text }));
        let comma = (value.tokens.end..end).find(|at| self.token(*at).kind == TokenKind::Comma);
        let (beside, next) = match comma {
            Some(comma) => {
                let mut beside: Vec<String> = self.comments(value.tokens.end, comma).collect();
                let (after, next) = self.beside(comma + 1, end);
                beside.extend(after);
                (beside, next)
            }
            None => self.beside(value.tokens.end, end),
        };
        let is_apart = is_apart && (may_be_apart || last_comment.is_some());
        (Part { before, is_apart, head: raw.head.clone(), value: self.value(value), beside }, next)
    }

    /// The token after a key, whose own comments are written with it.
    fn key_end(&self, first: usize, value: usize, head: &str) -> usize {
        let key_length = head.len().saturating_sub(2);
        let key_end = self.token(first).span.start + key_length;
        (first..value).find(|at| self.token(*at).span.start >= key_end).unwrap_or(first)
    }
}
