//! What a plugin may be called: a name that cargo, Rust and layouts all take.

use std::path::Path;

/// The words that Rust keeps for itself, in any edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Crates that every program or every plugin has: another of the name could not be told from them.
const CRATES: &[&str] =
    &["alloc", "brickwork", "brickwork_sdk", "core", "proc_macro", "schemars", "serde", "std", "test"];

/// A name that was checked.
#[derive(Debug, PartialEq)]
pub struct Name {
    /// As it was given: the crate and its folder.
    pub kebab: String,
    /// With underscores: the library, and the first word of its kinds.
    pub snake: String,
}

impl Name {
    /// Checks a name; `sdk` is that of the checkout whose plugins have theirs.
    pub fn checked(name: &str, sdk: &Path) -> Result<Self, String> {
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        };
        if !name.split(['-', '_']).all(is_word) || !name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            return Err(format!(
                "{name:?} is no name for a plugin: it has small letters and digits, begins with a letter, and one `-` \
                 or `_` parts its words, such as `cryo-stream`"
            ));
        }
        let snake = name.replace('-', "_");
        if KEYWORDS.contains(&snake.as_str()) {
            return Err(format!("`{name}` is a word of the Rust language: choose another name"));
        }
        if CRATES.contains(&snake.as_str()) {
            return Err(format!("`{name}` is a crate that plugins are built with: choose another name"));
        }
        if sdk.with_file_name("plugins").join(&snake).is_dir() {
            return Err(format!("`{name}` is a plugin of Brickwork, whose kinds begin with it: choose another name"));
        }
        Ok(Self { kebab: name.into(), snake })
    }
}

#[cfg(test)]
mod tests {
    use super::Name;
    use std::path::Path;

    fn checked(name: &str) -> Result<Name, String> {
        Name::checked(name, Path::new(super::super::SDK))
    }

    #[test]
    fn a_name_in_small_letters_is_taken_and_kinds_have_it_with_underscores() {
        for (name, snake) in [("cryo", "cryo"), ("cryo-stream", "cryo_stream"), ("id14_4", "id14_4")] {
            assert_eq!(checked(name), Ok(Name { kebab: name.into(), snake: snake.into() }));
        }
    }

    #[test]
    fn what_cargo_or_rust_or_a_layout_would_not_take_is_refused_with_the_reason() {
        for name in ["", "Cryo", "4axis", "-cryo", "cryo-", "cryo--stream", "cryo stream", "../cryo", "größe"] {
            let why = checked(name).expect_err(name);
            assert!(why.contains("is no name for a plugin"), "{name}: {why}");
        }
        for (name, reason) in [("loop", "word of the Rust language"), ("serde", "crate"), ("motors", "is a plugin of")]
        {
            let why = checked(name).expect_err(name);
            assert!(why.contains(reason), "{name}: {why}");
        }
    }
}
