//! [`Value`] to serde types.
//!
//! Lenient where that is safe: a whole number is read as a real one, and an enum variant of one
//! field takes its value with or without a list around it. Unknown fields are the type's business.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeOwned, IntoDeserializer, Visitor};

use crate::ser::{PASS, PASSING};
use abi_stable::std_types::RBox;

use crate::value::{Entry, Frame, NumericArray, SharedBytes, Value, ValueError};

/// Reads a serde type from a value.
///
/// # Errors
/// Says what was expected and what was found, with the path to it, such as `axes[1].name`.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, ValueError> {
    T::deserialize(Reader(value))
}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PASS, Any)
    }
}

/// Builds a value from any format; from our own it takes the value as it is.
struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_newtype_struct<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match PASSING.with_borrow_mut(Vec::pop) {
            Some(value) => Ok(value),
            None => deserializer.deserialize_any(Any),
        }
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Int).map_err(|_| E::custom(format!("{value} does not fit a whole number")))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(SharedBytes::from(value.to_vec())))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(1024));
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list.into()))
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0).min(1024));
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            entries.push(Entry { key: key.into(), value });
        }
        Ok(Value::Map(entries.into()))
    }
}

struct Reader(Value);

impl Reader {
    fn wrong<'de, V: Visitor<'de>>(value: &Value, visitor: &V) -> ValueError {
        let found = match value {
            Value::Null => de::Unexpected::Unit,
            Value::Bool(value) => de::Unexpected::Bool(*value),
            Value::Int(value) => de::Unexpected::Signed(*value),
            Value::Float(value) => de::Unexpected::Float(*value),
            Value::Text(text) => de::Unexpected::Str(text),
            other => de::Unexpected::Other(other.kind()),
        };
        de::Error::invalid_type(found, visitor)
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for Value {
    type Deserializer = ReaderOf;
    fn into_deserializer(self) -> ReaderOf {
        ReaderOf(Reader(self))
    }
}

/// The deserializer of a [`Value`].
pub struct ReaderOf(Reader);

macro_rules! as_float {
    ($($name:ident),*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self.0 {
                Value::Int(value) => visitor.visit_f64(value as f64),
                Value::Float(value) => visitor.visit_f64(value),
                other => Err(Self::wrong(&other, &visitor)),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reader {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => visitor.visit_i64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::Text(text) => visitor.visit_string(text.into()),
            Value::Bytes(bytes) => visitor.visit_bytes(&bytes),
            Value::List(items) => {
                let mut items = Items { items: items.into_iter(), index: 0 };
                let out = visitor.visit_seq(&mut items)?;
                match items.items.count() {
                    0 => Ok(out),
                    extra => Err(ValueError(format!("{extra} items too many"))),
                }
            }
            Value::Map(entries) => visitor.visit_map(Fields { entries: entries.into_iter(), value: None }),
            other => Err(Self::wrong(&other, &visitor)),
        }
    }

    as_float!(deserialize_f32, deserialize_f64);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name == PASS {
            PASSING.with_borrow_mut(|passing| passing.push(self.0));
            return visitor.visit_newtype_struct(Self(Value::Null));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self.0 {
            Value::Text(text) => visitor.visit_enum(String::from(text).into_deserializer()),
            Value::Map(entries) if entries.len() == 1 => {
                let entry = entries.into_iter().next().expect("its length is one");
                visitor.visit_enum(Variant(entry))
            }
            other => {
                Err(ValueError(format!("expected one of {} for {name}, found {}", variants.join(", "), other.kind())))
            }
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.0 {
            Value::Bytes(bytes) => visitor.visit_byte_buf(bytes.to_vec()),
            _ => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 char str string bytes unit seq tuple tuple_struct map struct identifier
    }
}

impl<'de> de::Deserializer<'de> for ReaderOf {
    type Error = ValueError;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.0.deserialize_any(visitor)
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Puts the place in front of an error that comes from within.
fn at(place: &str, error: ValueError) -> ValueError {
    let message = error.0;
    match message.split_once(": ") {
        Some((path, rest)) if path.starts_with('`') && path.ends_with('`') => {
            let inner = path.trim_matches('`');
            let dot = if inner.starts_with('[') { "" } else { "." };
            ValueError(format!("`{place}{dot}{inner}`: {rest}"))
        }
        _ => ValueError(format!("`{place}`: {message}")),
    }
}

struct Items<I> {
    items: I,
    index: usize,
}

impl<'de, I: Iterator<Item = Value>> de::SeqAccess<'de> for &mut Items<I> {
    type Error = ValueError;
    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ValueError> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.index += 1;
        seed.deserialize(Reader(item)).map(Some).map_err(|error| at(&format!("[{}]", self.index - 1), error))
    }
    fn size_hint(&self) -> Option<usize> {
        self.items.size_hint().1
    }
}

struct Fields<I> {
    entries: I,
    value: Option<(String, Value)>,
}

impl<'de, I: Iterator<Item = Entry>> de::MapAccess<'de> for Fields<I> {
    type Error = ValueError;
    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        let key = String::from(entry.key);
        self.value = Some((key.clone(), entry.value));
        seed.deserialize(MapKey(key.clone())).map(Some).map_err(|error| at(&key, error))
    }
    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ValueError> {
        let (key, value) =
            self.value.take().ok_or_else(|| ValueError("a value was asked for before its key".into()))?;
        seed.deserialize(Reader(value)).map_err(|error| at(&key, error))
    }
}

/// A key: text that may stand for a whole number, so that maps with number keys come back.
struct MapKey(String);

impl<'de> de::Deserializer<'de> for MapKey {
    type Error = ValueError;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_string(self.0)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.0.parse() {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => visitor.visit_string(self.0),
        }
    }
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_i64(visitor)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_i64(visitor)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_i64(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_enum(self.0.into_deserializer())
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 u8 u16 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Variant(Entry);

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = ValueError;
    type Variant = Content;
    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content), ValueError> {
        let key = String::from(self.0.key);
        let variant = seed.deserialize(MapKey(key.clone()))?;
        Ok((variant, Content { key, value: self.0.value }))
    }
}

struct Content {
    key: String,
    value: Value,
}

impl<'de> de::VariantAccess<'de> for Content {
    type Error = ValueError;
    fn unit_variant(self) -> Result<(), ValueError> {
        match self.value {
            Value::Null => Ok(()),
            other => Err(ValueError(format!("`{}` takes nothing, found {}", self.key, other.kind()))),
        }
    }
    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ValueError> {
        seed.deserialize(Reader(self.value)).map_err(|error| at(&self.key, error))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        let items = match self.value {
            list @ Value::List(_) => list,
            single => Value::list([single]),
        };
        de::Deserializer::deserialize_any(Reader(items), visitor).map_err(|error| at(&self.key, error))
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ValueError> {
        de::Deserializer::deserialize_any(Reader(self.value), visitor).map_err(|error| at(&self.key, error))
    }
}

macro_rules! of_value {
    ($($kind:ty: $variant:pat => $out:expr),* $(,)?) => {$(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match Value::deserialize(deserializer)? {
                    $variant => Ok($out),
                    other => Err(de::Error::custom(format!("expected {}, found {}", stringify!($kind), other.kind()))),
                }
            }
        }
    )*};
}
of_value! {
    Frame: Value::Frame(frame) => RBox::into_inner(frame),
    NumericArray: Value::Array(array) => RBox::into_inner(array),
    SharedBytes: Value::Bytes(bytes) => bytes,
}
