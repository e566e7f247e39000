//! The tree that the parser builds and everyone else reads. It holds no positions but byte
//! spans, and no meaning: whether a name is known is decided elsewhere.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::lexer::Token;

/// A range of bytes of one file. Both ends lie on character borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` to before `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty place before byte `at`.
    pub const fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// Whether `other` begins inside this span or touches its end.
    pub const fn touches(&self, other: Span) -> bool {
        self.start <= other.start && other.start <= self.end
    }
}

/// One mistake in a file whose name the reader of this knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that explains the first.
    pub label: Option<(Span, String)>,
}

impl Mistake {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, label: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.label = Some((span, text.into()));
        self
    }
}

/// A parsed file: every byte of it is in exactly one token, and the expressions lie over the
/// tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    pub(super) root: Option<Expr>,
    pub(super) errors: Vec<Mistake>,
    pub(super) is_shaky: bool,
    pub(super) jumbled: Vec<Span>,
}

impl Tree {
    /// The one expression of the file; `None` if there is none at all.
    pub fn root(&self) -> Option<&Expr> {
        self.root.as_ref()
    }

    /// All mistakes, by place.
    pub fn errors(&self) -> &[Mistake] {
        &self.errors
    }

    /// All tokens in order, comments and whitespace included.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The text as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a mistake lies in or just after `span`, so that something may be missing from it
    /// for that reason alone.
    pub fn is_broken(&self, span: Span) -> bool {
        self.errors.iter().any(|error| span.touches(error.span))
    }

    /// Whether brackets or quotes do not match, so that parts may be in a wrong place or lost. Other
    /// mistakes leave a [`ExprKind::Broken`] where something is lost.
    pub fn is_shaky(&self) -> bool {
        self.is_shaky
    }

    /// Whether a mistake of the syntax has jumbled what is written here, so that more complaints
    /// about its form would only follow from that one.
    pub fn is_jumbled(&self, span: Span) -> bool {
        self.jumbled.iter().any(|jumbled| jumbled.touches(span))
    }

    fn write(&self, tokens: Range<usize>, out: &mut String) {
        for token in &self.tokens[tokens] {
            out.push_str(&self.text[token.span.start..token.span.end]);
        }
    }

    fn write_expr(&self, expr: &Expr, out: &mut String) {
        let mut at = expr.tokens.start;
        expr.for_each_child(&mut |child| {
            self.write(at..child.tokens.start, out);
            self.write_expr(child, out);
            at = child.tokens.end;
        });
        self.write(at..expr.tokens.end, out);
    }
}

/// Printing walks the tree and gives the text back byte for byte.
impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        if let Some(root) = &self.root {
            self.write(0..root.tokens.start, &mut out);
            self.write_expr(root, &mut out);
            at = root.tokens.end;
        }
        self.write(at..self.tokens.len(), &mut out);
        f.write_str(&out)
    }
}

/// One value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it is, without the blanks and comments around it.
    pub span: Span,
    /// Its tokens, as indices into [`Tree::tokens`].
    pub tokens: Range<usize>,
    /// What it is.
    pub kind: ExprKind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number, `inf` or `NaN`.
    Float(f64),
    /// Quoted or raw text, unescaped.
    Text(String),
    /// One character in single quotes.
    Char(char),
    /// A bare name such as `None`, or a variant without arguments.
    Name(String),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{key: value}`
    Map(Vec<MapEntry>),
    /// `Name(a, field: b)`, with or without the name; `()` too.
    Group {
        /// The name before the bracket.
        name: Option<Name>,
        /// The arguments in order, positional ones first.
        items: Vec<Item>,
    },
    /// Something was written here that could not be read, or nothing was; already reported.
    Broken,
}

/// An identifier and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The identifier, without a raw identifier's `r#`.
    pub text: String,
    /// Where it is.
    pub span: Span,
}

/// One argument of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The field's name, if it has one.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

impl Expr {
    /// What was found, for messages: "a list", "text".
    pub fn describe(&self) -> String {
        match &self.kind {
            ExprKind::Bool(_) => "a truth value".into(),
            ExprKind::Int(_) => "a whole number".into(),
            ExprKind::Float(_) => "a number".into(),
            ExprKind::Text(_) => "text".into(),
            ExprKind::Char(_) => "a character".into(),
            ExprKind::Name(name) => format!("`{name}`"),
            ExprKind::List(_) => "a list".into(),
            ExprKind::Map(_) => "a map".into(),
            ExprKind::Group { name: Some(name), .. } => format!("`{}(..)`", name.text),
            ExprKind::Group { name: None, .. } => "`(..)`".into(),
            ExprKind::Broken => "something unreadable".into(),
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Text(text) => Some(text),
            _ => None,
        }
    }

    fn for_each_child<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::List(items) => items.iter().for_each(visit),
            ExprKind::Group { items, .. } => items.iter().for_each(|item| visit(&item.value)),
            ExprKind::Map(entries) => entries.iter().for_each(|entry| {
                visit(&entry.key);
                visit(&entry.value);
            }),
            _ => {}
        }
    }
}
