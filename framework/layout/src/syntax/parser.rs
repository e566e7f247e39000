//! Builds the tree over the tokens. It trusts [`super::brackets`] for where each bracket ends, so
//! a mistake never spreads beyond the bracket that it stands in. Every mistake is told once.

mod parts;

use super::brackets::{self, Pairs};
use super::lexer::{self, Bracket, Token, TokenKind};
use super::literal;
use super::mistakes::{self, Found};
use super::tree::{Expr, ExprKind, Item, MapEntry, Mistake, Name, Span, Tree};

/// How deep brackets may be nested; what is deeper is reported and left out.
pub const MAX_DEPTH: usize = 128;

/// Reads RON; never fails, never panics, in time linear in the length of the text.
pub fn parse(text: &str) -> Tree {
    let (tokens, lexical) = lexer::lex(text);
    let last = tokens.last().filter(|token| token.kind == TokenKind::Comment);
    let ends_in_a_comment = last.is_some_and(|last| lexical.iter().any(|e| e.span.start == last.span.start));
    let (pairs, unpaired, strays) = brackets::pair(&tokens, text, ends_in_a_comment);
    let mut parser = Parser {
        text,
        tokens: &tokens,
        pairs: &pairs,
        at: 0,
        depth: 0,
        inside: None,
        has_leftover: false,
        found: Vec::new(),
    };
    let root = parser.file();
    let is_shaky = !lexical.is_empty() || !unpaired.is_empty() || !strays.is_empty() || parser.has_leftover;
    let mut jumbled = mistakes::jumbled_lines(text, &lexical);
    let mut errors = mistakes::unopened(&strays, parser.found, &mut jumbled);
    errors.extend(unpaired);
    let errors = mistakes::tidy(text, lexical, errors);
    Tree { text: text.to_owned(), tokens, root, errors, is_shaky, jumbled }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    pairs: &'t Pairs,
    at: usize,
    depth: usize,
    /// Where the bracket that is being read opens.
    inside: Option<usize>,
    has_leftover: bool,
    found: Vec<Found>,
}

impl<'t> Parser<'t> {
    /// The kind of the next token that means something, before `end`.
    fn peek(&mut self, end: usize) -> Option<TokenKind> {
        while self.at < end && (self.tokens[self.at].kind.is_trivia() || self.pairs.is_stray(self.at)) {
            self.at += 1;
        }
        (self.at < end).then(|| self.tokens[self.at].kind)
    }

    /// The kind of the token after the next one.
    fn peek_second(&mut self, end: usize) -> Option<TokenKind> {
        self.peek(end)?;
        let at = self.at;
        self.at += 1;
        let second = self.peek(end);
        self.at = at;
        second
    }

    fn eat(&mut self, end: usize, kind: TokenKind) -> bool {
        let found = self.peek(end) == Some(kind);
        self.at += usize::from(found);
        found
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    fn written(&self, span: Span) -> &'t str {
        &self.text[span.start..span.end]
    }

    /// The place just after the last token that meant something.
    fn after_last(&self) -> Span {
        let last = self.tokens[..self.at].iter().rev().find(|token| !token.kind.is_trivia());
        Span::at(last.map_or(0, |token| token.span.end))
    }

    /// Whether a bracket that closes nothing stands directly before the next token.
    fn is_after_stray(&self) -> bool {
        self.at > 0 && self.pairs.is_stray(self.at - 1)
    }

    fn error(&mut self, mistake: Mistake) {
        self.found.push(Found { mistake, inside: self.inside, hints_at_bracket: false });
    }

    /// A mistake that may come from an opening bracket that is not there.
    fn structural_error(&mut self, mistake: Mistake) {
        self.found.push(Found { mistake, inside: self.inside, hints_at_bracket: true });
    }

    /// Passes one token, or one bracket with all that is in it.
    fn skip(&mut self) {
        self.at = match self.tokens[self.at].kind {
            TokenKind::Open(_) => {
                let (end, closed) = self.pairs.end(self.at);
                end + usize::from(closed)
            }
            _ => self.at + 1,
        };
    }

    fn skip_to_comma(&mut self, end: usize) {
        while !matches!(self.peek(end), None | Some(TokenKind::Comma)) {
            self.skip();
        }
    }

    fn file(&mut self) -> Option<Expr> {
        let end = self.tokens.len();
        self.extensions(end);
        self.peek(end)?;
        let root = self.value(end);
        if self.peek(end).is_some() {
            self.has_leftover = true;
            let span = self.span();
            self.structural_error(
                Mistake::new(span, "nothing may follow the end of the layout")
                    .help("a bracket before this closes too early, or this is left over"),
            );
        }
        Some(root)
    }

    /// `#![enable(...)]`: all extensions are always on.
    fn extensions(&mut self, end: usize) {
        while self.peek(end) == Some(TokenKind::Other) && self.written(self.span()) == "#" {
            self.at += 1;
            if self.peek(end) == Some(TokenKind::Other) && self.written(self.span()) == "!" {
                self.at += 1;
            }
            if self.peek(end) == Some(TokenKind::Open(Bracket::Square)) {
                self.skip();
            }
        }
    }

