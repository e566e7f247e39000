//! Text to statements. The interpreter calls it with all that came in one packet; what it does not understand is a
//! syntax error, and then nothing of the text is run.

use super::lexer::{Token, tokens};
use super::syntax::{Expression, Place, Statement};
use crate::error::SpecError;
use crate::macros;

/// How deep brackets may be nested.
const DEEPEST: usize = 64;

/// Words of spec's language that this simulator does not understand.
const BEYOND: &[&str] =
    &["if", "else", "for", "while", "break", "continue", "def", "rdef", "undef", "local", "return", "exit", "in"];

/// The statements of a text. `;`, ends of lines and braces part them.
pub(crate) fn parse(text: &str) -> Result<Vec<Statement>, SpecError> {
    pieces(text)?.into_iter().map(statement).collect()
}

/// Cuts a text where statements end, which is never inside quotes or brackets.
fn pieces(text: &str) -> Result<Vec<&str>, SpecError> {
    let (mut pieces, mut from, mut depth, mut braces) = (Vec::new(), 0, 0_usize, 0_i64);
    let mut quote = None;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => drop(letters.next()),
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.checked_sub(1).ok_or_else(|| SpecError::syntax(&text[at..]))?,
            (None, ';' | '\n' | '{' | '}') if depth == 0 => {
                pieces.push(&text[from..at]);
                from = at + 1;
                braces += i64::from(letter == '{') - i64::from(letter == '}');
                if braces < 0 {
                    return Err(SpecError::syntax(&text[at..]));
                }
            }
            _ => {}
        }
    }
    if braces > 0 || depth > 0 {
        return Err(SpecError::syntax(""));
    }
    pieces.push(&text[from..]);
    Ok(pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty() && !piece.starts_with('#')).collect())
}

fn statement(text: &str) -> Result<Statement, SpecError> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_word = rest.is_empty() || rest.starts_with(char::is_whitespace);
    match name {
        "p" | "print" if is_word => return Parser::all(rest, Parser::list).map(Statement::Print),
        "global" if is_word => return global(rest),
        "unglobal" if is_word => {
            return Ok(Statement::Unglobal(rest.split_whitespace().map(str::to_owned).collect()));
        }
        "delete" if is_word => return Parser::all(rest, Parser::place).map(Statement::Delete),
        _ => {}
    }
    if is_word && macros::exists(name) && !is_assignment(rest) {
        let word = if macros::takes_text(name) { text_word } else { word };
        let words = words(rest).into_iter().map(word).collect::<Result<_, _>>()?;
        return Ok(Statement::Macro(name.to_owned(), words));
    }
    Parser::all(text, Parser::statement)
}

fn is_assignment(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with('=') && !rest.starts_with("==")
}

fn global(rest: &str) -> Result<Statement, SpecError> {
    let names = rest.split_whitespace().map(|word| {
        let name = word.strip_suffix("[]").unwrap_or(word);
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name { Ok((name.to_owned(), name != word)) } else { Err(SpecError::syntax(word)) }
    });
    names.collect::<Result<_, _>>().map(Statement::Global)
}

/// The arguments of a macro: what stands between blanks, but not inside quotes or brackets.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut from, mut depth, mut quote) = (Vec::new(), None, 0_i64, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        if letter.is_whitespace() && depth == 0 && quote.is_none() {
            words.extend(from.take().map(|from| &text[from..at]));
        } else if from.is_none() {
            from = Some(at);
        }
    }
    words.extend(from.map(|from| &text[from..]));
    words
}

fn word(text: &str) -> Result<Expression, SpecError> {
    Parser::all(text, |parser| parser.expression(0))
}

