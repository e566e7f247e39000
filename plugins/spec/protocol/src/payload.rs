//! The data behind a header: bytes to a value and back. The decoder and the encoder call it with a header that is
//! already known to be whole.

use crate::error::Problem;
use crate::header::{ByteOrder, Header};
use crate::text::{decode, push, until_nul, without_nul};
use crate::{Array, Assoc, Data, DataType, Elements, EncodeError, Key, MAX_TEXTS};

/// The value in the data of a packet.
pub(crate) fn read(header: &Header, bytes: &[u8]) -> Result<Data, Problem> {
    let Some(kind) = DataType::from_number(header.kind) else {
        // Seen as 0 in packets without data, where it does not matter.
        let problem = Problem::DataType { kind: header.kind, length: bytes.len() };
        return if bytes.is_empty() { Ok(Data::Empty) } else { Err(problem) };
    };
    match kind {
        DataType::String if bytes.is_empty() => Ok(Data::Empty),
        DataType::String => Ok(Data::Text(decode(without_nul(bytes)))),
        DataType::Error => Ok(Data::Error(decode(without_nul(bytes)))),
        DataType::Double => double(header.order, bytes),
        DataType::Assoc => assoc(bytes).map(Data::Assoc),
        DataType::ArrString => texts(header, bytes),
        kind => numbers(header, kind, bytes),
    }
}

fn double(order: ByteOrder, bytes: &[u8]) -> Result<Data, Problem> {
    let number = match bytes.len() {
        8 => Some(bytes),
        9 => bytes.strip_suffix(&[0]),
        _ => None,
    };
    let number = number.and_then(<[u8]>::first_chunk::<8>).ok_or(Problem::Double(bytes.len()))?;
    Ok(Data::Double(f64::from_wire(order, *number)))
}

/// Key and value in turn, each with its NUL, and one more NUL behind all.
fn assoc(bytes: &[u8]) -> Result<Assoc, Problem> {
    let wrong = |what| Problem::Assoc { length: bytes.len(), what };
    if bytes.last().is_some_and(|last| *last != 0) {
        return Err(wrong("without a NUL"));
    }
    // It is odd with the NUL behind all, and even without.
    let count = bytes.iter().filter(|byte| **byte == 0).count();
    let body = if count % 2 == 1 { without_nul(bytes) } else { bytes };
    if count % 2 == 1 && body.last().is_some_and(|last| *last != 0) {
        return Err(wrong("with an index that has no value"));
    }
    if count > MAX_TEXTS {
        return Err(Problem::TooManyTexts(count));
    }
    let mut texts = body.split_inclusive(|byte| *byte == 0).map(|text| decode(without_nul(text)));
    let mut elements = Vec::with_capacity(count / 2);
    while let (Some(key), Some(value)) = (texts.next(), texts.next()) {
        elements.push((Key::from_wire(&key), value));
    }
    Ok(Assoc::from_wire(elements))
}

fn shape_problem(header: &Header, kind: DataType, bytes: &[u8]) -> Problem {
    Problem::Shape { kind, rows: header.rows, columns: header.columns, length: bytes.len() }
}

/// How many rows and columns there are when `found` elements of data are. 0 stands for 1 in an array of one dimension,
/// and both occur.
fn shape(header: &Header, found: u64) -> (u32, u32) {
    match (header.rows, header.columns) {
        (0, _) | (_, 0) if found == 0 => (1, 0),
        (rows, columns) => (rows.max(1), columns.max(1)),
    }
}

/// An array of numbers, with or without the one NUL that a peer puts behind it.
fn numbers(header: &Header, kind: DataType, bytes: &[u8]) -> Result<Data, Problem> {
    let size = element_bytes(kind);
    let problem = || shape_problem(header, kind, bytes);
    let (rows, columns) = shape(header, (bytes.len() / size) as u64);
    let needed = u64::from(rows) * u64::from(columns);
    let needed = needed.checked_mul(size as u64).and_then(|needed| usize::try_from(needed).ok()).ok_or_else(problem)?;
    let body = match bytes.len().checked_sub(needed) {
        Some(0) => bytes,
        Some(1) => bytes.strip_suffix(&[0]).ok_or_else(problem)?,
        _ => return Err(problem()),
    };
    let elements = elements(kind, header.order, body);
    Array::grid(rows, elements).map(Data::Array).map_err(|_| problem())
}

/// An array of texts: one behind the other with a NUL each (*peers*), or each row as wide as `columns` characters, as
/// spec keeps its string arrays (*manual*, 2.3.4.2.2).
fn texts(header: &Header, bytes: &[u8]) -> Result<Data, Problem> {
    let problem = || shape_problem(header, DataType::ArrString, bytes);
    let (rows, columns) = shape(header, bytes.len() as u64);
    let needed = u64::from(rows) * u64::from(columns);
    let needed = usize::try_from(needed).map_err(|_| problem())?;
    let nuls = bytes.iter().filter(|byte| **byte == 0).count();
    let texts: Vec<String> = if bytes.is_empty() && needed == 0 {
        Vec::new()
    } else if (nuls == needed && bytes.ends_with(&[0])) || (nuls == needed + 1 && bytes.ends_with(&[0, 0])) {
        limited(needed)?;
        bytes.split_inclusive(|byte| *byte == 0).take(needed).map(|text| decode(until_nul(text))).collect()
    } else if bytes.len() == needed || (bytes.len() == needed + 1 && bytes.ends_with(&[0])) {
        limited(rows as usize)?;
        bytes[..needed].chunks(columns as usize).map(|row| decode(until_nul(row))).collect()
    } else {
        return Err(problem());
    };
    Array::grid(rows, texts).map(Data::Array).map_err(|_| problem())
}

