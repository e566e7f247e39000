//! Decides for the whole file, before parsing, which brackets belong together. Where they do not
//! match it finds the repair after which the most of what follows fits, and uses indentation to
//! see where an unclosed bracket was meant to end; so the parser need not think of it.

use super::lexer::{Bracket, Token, TokenKind};
use super::tree::{Mistake, Span};

/// How many brackets are looked at to judge a repair.
const LOOK_AHEAD: usize = 256;
/// After this many mistakes no repair is sought any more: it keeps the work linear.
const HOPELESS: usize = 64;

/// Which brackets belong together.
pub(super) struct Pairs {
    /// For an opening token: the index at which its content ends, and whether a closing token
    /// stands there.
    ends: Vec<Option<(usize, bool)>>,
    stray: Vec<bool>,
}

impl Pairs {
    /// Where the content of the bracket opened at token `open` ends, and whether the token there
    /// closes it.
    pub(super) fn end(&self, open: usize) -> (usize, bool) {
        self.ends[open].expect("every opening bracket is given an end")
    }

    /// Whether this closing bracket closes nothing.
    pub(super) fn is_stray(&self, token: usize) -> bool {
        self.stray[token]
    }
}

/// A closing bracket that closes nothing.
pub(super) struct Stray {
    pub(super) span: Span,
    pub(super) bracket: Bracket,
    /// Where the bracket around it opens.
    pub(super) inside: Option<usize>,
    /// Where the bracket opens that was closed last before it.
    pub(super) after: Option<usize>,
}

impl Stray {
    pub(super) fn mistake(&self) -> Mistake {
        let message = format!("this `{}` closes nothing", self.bracket.close());
        Mistake::new(self.span, message).help("remove it")
    }

    /// What it is when there is a place where its opening bracket may have been.
    pub(super) fn unopened(&self, place: Span) -> Mistake {
        let message = format!("a `{}` seems to be missing before this", self.bracket.open());
        Mistake::new(place, message).label(self.span, "nothing opens this")
    }
}

/// `ends_in_a_comment` says that a comment is never closed: it has swallowed what closes.
pub(super) fn pair(tokens: &[Token], text: &str, ends_in_a_comment: bool) -> (Pairs, Vec<Mistake>, Vec<Stray>) {
    let brackets = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| matches!(token.kind, TokenKind::Open(_) | TokenKind::Close(_)))
        .map(|(index, token)| (index, token.kind))
        .collect();
    let pairs = Pairs { ends: vec![None; tokens.len()], stray: vec![false; tokens.len()] };
    let mut pairing = Pairing {
        text,
        tokens,
        brackets,
        stack: Vec::new(),
        pairs,
        errors: Vec::new(),
        strays: Vec::new(),
        last_closed: None,
        lines: Vec::new(),
    };
    pairing.run(ends_in_a_comment);
    (pairing.pairs, pairing.errors, pairing.strays)
}

#[derive(Clone, Copy)]
struct Line {
    number: usize,
    /// How many bytes stand before its first token that means something.
    indent: usize,
    /// Whether this token is that first one.
    is_first: bool,
    /// Whether nothing but closing brackets stands before this token.
    has_only_closed: bool,
}

struct Pairing<'t> {
    text: &'t str,
    tokens: &'t [Token],
    brackets: Vec<(usize, TokenKind)>,
    stack: Vec<(usize, Bracket)>,
    pairs: Pairs,
    errors: Vec<Mistake>,
    strays: Vec<Stray>,
    /// Where the bracket opens that was closed last.
    last_closed: Option<usize>,
    /// Of every token; made only when something does not match.
    lines: Vec<Line>,
}

