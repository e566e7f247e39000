//! The small part of spec's language that the simulated spec understands: macros with words, calls, assignments,
//! `print`, expressions. The queue gives it one text at a time; all else of spec's language is a syntax error.

mod interpreter;
mod lexer;
mod parser;
mod syntax;

pub(crate) use interpreter::run;
