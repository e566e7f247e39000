//! Serde types to [`Value`].

use serde::ser::{self, Serialize};

use crate::value::{Entry, Frame, NumericArray, SharedBytes, Value, ValueError};

/// Writes any serde type as a value. Enums are written as serde's external tagging does.
///
/// # Errors
/// When a map key is not text, or the type's own `Serialize` fails.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, ValueError> {
    value.serialize(Writer)
}

/// Names under which a value passes through serde unseen by other formats.
pub(crate) const PASS: &str = "$brickwork::Value";

thread_local! {
    // `Value` inside a serde type keeps its pictures, arrays and bytes: serde has no way to carry
    // a foreign type, so it waits here between `Value::serialize` and the writer, on one thread.
    pub(crate) static PASSING: std::cell::RefCell<Vec<Value>> = const { std::cell::RefCell::new(Vec::new()) };
}

impl Serialize for Value {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter()),
            Self::Map(entries) => {
                serializer.collect_map(entries.iter().map(|entry| (entry.key.as_str(), &entry.value)))
            }
            Self::Bytes(_) | Self::Array(_) | Self::Frame(_) => {
                PASSING.with_borrow_mut(|passing| passing.push(self.clone()));
                let done = serializer.serialize_newtype_struct(PASS, &Plain(self));
                PASSING.with_borrow_mut(|passing| {
                    passing.pop();
                });
                done
            }
        }
    }
}

/// How pictures and arrays look to formats other than our own: their parts, as data.
struct Plain<'a>(&'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::Array(array) => array_parts(array).serialize(serializer),
            Value::Frame(frame) => frame_parts(frame).serialize(serializer),
            other => other.serialize(serializer),
        }
    }
}

fn array_parts(array: &NumericArray) -> (String, &[u64], &[u8]) {
    (format!("{:?}", array.number), array.shape.as_slice(), &array.data)
}

fn frame_parts(frame: &Frame) -> (u32, u32, String, &[u8]) {
    (frame.width, frame.height, format!("{:?}", frame.format), &frame.data)
}

struct Writer;

impl ser::Error for ValueError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

macro_rules! whole {
    ($($name:ident: $kind:ty),*) => {$(
        fn $name(self, value: $kind) -> Result<Value, ValueError> {
            i64::try_from(value).map(Value::Int).map_err(|_| ValueError(format!("{value} does not fit a whole number")))
        }
    )*};
}

impl ser::Serializer for Writer {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Tagged<Items>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Tagged<Fields>;

    whole! {serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
    serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64}

    fn serialize_bool(self, value: bool) -> Result<Value, ValueError> {
        Ok(Value::Bool(value))
    }
    fn serialize_f32(self, value: f32) -> Result<Value, ValueError> {
        Ok(Value::Float(f64::from(value)))
    }
    fn serialize_f64(self, value: f64) -> Result<Value, ValueError> {
        Ok(Value::Float(value))
    }
    fn serialize_char(self, value: char) -> Result<Value, ValueError> {
        Ok(Value::Text(value.to_string().into()))
    }
    fn serialize_str(self, value: &str) -> Result<Value, ValueError> {
        Ok(value.into())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<Value, ValueError> {
        Ok(Value::Bytes(SharedBytes::from(value.to_vec())))
    }
    fn serialize_none(self) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ValueError> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, ValueError> {
        Ok(variant.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        if name == PASS {
            return PASSING
                .with_borrow_mut(|passing| passing.last_mut().map(std::mem::take))
                .ok_or_else(|| ValueError("a value was written outside its own serialization".into()));
        }
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        Ok(Value::map([(variant, value.serialize(Self)?)]))
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Items, ValueError> {
        Ok(Items(Vec::with_capacity(len.unwrap_or(0))))
    }
    fn serialize_tuple(self, len: usize) -> Result<Items, ValueError> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items, ValueError> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        tag: &'static str,
        len: usize,
    ) -> Result<Tagged<Items>, ValueError> {
        Ok(Tagged { tag, inner: Items(Vec::with_capacity(len)) })
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Fields, ValueError> {
        Ok(Fields { entries: Vec::with_capacity(len.unwrap_or(0)), key: None })
    }
    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Fields, ValueError> {
        self.serialize_map(Some(len))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        tag: &'static str,
        len: usize,
    ) -> Result<Tagged<Fields>, ValueError> {
        Ok(Tagged { tag, inner: Fields { entries: Vec::with_capacity(len), key: None } })
    }
}

struct Items(Vec<Value>);

struct Fields {
    entries: Vec<Entry>,
    key: Option<String>,
}

struct Tagged<T> {
    tag: &'static str,
    inner: T,
}

impl Items {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.0.push(value.serialize(Writer)?);
        Ok(())
    }
    fn finish(self) -> Value {
        Value::List(self.0.into())
    }
}

impl Fields {
    fn add<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), ValueError> {
        self.entries.push(Entry { key: key.into(), value: value.serialize(Writer)? });
        Ok(())
    }
    fn finish(self) -> Value {
        Value::Map(self.entries.into())
    }
}

macro_rules! sequence {
    ($($trait:ident :: $method:ident),*) => {$(
        impl ser::$trait for Items {
            type Ok = Value;
            type Error = ValueError;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
                self.add(value)
            }
            fn end(self) -> Result<Value, ValueError> {
                Ok(self.finish())
            }
        }
    )*};
}
sequence!(SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field);

impl ser::SerializeTupleVariant for Tagged<Items> {
    type Ok = Value;
    type Error = ValueError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.inner.add(value)
    }
    fn end(self) -> Result<Value, ValueError> {
        Ok(Value::map([(self.tag, self.inner.finish())]))
    }
}

impl ser::SerializeMap for Fields {
    type Ok = Value;
    type Error = ValueError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.key = Some(match key.serialize(Writer)? {
            Value::Text(text) => text.into(),
            Value::Int(number) => number.to_string(),
            other => return Err(ValueError(format!("the key of a map must be text, not {}", other.kind()))),
        });
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let key = self.key.take().ok_or_else(|| ValueError("a map value came before its key".into()))?;
        self.add(&key, value)
    }
    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = Value;
    type Error = ValueError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ValueError> {
        self.add(key, value)
    }
    fn end(self) -> Result<Value, ValueError> {
        Ok(self.finish())
    }
}

impl ser::SerializeStructVariant for Tagged<Fields> {
    type Ok = Value;
    type Error = ValueError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ValueError> {
        self.inner.add(key, value)
    }
    fn end(self) -> Result<Value, ValueError> {
        Ok(Value::map([(self.tag, self.inner.finish())]))
    }
}

macro_rules! as_value {
    ($($kind:ty),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Value::from(self.clone()).serialize(serializer)
            }
        }
    )*};
}
as_value!(Frame, NumericArray, SharedBytes);
