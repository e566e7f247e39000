//! Writes a layout in the house style: four blanks of indentation, at most 120 characters on a line,
//! one blank line kept between parts. `brickwork format` calls it. It keeps every comment and every
//! literal as written, answers text and writes no file.

mod doc;
mod plan;
mod print;

use std::path::Path;

use crate::report::Report;
use crate::syntax::{Expr, ExprKind, Item, MapEntry, TokenKind, Tree, parse};

/// Why a layout is not formatted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It cannot be read; all mistakes of its syntax, rendered with their places.
    #[error("{0}")]
    Syntax(String),
    /// The formatted text would not mean the same, which is a mistake of ours.
    #[error("this layout cannot be formatted without changing it: please report that, with the layout")]
    Changed,
}

/// The text of the layout at `path` in the house style. The path is for messages alone.
///
/// # Errors
/// When its syntax is broken, or the result would not mean the same.
pub fn format(path: &Path, text: &str) -> Result<String, FormatError> {
    let tree = parse(text);
    if !tree.errors().is_empty() {
        return Err(FormatError::Syntax(mistakes(path, text, &tree)));
    }
    let formatted = print::print(&plan::plan(&tree));
    let again = parse(&formatted);
    if again.errors().is_empty() && is_same(&tree, &again) { Ok(formatted) } else { Err(FormatError::Changed) }
}

fn mistakes(path: &Path, text: &str, tree: &Tree) -> String {
    let mut report = Report::default();
    report.files.push(path.to_owned());
    report.sources.insert(path.to_owned(), text.to_owned());
    tree.errors().iter().for_each(|mistake| report.error(0, mistake.clone()));
    let (diagnostics, _, sources) = report.finish();
    crate::diagnostic::render(&diagnostics, &sources)
}

/// Whether two files hold the same values and the same comments.
fn is_same(a: &Tree, b: &Tree) -> bool {
    let values = match (a.root(), b.root()) {
        (Some(a), Some(b)) => is_same_value(a, b),
        (None, None) => true,
        _ => false,
    };
    values && comments(a) == comments(b)
}

fn is_same_value(a: &Expr, b: &Expr) -> bool {
    let is_same_entry = |a: &MapEntry, b: &MapEntry| is_same_value(&a.key, &b.key) && is_same_value(&a.value, &b.value);
    let is_same_item = |a: &Item, b: &Item| {
        a.name.as_ref().map(|name| &name.text) == b.name.as_ref().map(|name| &name.text)
            && is_same_value(&a.value, &b.value)
    };
    match (&a.kind, &b.kind) {
        (ExprKind::Float(a), ExprKind::Float(b)) => a.to_bits() == b.to_bits(),
        (ExprKind::List(a), ExprKind::List(b)) => is_same_all(a, b, is_same_value),
        (ExprKind::Map(a), ExprKind::Map(b)) => is_same_all(a, b, is_same_entry),
        (ExprKind::Group { name: a, items: a_items }, ExprKind::Group { name: b, items: b_items }) => {
            a.as_ref().map(|name| &name.text) == b.as_ref().map(|name| &name.text)
                && is_same_all(a_items, b_items, is_same_item)
        }
        (a, b) => a == b,
    }
}

fn is_same_all<T>(a: &[T], b: &[T], is_same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
}

/// All comments without the blanks at the ends of their lines, sorted: one may come before its value.
fn comments(tree: &Tree) -> Vec<String> {
    let comments = tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment);
    let mut texts: Vec<String> =
        comments.map(|token| plan::comment(&tree.text()[token.span.start..token.span.end])).collect();
    texts.sort_unstable();
    texts
}
