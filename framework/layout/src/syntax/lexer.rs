//! Cuts text into tokens that tile it without gaps. Called by the parser alone; it never fails:
//! what it does not know becomes [`TokenKind::Other`] and is judged later.

use super::signs;
use super::tree::{Mistake, Span};

/// One piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends.
    Blank,
    /// `// ...` or `/* ... */`
    Comment,
    /// A name, `r#name` included.
    Ident,
    /// Anything that begins as a number does, sign and suffix included.
    Number,
    /// `"text"`
    Text,
    /// `r"text"`, `r#"text"#`
    RawText,
    /// `'c'`
    Char,
    /// `(`, `[` or `{`
    Open(Bracket),
    /// `)`, `]` or `}`
    Close(Bracket),
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// Any other character.
    Other,
}

impl TokenKind {
    /// Whether the token carries no meaning.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::Comment)
    }
}

/// The three pairs of brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// `( )`
    Round,
    /// `[ ]`
    Square,
    /// `{ }`
    Curly,
}

impl Bracket {
    pub(super) fn open(self) -> char {
        match self {
            Self::Round => '(',
            Self::Square => '[',
            Self::Curly => '{',
        }
    }

    pub(super) fn close(self) -> char {
        match self {
            Self::Round => ')',
            Self::Square => ']',
            Self::Curly => '}',
        }
    }
}

/// After this many unclosed texts, the end of the next is sought in this many characters only: it
/// keeps lexing linear.
const HOPELESS: usize = 16;
const SHORT: usize = 256;

pub(super) fn lex(text: &str) -> (Vec<Token>, Vec<Mistake>) {
    let mut lexer = Lexer { text, at: 0, unclosed: 0, tokens: Vec::new(), errors: Vec::new() };
    while let Some(first) = lexer.rest().chars().next() {
        let start = lexer.at;
        let kind = lexer.token(first);
        lexer.tokens.push(Token { kind, span: Span::new(start, lexer.at) });
    }
    (lexer.tokens, lexer.errors)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// How many texts have no end so far.
    unclosed: usize,
    tokens: Vec<Token>,
    errors: Vec<Mistake>,
}

