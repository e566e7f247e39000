//! Checks a config against the JSON schema of its kind, as schemars writes it for serde types, and
//! tells *all* that is wrong in one go. Called before a plugin is asked, which knows the first
//! mistake alone. What it does not know of JSON schema (`pattern`, `format: "uri"`, `not`) it lets
//! pass: the plugin judges that.

mod node;
mod ways;
mod words;

use brickwork_sdk::protocol::ConfigProblem;
use brickwork_sdk::{Entry, Value};

use crate::suggest;
pub(crate) use node::{Schema, Way};
pub(crate) use words::fixed_count;

/// All that the schema of a kind says against a config. Without a schema there is nothing to say.
pub fn check(schema: &Value, config: &Value) -> Vec<ConfigProblem> {
    let problems = problems(schema, config);
    // As the sdk reads it: nothing and an empty map both stand for an empty config.
    let other = match config {
        Value::Null => Value::map::<&str>([]),
        Value::Map(entries) if entries.is_empty() => Value::Null,
        _ => return problems,
    };
    if problems.is_empty() {
        return problems;
    }
    let others = self::problems(schema, &other);
    if others.is_empty() || *config == Value::Null { others } else { problems }
}

fn problems(schema: &Value, config: &Value) -> Vec<ConfigProblem> {
    let mut checker = Checker { problems: Vec::new(), may_be_infinite: false };
    checker.value(Schema::new(schema), config, "");
    checker.problems
}

struct Checker {
    problems: Vec<ConfigProblem>,
    /// Whether the field that is being read takes `inf`: its schema says `"infinite": true`.
    may_be_infinite: bool,
}

impl Checker {
    fn tell(&mut self, path: &str, message: impl Into<String>, choices: &[&str]) {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        self.problems.push(ConfigProblem { path: path.into(), message: message.into(), choices });
    }

    fn wrong_type(&mut self, expected: &str, value: &Value, path: &str, choices: &[&str]) {
        let message = match (expected, path) {
            ("nothing", "") => "this kind takes no config".into(),
            _ => format!("expected {expected}, found {}", words::found_instead(expected, value)),
        };
        // A list of choices does not help whoever wrote nothing: it is what could not be read.
        self.tell(path, message, if *value == Value::Null { &[] } else { choices });
    }

    fn value(&mut self, schema: Schema<'_>, value: &Value, path: &str) {
        let outside = self.may_be_infinite;
        self.may_be_infinite |= schema.get("infinite") == Some(&Value::Bool(true));
        self.judge(schema.resolved(), value, path);
        self.may_be_infinite = outside;
    }

    fn judge(&mut self, schema: Schema<'_>, value: &Value, path: &str) {
        if schema.is_never() {
            return self.tell(path, "nothing may be written here", &[]);
        }
        let ways = schema.ways();
        if !ways.is_empty() {
            self.ways(&ways, value, path);
        }
        for part in schema.children("allOf") {
            self.value(part, value, path);
        }
        let types = schema.types();
        let choices = schema.words();
        if !types.is_empty() && !types.iter().any(|name| fits(name, value)) {
            return self.wrong_type(&words::expected(schema), value, path, &choices);
        }
        match value {
            Value::Int(_) | Value::Float(_) => self.number(schema, value, path),
            Value::Text(text) if choices.is_empty() => self.text(schema, text, path),
            Value::Text(text) if !choices.contains(&text.as_str()) => {
                self.tell(path, format!("unknown variant `{text}`"), &choices);
            }
            Value::List(items) => self.list(schema, items, path),
            Value::Map(entries) => self.fields(schema, entries, path),
            _ => {}
        }
    }

    fn number(&mut self, schema: Schema<'_>, value: &Value, path: &str) {
        let Some(number) = value.as_f64() else { return };
        if number.is_nan() || (number.is_infinite() && !self.may_be_infinite) {
            let what =
                if number.is_nan() { "that is not a number" } else { "nothing can be infinite here: write a number" };
            return self.tell(path, what, &[]);
        }
        let (low, high) = format_limits(schema.text("format"));
        let low = schema.number("minimum").or(low);
        let high = schema.number("maximum").or(high);
        let above = schema.number("exclusiveMinimum");
        let below = schema.number("exclusiveMaximum");
        let low = low.filter(|low| number < *low).map(|low| format!("{number} is below the limit {low}"));
        let high = high.filter(|high| number > *high).map(|high| format!("{number} is above the limit {high}"));
        let above = above.filter(|above| number <= *above).map(|above| format!("{number} is not above {above}"));
        let below = below.filter(|below| number >= *below).map(|below| format!("{number} is not below {below}"));
        let message = low.or(high).or(above).or(below);
        if let Some(message) = message {
            self.tell(path, message, &[]);
        }
    }

