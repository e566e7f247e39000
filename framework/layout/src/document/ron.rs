//! Values as a layout writes them, and values that would do. Part of [`mod@crate::document`]; the
//! schema tells a word from text and a tuple from a list.

use brickwork_sdk::Value;

use crate::schema::{Schema, Way};

/// How deep a sample is filled in.
const MAX_DEPTH: usize = 8;

/// A value as it is written in a layout.
pub(super) fn ron(schema: Schema<'_>, value: &Value) -> String {
    let schema = schema.resolved();
    match value {
        Value::Null if schema.types() == ["null"] => "()".into(),
        Value::Null => "None".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) if number.is_nan() => "NaN".into(),
        Value::Float(number) => number.to_string(),
        Value::Text(word) if is_variant(schema, word) => word.to_string(),
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::List(items) => list(schema, items),
        Value::Map(entries) => {
            let variant = schema.ways().into_iter().find_map(|way| match (way, entries.as_slice()) {
                (Way::Variant(name, content), [only]) if only.key == name => Some((name, content, &only.value)),
                _ => None,
            });
            match variant {
                Some((name, content, value)) => format!("{name}{}", in_brackets(&ron(content, value))),
                None => fields(schema, entries),
            }
        }
        other => other.kind().into(),
    }
}

fn in_brackets(written: &str) -> String {
    if written.starts_with('(') { written.to_owned() } else { format!("({written})") }
}

fn is_variant(schema: Schema<'_>, word: &str) -> bool {
    schema.words().contains(&word)
        || schema.ways().iter().any(|way| matches!(way, Way::Words(words) if words.contains(&word)))
}

fn list(schema: Schema<'_>, items: &[Value]) -> String {
    let first = schema.children("prefixItems");
    let rest = schema.child("items");
    let any = Value::Null;
    let write = |(index, item): (usize, &Value)| {
        let schema = first.get(index).copied().or(rest).unwrap_or_else(|| Schema::new(&any));
        ron(schema, item)
    };
    let written: Vec<String> = items.iter().enumerate().map(write).collect();
    let written = written.join(", ");
    if first.is_empty() { format!("[{written}]") } else { format!("({written})") }
}

fn fields(schema: Schema<'_>, entries: &[brickwork_sdk::Entry]) -> String {
    let known = schema.fields();
    let any = Value::Null;
    let write = |entry: &brickwork_sdk::Entry| {
        let field = known.iter().find(|(name, _)| entry.key == *name).map(|(_, field)| *field);
        let other = || schema.child("additionalProperties").unwrap_or_else(|| Schema::new(&any));
        let key = if known.is_empty() { format!("{:?}", entry.key.as_str()) } else { entry.key.to_string() };
        format!("{key}: {}", ron(field.unwrap_or_else(other), &entry.value))
    };
    let written: Vec<String> = entries.iter().map(write).collect();
    let written = written.join(", ");
    if known.is_empty() { format!("{{{written}}}") } else { format!("({written})") }
}

/// A value that fits a schema: its author's example, its default, or the plainest there is. Of fields,
/// only those that must be given.
pub(super) fn sample(schema: Schema<'_>) -> Value {
    sample_at(schema, 0)
}

fn sample_at(schema: Schema<'_>, depth: usize) -> Value {
    let given = |schema: Schema<'_>| match schema.get("examples") {
        Some(Value::List(examples)) => examples.first().cloned(),
        _ => schema.get("default").filter(|default| **default != Value::Null).cloned(),
    };
    let own = given(schema);
    let schema = schema.resolved();
    if let Some(value) = own.or_else(|| given(schema)) {
        return value;
    }
    if let Some(word) = schema.words().first() {
        return Value::from(*word);
    }
    if depth == MAX_DEPTH {
        return Value::Null;
    }
    let way = schema.ways().into_iter().find(|way| !matches!(way, Way::Nothing));
    match way {
        Some(Way::Words(words)) => words.first().map_or(Value::Null, |word| Value::from(*word)),
        Some(Way::Variant(name, content)) => Value::map([(name, sample_at(content, depth + 1))]),
        Some(Way::Tagged(.., schema) | Way::Other(schema)) => sample_at(schema, depth + 1),
        Some(Way::Nothing) => Value::Null,
        None => plain(schema, depth),
    }
}

fn plain(schema: Schema<'_>, depth: usize) -> Value {
    match schema.types().first().copied() {
        Some("boolean") => Value::Bool(false),
        Some("integer") => Value::Int(number(schema) as i64),
        Some("number") => Value::Float(number(schema)),
        Some("string") => Value::from("text"),
        Some("array") if schema.get("prefixItems").is_some() => {
            Value::list(schema.children("prefixItems").into_iter().map(|item| sample_at(item, depth + 1)))
        }
        Some("array") => {
            let item = schema.child("items").map_or(Value::Null, |item| sample_at(item, depth + 1));
            Value::list(std::iter::repeat_n(item, schema.count("minItems").unwrap_or(0)))
        }
        Some("object") => {
            let required = schema.required();
            let fields = schema.fields().into_iter().filter(|(name, _)| required.contains(name));
            Value::map(fields.map(|(name, field)| (name, sample_at(field, depth + 1))))
        }
        _ => Value::Null,
    }
}

/// The number nearest to 1 within the limits.
fn number(schema: Schema<'_>) -> f64 {
    let low = schema.number("minimum").or(schema.number("exclusiveMinimum").map(|above| above + 1.0));
    let high = schema.number("maximum").or(schema.number("exclusiveMaximum").map(|below| below - 1.0));
    1.0_f64.max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY))
}
