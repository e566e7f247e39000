//! Turns any RON expression into a [`Value`] and remembers where each part of it was written, so
//! that what a plugin says about its config is shown at its place in the file.
//!
//! | RON | `Value` |
//! |---|---|
//! | `(a: 1)`, `{"a": 1}` | map; keys are text |
//! | `(1, 2)`, `[1, 2]` | list |
//! | `Foo` | text `"Foo"` |
//! | `Foo(x)` | map `{"Foo": x}` |
//! | `Foo(1, 2)`, `Foo(a: 1)`, `Foo()` | map from `"Foo"` to a list, a map, an empty map |
//! | `Some(x)` | `x` |
//! | `None`, `()` | null |
//! | `'c'` | text |

use std::collections::HashMap;

use brickwork_sdk::Value;

use crate::syntax::{Expr, ExprKind, Item, Mistake, Span};

/// What is said of a group such as `(1, b: 2)`.
pub(crate) const MIXED: &str = "values with and without a name are mixed here";

/// A value and the places of its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Converted {
    /// The value.
    pub value: Value,
    places: HashMap<String, Part>,
}

/// Where one part was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The name of the field or the key, if it has one.
    pub(crate) key: Option<Span>,
    /// The whole value.
    pub(crate) value: Span,
    /// The value, or the name of its variant, as a word: what a plugin compares with its choices.
    pub(crate) word: Option<(String, Span)>,
}

impl Converted {
    /// The place of the value at `path`, such as `axes[0].Rotation[1]` (`""` is the whole);
    /// of its nearest existing ancestor if there is none. `None` only for a value with no place.
    pub fn place(&self, path: &str) -> Option<Span> {
        self.nearest_part(path).map(|part| part.value)
    }

    pub(crate) fn part(&self, path: &str) -> Option<&Part> {
        self.places.get(path)
    }

    fn nearest_part(&self, mut path: &str) -> Option<&Part> {
        loop {
            if let Some(part) = self.places.get(path) {
                return Some(part);
            }
            let Some(parent) = path.rfind(['.', '[']) else { return self.places.get("") };
            path = &path[..parent];
        }
    }
}

/// The value of an expression, and what cannot be one.
pub fn convert(expr: &Expr) -> (Converted, Vec<Mistake>) {
    let mut converter = Converter { places: HashMap::new(), errors: Vec::new(), path: String::new() };
    let value = converter.value(expr, None);
    (Converted { value, places: converter.places }, converter.errors)
}

struct Converter {
    places: HashMap<String, Part>,
    errors: Vec<Mistake>,
    path: String,
}

impl Converter {
    fn value(&mut self, expr: &Expr, key: Option<Span>) -> Value {
        let part = Part { key, value: expr.span, word: word(expr) };
        self.places.insert(self.path.clone(), part);
        match &expr.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int(*value),
            ExprKind::Float(value) => Value::Float(*value),
            ExprKind::Text(text) => Value::from(text.as_str()),
            ExprKind::Char(c) => Value::from(c.to_string()),
            ExprKind::Name(name) if name == "None" => Value::Null,
            ExprKind::Name(name) => Value::from(name.as_str()),
            ExprKind::List(items) => self.list(items),
            ExprKind::Map(_) => self.map(expr),
            ExprKind::Group { name, items } => match name.as_ref().map(|name| name.text.as_str()) {
                None if items.is_empty() => Value::Null,
                None => self.arguments(expr, items),
                Some("Some") if items.len() == 1 && items[0].name.is_none() => self.value(&items[0].value, key),
                Some(name) => {
                    let inner = self.inside(&format!(".{name}"), |this| this.variant(expr, items));
                    Value::map([(name, inner)])
                }
            },
            ExprKind::Broken => Value::Null,
        }
    }

    /// Converts one part, whose path is that of the whole and `step`.
    fn inside(&mut self, step: &str, convert: impl FnOnce(&mut Self) -> Value) -> Value {
        let length = self.path.len();
        self.path.push_str(if length == 0 { step.trim_start_matches('.') } else { step });
        let value = convert(self);
        self.path.truncate(length);
        value
    }

    fn list<'e>(&mut self, items: impl IntoIterator<Item = &'e Expr>) -> Value {
        let mut values = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            values.push(self.inside(&format!("[{index}]"), |this| this.value(item, None)));
        }
        Value::list(values)
    }

    fn variant(&mut self, expr: &Expr, items: &[Item]) -> Value {
        if let [Item { name: None, value }] = items {
            return self.value(value, None);
        }
        let part = Part { key: None, value: expr.span, word: None };
        self.places.insert(self.path.clone(), part);
        self.arguments(expr, items)
    }

    fn arguments(&mut self, expr: &Expr, items: &[Item]) -> Value {
        let positional = items.iter().filter(|item| item.name.is_none()).count();
        if positional == items.len() && positional > 0 {
            return self.list(items.iter().map(|item| &item.value));
        }
        if positional > 0 {
            let span = items.iter().find(|item| item.name.is_none()).map_or(expr.span, |item| item.value.span);
            self.errors.push(Mistake::new(span, MIXED).help("name all of them or none"));
        }
        let named = items.iter().filter_map(|item| {
            let name = item.name.as_ref()?;
            Some((name.text.clone(), name.span, &item.value))
        });
        self.entries(named.collect())
    }

    fn map(&mut self, expr: &Expr) -> Value {
        let ExprKind::Map(entries) = &expr.kind else { return Value::Null };
        let mut named = Vec::new();
        for entry in entries {
            let key = match &entry.key.kind {
                ExprKind::Text(text) | ExprKind::Name(text) => text.clone(),
                ExprKind::Char(c) => c.to_string(),
                ExprKind::Int(number) => number.to_string(),
                ExprKind::Bool(value) => value.to_string(),
                ExprKind::Broken => continue,
                _ => {
                    let message = format!("the keys of a map are text, not {}", entry.key.describe());
                    self.errors.push(Mistake::new(entry.key.span, message));
                    continue;
                }
            };
            named.push((key, entry.key.span, &entry.value));
        }
        self.entries(named)
    }

    fn entries(&mut self, named: Vec<(String, Span, &Expr)>) -> Value {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut entries = Vec::with_capacity(named.len());
        for (key, span, expr) in &named {
            if let Some(first) = first.get(key.as_str()) {
                self.errors.push(Mistake::new(*span, format!("`{key}` is given twice")).label(*first, "first here"));
                continue;
            }
            first.insert(key, *span);
            let value = self.inside(&format!(".{key}"), |this| this.value(expr, Some(*span)));
            entries.push((key.as_str(), value));
        }
        Value::map(entries)
    }
}

fn word(expr: &Expr) -> Option<(String, Span)> {
    match &expr.kind {
        ExprKind::Text(word) | ExprKind::Name(word) => Some((word.clone(), expr.span)),
        ExprKind::Group { name: Some(name), .. } => Some((name.text.clone(), name.span)),
        _ => None,
    }
}
