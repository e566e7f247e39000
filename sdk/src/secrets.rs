//! Finds secrets that are written as such in a text: logins in addresses, `password: ".."`, `?pwd=..`. Whatever first
//! reads a text that a person, a log or an archive may see (errors, diagnostics, lines of a log) passes it through here.

use std::ops::Range;

/// What stands in the place of a secret.
pub const REMOVED: &str = "<removed>";
/// The ends of names behind which a secret stands.
const NAMES: [&str; 9] = ["password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "apikey", "api_key"];

/// The text without the secrets that are written in it.
pub fn without_secrets(text: &str) -> String {
    replaced(text, |_| REMOVED.to_owned())
}

/// The text with a star for each letter of its secrets, so that what stands behind keeps its place.
pub fn starred(text: &str) -> String {
    replaced(text, |secret| "*".repeat(secret.chars().count()))
}

fn replaced(text: &str, with: impl Fn(&str) -> String) -> String {
    let mut found: Vec<Range<usize>> = user_infos(text).chain(named(text)).collect();
    found.sort_by_key(|range| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in found.into_iter().filter(|range| !range.is_empty()) {
        if range.start >= at {
            out += &text[at..range.start];
            out += &with(&text[range.clone()]);
        }
        at = at.max(range.end);
    }
    out + &text[at..]
}

/// `user:password` in `http://user:password@camera`.
fn user_infos(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, mark)| {
        let start = at + mark.len();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '<');
        let end = text[start..].find(ends).map_or(text.len(), |length| start + length);
        text[start..end].rfind('@').map(|length| start..start + length)
    })
}

/// What follows a name such as `password`, an `=` or a `:`, and for the latter a quote.
fn named(text: &str) -> impl Iterator<Item = Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let found: Vec<_> = NAMES
        .iter()
        .flat_map(|name| lower.match_indices(name).map(|(at, _)| (at, at + name.len())).collect::<Vec<_>>())
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric()))
        .collect();
    found.into_iter().filter_map(|(_, end)| value_after(text, end))
}

fn value_after(text: &str, name_end: usize) -> Option<Range<usize>> {
    let rest = text[name_end..].trim_start_matches(['"', '\'', '`']).trim_start_matches([' ', '\t']);
    let is_assigned = rest.starts_with('=');
    let rest = rest.strip_prefix(['=', ':'])?.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix("Some(").unwrap_or(rest);
    let raw = rest.strip_prefix('r').map(|raw| raw.trim_start_matches('#')).filter(|raw| raw.starts_with('"'));
    let rest = raw.unwrap_or(rest);
    let start = text.len() - rest.len();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (start, length) = match quote {
        // A text that is not closed ends with its line.
        Some(quote) => (start + 1, rest[1..].find([quote, '\n', '\r']).unwrap_or(rest.len() - 1)),
        None if is_assigned => {
            let ends = |c: char| c.is_whitespace() || matches!(c, '&' | ',' | ';' | ')' | '"' | '\'' | '#' | '`');
            (start, rest.find(ends).unwrap_or(rest.len()))
        }
        None => return None,
    };
    Some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_removed_wherever_they_are_written_as_such() {
        for (text, without) in [
            ("http://mx:pw@cam/a.jpg b@c", "http://<removed>@cam/a.jpg b@c"),
            ("http://cam/s?pwd=abc&password=x%20y&q=1", "http://cam/s?pwd=<removed>&password=<removed>&q=1"),
            ("GET /s?user=mx&PWD=abc HTTP/1.1", "GET /s?user=mx&PWD=<removed> HTTP/1.1"),
            (r#"(user: "mx", password: "tops3cret","#, r#"(user: "mx", password: "<removed>","#),
            (r#"api_token: Some("abc"), x: 1"#, r#"api_token: Some("<removed>"), x: 1"#),
            (r#"{"password": "a b", "x": 1}"#, r#"{"password": "<removed>", "x": 1}"#),
            ("password: \"not closed\n)", "password: \"<removed>\n)"),
        ] {
            assert_eq!(without_secrets(text), without);
            assert_eq!(without_secrets(without), without, "twice is as once");
        }
    }

    #[test]
    fn words_that_are_no_secret_stay() {
        for plain in [
            r#"password_file: "/etc/brickwork/cam""#,
            "the camera refuses the password: correct it in `password_file`",
            "http://camera/stream?a=b@c",
            "bypass=1 and tokens: \"two\"",
        ] {
            assert_eq!(without_secrets(plain), plain);
        }
    }

    #[test]
    fn stars_keep_the_place_of_what_follows() {
        assert_eq!(starred("url: \"http://mx:pw@cam\""), "url: \"http://*****@cam\"");
    }
}
