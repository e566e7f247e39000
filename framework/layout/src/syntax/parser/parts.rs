//! What stands inside brackets: elements, fields, map entries, and the commas and colons between
//! them; the mistakes that people make there are told in their own words.

use super::{Expr, ExprKind, Item, MapEntry, Mistake, Name, Parser};
use crate::syntax::lexer::{Bracket, TokenKind};
use crate::syntax::tree::Span;

impl Parser<'_> {
    /// Parts with commas between them, up to `end`.
    pub(super) fn sequence<T>(&mut self, end: usize, part: fn(&mut Self, usize) -> T) -> Vec<T> {
        let mut parts = Vec::new();
        while let Some(kind) = self.peek(end) {
            if kind == TokenKind::Comma {
                let span = self.span();
                if !self.is_after_stray() {
                    self.error(Mistake::new(span, "unexpected `,`").help("remove it, or write a value before it"));
                }
                self.at += 1;
                continue;
            }
            let known = self.found.len();
            parts.push(part(self, end));
            let is_fine = self.found.len() == known;
            self.separator(end, is_fine);
        }
        parts
    }

    /// The comma after a part; when it is missing, says what was meant most likely.
    fn separator(&mut self, end: usize, is_fine: bool) {
        let Some(next) = self.peek(end) else { return };
        if self.eat(end, TokenKind::Comma) {
            return;
        }
        if is_fine && self.is_unit(end) {
            let first = self.at;
            self.skip_to_comma(end);
            let span = Span::new(self.tokens[first].span.start, self.after_last().end);
            let help = format!("remove `{}`", self.written(span));
            self.error(Mistake::new(span, "a number is written without its unit").help(help));
            self.eat(end, TokenKind::Comma);
        } else if starts_value(next) {
            let place = self.after_last();
            // A bracket that is never closed has taken the comma after it.
            if is_fine && !self.text[..place.end].ends_with(',') {
                let mistake = Mistake::new(place, "a comma is missing here");
                let is_after_word = self.text[..place.end].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                if is_after_word { self.structural_error(mistake) } else { self.error(mistake) }
            }
        } else {
            if is_fine {
                let span = self.span();
                let mut error = Mistake::new(span, format!("unexpected `{}`", self.written(span)));
                if next == TokenKind::Colon {
                    error = error.help("a comma is missing before the name, or the name stands in the wrong bracket");
                }
                self.structural_error(error);
            }
            self.skip_to_comma(end);
            self.eat(end, TokenKind::Comma);
        }
    }

    /// Whether the next token is a word that stands behind a number and belongs to nothing else.
    fn is_unit(&mut self, end: usize) -> bool {
        let last = self.tokens[..self.at].iter().rev().find(|token| !token.kind.is_trivia());
        last.is_some_and(|last| last.kind == TokenKind::Number)
            && self.peek(end).is_some()
            && self.is_unit_up_to_comma(end)
    }

    /// Whether all up to the next comma can be a unit: `deg`, `deg/s`, `%`.
    fn is_unit_up_to_comma(&self, end: usize) -> bool {
        let rest = self.tokens[self.at..end].iter().take_while(|token| token.kind != TokenKind::Comma);
        let mut words = rest.filter(|token| !token.kind.is_trivia());
        words.all(|token| match token.kind {
            TokenKind::Ident => true,
            TokenKind::Other => matches!(self.written(token.span), "%" | "°" | "/" | "^" | "*" | "²" | "·"),
            _ => false,
        })
    }

    pub(super) fn element(&mut self, end: usize) -> Expr {
        self.value(end)
    }

    pub(super) fn item(&mut self, end: usize) -> Item {
        if self.peek(end) == Some(TokenKind::Text) && self.peek_second(end) == Some(TokenKind::Colon) {
            return self.quoted_field(end);
        }
        if self.peek(end) != Some(TokenKind::Ident) {
            return Item { name: None, value: self.value(end) };
        }
        let has_colon = match self.peek_second(end) {
            Some(TokenKind::Colon) => true,
            Some(next) => {
                let is_field = self.written(self.span()).starts_with(char::is_lowercase) && !self.is_literal_name();
                if !is_field || !self.looks_like_a_value(next) {
                    return Item { name: None, value: self.value(end) };
                }
                false
            }
            None => return Item { name: None, value: self.value(end) },
        };
        let name = self.name();
        if has_colon {
            self.eat(end, TokenKind::Colon);
        } else {
            self.missing_colon(end, name.span, &format!("`{}`", name.text));
        }
        Item { value: self.value_after(end, &format!("`{}:`", name.text)), name: Some(name) }
    }

    fn is_literal_name(&self) -> bool {
        matches!(self.written(self.span()), "true" | "false" | "inf")
    }

    /// Whether what follows a field's name directly is its value, or an `=` put for the colon.
    fn looks_like_a_value(&self, next: TokenKind) -> bool {
        let follower = self.tokens[self.at + 1];
        match next {
            TokenKind::Open(Bracket::Square | Bracket::Curly) => true,
            TokenKind::Text | TokenKind::RawText | TokenKind::Number | TokenKind::Ident => follower.kind.is_trivia(),
            TokenKind::Other => {
                let rest = self.text[self.span().end..].trim_start();
                rest.starts_with('=')
            }
            _ => false,
        }
    }

    fn quoted_field(&mut self, end: usize) -> Item {
        let span = self.span();
        let written = self.written(span).trim_matches('"').to_owned();
        self.structural_error(
            Mistake::new(span, "inside `( )` the names of fields are not quoted")
                .help(format!("write {written}: without the quotes, or use `{{ }}` if this is to be a map")),
        );
        self.at += 1;
        self.eat(end, TokenKind::Colon);
        let value = self.value_after(end, &format!("`{written}:`"));
        Item { name: Some(Name { text: written, span }), value }
    }

    pub(super) fn entry(&mut self, end: usize) -> MapEntry {
        let key = self.plain_value(end);
        if !self.eat(end, TokenKind::Colon) {
            match self.peek(end) {
                None | Some(TokenKind::Comma) => {
                    if key.kind != ExprKind::Broken {
                        let help = "a map is written {\"name\": value}";
                        self.structural_error(Mistake::new(key.span, "this has no value").help(help));
                    }
                    let at = self.at;
                    return MapEntry { key, value: self.broken(at) };
                }
                Some(_) => {
                    let what = self.written(key.span).lines().next().unwrap_or_default().to_owned();
                    self.missing_colon(end, key.span, &format!("`{what}`"));
                }
            }
        }
        let what = self.written(key.span).lines().next().unwrap_or_default().to_owned();
        MapEntry { value: self.value_after(end, &format!("`{what}:`")), key }
    }

    fn missing_colon(&mut self, end: usize, name: Span, what: &str) {
        if self.peek(end) == Some(TokenKind::Other) && self.written(self.span()) == "=" {
            let span = self.span();
            self.at += 1;
            self.error(Mistake::new(span, format!("write `:` instead of `=` after {what}")));
        } else {
            self.error(Mistake::new(Span::at(name.end), format!("a colon is missing after {what}")));
        }
    }

    fn value_after(&mut self, end: usize, what: &str) -> Expr {
        match self.peek(end) {
            None | Some(TokenKind::Comma) => {
                let place = self.after_last();
                self.error(Mistake::new(place, format!("a value is missing after {what}")));
                let at = self.at;
                Expr { span: place, tokens: at..at, kind: ExprKind::Broken }
            }
            Some(_) => self.value(end),
        }
    }
}

fn starts_value(kind: TokenKind) -> bool {
    use TokenKind::{Char, Ident, Number, Open, RawText, Text};
    matches!(kind, Ident | Number | Text | RawText | Char | Open(_))
}
