//! One node of a JSON schema and what stands in it. Both the check of configs and the documentation
//! of kinds read schemas through it; it judges nothing.

use brickwork_sdk::Value;

/// How many references and nested alternatives are followed; more would be a circle.
const MAX_STEPS: usize = 16;

/// A node, and the whole schema for its `$ref`s.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
    node: &'s Value,
}

/// One way to write a value that may be written in several.
pub(crate) enum Way<'s> {
    /// Nothing at all.
    Nothing,
    /// One of these words: the variants of an enum that carry nothing.
    Words(Vec<&'s str>),
    /// `Name(..)`: a variant with a value.
    Variant(&'s str, Schema<'s>),
    /// Fields of which one says which they are.
    Tagged(&'s str, &'s str, Schema<'s>),
    /// Anything else.
    Other(Schema<'s>),
}

impl<'s> Schema<'s> {
    /// The whole of a schema.
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, node: root }
    }

    fn at(self, node: &'s Value) -> Self {
        Self { node, ..self }
    }

    /// What the schema says under a keyword.
    pub(crate) fn get(self, keyword: &str) -> Option<&'s Value> {
        self.node.get(keyword)
    }

    /// The text under a keyword; empty if there is none.
    pub(crate) fn text(self, keyword: &str) -> &'s str {
        self.get(keyword).and_then(Value::as_str).unwrap_or_default()
    }

    /// The number under a keyword.
    pub(crate) fn number(self, keyword: &str) -> Option<f64> {
        self.get(keyword).and_then(Value::as_f64)
    }

    /// The count under a keyword.
    pub(crate) fn count(self, keyword: &str) -> Option<usize> {
        match self.get(keyword) {
            Some(Value::Int(count)) => usize::try_from(*count).ok(),
            _ => None,
        }
    }

    /// Whether the keyword says `false`.
    pub(crate) fn denies(self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(false))
    }

    /// Whether this is the schema `false`, which nothing fits.
    pub(crate) fn is_never(self) -> bool {
        *self.node == Value::Bool(false)
    }

    /// The schema under a keyword.
    pub(crate) fn child(self, keyword: &str) -> Option<Self> {
        self.get(keyword).map(|node| self.at(node))
    }

    /// The schemas under a keyword, in order.
    pub(crate) fn children(self, keyword: &str) -> Vec<Self> {
        items(self.get(keyword)).iter().map(|node| self.at(node)).collect()
    }

    /// What a `$ref` refers to, or this.
    pub(crate) fn resolved(self) -> Self {
        let mut schema = self;
        for _ in 0..MAX_STEPS {
            let node = match schema.text("$ref") {
                "#" => Some(self.root),
                path => path.strip_prefix("#/$defs/").and_then(|name| self.root.get("$defs")?.get(name)),
            };
            let Some(node) = node else { return schema };
            schema = self.at(node);
        }
        schema
    }

    /// The JSON types that fit; empty for any.
    pub(crate) fn types(self) -> Vec<&'s str> {
        match self.get("type") {
            Some(Value::Text(name)) => vec![name.as_str()],
            types => items(types).iter().filter_map(Value::as_str).collect(),
        }
    }

    /// The fields by name.
    pub(crate) fn fields(self) -> Vec<(&'s str, Self)> {
        match self.get("properties") {
            Some(Value::Map(fields)) => fields.iter().map(|f| (f.key.as_str(), self.at(&f.value))).collect(),
            _ => Vec::new(),
        }
    }

    /// The names of the fields that must be given.
    pub(crate) fn required(self) -> Vec<&'s str> {
        items(self.get("required")).iter().filter_map(Value::as_str).collect()
    }

    /// The schemas of fields whose names fit a pattern.
    pub(crate) fn patterns(self) -> Vec<(&'s str, Self)> {
        match self.get("patternProperties") {
            Some(Value::Map(patterns)) => patterns.iter().map(|p| (p.key.as_str(), self.at(&p.value))).collect(),
            _ => Vec::new(),
        }
    }

    /// The words that are allowed, if they are listed.
    pub(crate) fn words(self) -> Vec<&'s str> {
        match self.get("const") {
            Some(Value::Text(word)) => vec![word.as_str()],
            _ => items(self.get("enum")).iter().filter_map(Value::as_str).collect(),
        }
    }

    /// The schemas of the ways to write the value, if there are several.
    pub(crate) fn alternatives(self) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect_alternatives(&mut found, 0);
        found
    }

    fn collect_alternatives(self, found: &mut Vec<Self>, depth: usize) {
        for schema in self.children("oneOf").into_iter().chain(self.children("anyOf")) {
            let schema = schema.resolved();
            let is_several = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
            if is_several && schema.get("properties").is_none() && depth < MAX_STEPS {
                schema.collect_alternatives(found, depth + 1);
            } else {
                found.push(schema);
            }
        }
    }

    /// The ways to write the value, if there are several.
    pub(crate) fn ways(self) -> Vec<Way<'s>> {
        self.alternatives().into_iter().map(Self::way).collect()
    }

    /// The one way that this schema is, among others.
    pub(crate) fn way(self) -> Way<'s> {
        let words = self.words();
        let (fields, required) = (self.fields(), self.required());
        let tag = |(name, field): &(&'s str, Self)| {
            let word = field.get("const").and_then(Value::as_str).filter(|_| required.contains(name))?;
            Some(Way::Tagged(name, word, self))
        };
        match (self.types().as_slice(), fields.as_slice()) {
            (["null"], _) => Way::Nothing,
            (["string"] | [], _) if !words.is_empty() => Way::Words(words),
            (["object"], fields) => fields.iter().find_map(tag).unwrap_or_else(|| match fields {
                [(name, value)] if required == [*name] && self.denies("additionalProperties") => {
                    Way::Variant(name, *value)
                }
                _ => Way::Other(self),
            }),
            _ => Way::Other(self),
        }
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}
