//! What can be wrong with a packet, a value or a call: what it is, where it stands, and what was expected. The codec
//! gives these errors; whoever holds the connection shows them to a person.

use std::fmt;

use crate::{Command, DataType, MAX_HEADER_BYTES, MAX_TEXTS, NAME_BYTES};

/// Why what came is no packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// Where the packet begins: the bytes of the connection that came before it.
    pub at: u64,
    /// Which packet it is, when its header could be read: a request that waits for this answer need wait no more.
    pub envelope: Option<Envelope>,
    /// What is wrong with it.
    pub problem: Problem,
}

impl DecodeError {
    /// Whether nothing behind it can be read, because the end of the packet is unknown: the connection is of no more
    /// use. Otherwise the packet is left out, and the next one can be read.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.envelope.is_none()
    }
}

impl std::error::Error for DecodeError {}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the packet at byte {} of the connection", self.at)?;
        if let Some(envelope) = &self.envelope {
            write!(f, " ({envelope})")?;
        }
        write!(f, " cannot be read: {}", self.problem)
    }
}

/// What the header of a packet says of whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The number of its [`Command`].
    pub command: i32,
    /// Its serial number.
    pub serial: u32,
    /// Its name: that of a property, mostly.
    pub name: String,
}

impl fmt::Display for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Command::from_number(self.command) {
            Some(command) => write!(f, "{command}")?,
            None => write!(f, "command {}", self.command)?,
        }
        write!(f, ", serial number {}, name {:?}", self.serial, self.name)
    }
}

/// What is wrong with a packet. Bytes count from its first one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It does not begin as packets do, in neither byte order.
    #[error("it begins with the bytes {0:02x?}, not with feedface in either byte order: no spec server speaks there")]
    Magic([u8; 4]),
    /// An older header than any that is known.
    #[error("version {0} of the header (bytes 4 to 7) is not known; 2 and later are")]
    Version(i32),
    /// The header is too short to be one, or too long.
    #[error(
        "its header has {size} bytes (bytes 8 to 11); that of version {version} has {least}, and at most \
         {MAX_HEADER_BYTES} are accepted"
    )]
    HeaderSize {
        /// What bytes 8 to 11 say.
        size: u32,
        /// The version of the header.
        version: i32,
        /// The bytes that this version has at least.
        least: usize,
    },
    /// More data than is accepted. It is left out as it comes, and what is behind it can be read.
    #[error("{length} bytes of data (bytes 40 to 43) are more than the {limit} that are accepted")]
    TooLong {
        /// What bytes 40 to 43 say.
        length: u32,
        /// The limit of the decoder.
        limit: usize,
    },
    /// No command has this number.
    #[error("command {0} (bytes 24 to 27) is not one of 1 to 15")]
    Command(i32),
    /// No type of data has this number.
    #[error("data type {kind} (bytes 28 to 31) of {length} bytes of data is not one of 1 to 15")]
    DataType {
        /// What bytes 28 to 31 say.
        kind: i32,
        /// The bytes of data.
        length: usize,
    },
    /// A number has 8 bytes.
    #[error("a DOUBLE has 8 bytes of data, not {0}")]
    Double(usize),
    /// There are more or fewer elements than the header says.
    #[error("{rows} rows of {columns} columns (bytes 32 to 39) of {kind} do not fit to {length} bytes of data")]
    Shape {
        /// What the elements are.
        kind: DataType,
        /// What bytes 32 to 35 say.
        rows: u32,
        /// What bytes 36 to 39 say.
        columns: u32,
        /// The bytes of data.
        length: usize,
    },
    /// An associative array is pairs of texts, each with a NUL behind it.
    #[error("an ASSOC of {length} bytes of data ends {what}")]
    Assoc {
        /// The bytes of data.
        length: usize,
        /// How it ends.
        what: &'static str,
    },
    /// More texts than are accepted.
    #[error("{0} texts in one packet are more than the {MAX_TEXTS} that are accepted")]
    TooManyTexts(usize),
}

/// Why a packet cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The name does not fit into the header with the NUL that ends it.
    #[error("the name {0:?} has more than {max} bytes, which are all that a packet has room for", max = NAME_BYTES - 1)]
    NameTooLong(String),
    /// A NUL would end the name early.
    #[error("the name {0:?} has a NUL in it, which would end it there")]
    NameWithNul(String),
    /// A NUL would end a text among others early.
    #[error("the text {0:?} has a NUL in it, which would make two texts of it")]
    TextWithNul(String),
    /// The separator of two indices would make two of one.
    #[error("the index {0:?} has the character 0x1c in it, which stands between two indices")]
    IndexWithSeparator(String),
    /// The data is longer than the header can say.
    #[error("{0} bytes of data are more than a packet can have")]
    TooLong(usize),
}

/// Why a value is not what was asked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The server answered with an error instead of a value.
    #[error("spec answered with an error: {0}")]
    Refused(String),
    /// It is something else.
    #[error("{found} is not {wanted}")]
    Not {
        /// What was asked for, with its article.
        wanted: &'static str,
        /// What was there.
        found: String,
    },
}

/// Elements do not make rows of equal length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{elements} elements do not make {rows} rows of equal length")]
pub struct ShapeError {
    /// The rows that were asked for.
    pub rows: u32,
    /// The elements that there are.
    pub elements: usize,
}

/// Why a text is no call of a function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no call of a function: {what} at byte {at}")]
pub struct CallError {
    /// The text.
    pub text: String,
    /// Where, in bytes from its beginning.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}
