//! The meaning of single tokens: numbers, texts, characters. Called by the parser; a literal that
//! cannot be read comes back as its mistake.

use std::str::Chars;

use super::tree::{ExprKind, Mistake, Span};

const SUFFIXES: [&str; 14] =
    ["u128", "i128", "usize", "isize", "u16", "u32", "u64", "i16", "i32", "i64", "f32", "f64", "u8", "i8"];

/// A number as RON writes it: decimal, `0x`, `0o`, `0b`, underscores, sign, exponent, `inf`, `NaN`
/// and a type suffix, which is ignored.
pub(super) fn number(written: &str, span: Span) -> Result<ExprKind, Mistake> {
    let (negative, digits) = match written.as_bytes()[0] {
        b'-' => (true, &written[1..]),
        b'+' => (false, &written[1..]),
        _ => (false, written),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    match digits {
        "inf" => return Ok(ExprKind::Float(sign * f64::INFINITY)),
        "NaN" => return Ok(ExprKind::Float(f64::NAN)),
        _ => {}
    }
    let wrong = || Mistake::new(span, format!("`{written}` is not a number")).help(no_number_help(written));
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            // `f32` and `f64` are digits of a number in base 16.
            let is_digits = radix == 16 && (rest.ends_with("f32") || rest.ends_with("f64"));
            let rest = if is_digits { rest } else { without_suffix(rest) };
            return integer(rest, radix, negative, written, span).unwrap_or_else(|| Err(wrong()));
        }
    }
    let digits = without_suffix(digits);
    if let Some(result) = integer(digits, 10, negative, written, span) {
        return if written.ends_with("f64") || written.ends_with("f32") {
            result.map(|kind| if let ExprKind::Int(int) = kind { ExprKind::Float(int as f64) } else { kind })
        } else {
            result
        };
    }
    let plain = digits.replace('_', "");
    if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(wrong());
    }
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(ExprKind::Float(sign * number)),
        Ok(_) => Err(Mistake::new(span, format!("`{written}` is larger than any number"))
            .help("a limit that is none is written `inf` or `-inf`; other numbers have at most 308 digits")),
        Err(_) => Err(wrong()),
    }
}

fn no_number_help(written: &str) -> String {
    let end = written.find(char::is_alphabetic).unwrap_or(written.len());
    let (number, unit) = written.split_at(end);
    if number.parse::<f64>().is_ok() && unit.chars().all(char::is_alphabetic) {
        format!("write {number}, without its unit; text is written in double quotes")
    } else {
        "text is written in double quotes".to_owned()
    }
}

fn without_suffix(digits: &str) -> &str {
    SUFFIXES
        .iter()
        .find_map(|suffix| digits.strip_suffix(suffix))
        .filter(|rest| rest.ends_with(|c: char| c.is_ascii_hexdigit() || c == '_' || c == '.'))
        .unwrap_or(digits)
}

/// `None` if these are not digits of a whole number at all.
fn integer(digits: &str, radix: u32, negative: bool, written: &str, span: Span) -> Option<Result<ExprKind, Mistake>> {
    let plain = digits.replace('_', "");
    if plain.is_empty() || !plain.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let signed = if negative { format!("-{plain}") } else { plain };
    Some(i64::from_str_radix(&signed, radix).map(ExprKind::Int).map_err(|_| {
        Mistake::new(span, format!("`{written}` is too large")).help(format!(
            "whole numbers lie between {} and {}",
            i64::MIN,
            i64::MAX
        ))
    }))
}

/// The content of a `"quoted"` token; its closing quote may be missing.
pub(super) fn text(written: &str, start: usize) -> Result<String, Mistake> {
    let body = written.strip_prefix('"').unwrap_or(written);
    let body = body.strip_suffix('"').unwrap_or(body);
    if !body.contains('\\') {
        return Ok(body.to_owned());
    }
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let begin = body.len() - chars.as_str().len() - 1;
        match escape(&mut chars) {
            Some(Some(c)) => out.push(c),
            Some(None) => {}
            None => {
                let end = body.len() - chars.as_str().len();
                let span = Span::new(start + 1 + begin, start + 1 + end);
                return Err(unknown_escape(&body[begin..end], span));
            }
        }
    }
    Ok(out)
}

fn unknown_escape(written: &str, span: Span) -> Mistake {
    Mistake::new(span, format!("unknown escape `{written}`"))
        .help(r#"a backslash is written `\\`; or use raw text, r"..", where it means itself"#)
}

/// What follows a backslash: a character, nothing (a line that goes on), or `None` if unknown.
fn escape(chars: &mut Chars<'_>) -> Option<Option<char>> {
    let c = match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        c @ ('\\' | '"' | '\'') => c,
        'x' => {
            let digits = chars.as_str().get(..2)?;
            *chars = chars.as_str()[2..].chars();
            char::from(u8::from_str_radix(digits, 16).ok()?)
        }
        'u' => {
            let rest = chars.as_str().strip_prefix('{')?;
            let (digits, rest) = rest.split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        '\n' => {
            *chars = chars.as_str().trim_start().chars();
            return Some(None);
        }
        _ => return None,
    };
    Some(Some(c))
}

/// The content of a raw text token; its closing may be missing.
pub(super) fn raw_text(written: &str) -> String {
    let hashed = written.strip_prefix('r').unwrap_or(written);
    let body = hashed.trim_start_matches('#');
    let closing = format!("\"{}", "#".repeat(hashed.len() - body.len()));
    let body = body.strip_prefix('"').unwrap_or(body);
    body.strip_suffix(closing.as_str()).unwrap_or(body).to_owned()
}

/// The content of a `'c'` token.
pub(super) fn character(written: &str, span: Span) -> Result<char, Mistake> {
    let body = &written[1..written.len() - 1];
    let mut chars = body.chars();
    let found = match chars.next() {
        Some('\\') => escape(&mut chars).flatten(),
        other => other,
    };
    match found {
        Some(c) if chars.as_str().is_empty() => Ok(c),
        _ => Err(Mistake::new(span, "single quotes hold exactly one character")
            .help(format!("text is written in double quotes: \"{body}\""))),
    }
}