impl Pairing<'_> {
    fn run(&mut self, ends_in_a_comment: bool) {
        for at in 0..self.brackets.len() {
            let (token, kind) = self.brackets[at];
            match kind {
                TokenKind::Open(bracket) => self.stack.push((token, bracket)),
                TokenKind::Close(bracket) => self.close(at, token, bracket),
                _ => {}
            }
        }
        if !self.stack.is_empty() {
            let known = self.errors.len();
            self.abandon(0, self.tokens.len());
            if ends_in_a_comment {
                self.errors.truncate(known);
            }
        }
    }

    fn close(&mut self, at: usize, token: usize, bracket: Bracket) {
        match self.stack.last().copied() {
            Some((open, top)) if top == bracket => {
                self.pairs.ends[open] = Some((token, true));
                self.last_closed = Some(self.tokens[open].span.start);
                self.stack.pop();
            }
            Some(_) => self.repair(at, token, bracket),
            None => self.mark_stray(token, bracket),
        }
    }

    /// Chooses between the three things that may be wrong where `bracket` does not close the
    /// innermost open one.
    fn repair(&mut self, at: usize, token: usize, bracket: Bracket) {
        if self.errors.len() + self.strays.len() >= HOPELESS {
            return self.mark_stray(token, bracket);
        }
        let depth = self.stack.len();
        // Deeper than this the search itself would no longer be linear.
        let nearest = self.stack.iter().rev().take(LOOK_AHEAD).position(|(_, open)| *open == bracket);
        let owner = nearest.map(|above| depth - 1 - above);
        self.look_at_lines();
        let unclosed = owner.map(|owner| self.score(at, owner, Some(owner)));
        let wrong = self.score(at, depth - 1, Some(depth - 1));
        let stray = self.score(at, depth, None);
        match owner {
            Some(owner) if unclosed >= Some(wrong.max(stray)) => {
                self.abandon(owner + 1, token);
                self.pairs.ends[self.stack[owner].0] = Some((token, true));
                self.stack.truncate(owner);
            }
            _ if wrong >= stray => self.close_wrongly(token, bracket),
            _ => self.mark_stray(token, bracket),
        }
    }

    /// How good it is when the closing bracket at `at` closes `closed` and leaves `kept` open:
    /// whether all that follows fits, whether it looks right on the page, and how much fits.
    fn score(&self, at: usize, kept: usize, closed: Option<usize>) -> (bool, bool, usize) {
        let reach = self.reach(at + 1, kept);
        let line = self.lines[self.brackets[at].0];
        let is_likely = closed.is_none_or(|closed| {
            let opened = self.lines[self.stack[closed].0];
            line.has_only_closed || opened.number == line.number
        });
        (reach == usize::MAX, is_likely, reach)
    }

    fn close_wrongly(&mut self, token: usize, bracket: Bracket) {
        let (open, top) = self.stack.pop().expect("there is an open bracket where one is closed wrongly");
        self.pairs.ends[open] = Some((token, true));
        let message = format!("this `{}` should be `{}`", bracket.close(), top.close());
        let label = format!("it closes this `{}`", top.open());
        self.errors.push(Mistake::new(self.tokens[token].span, message).label(self.tokens[open].span, label));
    }

    fn mark_stray(&mut self, token: usize, bracket: Bracket) {
        self.pairs.stray[token] = true;
        let inside = self.stack.last().map(|(open, _)| self.tokens[*open].span.start);
        self.strays.push(Stray { span: self.tokens[token].span, bracket, inside, after: self.last_closed });
    }

    /// How many brackets from `from` on fit when only the lowest `kept` open ones are left.
    fn reach(&self, from: usize, kept: usize) -> usize {
        let mut kept = kept;
        let mut opened = Vec::new();
        for (count, (_, kind)) in self.brackets[from..].iter().take(LOOK_AHEAD).enumerate() {
            match kind {
                TokenKind::Open(bracket) => opened.push(*bracket),
                TokenKind::Close(bracket) => {
                    let top = opened.pop().or_else(|| {
                        kept = kept.checked_sub(1)?;
                        Some(self.stack[kept].1)
                    });
                    if top != Some(*bracket) {
                        return count;
                    }
                }
                _ => {}
            }
        }
        let at_end = self.brackets.len() - from <= LOOK_AHEAD;
        if at_end && (kept > 0 || !opened.is_empty()) { self.brackets.len() - from } else { usize::MAX }
    }

    /// Gives up every open bracket from `first` up, none of which is closed before token `limit`.
    fn abandon(&mut self, first: usize, limit: usize) {
        self.look_at_lines();
        let given_up = self.stack.split_off(first);
        let Some(&(innermost, bracket)) = given_up.last() else { return };
        let mut inner_end = limit;
        for (nth, &(open, _)) in given_up.iter().rev().enumerate() {
            let end = self.outdented(open, limit);
            self.pairs.ends[open] = Some((end, false));
            if nth == 0 {
                inner_end = end;
            }
        }
        let message = match given_up.len() {
            1 => format!("this `{}` is never closed", bracket.open()),
            2 => format!("this `{}` and the bracket around it are never closed", bracket.open()),
            n => format!("this `{}` and {} brackets around it are never closed", bracket.open(), n - 1),
        };
        let mut error = Mistake::new(self.tokens[innermost].span, message);
        if let Some(before) = self.tokens.get(inner_end) {
            let first_char = self.text[before.span.start..].chars().next().map_or(1, char::len_utf8);
            let span = Span::new(before.span.start, before.span.start + first_char);
            error = error.label(span, format!("`{}` is missing before this", bracket.close()));
        } else {
            error = error.help(format!("write `{}` where it ends", bracket.close()));
        }
        self.errors.push(error);
    }

    /// The first token of a line, directly inside the bracket, that is indented no deeper than the
    /// line of the bracket; else `limit`.
    fn outdented(&self, open: usize, limit: usize) -> usize {
        let indent = self.lines[open].indent;
        let mut at = open + 1;
        while at < limit {
            let line = self.lines[at];
            if line.is_first && line.indent <= indent {
                return at;
            }
            at = match self.pairs.ends[at] {
                Some((end, closed)) => end + usize::from(closed),
                None => at + 1,
            };
        }
        limit
    }

    fn look_at_lines(&mut self) {
        if !self.lines.is_empty() {
            return;
        }
        let mut line = Line { number: 0, indent: 0, is_first: true, has_only_closed: true };
        let mut start = 0;
        for token in self.tokens {
            let is_meaning = !token.kind.is_trivia();
            if is_meaning && line.is_first {
                line.indent = token.span.start - start;
            }
            self.lines.push(Line { is_first: is_meaning && line.is_first, ..line });
            line.is_first &= !is_meaning;
            line.has_only_closed &= !is_meaning || matches!(token.kind, TokenKind::Close(_));
            if let Some(newline) = self.text[token.span.start..token.span.end].rfind('\n') {
                start = token.span.start + newline + 1;
                line = Line { number: line.number + 1, is_first: true, has_only_closed: true, ..line };
            }
        }
    }
}
