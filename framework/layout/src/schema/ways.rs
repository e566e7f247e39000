//! Values that may be written in several ways: enums, options, untagged unions. Part of
//! [`crate::schema`]; it finds the way that was meant and tells what is wrong with that one alone.

use brickwork_sdk::{Entry, Value};

use super::node::{Schema, Way};
use super::{Checker, fits, join, words};

impl Checker {
    pub(super) fn ways(&mut self, ways: &[Way<'_>], value: &Value, path: &str) {
        let is_meant = match value {
            Value::Null => ways.iter().any(|way| matches!(way, Way::Nothing)),
            Value::Text(word) => self.word(ways, word, path),
            Value::Map(entries) => self.tagged(ways, entries, value, path) || self.variant(ways, entries, path),
            _ => false,
        };
        if !is_meant {
            self.others(ways, value, path);
        }
    }

    /// Whether the word is the name of a variant, or can only be meant as one.
    fn word(&mut self, ways: &[Way<'_>], word: &str, path: &str) -> bool {
        let names = names(ways);
        if !names.contains(&word) {
            if names.is_empty() || takes(ways, "string") {
                return false;
            }
            self.tell(path, format!("unknown variant `{word}`"), &names);
        } else if ways.iter().any(|way| matches!(way, Way::Variant(name, _) if *name == word)) {
            self.tell(path, format!("`{word}` needs a value: {word}(..)"), &[]);
        }
        true
    }

    /// Whether this is `Name(..)`, or can only be meant as that.
    fn variant(&mut self, ways: &[Way<'_>], entries: &[Entry], path: &str) -> bool {
        let [entry] = entries else { return false };
        let name = entry.key.as_str();
        let inside = join(path, name);
        let variant = ways.iter().find_map(|way| match way {
            Way::Variant(known, schema) if *known == name => Some(*schema),
            _ => None,
        });
        let names = names(ways);
        if let Some(schema) = variant {
            self.content(schema, &entry.value, &inside);
        } else if names.is_empty() || takes(ways, "object") {
            return false;
        } else if !names.contains(&name) {
            self.tell(path, format!("unknown variant `{name}`"), &names);
        } else if entry.value != Value::Null {
            self.tell(path, format!("`{name}` takes no value"), &[]);
        }
        true
    }

    /// What a variant holds. Several values are written side by side, and one stands for itself.
    fn content(&mut self, schema: Schema<'_>, value: &Value, path: &str) {
        let is_tuple = schema.resolved().get("prefixItems").is_some();
        match value {
            Value::List(_) => self.value(schema, value, path),
            Value::Map(entries) if is_tuple && entries.is_empty() => self.value(schema, &Value::list([]), path),
            _ if is_tuple => self.value(schema, &Value::list([value.clone()]), path),
            _ => self.value(schema, value, path),
        }
    }

    /// Whether the fields say by one of them which variant they are.
    fn tagged(&mut self, ways: &[Way<'_>], entries: &[Entry], value: &Value, path: &str) -> bool {
        let tags = || {
            ways.iter().filter_map(|way| match way {
                Way::Tagged(tag, word, schema) => Some((*tag, *word, *schema)),
                _ => None,
            })
        };
        let Some((tag, ..)) = tags().next() else { return false };
        let words: Vec<&str> = tags().map(|(_, word, _)| word).collect();
        let Some(given) = entries.iter().find(|entry| entry.key == tag) else {
            if takes(ways, "object") {
                return false;
            }
            self.tell(path, format!("`{tag}` is missing"), &[]);
            return true;
        };
        match given.value.as_str() {
            Some(written) => match tags().find(|(_, word, _)| *word == written) {
                Some((.., schema)) => self.value(schema, value, path),
                None => self.tell(&join(path, tag), format!("unknown variant `{written}`"), &words),
            },
            None => self.wrong_type("one of the choices", &given.value, &join(path, tag), &words),
        }
        true
    }

    /// Tries all that is left, and tells what is wrong with the one that fits best.
    fn others(&mut self, ways: &[Way<'_>], value: &Value, path: &str) {
        let mut best: Option<Vec<_>> = None;
        for schema in others(ways).filter(|schema| could_be(*schema, value)) {
            let mut checker = Checker { problems: Vec::new(), may_be_infinite: self.may_be_infinite };
            checker.value(schema, value, path);
            if best.as_ref().is_none_or(|best| checker.problems.len() < best.len()) {
                best = Some(checker.problems);
            }
        }
        if let Some(best) = best {
            return self.problems.extend(best);
        }
        let names = names(ways);
        let mut expected: Vec<String> = Vec::new();
        if !names.is_empty() {
            expected.push("one of the choices".into());
        }
        for schema in others(ways) {
            let words = words::expected(schema);
            if !expected.contains(&words) {
                expected.push(words);
            }
        }
        if ways.iter().any(|way| matches!(way, Way::Tagged(..))) {
            expected.push("fields in `( )`".into());
        }
        self.wrong_type(&expected.join(" or "), value, path, &names);
    }
}

/// The names of all variants.
fn names<'s>(ways: &[Way<'s>]) -> Vec<&'s str> {
    let names = |way: &Way<'s>| match way {
        Way::Words(words) => words.clone(),
        Way::Variant(name, _) => vec![*name],
        _ => Vec::new(),
    };
    ways.iter().flat_map(names).collect()
}

fn others<'s>(ways: &[Way<'s>]) -> impl Iterator<Item = Schema<'s>> {
    ways.iter().filter_map(|way| match way {
        Way::Other(schema) => Some(*schema),
        _ => None,
    })
}

fn could_be(schema: Schema<'_>, value: &Value) -> bool {
    let types = schema.types();
    types.is_empty() || types.iter().any(|name| fits(name, value))
}

/// Whether something that is no variant may be of this JSON type.
fn takes(ways: &[Way<'_>], name: &str) -> bool {
    others(ways).any(|schema| {
        let types = schema.types();
        types.is_empty() || types.contains(&name)
    })
}
