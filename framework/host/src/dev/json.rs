//! What cargo says in JSON, read without fuss: what is not there is empty.

use serde_json::Value;

/// The items of a list.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