fn limited(texts: usize) -> Result<(), Problem> {
    if texts > MAX_TEXTS { Err(Problem::TooManyTexts(texts)) } else { Ok(()) }
}

/// Rows and columns for the header.
pub(crate) fn rows_and_columns(data: &Data) -> (u32, u32) {
    data.as_array().map_or((0, 0), |array| (array.rows(), array.columns()))
}

/// The bytes of a value.
pub(crate) fn write(data: &Data, order: ByteOrder) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    match data {
        Data::Empty => {}
        Data::Double(number) => bytes.extend(number.to_wire(order)),
        Data::Text(text) | Data::Error(text) => push(&mut bytes, text),
        Data::Assoc(assoc) => {
            for (key, value) in assoc.iter() {
                let index = [Some(&key.first), key.second.as_ref()].into_iter().flatten();
                if let Some(wrong) = index.clone().find(|text| text.contains(Key::SEPARATOR)) {
                    return Err(EncodeError::IndexWithSeparator(wrong.clone()));
                }
                push_one(&mut bytes, &key.to_wire())?;
                push_one(&mut bytes, value)?;
            }
            bytes.push(0);
        }
        Data::Array(array) => write_elements(&mut bytes, array.elements(), order)?,
    }
    Ok(bytes)
}

/// A text among others, which must not look like two.
fn push_one(bytes: &mut Vec<u8>, text: &str) -> Result<(), EncodeError> {
    if text.contains('\0') {
        return Err(EncodeError::TextWithNul(text.to_owned()));
    }
    push(bytes, text);
    Ok(())
}

/// A number as its bytes.
trait Wire<const N: usize>: Copy {
    fn from_wire(order: ByteOrder, bytes: [u8; N]) -> Self;
    fn to_wire(self, order: ByteOrder) -> [u8; N];
}

macro_rules! wire {
    ($($number:ty: $bytes:literal),+) => {
        $(impl Wire<$bytes> for $number {
            fn from_wire(order: ByteOrder, bytes: [u8; $bytes]) -> Self {
                match order {
                    ByteOrder::Little => Self::from_le_bytes(bytes),
                    ByteOrder::Big => Self::from_be_bytes(bytes),
                }
            }

            fn to_wire(self, order: ByteOrder) -> [u8; $bytes] {
                match order {
                    ByteOrder::Little => self.to_le_bytes(),
                    ByteOrder::Big => self.to_be_bytes(),
                }
            }
        })+
    };
}

wire!(f64: 8, f32: 4, i64: 8, u64: 8, i32: 4, u32: 4, i16: 2, u16: 2, i8: 1, u8: 1);

fn element_bytes(kind: DataType) -> usize {
    match kind {
        DataType::ArrDouble | DataType::ArrLong64 | DataType::ArrUlong64 => 8,
        DataType::ArrFloat | DataType::ArrLong | DataType::ArrUlong => 4,
        DataType::ArrShort | DataType::ArrUshort => 2,
        _ => 1,
    }
}

fn all<const N: usize, T: Wire<N>>(order: ByteOrder, bytes: &[u8]) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|element| T::from_wire(order, *element)).collect()
}

fn elements(kind: DataType, order: ByteOrder, bytes: &[u8]) -> Elements {
    match kind {
        DataType::ArrDouble => Elements::F64(all(order, bytes)),
        DataType::ArrFloat => Elements::F32(all(order, bytes)),
        DataType::ArrLong => Elements::I32(all(order, bytes)),
        DataType::ArrUlong => Elements::U32(all(order, bytes)),
        DataType::ArrShort => Elements::I16(all(order, bytes)),
        DataType::ArrUshort => Elements::U16(all(order, bytes)),
        DataType::ArrChar => Elements::I8(all(order, bytes)),
        DataType::ArrLong64 => Elements::I64(all(order, bytes)),
        DataType::ArrUlong64 => Elements::U64(all(order, bytes)),
        _ => Elements::U8(bytes.to_vec()),
    }
}

fn put<const N: usize, T: Wire<N>>(bytes: &mut Vec<u8>, elements: &[T], order: ByteOrder) {
    bytes.reserve(elements.len() * N);
    elements.iter().for_each(|element| bytes.extend(element.to_wire(order)));
}

fn write_elements(bytes: &mut Vec<u8>, elements: &Elements, order: ByteOrder) -> Result<(), EncodeError> {
    match elements {
        Elements::F64(elements) => put(bytes, elements, order),
        Elements::F32(elements) => put(bytes, elements, order),
        Elements::I32(elements) => put(bytes, elements, order),
        Elements::U32(elements) => put(bytes, elements, order),
        Elements::I16(elements) => put(bytes, elements, order),
        Elements::U16(elements) => put(bytes, elements, order),
        Elements::I8(elements) => put(bytes, elements, order),
        Elements::U8(elements) => bytes.extend_from_slice(elements),
        Elements::I64(elements) => put(bytes, elements, order),
        Elements::U64(elements) => put(bytes, elements, order),
        Elements::Text(elements) => return elements.iter().try_for_each(|text| push_one(bytes, text)),
    }
    Ok(())
}
