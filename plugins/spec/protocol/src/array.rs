//! spec's data arrays: rows and columns of one type. `Data` holds one; the payload's reader and writer make it and
//! take it apart.

use crate::{DataType, ShapeError};

/// A data array of spec: one row, or rows of equal length (*manual*, 2.3.4.2, data arrays).
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    rows: u32,
    columns: u32,
    elements: Elements,
}

/// The elements of an [`Array`], row by row. The names are those of Rust's types; [`DataType`] tells spec's.
#[derive(Debug, Clone, PartialEq)]
pub enum Elements {
    /// `double`.
    F64(Vec<f64>),
    /// `float`.
    F32(Vec<f32>),
    /// `long`.
    I32(Vec<i32>),
    /// `ulong`.
    U32(Vec<u32>),
    /// `short`.
    I16(Vec<i16>),
    /// `ushort`.
    U16(Vec<u16>),
    /// `byte`.
    I8(Vec<i8>),
    /// `ubyte`.
    U8(Vec<u8>),
    /// `string`.
    Text(Vec<String>),
    /// `long64`.
    I64(Vec<i64>),
    /// `ulong64`.
    U64(Vec<u64>),
}

impl Array {
    /// An array of one row, which is how an array of one dimension travels.
    ///
    /// # Panics
    /// There are 2^32 elements or more, which is more than a packet can hold.
    #[must_use]
    pub fn row(elements: impl Into<Elements>) -> Self {
        let elements = elements.into();
        let columns = u32::try_from(elements.len()).expect("an array has less than 2^32 elements");
        Self { rows: 1, columns, elements }
    }

    /// An array of `rows` rows; the elements stand row by row. Without elements it is one row of none.
    ///
    /// # Errors
    /// The elements do not make so many rows of equal length.
    pub fn grid(rows: u32, elements: impl Into<Elements>) -> Result<Self, ShapeError> {
        let elements = elements.into();
        let error = ShapeError { rows, elements: elements.len() };
        let columns = (elements.len() as u64).checked_div(u64::from(rows)).ok_or(error)?;
        if elements.is_empty() {
            return Ok(Self::row(elements));
        }
        if columns * u64::from(rows) != elements.len() as u64 {
            return Err(error);
        }
        Ok(Self { rows, columns: u32::try_from(columns).map_err(|_| error)?, elements })
    }

    /// How many rows there are, at least 1.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// How many elements a row has.
    #[must_use]
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// All elements, row by row.
    #[must_use]
    pub fn elements(&self) -> &Elements {
        &self.elements
    }

    /// The elements, without their shape.
    #[must_use]
    pub fn into_elements(self) -> Elements {
        self.elements
    }

    /// All elements as numbers, row by row; those of 64 bits are rounded. `None`: they are texts.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.elements.numbers()
    }
}

impl Elements {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F64(elements) => elements.len(),
            Self::F32(elements) => elements.len(),
            Self::I32(elements) => elements.len(),
            Self::U32(elements) => elements.len(),
            Self::I16(elements) => elements.len(),
            Self::U16(elements) => elements.len(),
            Self::I8(elements) => elements.len(),
            Self::U8(elements) => elements.len(),
            Self::Text(elements) => elements.len(),
            Self::I64(elements) => elements.len(),
            Self::U64(elements) => elements.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a packet calls them.
    #[must_use]
    pub fn data_type(&self) -> DataType {
        match self {
            Self::F64(_) => DataType::ArrDouble,
            Self::F32(_) => DataType::ArrFloat,
            Self::I32(_) => DataType::ArrLong,
            Self::U32(_) => DataType::ArrUlong,
            Self::I16(_) => DataType::ArrShort,
            Self::U16(_) => DataType::ArrUshort,
            Self::I8(_) => DataType::ArrChar,
            Self::U8(_) => DataType::ArrUchar,
            Self::Text(_) => DataType::ArrString,
            Self::I64(_) => DataType::ArrLong64,
            Self::U64(_) => DataType::ArrUlong64,
        }
    }

    /// All of them as numbers; those of 64 bits are rounded. `None`: they are texts.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        fn wide<T: Copy + Into<f64>>(elements: &[T]) -> Vec<f64> {
            elements.iter().map(|element| (*element).into()).collect()
        }
        Some(match self {
            Self::F64(elements) => elements.clone(),
            Self::F32(elements) => wide(elements),
            Self::I32(elements) => wide(elements),
            Self::U32(elements) => wide(elements),
            Self::I16(elements) => wide(elements),
            Self::U16(elements) => wide(elements),
            Self::I8(elements) => wide(elements),
            Self::U8(elements) => wide(elements),
            Self::I64(elements) => elements.iter().map(|element| *element as f64).collect(),
            Self::U64(elements) => elements.iter().map(|element| *element as f64).collect(),
            Self::Text(_) => return None,
        })
    }
}

macro_rules! from_vec {
    ($($variant:ident: $element:ty),+) => {
        $(impl From<Vec<$element>> for Elements {
            fn from(elements: Vec<$element>) -> Self {
                Self::$variant(elements)
            }
        })+
    };
}

from_vec!(F64: f64, F32: f32, I32: i32, U32: u32, I16: i16, U16: u16, I8: i8, U8: u8, Text: String, I64: i64, U64: u64);
