//! The fields of a config as a table: name, type in words, default, help. Part of
//! [`mod@crate::document`]; it reads the schema and judges nothing.

use brickwork_sdk::Value;

use super::ron::ron;
use super::table::{Table, cell};
use crate::schema::{Schema, Way, fixed_count, format_limits};

/// How deep types within types are described.
const MAX_DEPTH: usize = 5;

/// All fields of a config and, with their paths, those within them.
pub(super) fn table(schema: &Value) -> Table {
    let mut table = Table::new(&["field", "type", "default", "help"]);
    rows(&mut table, Schema::new(schema), "", 0);
    table
}

fn rows(table: &mut Table, schema: Schema<'_>, path: &str, depth: usize) {
    let schema = schema.resolved();
    let required = schema.required();
    for (name, field) in schema.fields() {
        let default = match field.get("default") {
            Some(Value::Null) => String::new(),
            Some(value) => cell(&ron(field, value)),
            None if required.contains(&name) => "required".into(),
            None => String::new(),
        };
        let is_optional = takes_nothing(field) && !required.contains(&name);
        let variants = described(field);
        let kind = match (variants.is_empty(), field.resolved().child("items")) {
            (true, _) => words(field, depth),
            (false, None) => "one of".into(),
            (false, Some(_)) => "list of".into(),
        };
        let kind = format!("{kind}{}", if is_optional { ", optional" } else { "" });
        let name = format!("{path}{name}");
        table.row([cell(&name), kind, default, help(field)]);
        if depth < MAX_DEPTH {
            variants.into_iter().for_each(|(name, help)| table.row([String::new(), name, String::new(), help]));
            rows(table, inner(field), &format!("{name}."), depth + 1);
        }
    }
}

/// The variants of an enum with what their author says of them; none if that is nothing.
fn described(field: Schema<'_>) -> Vec<(String, String)> {
    let alternatives =
        item(field).resolved().alternatives().into_iter().map(|way| (way.way(), way.text("description")));
    let named = alternatives.filter(|(way, _)| !matches!(way, Way::Nothing | Way::Other(_)));
    let variants: Vec<(String, String)> =
        named.map(|(way, help)| (way_words(&way, 0).join(", "), one_line(help))).collect();
    if variants.iter().all(|(_, help)| help.is_empty()) { Vec::new() } else { variants }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn help(field: Schema<'_>) -> String {
    let own = field.text("description");
    one_line(if own.is_empty() { field.resolved().text("description") } else { own })
}

/// What a list holds, or the value itself.
fn item(schema: Schema<'_>) -> Schema<'_> {
    let schema = schema.resolved();
    schema.child("items").filter(|items| !items.is_never()).unwrap_or(schema)
}

/// The struct in an option or in a list.
fn inner(schema: Schema<'_>) -> Schema<'_> {
    let schema = item(schema).resolved();
    let mut others = schema.ways().into_iter().filter_map(|way| match way {
        Way::Other(schema) => Some(schema),
        _ => None,
    });
    match (others.next(), others.next()) {
        (Some(only), None) => only.resolved(),
        _ => schema,
    }
}

fn takes_nothing(schema: Schema<'_>) -> bool {
    let schema = schema.resolved();
    schema.types().contains(&"null") || schema.ways().iter().any(|way| matches!(way, Way::Nothing))
}

/// A type in words: "number from 0.1 to 60", "list of text".
fn words(schema: Schema<'_>, depth: usize) -> String {
    let schema = schema.resolved();
    let choices = schema.words();
    if !choices.is_empty() {
        return choices.iter().map(|word| cell(word)).collect::<Vec<_>>().join(", ");
    }
    let ways: Vec<String> = schema.ways().iter().flat_map(|way| way_words(way, depth)).collect();
    if !ways.is_empty() {
        return ways.join(", ");
    }
    let types = schema.types();
    let known: Vec<String> =
        types.iter().filter(|name| **name != "null").map(|name| type_words(name, schema, depth)).collect();
    if known.is_empty() && types.is_empty() { "anything".into() } else { known.join(" or ") }
}

fn way_words(way: &Way<'_>, depth: usize) -> Vec<String> {
    match way {
        Way::Nothing => Vec::new(),
        Way::Words(words) => words.iter().map(|word| cell(word)).collect(),
        Way::Variant(name, content) => vec![cell(&format!("{name}{}", arguments(*content, depth + 1)))],
        Way::Tagged(tag, word, schema) => {
            let others: Vec<&str> = schema.fields().iter().map(|(name, _)| *name).filter(|name| name != tag).collect();
            vec![cell(&format!(
                "({tag}: {word}{})",
                others.iter().map(|name| format!(", {name}: ..")).collect::<String>()
            ))]
        }
        Way::Other(schema) => vec![words(*schema, depth + 1)],
    }
}

/// `(number, text)` or `(x: number)` behind the name of a variant.
fn arguments(schema: Schema<'_>, depth: usize) -> String {
    let schema = schema.resolved();
    let bare = |schema| words(schema, depth + 1).replace('`', "");
    if depth >= MAX_DEPTH {
        return "(..)".into();
    }
    let parts: Vec<String> = if schema.get("prefixItems").is_some() {
        schema.children("prefixItems").into_iter().map(bare).collect()
    } else if !schema.fields().is_empty() {
        schema.fields().into_iter().map(|(name, field)| format!("{name}: {}", bare(field))).collect()
    } else {
        vec![bare(schema)]
    };
    format!("({})", parts.join(", "))
}

fn type_words(name: &str, schema: Schema<'_>, depth: usize) -> String {
    if depth >= MAX_DEPTH {
        return "..".into();
    }
    match name {
        "boolean" => "true or false".into(),
        "integer" => format!("whole number{}", range(schema)),
        "number" => format!("number{}", range(schema)),
        "string" => "text".into(),
        "array" => match schema.child("items").filter(|items| !items.is_never()) {
            _ if schema.get("prefixItems").is_some() => arguments(schema, depth),
            Some(items) => match fixed_count(schema) {
                Some(count) => format!("{count} of {}", words(items, depth + 1)),
                None => format!("list of {}", words(items, depth + 1)),
            },
            None => "list".into(),
        },
        "object" if schema.fields().is_empty() => match schema.child("additionalProperties") {
            Some(values) if !values.is_never() => format!("map to {}", words(values, depth + 1)),
            _ => match schema.patterns().first() {
                Some((_, values)) => format!("map from whole number to {}", words(*values, depth + 1)),
                None => "map".into(),
            },
        },
        "object" => "fields".into(),
        other => other.into(),
    }
}

/// " from 0.1 to 60", " above 0"; nothing where only the Rust type sets the limit.
fn range(schema: Schema<'_>) -> String {
    let (least, most) = format_limits(schema.text("format"));
    let low = schema.number("minimum").filter(|low| Some(*low) != least || *low == 0.0);
    let high = schema.number("maximum").filter(|high| Some(*high) != most);
    let above = schema.number("exclusiveMinimum");
    let below = schema.number("exclusiveMaximum");
    let limits = match (low, high) {
        (Some(low), Some(high)) => Some(format!("from {low} to {high}")),
        (Some(low), None) => Some(format!("from {low}")),
        (None, Some(high)) => Some(format!("up to {high}")),
        (None, None) => None,
    };
    let above = above.map(|above| format!("above {above}"));
    let below = below.map(|below| format!("below {below}"));
    let all: Vec<String> = [limits, above, below].into_iter().flatten().collect();
    if all.is_empty() { String::new() } else { format!(" {}", all.join(", ")) }
}
