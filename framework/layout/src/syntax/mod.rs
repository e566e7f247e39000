//! A lossless, error-recovering, spanned tree of RON.
//!
//! The reader of layouts calls [`parse`]; a formatter or designer prints the tree back byte for
//! byte, comments included. Parsing never fails and never panics: it gives a tree and all the
//! mistakes. It knows nothing of what a layout means.
//!
//! One thing more than RON is accepted: positional arguments followed by named ones, as in
//! `Brick("motors.table", uses: {})`.

mod brackets;
mod lexer;
mod literal;
mod mistakes;
mod parser;
pub(crate) mod signs;
mod tree;

pub use lexer::{Bracket, Token, TokenKind};
pub use parser::{MAX_DEPTH, parse};
pub use tree::{Expr, ExprKind, Item, MapEntry, Mistake, Name, Span, Tree};
