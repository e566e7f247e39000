//! A line of spec's language, cut into tokens. The parser calls it with one statement at a time.

use crate::error::SpecError;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A number.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// A name.
    Name(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// The longer ones first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "+", "-", "*", "/", "%", "^", "<", ">", "!", "=", "(",
    ")", "[", "]", ",", ":",
];

/// All tokens of a text, each with where it begins.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SpecError> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match letter {
            _ if letter.is_whitespace() => {
                at += letter.len_utf8();
                continue;
            }
            '0'..='9' | '.' => number(rest)?,
            '"' | '\'' => quoted(rest, letter)?,
            _ if letter.is_alphabetic() || letter == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (Token::Name(rest[..end].to_owned()), end)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| SpecError::syntax(rest))?;
                (Token::Sign(sign), sign.len())
            }
        };
        all.push((at, token));
        at += length;
    }
    Ok(all)
}

fn number(text: &str) -> Result<(Token, usize), SpecError> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let digits = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let number = u64::from_str_radix(&hex[..digits], 16).map_err(|_| SpecError::syntax(text))?;
        return Ok((Token::Number(number as f64), digits + 2));
    }
    let digits = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let number = text[..end].parse().map_err(|_| SpecError::syntax(text))?;
    Ok((Token::Number(number), end))
}

fn quoted(text: &str, quote: char) -> Result<(Token, usize), SpecError> {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            let constant = brickwork_spec_protocol::unquoted(&text[..=at]).ok_or_else(|| SpecError::syntax(text))?;
            return Ok((Token::Text(constant), at + 1));
        }
    }
    Err(SpecError::new(format!("Syntax error: the quote that opens at \"{text}\" is not closed")))
}
