//! The closed data type of everything that crosses a border: plugin, process, disk.

use std::fmt;
use std::ops::Deref;

use abi_stable::StableAbi;
use abi_stable::std_types::{RArc, RBox, RString, RVec};

/// Any datum that crosses between plugins, host and processes.
///
/// The set of variants is closed for ever; what grows is what is written *in* it, as serde types
/// whose unknown fields are ignored. Cloning is cheap for the large variants: they are shared.
#[repr(u8)]
#[derive(StableAbi, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing; also serde's `None` and `()`.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f64),
    /// UTF-8 text.
    Text(RString),
    /// Opaque bytes, shared and not copied.
    Bytes(SharedBytes),
    /// Values in order.
    List(RVec<Value>),
    /// Named values in the order in which they were written; names are unique.
    Map(RVec<Entry>),
    /// An n-dimensional array of one number type.
    Array(RBox<NumericArray>),
    /// One picture.
    Frame(RBox<Frame>),
}

/// One named value of a [`Value::Map`].
#[repr(C)]
#[derive(StableAbi, Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name.
    pub key: RString,
    /// Its value.
    pub value: Value,
}

/// Bytes that have one owner and many readers. They are freed by the library that made them.
#[repr(transparent)]
#[derive(StableAbi, Clone)]
pub struct SharedBytes(RArc<RVec<u8>>);

/// An n-dimensional array in row-major order, little-endian.
#[repr(C)]
#[derive(StableAbi, Clone, Debug, PartialEq)]
pub struct NumericArray {
    /// The type of one element.
    pub number: Number,
    /// The extent of each dimension, the slowest first.
    pub shape: RVec<u64>,
    /// The elements.
    pub data: SharedBytes,
}

/// The number types of a [`NumericArray`].
#[repr(u8)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Number {
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    F32,
    F64,
}

impl Number {
    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
        }
    }
}

/// How the bytes of a [`Frame`] are to be read.
#[repr(u8)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// A JPEG file; width and height may be 0 when its sender did not decode it.
    Jpeg,
    /// One byte a pixel.
    Grey8,
    /// Three bytes a pixel.
    Rgb8,
    /// Four bytes a pixel, opaque where alpha is 255.
    Rgba8,
}

/// One picture, encoded or raw.
#[repr(C)]
#[derive(StableAbi, Clone, PartialEq)]
pub struct Frame {
    /// Pixels per row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The encoding of `data`.
    pub format: PixelFormat,
    /// The picture.
    pub data: SharedBytes,
}

impl Frame {
    /// Whether the length of the data is what its size and format ask for.
    pub fn is_consistent(&self) -> bool {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let bytes = match self.format {
            PixelFormat::Jpeg => return !self.data.is_empty(),
            PixelFormat::Grey8 => 1,
            PixelFormat::Rgb8 => 3,
            PixelFormat::Rgba8 => 4,
        };
        pixels > 0 && pixels * bytes == self.data.len() as u64
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({}x{} {:?}, {} bytes)", self.width, self.height, self.format, self.data.len())
    }
}

/// Why a value could not become what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(pub String);

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}

impl Value {
    /// A map of the given entries.
    pub fn map<K: Into<RString>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| Entry { key: key.into(), value }).collect())
    }

    /// A list of the given values.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// The value under `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// This as a number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// This as text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// This as a picture, if it is one.
    pub fn as_frame(&self) -> Option<&Frame> {
        match self {
            Self::Frame(frame) => Some(frame),
            _ => None,
        }
    }

    /// The bytes that this holds in memory, roughly: what bounded queues count.
    pub fn weight(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Text(text) => text.len(),
                Self::Bytes(bytes) => bytes.len(),
                Self::List(items) => items.iter().map(Self::weight).sum(),
                Self::Map(entries) => entries.iter().map(|e| e.key.len() + e.value.weight()).sum(),
                Self::Array(array) => array.data.len(),
                Self::Frame(frame) => frame.data.len(),
                _ => 0,
            }
    }

    /// What sort of value this is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Array(_) => "a numeric array",
            Self::Frame(_) => "a picture",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(text) => text.as_str().fmt(f),
            Self::Bytes(bytes) => bytes.fmt(f),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(entries) => f.debug_map().entries(entries.iter().map(|e| (e.key.as_str(), &e.value))).finish(),
            Self::Array(array) => write!(f, "{:?}{:?}", array.number, array.shape),
            Self::Frame(frame) => frame.fmt(f),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}
impl From<Frame> for Value {
    fn from(value: Frame) -> Self {
        Self::Frame(RBox::new(value))
    }
}
impl From<NumericArray> for Value {
    fn from(value: NumericArray) -> Self {
        Self::Array(RBox::new(value))
    }
}
impl From<SharedBytes> for Value {
    fn from(value: SharedBytes) -> Self {
        Self::Bytes(value)
    }
}

impl SharedBytes {
    /// Whether both are the same allocation, not only equal.
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.as_ptr(), other.as_ptr()) && self.len() == other.len()
    }
}

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(RArc::new(bytes.into()))
    }
}

impl Deref for SharedBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl PartialEq for SharedBytes {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || **self == **other
    }
}

impl fmt::Debug for SharedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}
