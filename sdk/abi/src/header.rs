//! The protocol number as bytes in the file, so that a host reads it before any code of the library runs.

/// The protocol that this crate speaks: its Cargo major version.
pub const PROTOCOL: u32 = parse(env!("CARGO_PKG_VERSION_MAJOR"));

/// The bytes before the number in a plugin's file.
pub const PROTOCOL_MARK: [u8; 20] = *b"BRICKWORK-PROTOCOL:\0";

/// What `plugin!` places in a library: the mark, then the protocol as a little-endian `u32`.
#[repr(C)]
pub struct ProtocolMark {
    mark: [u8; 20],
    protocol: [u8; 4],
}

impl ProtocolMark {
    /// The mark of this protocol.
    pub const CURRENT: Self = Self { mark: PROTOCOL_MARK, protocol: PROTOCOL.to_le_bytes() };
}

/// The protocol number written in the bytes of a library; `None` if it carries no mark.
///
/// `symbol` is the file's content at the exported mark, see `plugin!`.
pub fn protocol_in(symbol: &[u8]) -> Option<u32> {
    let number = symbol.strip_prefix(&PROTOCOL_MARK)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*number))
}

const fn parse(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut number = 0;
    let mut index = 0;
    while index < bytes.len() {
        number = number * 10 + (bytes[index] - b'0') as u32;
        index += 1;
    }
    number
}