/// A word that is not computed with, as `Se` and `K` in `eprodc_do_energy_scan Se K`.
fn text_word(text: &str) -> Result<Expression, SpecError> {
    let inside = brickwork_spec_protocol::unquoted(text);
    Ok(Expression::Text(inside.unwrap_or_else(|| text.to_owned())))
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// What `parse` makes of a text, which must be all of it.
    fn all<T>(text: &'a str, parse: impl FnOnce(&mut Self) -> Result<T, SpecError>) -> Result<T, SpecError> {
        let mut parser = Self { text, tokens: tokens(text)?, next: 0, depth: 0 };
        let result = parse(&mut parser)?;
        if parser.next < parser.tokens.len() { Err(parser.wrong()) } else { Ok(result) }
    }

    fn wrong(&self) -> SpecError {
        let near = self.tokens.get(self.next).map_or("", |(at, _)| &self.text[*at..]);
        SpecError::syntax(near)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.tokens.get(self.next), Some((_, Token::Sign(own))) if *own == sign);
        self.next += usize::from(is_it);
        is_it
    }

    fn needs(&mut self, sign: &str) -> Result<(), SpecError> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong()) }
    }

    fn takes_one_of(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().copied().find(|sign| self.takes(sign))
    }

    fn statement(&mut self) -> Result<Statement, SpecError> {
        let expression = self.expression(0)?;
        let Expression::Place(place) = &expression else { return Ok(Statement::Expression(expression)) };
        let place = place.clone();
        if self.takes("=") {
            return Ok(Statement::Assign(place, None, self.expression(0)?));
        }
        for (sign, operator) in [("+=", "+"), ("-=", "-"), ("*=", "*"), ("/=", "/")] {
            if self.takes(sign) {
                return Ok(Statement::Assign(place, Some(operator), self.expression(0)?));
            }
        }
        Ok(Statement::Expression(expression))
    }

    /// Expressions with commas between them, or none.
    fn list(&mut self) -> Result<Vec<Expression>, SpecError> {
        let mut all = Vec::new();
        if self.next == self.tokens.len() {
            return Ok(all);
        }
        loop {
            all.push(self.expression(0)?);
            if !self.takes(",") {
                return Ok(all);
            }
        }
    }

    /// An expression of operators that bind at least so tightly.
    fn expression(&mut self, level: usize) -> Result<Expression, SpecError> {
        const LEVELS: &[&[&str]] =
            &[&["||"], &["&&"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.expression(level + 1)?;
        while let Some(sign) = self.takes_one_of(signs) {
            let right = self.expression(level + 1)?;
            left = Expression::Binary(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, SpecError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(SpecError::new("Syntax error: too many brackets or signs inside each other"));
        }
        let result = match self.takes_one_of(&["-", "+", "!"]) {
            Some("+") => self.unary(),
            Some(sign) => self.unary().map(|operand| Expression::Unary(sign, Box::new(operand))),
            None => self.power(),
        };
        self.depth -= 1;
        result
    }

    fn power(&mut self) -> Result<Expression, SpecError> {
        let base = self.primary()?;
        if self.takes("^") {
            let exponent = self.unary()?;
            return Ok(Expression::Binary("^", Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Expression, SpecError> {
        let Some((_, token)) = self.tokens.get(self.next).cloned() else { return Err(self.wrong()) };
        match token {
            Token::Number(number) => {
                self.next += 1;
                Ok(Expression::Number(number))
            }
            Token::Text(text) => {
                self.next += 1;
                Ok(Expression::Text(text))
            }
            Token::Name(name) if BEYOND.contains(&name.as_str()) => Err(self.wrong()),
            Token::Name(name) => {
                if self.tokens.get(self.next + 1).is_some_and(|(_, token)| *token == Token::Sign("(")) {
                    self.next += 2;
                    return Ok(Expression::Call(name, self.arguments()?));
                }
                self.place().map(Expression::Place)
            }
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.expression(0)?;
                self.needs(")")?;
                Ok(inner)
            }
            Token::Sign("[") => self.pairs(),
            Token::Sign(_) => Err(self.wrong()),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, SpecError> {
        if self.takes(")") {
            return Ok(Vec::new());
        }
        let all = self.list()?;
        self.needs(")")?;
        Ok(all)
    }

    fn place(&mut self) -> Result<Place, SpecError> {
        let Some((_, Token::Name(name))) = self.tokens.get(self.next).cloned() else { return Err(self.wrong()) };
        self.next += 1;
        let mut indices = Vec::new();
        while self.takes("[") {
            indices.push(self.expression(0)?);
            self.needs("]")?;
        }
        if indices.len() > 2 { Err(self.wrong()) } else { Ok(Place { name, indices }) }
    }

    fn pairs(&mut self) -> Result<Expression, SpecError> {
        self.needs("[")?;
        let mut all = Vec::new();
        while !self.takes("]") {
            let mut parts = vec![self.expression(0)?];
            while self.takes(":") {
                parts.push(self.expression(0)?);
            }
            if !(2..=3).contains(&parts.len()) {
                return Err(self.wrong());
            }
            all.push(parts);
            if !self.takes(",") {
                self.needs("]")?;
                break;
            }
        }
        Ok(Expression::Pairs(all))
    }
}
