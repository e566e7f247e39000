//! Signs that look like others or like nothing: word processors, chats and right-to-left texts leave them in a file, and
//! nobody sees why it is wrong. The lexer and the reader of names ask here; what is said names the sign and the cure.

use super::tree::{Mistake, Span};

/// Signs that look like one that is meant: what each is called, and what to write.
const LOOKALIKES: [(char, &str, &str); 22] = [
    ('\u{2212}', "the minus sign of books", "-"),
    ('\u{2010}', "a typographic hyphen", "-"),
    ('\u{2011}', "a hyphen that does not break", "-"),
    ('\u{2013}', "an en dash", "-"),
    ('\u{2014}', "an em dash", "-"),
    ('\u{fe63}', "a small hyphen", "-"),
    ('\u{ff0d}', "a full-width hyphen", "-"),
    ('\u{201c}', "a curly quote", "\""),
    ('\u{201d}', "a curly quote", "\""),
    ('\u{201e}', "a low quote", "\""),
    ('\u{ab}', "an angle quote", "\""),
    ('\u{bb}', "an angle quote", "\""),
    ('\u{2018}', "a curly quote", "'"),
    ('\u{2019}', "a curly quote", "'"),
    ('\u{ff02}', "a full-width quote", "\""),
    ('\u{ff1a}', "a full-width colon", ":"),
    ('\u{ff0c}', "a full-width comma", ","),
    ('\u{3001}', "an ideographic comma", ","),
    ('\u{ff08}', "a full-width bracket", "("),
    ('\u{ff09}', "a full-width bracket", ")"),
    ('\u{ff3b}', "a full-width bracket", "["),
    ('\u{ff3d}', "a full-width bracket", "]"),
];

/// The name of a sign that is not seen, if it is one: of no width, or one that turns the direction of the text.
pub(crate) fn unseen(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a space without width",
        '\u{200c}' | '\u{200d}' => "a joiner without width",
        '\u{2060}' => "a word joiner without width",
        '\u{180e}' | '\u{feff}' => "a mark without width",
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a sign that turns the direction of the text"
        }
        _ => return None,
    })
}

/// What is wrong with a sign outside of texts, if it is one that looks like another.
pub(super) fn lookalike(c: char, span: Span) -> Option<Mistake> {
    let (_, name, meant) = LOOKALIKES.iter().find(|(sign, ..)| *sign == c)?;
    let message = format!("`{c}` is {name} (U+{:04X})", u32::from(c));
    Some(Mistake::new(span, message).help(format!("write `{meant}`")))
}

/// What is wrong with a sign outside of texts that is not seen.
pub(super) fn hidden(c: char, span: Span) -> Option<Mistake> {
    let message = format!("there is {} here (U+{:04X}), which is not seen", unseen(c)?, u32::from(c));
    Some(Mistake::new(span, message).help("delete it: it stands between the signs on its left and its right"))
}

/// What is wrong with a name, if signs stand in it that are not seen or that control a terminal.
pub(crate) fn in_name(name: &str) -> Option<String> {
    let odd =
        name.chars().find(|c| c.is_control() || unseen(*c).is_some_and(|_| !matches!(c, '\u{200c}' | '\u{200d}')))?;
    let called = unseen(odd).unwrap_or("a control sign");
    Some(format!("there is {called} (U+{:04X}) in it", u32::from(odd)))
}
