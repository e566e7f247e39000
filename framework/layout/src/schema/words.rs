//! Types and values in the words of a person: "a whole number", "text". Used in messages about
//! configs; it judges nothing.

use brickwork_sdk::Value;

use super::node::Schema;

/// What a schema asks for: "a number", "text or a list".
pub(super) fn expected(schema: Schema<'_>) -> String {
    let schema = schema.resolved();
    if !schema.words().is_empty() {
        return "one of the choices".into();
    }
    let types = schema.types();
    let is_only_null = types == ["null"];
    let words: Vec<String> =
        types.iter().filter(|name| is_only_null || **name != "null").map(|name| expected_type(name, schema)).collect();
    if words.is_empty() { "a value".into() } else { words.join(" or ") }
}

fn expected_type(name: &str, schema: Schema<'_>) -> String {
    match name {
        "null" => "nothing".into(),
        "boolean" => "true or false".into(),
        "integer" => "a whole number".into(),
        "number" => "a number".into(),
        "string" => "text".into(),
        "array" => match fixed_count(schema) {
            Some(count) => format!("{} in `( )`", values(count)),
            None => "a list in `[ ]`".into(),
        },
        "object" if schema.fields().is_empty() => "a map in `{ }`".into(),
        "object" => "fields in `( )`".into(),
        other => other.into(),
    }
}

/// How many values a tuple has.
pub(crate) fn fixed_count(schema: Schema<'_>) -> Option<usize> {
    let (low, high) = (schema.count("minItems")?, schema.count("maxItems")?);
    (low == high).then_some(low)
}

/// "1 value", "3 values"
pub(super) fn values(count: usize) -> String {
    if count == 1 { "1 value".into() } else { format!("{count} values") }
}

/// What was written, where something else was expected.
pub(super) fn found_instead(expected: &str, value: &Value) -> String {
    match value {
        Value::Float(number) if expected == "a whole number" => number.to_string(),
        Value::Text(text) if expected.ends_with("number") => match leading_number(text) {
            Some(number) => format!("text: write {number}, without quotes and unit"),
            None => found(value),
        },
        _ => found(value),
    }
}

/// The number at the beginning of a text such as `20 deg/s`.
fn leading_number(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c)).unwrap_or(text.len());
    text[..end].parse::<f64>().ok().map(|_| &text[..end])
}

/// What was written.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(_) => "a truth value".into(),
        Value::Int(_) => "a whole number".into(),
        Value::Float(_) => "a number".into(),
        Value::Text(_) => "text".into(),
        Value::List(_) => "a list".into(),
        Value::Map(entries) => match entries.as_slice() {
            [only] if only.key.starts_with(char::is_uppercase) => format!("`{}(..)`", only.key),
            _ => "a map".into(),
        },
        other => other.kind().into(),
    }
}
