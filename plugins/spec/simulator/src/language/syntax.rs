//! The statements and expressions of the small part of spec's language that is understood, as a tree. The parser makes
//! them, the interpreter runs them.

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Statement {
    /// A macro with words behind it: `mv phi 10`.
    Macro(String, Vec<Expression>),
    /// `p` or `print`.
    Print(Vec<Expression>),
    /// `place = value`, or `+=` and its kin.
    Assign(Place, Option<&'static str>, Expression),
    /// `delete array[key]`.
    Delete(Place),
    /// `global name other[]`: the names, and whether each is an array.
    Global(Vec<(String, bool)>),
    /// `unglobal name`.
    Unglobal(Vec<String>),
    /// An expression, the value of which is the result.
    Expression(Expression),
}

/// What can be assigned: a variable or one of its elements.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub name: String,
    pub indices: Vec<Expression>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A variable, a mnemonic, or an element of an array.
    Place(Place),
    /// A call.
    Call(String, Vec<Expression>),
    /// `-x` or `!x`.
    Unary(&'static str, Box<Expression>),
    /// `a + b` and its kin.
    Binary(&'static str, Box<Expression>, Box<Expression>),
    /// `[key: value, key: key: value]`: one or two keys, and a value.
    Pairs(Vec<Vec<Expression>>),
}