    /// The value at the next token, of which there must be one before `end`.
    fn plain_value(&mut self, end: usize) -> Expr {
        let first = self.at;
        let span = self.span();
        let kind = match self.tokens[first].kind {
            TokenKind::Ident => return self.named(end),
            TokenKind::Open(bracket) => return self.bracket(None, bracket, first),
            TokenKind::Number => self.literal(|written| literal::number(written, span)),
            TokenKind::Text => self.literal(|written| literal::text(written, span.start).map(ExprKind::Text)),
            TokenKind::RawText => self.literal(|written| Ok(ExprKind::Text(literal::raw_text(written)))),
            TokenKind::Char => self.literal(|written| literal::character(written, span).map(ExprKind::Char)),
            _ => {
                self.structural_error(Mistake::new(span, format!("unexpected `{}`", self.written(span))));
                self.skip_to_comma(end);
                return self.broken(first);
            }
        };
        Expr { span, tokens: first..self.at, kind }
    }

    fn literal(&mut self, read: impl FnOnce(&str) -> Result<ExprKind, Mistake>) -> ExprKind {
        let written = self.written(self.span());
        self.at += 1;
        read(written).unwrap_or_else(|error| {
            self.error(error);
            ExprKind::Broken
        })
    }

    /// What lies between token `first` and here, left out.
    fn broken(&self, first: usize) -> Expr {
        let span = if first < self.at {
            Span::new(self.tokens[first].span.start, self.tokens[self.at - 1].span.end)
        } else {
            self.after_last()
        };
        Expr { span, tokens: first..self.at, kind: ExprKind::Broken }
    }

    fn name(&mut self) -> Name {
        let span = self.span();
        self.at += 1;
        let written = self.written(span);
        Name { text: written.strip_prefix("r#").unwrap_or(written).to_owned(), span }
    }

    fn named(&mut self, end: usize) -> Expr {
        let first = self.at;
        let name = self.name();
        let after = self.at;
        if self.peek(end) == Some(TokenKind::Open(Bracket::Round)) {
            return self.bracket(Some(name), Bracket::Round, first);
        }
        self.at = after;
        let span = name.span;
        let kind = match name.text.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "inf" => ExprKind::Float(f64::INFINITY),
            "NaN" => ExprKind::Float(f64::NAN),
            _ => ExprKind::Name(name.text),
        };
        Expr { span, tokens: first..after, kind }
    }

    fn bracket(&mut self, name: Option<Name>, bracket: Bracket, first: usize) -> Expr {
        let open = self.at;
        let (end, closed) = self.pairs.end(open);
        self.at += 1;
        if self.depth == MAX_DEPTH {
            let span = self.tokens[open].span;
            self.error(Mistake::new(span, format!("brackets are nested more than {MAX_DEPTH} deep")));
            self.at = end + usize::from(closed);
            return self.broken(first);
        }
        self.depth += 1;
        let outside = self.inside.replace(self.tokens[open].span.start);
        let kind = match bracket {
            Bracket::Round => ExprKind::Group { name, items: self.sequence(end, Self::item) },
            Bracket::Square => ExprKind::List(self.sequence(end, Self::element)),
            Bracket::Curly => ExprKind::Map(self.sequence(end, Self::entry)),
        };
        self.depth -= 1;
        self.inside = outside;
        let last = if closed { self.tokens[end].span.end } else { self.after_last().end };
        self.at = if closed { end + 1 } else { self.at };
        Expr { span: Span::new(self.tokens[first].span.start, last), tokens: first..self.at, kind }
    }

    /// A value, where it may be text that somebody did not put into quotes: `name: ID14-4`.
    fn value(&mut self, end: usize) -> Expr {
        let first = self.at;
        let known = self.found.len();
        let value = self.plain_value(end);
        let is_word = matches!(self.tokens[first].kind, TokenKind::Ident | TokenKind::Number);
        if !is_word || self.at != first + 1 || !self.goes_on(end) || self.found.len() > known {
            return value;
        }
        while self.goes_on(end) {
            self.at += 1;
        }
        // `70%` is a number with its unit, `2006-05-01` a text.
        let rest = &self.text[self.tokens[first].span.end..self.tokens[self.at - 1].span.end];
        if self.tokens[first].kind == TokenKind::Number && !rest.contains(|c: char| c.is_ascii_digit() || c == ':') {
            self.at = first + 1;
            return value;
        }
        let value = self.broken(first);
        let help = format!("write \"{}\"", self.written(value.span));
        self.structural_error(Mistake::new(value.span, "text is written in double quotes").help(help));
        value
    }

    /// Whether a word goes on without a blank.
    fn goes_on(&self, end: usize) -> bool {
        self.at < end
            && match self.tokens[self.at].kind {
                TokenKind::Ident | TokenKind::Number | TokenKind::Colon => true,
                TokenKind::Other => !matches!(self.written(self.span()), "=" | ";"),
                _ => false,
            }
    }
}
