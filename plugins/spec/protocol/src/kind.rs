//! What the data of a packet is: the `type` of its header. The payload's reader and writer go by it.

use std::fmt;

/// What the data of a packet is (`enum` of the *header*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum DataType {
    /// A number of 8 bytes. spec itself sends numbers as [`DataType::String`], but takes these (*help*).
    Double = 1,
    /// A text, or a number as text, or nothing.
    String = 2,
    /// The text of an error.
    Error = 3,
    /// An associative array.
    Assoc = 4,
    /// `double`, 8 bytes.
    ArrDouble = 5,
    /// `float`, 4 bytes.
    ArrFloat = 6,
    /// `long`, 4 bytes with a sign.
    ArrLong = 7,
    /// `ulong`, 4 bytes.
    ArrUlong = 8,
    /// `short`, 2 bytes with a sign.
    ArrShort = 9,
    /// `ushort`, 2 bytes.
    ArrUshort = 10,
    /// `byte`, 1 byte with a sign.
    ArrChar = 11,
    /// `ubyte`, 1 byte.
    ArrUchar = 12,
    /// `string`.
    ArrString = 13,
    /// `long64`, 8 bytes with a sign.
    ArrLong64 = 14,
    /// `ulong64`, 8 bytes.
    ArrUlong64 = 15,
}

impl DataType {
    /// All of them, by number.
    pub const ALL: [Self; 15] = [
        Self::Double,
        Self::String,
        Self::Error,
        Self::Assoc,
        Self::ArrDouble,
        Self::ArrFloat,
        Self::ArrLong,
        Self::ArrUlong,
        Self::ArrShort,
        Self::ArrUshort,
        Self::ArrChar,
        Self::ArrUchar,
        Self::ArrString,
        Self::ArrLong64,
        Self::ArrUlong64,
    ];

    /// The number in the header, 1 to 15.
    #[must_use]
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The type with this number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The vendor's name without `SV_`, as in `ARR_DOUBLE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Double => "DOUBLE",
            Self::String => "STRING",
            Self::Error => "ERROR",
            Self::Assoc => "ASSOC",
            Self::ArrDouble => "ARR_DOUBLE",
            Self::ArrFloat => "ARR_FLOAT",
            Self::ArrLong => "ARR_LONG",
            Self::ArrUlong => "ARR_ULONG",
            Self::ArrShort => "ARR_SHORT",
            Self::ArrUshort => "ARR_USHORT",
            Self::ArrChar => "ARR_CHAR",
            Self::ArrUchar => "ARR_UCHAR",
            Self::ArrString => "ARR_STRING",
            Self::ArrLong64 => "ARR_LONG64",
            Self::ArrUlong64 => "ARR_ULONG64",
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
