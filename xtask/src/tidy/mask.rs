//! Blanks out comments, and strings too if asked, so that a word in prose is not taken for code.
//! The text checks call it. It keeps every line break, so line numbers stay true; it is not a parser and judges nothing.

/// What stays readable besides code.
#[derive(Clone, Copy, PartialEq)]
pub enum Keep {
    Code,
    CodeAndStrings,
}

/// Returns `source` with comments (and strings, unless kept) replaced by spaces.
pub fn mask(source: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut previous = ' ';
    while let Some(first) = rest.chars().next() {
        let (length, is_string) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (block_comment(rest), false)
        } else if let Some(length) = string(rest, previous) {
            (length, true)
        } else {
            out.push(first);
            previous = first;
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (piece, after) = rest.split_at(length);
        if is_string && keep == Keep::CodeAndStrings {
            out.push_str(piece);
        } else {
            out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        previous = ' ';
        rest = after;
    }
    out
}

/// The length of the block comment at the start of `text`; block comments nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of the string or character literal at the start of `text`, if there is one. `previous` is the character
/// before: the `r` of `for"` begins no raw string.
fn string(text: &str, previous: char) -> Option<usize> {
    let inside_word = previous.is_alphanumeric() || previous == '_';
    let prefix = if inside_word {
        0
    } else {
        ["br", "cr", "r", "b", "c"].iter().find_map(|p| literal_prefix(text, p)).unwrap_or(0)
    };
    let body = &text[prefix..];
    if text[..prefix].ends_with('r') {
        let hashes = body.len() - body.trim_start_matches('#').len();
        let content = body[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(content.find(&end).map_or(text.len(), |at| prefix + hashes + 1 + at + end.len()));
    }
    if body.starts_with('"') {
        return Some(prefix + quoted(body, '"'));
    }
    is_character(body).then(|| prefix + quoted(body, '\''))
}

fn literal_prefix(text: &str, prefix: &str) -> Option<usize> {
    let rest = text.strip_prefix(prefix)?;
    let raw = prefix.ends_with('r') && rest.trim_start_matches('#').starts_with('"');
    (raw || rest.starts_with('"') || (prefix == "b" && rest.starts_with('\''))).then_some(prefix.len())
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('\'') && (chars.next() == Some('\\') || chars.next() == Some('\''))
}

/// The length of a literal that `quote` opens at the start of `text` and closes, with backslash escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Keep, mask};

    #[track_caller]
    fn check(source: &str, code: &str) {
        assert_eq!(mask(source, Keep::Code), code);
    }

    #[test]
    fn comments_are_blanked_and_lines_stay() {
        check("a // b\nc", "a     \nc");
        check("a /* x /* y */\n z */ b", "a             \n      b");
    }

    #[test]
    fn strings_are_blanked_with_their_quotes() {
        check(r#"f("a\"b") + 1"#, "f(      ) + 1");
        check(r##"f(r#"a"b"#) + 1"##, "f(        ) + 1");
        check(r#"f(b"x", c"y")"#, "f(    ,     )");
    }

    #[test]
    fn strings_can_be_kept_while_comments_go() {
        assert_eq!(mask("\"//\" // x", Keep::CodeAndStrings), "\"//\"     ");
    }

    #[test]
    fn a_lifetime_is_not_a_character() {
        check("fn f<'a>(x: &'a str, c: 'b')", "fn f<'a>(x: &'a str, c:    )");
        check(r"['\'', '\n', 'é']", "[    ,     ,    ]");
    }

    #[test]
    fn a_word_that_ends_in_r_begins_no_raw_string() {
        check(r#"for"x""#, "for   ");
        check("r#type + 1", "r#type + 1");
    }
}
