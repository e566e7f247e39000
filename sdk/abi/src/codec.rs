//! [`Value`] as bytes: what the link sends and the journal keeps.
//!
//! One tag byte, then little-endian content; lengths are `u32`. The format is as closed as the enum.

use std::fmt;

use crate::value::{Entry, Frame, Number, NumericArray, PixelFormat, SharedBytes, Value};

/// Lists and maps deeper than this are refused.
const MAX_DEPTH: usize = 96;
/// Values in one value; more are refused, since each takes far more memory than bytes. Numbers in plenty are an array.
const MAX_VALUES: usize = 1 << 20;

/// Why bytes are no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes end within a value.
    Truncated,
    /// A tag, text or length that no encoder writes.
    Malformed,
    /// Deeper than any encoder writes.
    TooDeep,
    /// More values than are taken at once.
    TooMany,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the bytes end within a value",
            Self::Malformed => "the bytes are no value",
            Self::TooDeep => "the value is nested too deeply",
            Self::TooMany => "it holds too many values: numbers in plenty cross as an array",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Appends the bytes of `value` to `out`.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(value) => out.extend([1, u8::from(*value)]),
        Value::Int(value) => {
            out.push(2);
            out.extend(value.to_le_bytes());
        }
        Value::Float(value) => {
            out.push(3);
            out.extend(value.to_le_bytes());
        }
        Value::Text(text) => {
            out.push(4);
            put_bytes(text.as_bytes(), out);
        }
        Value::Bytes(bytes) => {
            out.push(5);
            put_bytes(bytes, out);
        }
        Value::List(items) => {
            out.push(6);
            put_len(items.len(), out);
            for item in items {
                encode(item, out);
            }
        }
        Value::Map(entries) => {
            out.push(7);
            put_len(entries.len(), out);
            for entry in entries {
                put_bytes(entry.key.as_bytes(), out);
                encode(&entry.value, out);
            }
        }
        Value::Array(array) => {
            out.extend([8, array.number as u8]);
            put_len(array.shape.len(), out);
            for extent in &array.shape {
                out.extend(extent.to_le_bytes());
            }
            put_bytes(&array.data, out);
        }
        Value::Frame(frame) => {
            out.extend([9, frame.format as u8]);
            out.extend(frame.width.to_le_bytes());
            out.extend(frame.height.to_le_bytes());
            put_bytes(&frame.data, out);
        }
    }
}

fn put_len(len: usize, out: &mut Vec<u8>) {
    let len = u32::try_from(len).expect("a value that crosses is smaller than 4 GiB: senders are bounded");
    out.extend(len.to_le_bytes());
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_len(bytes.len(), out);
    out.extend_from_slice(bytes);
}

/// Reads one value that fills `bytes`.
///
/// # Errors
/// When the bytes are not exactly one value, or more than a million values; no input panics, and memory stays
/// below the input's length and what so many values take.
pub fn decode(bytes: &[u8]) -> Result<Value, DecodeError> {
    decode_within(bytes, MAX_VALUES)
}

/// The same for at most `most` values, from one who is not trusted with more; an entry of a map counts as two.
///
/// # Errors
/// As [`decode`], and when there are more.
pub fn decode_within(bytes: &[u8], most: usize) -> Result<Value, DecodeError> {
    let mut input = Input { bytes, left: most };
    let value = input.value(0)?;
    if input.bytes.is_empty() { Ok(value) } else { Err(DecodeError::Malformed) }
}

struct Input<'a> {
    bytes: &'a [u8],
    /// The values that may still come.
    left: usize,
}

