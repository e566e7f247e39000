//! A call of one of spec's functions, in the two forms in which it travels. Clients make them, and servers read them;
//! nothing is evaluated here.

use crate::{CallError, Data};

/// A function of spec and its arguments.
///
/// The data of `FUNC` is the name and the arguments with a NUL between them; spec adds what its grammar wants (*help*).
/// So arguments are pieces of spec's language: `2`, `A[phi]`, or a text in quotes, see [`quoted`]. Two peers
/// (chess-pyspec, pycertifspec) write `add(2, 3)` instead, and the server of the former takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name of the function or macro.
    pub function: String,
    /// The arguments, in spec's language.
    pub arguments: Vec<String>,
}

impl Call {
    /// A call without arguments.
    #[must_use]
    pub fn new(function: impl Into<String>) -> Self {
        Self { function: function.into(), arguments: Vec::new() }
    }

    /// With one more argument, in spec's language.
    #[must_use]
    pub fn with(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// With one more argument that is a text.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        self.with(quoted(text))
    }

    /// With one more argument that is a number.
    #[must_use]
    pub fn with_number(self, number: f64) -> Self {
        self.with(crate::number::format(number))
    }

    /// As spec wants it: with a NUL between the parts.
    #[must_use]
    pub fn to_data(&self) -> Data {
        let parts = std::iter::once(&self.function).chain(&self.arguments);
        Data::text(parts.map(String::as_str).collect::<Vec<_>>().join("\0"))
    }

    /// As it is written in a program of spec, and as some servers want it: `add(2, 3)`.
    #[must_use]
    pub fn to_source(&self) -> String {
        format!("{}({})", self.function, self.arguments.join(", "))
    }

    /// Reads either form. A name alone is a call without arguments.
    ///
    /// # Errors
    /// There is no name, or its parentheses or quotes are not closed: what is wrong, and at which byte.
    pub fn parse(text: &str) -> Result<Self, CallError> {
        if let Some((function, arguments)) = text.split_once('\0') {
            let call = Self::named(text, function)?;
            return Ok(Self { arguments: arguments.split('\0').map(str::to_owned).collect(), ..call });
        }
        let Some((function, rest)) = text.split_once('(') else { return Self::named(text, text) };
        let call = Self::named(text, function)?;
        Ok(Self { arguments: arguments(text, text.len() - rest.len())?, ..call })
    }

    fn named(text: &str, function: &str) -> Result<Self, CallError> {
        let name = function.trim_ascii();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if !name.is_empty() && name.chars().all(is_word) {
            return Ok(Self::new(name));
        }
        let start = function.len() - function.trim_ascii_start().len();
        let at = start + name.find(|c: char| !is_word(c)).unwrap_or(0);
        Err(CallError { text: text.to_owned(), at, what: "the name is not one of letters, digits and `_`" })
    }
}

/// The arguments behind the parenthesis that opens before `start`.
fn arguments(text: &str, start: usize) -> Result<Vec<String>, CallError> {
    let wrong = |at, what| CallError { text: text.to_owned(), at, what };
    let (mut arguments, mut from, mut depth) = (Vec::new(), start, 0_usize);
    let mut quote: Option<char> = None;
    let mut letters = text[start..].char_indices().map(|(at, letter)| (start + at, letter));
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => drop(letters.next()),
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => {
                let last = text[from..at].trim_ascii();
                if !(last.is_empty() && arguments.is_empty()) {
                    arguments.push(last.to_owned());
                }
                let rest = &text[at + 1..];
                let behind = rest.len() - rest.trim_ascii_start().len();
                let is_end = rest.trim_ascii().trim_matches(';').is_empty();
                return if is_end { Ok(arguments) } else { Err(wrong(at + 1 + behind, "something follows")) };
            }
            (None, ')' | ']' | '}') => {
                depth = depth.checked_sub(1).ok_or_else(|| wrong(at, "a bracket closes that is not open"))?;
            }
            (None, ',') if depth == 0 => {
                arguments.push(text[from..at].trim_ascii().to_owned());
                from = at + 1;
            }
            _ => {}
        }
    }
    let what = if quote.is_some() { "a quote is not closed" } else { "a parenthesis is not closed" };
    Err(wrong(text.len(), what))
}

/// A text as a constant of spec's language: in double quotes, with `\` before what would end it or be taken apart.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut constant = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => constant.extend(['\\', letter]),
            '\n' => constant.push_str("\\n"),
            '\t' => constant.push_str("\\t"),
            _ => constant.push(letter),
        }
    }
    constant.push('"');
    constant
}

/// The text of a constant in single or double quotes. `None`: it is in neither, so that it is a number or an
/// expression.
#[must_use]
pub fn unquoted(constant: &str) -> Option<String> {
    let constant = constant.trim_ascii();
    let quote = constant.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut letters = constant[1..].chars();
    let mut text = String::new();
    loop {
        match letters.next()? {
            '\\' => match letters.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            letter if letter == quote => break,
            letter => text.push(letter),
        }
    }
    letters.next().is_none().then_some(text)
}