    fn text(&mut self, schema: Schema<'_>, text: &str, path: &str) {
        let length = text.chars().count();
        let (low, high) = (schema.count("minLength"), schema.count("maxLength"));
        let message = match (low, high) {
            (Some(1), Some(1)) if length != 1 => "expected one character".to_owned(),
            (Some(1), _) if length == 0 => "this text is empty".to_owned(),
            (Some(low), _) if length < low => format!("expected at least {low} characters, found {length}"),
            (_, Some(high)) if length > high => format!("expected at most {high} characters, found {length}"),
            _ => return,
        };
        self.tell(path, message, &[]);
    }

    fn list(&mut self, schema: Schema<'_>, items: &[Value], path: &str) {
        let (low, high) = (schema.count("minItems"), schema.count("maxItems"));
        let expected = match (low, high) {
            (Some(low), Some(high)) if low == high => words::values(low),
            (Some(low), _) if items.len() < low => format!("at least {}", words::values(low)),
            (_, Some(high)) => format!("at most {}", words::values(high)),
            _ => String::new(),
        };
        if low.is_some_and(|low| items.len() < low) || high.is_some_and(|high| items.len() > high) {
            self.tell(path, format!("expected {expected}, found {}", items.len()), &[]);
        }
        let first = schema.children("prefixItems");
        let rest = schema.child("items");
        for (index, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(index).copied().or(rest.filter(|rest| !rest.is_never())) {
                self.value(schema, item, &format!("{path}[{index}]"));
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            for (index, _) in items.iter().enumerate().filter(|(index, item)| items[..*index].contains(item)) {
                self.tell(&format!("{path}[{index}]"), "this is given twice", &[]);
            }
        }
    }

    fn fields(&mut self, schema: Schema<'_>, entries: &[Entry], path: &str) {
        let known = schema.fields();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let is_given = |name: &str| entries.iter().any(|entry| entry.key == name);
        let mut meant = Vec::new();
        for entry in entries {
            let key = entry.key.as_str();
            let inside = join(path, key);
            if let Some((_, field)) = known.iter().find(|(name, _)| *name == key) {
                self.value(*field, &entry.value, &inside);
            } else if let Some(near) = self.other_field(schema, entry, &inside, &names).filter(|near| !is_given(near)) {
                // Read as what it was meant to be, so that its value is checked and not missed.
                let field = known.iter().find(|(name, _)| *name == near);
                field.into_iter().for_each(|(_, field)| self.value(*field, &entry.value, &inside));
                meant.push(near);
            }
        }
        for name in schema.required() {
            if !is_given(name) && !meant.contains(&name) {
                self.tell(path, format!("`{name}` is missing"), &[]);
            }
        }
    }

    /// Judges a field that is not among the `names`; answers the one that it is most likely meant to be.
    fn other_field<'s>(&mut self, schema: Schema<'s>, entry: &Entry, path: &str, names: &[&'s str]) -> Option<&'s str> {
        let key = entry.key.as_str();
        let patterns = schema.patterns();
        if let Some((_, value)) = patterns.iter().find(|(pattern, _)| matches(pattern, key)) {
            self.value(*value, &entry.value, path);
            return None;
        }
        if schema.denies("additionalProperties") {
            let message = match (patterns.is_empty(), names) {
                (false, []) => format!("the key `{key}` is not a whole number"),
                (true, []) => format!("unknown field `{key}`: there are no fields here"),
                _ => format!("unknown field `{key}`"),
            };
            self.tell(path, message, names);
            return suggest::nearest(key, names.iter().copied());
        }
        if let Some(names) = schema.child("propertyNames") {
            self.value(names, &Value::from(key), path);
        }
        if let Some(value) = schema.child("additionalProperties") {
            self.value(value, &entry.value, path);
        }
        None
    }
}

/// `axes[0].name`
fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn fits(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Int(_) => matches!(name, "integer" | "number"),
        Value::Float(_) => name == "number",
        Value::Text(_) => name == "string",
        Value::List(_) => name == "array",
        Value::Map(_) => name == "object",
        _ => true,
    }
}

/// Whether a key fits one of the two patterns that schemars writes for number keys; what is not
/// known is the plugin's to judge.
fn matches(pattern: &str, key: &str) -> bool {
    match pattern {
        r"^\d+$" => key.parse::<u64>().is_ok(),
        r"^-?\d+$" => key.parse::<i64>().is_ok(),
        _ => true,
    }
}

/// The limits of a Rust integer, which schemars leaves to its format.
pub(crate) fn format_limits(format: &str) -> (Option<f64>, Option<f64>) {
    match format {
        "int8" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "int16" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "int32" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "uint8" => (Some(0.0), Some(u8::MAX.into())),
        "uint16" => (Some(0.0), Some(u16::MAX.into())),
        "uint32" => (Some(0.0), Some(u32::MAX.into())),
        "uint" | "uint64" => (Some(0.0), None),
        _ => (None, None),
    }
}