impl Input<'_> {
    fn take(&mut self, len: usize) -> Result<&[u8], DecodeError> {
        let (head, tail) = self.bytes.split_at_checked(len).ok_or(DecodeError::Truncated)?;
        self.bytes = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        Ok(*self.take(N)?.first_chunk().expect("take gave N bytes"))
    }

    fn len(&mut self) -> Result<usize, DecodeError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    /// A length of items that take at least `each` bytes: more than the rest holds is refused early.
    fn count(&mut self, each: usize) -> Result<usize, DecodeError> {
        let count = self.len()?;
        if count > self.bytes.len() / each { Err(DecodeError::Truncated) } else { Ok(count) }
    }

    /// Takes the room of items before any memory is taken for them.
    fn room(&mut self, items: usize) -> Result<usize, DecodeError> {
        self.left = self.left.checked_sub(items).ok_or(DecodeError::TooMany)?;
        Ok(items)
    }

    fn blob(&mut self) -> Result<Vec<u8>, DecodeError> {
        let len = self.len()?;
        Ok(self.take(len)?.to_vec())
    }

    fn text(&mut self) -> Result<String, DecodeError> {
        String::from_utf8(self.blob()?).map_err(|_| DecodeError::Malformed)
    }

    fn value(&mut self, depth: usize) -> Result<Value, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        let [tag] = self.array()?;
        Ok(match tag {
            0 => Value::Null,
            1 => Value::Bool(self.array::<1>()? != [0]),
            2 => Value::Int(i64::from_le_bytes(self.array()?)),
            3 => Value::Float(f64::from_le_bytes(self.array()?)),
            4 => Value::Text(self.text()?.into()),
            5 => Value::Bytes(self.blob()?.into()),
            6 => {
                let count = self.count(1)?;
                let mut items = Vec::with_capacity(self.room(count)?);
                for _ in 0..count {
                    items.push(self.value(depth + 1)?);
                }
                Value::List(items.into())
            }
            7 => {
                let count = self.count(5)?;
                self.room(2 * count)?;
                let mut entries = Vec::with_capacity(count);
                for _ in 0..count {
                    entries.push(Entry { key: self.text()?.into(), value: self.value(depth + 1)? });
                }
                Value::Map(entries.into())
            }
            8 => self.numeric_array()?.into(),
            9 => self.frame()?.into(),
            _ => return Err(DecodeError::Malformed),
        })
    }

    fn numeric_array(&mut self) -> Result<NumericArray, DecodeError> {
        const NUMBERS: [Number; 8] =
            [Number::U8, Number::I16, Number::U16, Number::I32, Number::U32, Number::I64, Number::F32, Number::F64];
        let [number] = self.array()?;
        let number = *NUMBERS.get(usize::from(number)).ok_or(DecodeError::Malformed)?;
        let dimensions = self.count(8)?;
        let mut shape = Vec::with_capacity(dimensions);
        for _ in 0..dimensions {
            shape.push(u64::from_le_bytes(self.array()?));
        }
        let data = SharedBytes::from(self.blob()?);
        let bytes = shape.iter().try_fold(number.size() as u64, |size, extent| size.checked_mul(*extent));
        if bytes != Some(data.len() as u64) {
            return Err(DecodeError::Malformed);
        }
        Ok(NumericArray { number, shape: shape.into(), data })
    }

    fn frame(&mut self) -> Result<Frame, DecodeError> {
        const FORMATS: [PixelFormat; 4] =
            [PixelFormat::Jpeg, PixelFormat::Grey8, PixelFormat::Rgb8, PixelFormat::Rgba8];
        let [format] = self.array()?;
        let format = *FORMATS.get(usize::from(format)).ok_or(DecodeError::Malformed)?;
        let width = u32::from_le_bytes(self.array()?);
        let height = u32::from_le_bytes(self.array()?);
        Ok(Frame { width, height, format, data: self.blob()?.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nulls(count: u32) -> Vec<u8> {
        let mut bytes = vec![6];
        bytes.extend(count.to_le_bytes());
        bytes.resize(bytes.len() + count as usize, 0);
        bytes
    }

    #[test]
    fn more_values_than_are_taken_are_refused_before_they_take_memory() {
        assert_eq!(decode(&nulls(20 << 20)), Err(DecodeError::TooMany));
        assert_eq!(decode_within(&nulls(101), 100), Err(DecodeError::TooMany));
        assert!(decode_within(&nulls(100), 100).is_ok());
        let mut map = Vec::new();
        encode(&Value::map([("a", Value::Null), ("b", Value::Null)]), &mut map);
        assert_eq!(decode_within(&map, 3), Err(DecodeError::TooMany), "a key takes memory as well");
        assert!(decode_within(&map, 4).is_ok());
    }
}