/// A file with CR alone, as old Macs wrote, has lines too.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn eat_while(&mut self, accept: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
    }

    /// Consumes one token that begins with `first`; always moves forward.
    fn token(&mut self, first: char) -> TokenKind {
        let rest = self.rest();
        match first {
            '\u{feff}' if self.at == 0 => {
                self.at += first.len_utf8();
                TokenKind::Blank
            }
            _ if self.begins_line() && is_merge_mark(rest) => self.wrong_line(
                "this is left of a merge that met a conflict",
                "choose one of the two versions, and delete the three marks",
            ),
            '#' if !rest[1..].trim_start().starts_with(['!', '[']) => {
                self.wrong_line("`#` begins no comment", "a comment begins with `//`")
            }
            ';' => {
                self.at += 1;
                let mistake = Mistake::new(Span::new(self.at - 1, self.at), "`;` ends nothing here");
                self.errors.push(mistake.help("write `,` between the parts"));
                TokenKind::Comma
            }
            c if signs::unseen(c).is_some() => {
                self.at += c.len_utf8();
                self.errors.extend(signs::hidden(c, Span::new(self.at - c.len_utf8(), self.at)));
                TokenKind::Blank
            }
            c if is_blank(c) => {
                self.eat_while(is_blank);
                TokenKind::Blank
            }
            '/' if rest.starts_with("//") => {
                self.eat_while(|c| !is_line_end(c));
                TokenKind::Comment
            }
            '/' if rest.starts_with("/*") => self.block_comment(),
            '"' => self.quoted(),
            'r' if is_raw_text(rest) => self.raw_text(),
            'r' if is_raw_ident(rest) => {
                self.at += 2;
                self.eat_while(in_word);
                TokenKind::Ident
            }
            '\'' => self.character(),
            c if starts_word(c) => {
                self.eat_while(in_word);
                TokenKind::Ident
            }
            c if starts_number(c, rest) => self.number(),
            c => {
                self.at += c.len_utf8();
                self.errors.extend(signs::lookalike(c, Span::new(self.at - c.len_utf8(), self.at)));
                punctuation(c)
            }
        }
    }

    /// Whether nothing stands before this in its line.
    fn begins_line(&self) -> bool {
        self.at == 0 || self.text[..self.at].ends_with(is_line_end)
    }

    /// Passes the rest of a line, which is none of the layout.
    fn wrong_line(&mut self, message: &str, help: &str) -> TokenKind {
        let start = self.at;
        self.eat_while(|c| !is_line_end(c));
        self.errors.push(Mistake::new(Span::new(start, self.at), message).help(help));
        TokenKind::Comment
    }

    fn block_comment(&mut self) -> TokenKind {
        let start = self.at;
        let mut depth = 0;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else if let Some(c) = rest.chars().next() {
                self.at += c.len_utf8();
            } else {
                let span = Span::new(start, start + 2);
                self.errors.push(Mistake::new(span, "this comment is never closed").help("write `*/` where it ends"));
                break;
            }
            if depth == 0 {
                break;
            }
        }
        TokenKind::Comment
    }

    /// How far the end of a text is sought.
    fn patience(&self) -> usize {
        if self.unclosed < HOPELESS { usize::MAX } else { SHORT }
    }

    /// A quoted text may span lines. One that is closed but has a word or a quote directly after
    /// it has swallowed the opening quote of the next: the missing quote is its own.
    fn quoted(&mut self) -> TokenKind {
        let start = self.at;
        let mut escaped = false;
        for (offset, c) in self.text[start + 1..].char_indices().take(self.patience()) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let end = start + 1 + offset + 1;
                    if self.text[end..].starts_with(|c| in_word(c) || c == '"') {
                        break;
                    }
                    self.at = end;
                    return TokenKind::Text;
                }
                _ => {}
            }
        }
        self.unclosed_text(start, start + 1)
    }

    fn raw_text(&mut self) -> TokenKind {
        let start = self.at;
        let hashes = self.rest()[1..].bytes().take_while(|byte| *byte == b'#').count();
        let body = start + 1 + hashes + 1;
        let closing = format!("\"{}", "#".repeat(hashes));
        let mut quotes = self.text[body..].char_indices().take(self.patience()).filter(|(_, c)| *c == '"');
        if let Some((length, _)) = quotes.find(|(at, _)| self.text[body + at..].starts_with(&closing)) {
            self.at = body + length + closing.len();
            return TokenKind::RawText;
        }
        self.unclosed_text(start, body)
    }

    /// Ends the text where it was most likely meant to end, so that the rest can be read.
    fn unclosed_text(&mut self, start: usize, body: usize) -> TokenKind {
        let rest = &self.text[body..];
        let length = rest.find([',', ')', ']', '}', '\n', '\r']).unwrap_or(rest.len());
        self.at = body + length;
        let span = Span::new(start, self.at);
        self.unclosed += 1;
        self.errors
            .push(Mistake::new(span, "this text has no closing quote").help("put a `\"` at the end of the text"));
        TokenKind::Text
    }

    /// One character, or a whole text that somebody put into single quotes.
    fn character(&mut self) -> TokenKind {
        let rest = &self.text[self.at + 1..];
        let mut escaped = false;
        for (offset, c) in rest.char_indices().take(SHORT) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\'' if offset == 0 && rest[1..].starts_with('\'') => {}
                '\'' => {
                    self.at += 1 + offset + 1;
                    return TokenKind::Char;
                }
                _ => {}
            }
        }
        self.at += 1;
        TokenKind::Other
    }

    fn number(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        loop {
            self.eat_while(|c| in_word(c) || c == '.');
            let written = &self.text[start..self.at];
            let exponent = written.ends_with(['e', 'E']) && !written.contains("0x");
            if exponent && self.rest().starts_with(['+', '-']) {
                self.at += 1;
            } else {
                return TokenKind::Number;
            }
        }
    }
}

fn punctuation(c: char) -> TokenKind {
    match c {
        '(' => TokenKind::Open(Bracket::Round),
        '[' => TokenKind::Open(Bracket::Square),
        '{' => TokenKind::Open(Bracket::Curly),
        ')' => TokenKind::Close(Bracket::Round),
        ']' => TokenKind::Close(Bracket::Square),
        '}' => TokenKind::Close(Bracket::Curly),
        ',' => TokenKind::Comma,
        ':' => TokenKind::Colon,
        _ => TokenKind::Other,
    }
}

/// `<<<<<<<`, `=======`, `>>>>>>>`: what git leaves around the two sides of a conflict.
fn is_merge_mark(rest: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| rest.starts_with(mark))
}

fn is_raw_text(rest: &str) -> bool {
    rest[1..].trim_start_matches('#').starts_with('"')
}

fn is_raw_ident(rest: &str) -> bool {
    rest.strip_prefix("r#").is_some_and(|name| name.starts_with(starts_word))
}

fn starts_number(first: char, rest: &str) -> bool {
    let next = rest[first.len_utf8()..].chars().next();
    match first {
        '0'..='9' => true,
        '.' => next.is_some_and(|c| c.is_ascii_digit()),
        '+' | '-' => next.is_some_and(|c| c == '.' || in_word(c)),
        _ => false,
    }
}
