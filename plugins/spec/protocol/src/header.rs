//! The header of a packet, field by field, and its three versions. The decoder reads it, the encoder writes it; what
//! the fields mean for the data behind it is the payload's business.
//!
//! All fields are integers of 4 bytes without gaps (*header*): at 0 the magic, 4 the version, 8 the bytes of the whole
//! header, 12 the serial number, 16 and 20 seconds and microseconds since 1970, 24 the command, 28 the type of the
//! data, 32 its rows, 36 its columns, 40 its bytes, then since version 3 at 44 an error number, since version 4 at 48
//! flags, and then the name, 80 bytes.

use crate::error::Problem;
use crate::text::until_nul;
use crate::{MAX_HEADER_BYTES, NAME_BYTES};

/// The first four bytes of each packet, in the byte order of the sender (`SV_SPEC_MAGIC`).
const MAGIC: u32 = 0xfeed_face;

/// Where the error number stands since version 3.
const ERROR_AT: usize = 44;
/// Where the flags stand since version 4.
const FLAGS_AT: usize = 48;

/// The bytes after which version and size of a header are known.
const START_BYTES: usize = 12;

/// An event tells that something is gone. The vendor's C header says 0x0001 and its help page 0x1000; we send the
/// former, as its programs do, and take either.
const DELETED: u32 = 0x0001;
const DELETED_OF_HELP: u32 = 0x1000;

/// The order of the bytes in a header and in numbers. A server answers in the order of the client (*help*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The lowest byte first, as on every usual computer of today.
    Little,
    /// The highest byte first, as on the Suns and HPs of the time.
    Big,
}

/// The version of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 124 bytes; of spec 5.04.03, July 2003.
    V2,
    /// 128 bytes: with an error number; of spec 5.04.04, July 2004.
    V3,
    /// 132 bytes: with flags; of spec 5.04.05, September 2004, and all later ones that are known.
    V4,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: [Self; 3] = [Self::V2, Self::V3, Self::V4];

    /// The number in the header: 2, 3 or 4.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
            Self::V4 => 4,
        }
    }

    /// The bytes of the header: 124, 128 or 132.
    #[must_use]
    pub fn header_bytes(self) -> usize {
        self.name_at() + NAME_BYTES
    }

    fn name_at(self) -> usize {
        match self {
            Self::V2 => 44,
            Self::V3 => 48,
            Self::V4 => 52,
        }
    }

    /// The newest one that is not newer than `number`.
    fn up_to(number: i32) -> Option<Self> {
        match number {
            2 => Some(Self::V2),
            3 => Some(Self::V3),
            4.. => Some(Self::V4),
            _ => None,
        }
    }
}

/// The fields of a header. Its own size and its magic are no fields: they follow from what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub version: Version,
    pub order: ByteOrder,
    pub serial: u32,
    pub seconds: u32,
    pub microseconds: u32,
    pub command: i32,
    pub kind: i32,
    pub rows: u32,
    pub columns: u32,
    pub length: u32,
    pub error: i32,
    pub deleted: bool,
    /// Before its NUL.
    pub name: Vec<u8>,
}

/// How a header begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    order: ByteOrder,
    number: i32,
    version: Version,
    /// The bytes of the header.
    pub size: usize,
}

impl Start {
    /// Reads it; `None` when more bytes are needed.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Problem> {
        let Some(first) = bytes.first_chunk::<4>() else { return Ok(None) };
        let order = match u32::from_le_bytes(*first) {
            MAGIC => ByteOrder::Little,
            other if other.swap_bytes() == MAGIC => ByteOrder::Big,
            _ => return Err(Problem::Magic(*first)),
        };
        if bytes.len() < START_BYTES {
            return Ok(None);
        }
        let number = order.i32(bytes, 4);
        let version = Version::up_to(number).ok_or(Problem::Version(number))?;
        let (said, least) = (order.u32(bytes, 8), version.header_bytes());
        match usize::try_from(said) {
            Ok(size) if (least..=MAX_HEADER_BYTES).contains(&size) => Ok(Some(Self { order, number, version, size })),
            _ => Err(Problem::HeaderSize { size: said, version: number, least }),
        }
    }
}

impl Header {
    /// Reads the header of which `bytes` are all, and `start` the start.
    pub fn read(start: Start, bytes: &[u8]) -> Self {
        let Start { order, version, number, .. } = start;
        let flags = if version >= Version::V4 { order.u32(bytes, FLAGS_AT) } else { 0 };
        Self {
            version,
            order,
            serial: order.u32(bytes, 12),
            seconds: order.u32(bytes, 16),
            microseconds: order.u32(bytes, 20),
            command: order.i32(bytes, 24),
            kind: order.i32(bytes, 28),
            rows: order.u32(bytes, 32),
            columns: order.u32(bytes, 36),
            length: order.u32(bytes, 40),
            error: if version >= Version::V3 { order.i32(bytes, ERROR_AT) } else { 0 },
            deleted: flags & (DELETED | DELETED_OF_HELP) != 0,
            name: name(number, version, bytes).to_vec(),
        }
    }

    /// Writes it at the end of `bytes`. Error number and flags are left out where the version has no place for them.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let size = u32::try_from(self.version.header_bytes()).expect("it is 132 at most");
        let flags = if self.deleted { DELETED } else { 0 };
        let fields = [
            MAGIC,
            self.version.number().cast_unsigned(),
            size,
            self.serial,
            self.seconds,
            self.microseconds,
            self.command.cast_unsigned(),
            self.kind.cast_unsigned(),
            self.rows,
            self.columns,
            self.length,
            self.error.cast_unsigned(),
            flags,
        ];
        let start = bytes.len();
        for field in fields.into_iter().take(self.version.name_at() / 4) {
            bytes.extend_from_slice(&self.order.bytes(field));
        }
        bytes.extend_from_slice(&self.name);
        bytes.resize(start + self.version.header_bytes(), 0);
    }
}

/// The name in a header. Of a version that is newer than any that is known, it is not known whether a new field
/// stands before the name, as those of versions 3 and 4 do, or behind it: when no text begins where version 4 has it,
/// it is the last 80 bytes.
fn name(number: i32, version: Version, bytes: &[u8]) -> &[u8] {
    let mut at = version.name_at();
    if number > version.number() && bytes[at] < b' ' {
        at = bytes.len() - NAME_BYTES;
    }
    until_nul(&bytes[at..at + NAME_BYTES])
}

impl ByteOrder {
    fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let word = std::array::from_fn(|index| bytes[at + index]);
        match self {
            Self::Little => u32::from_le_bytes(word),
            Self::Big => u32::from_be_bytes(word),
        }
    }

    fn i32(self, bytes: &[u8], at: usize) -> i32 {
        self.u32(bytes, at).cast_signed()
    }

    fn bytes(self, field: u32) -> [u8; 4] {
        match self {
            Self::Little => field.to_le_bytes(),
            Self::Big => field.to_be_bytes(),
        }
    }
}
