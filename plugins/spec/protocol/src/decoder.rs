//! Packets out of the bytes of a connection, however they are cut into pieces. A client or a server has one for each
//! connection; it never holds more than one packet that is not yet whole, and what was pushed since it was last asked.

use crate::error::{DecodeError, Envelope, Problem};
use crate::header::{ByteOrder, Header, Start, Version};
use crate::text::decode;
use crate::{Command, MAX_DATA_BYTES, Packet, payload};

/// The memory that an idle decoder keeps at most, in bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// How a peer writes its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// The version of its headers; the newest known one when its is newer.
    pub version: Version,
    /// Its byte order.
    pub order: ByteOrder,
}

/// What a client begins with: version 4, little-endian. A server answers in the dialect of its client.
impl Default for Dialect {
    fn default() -> Self {
        Self { version: Version::V4, order: ByteOrder::Little }
    }
}

/// Packets out of the bytes of one connection.
///
/// After each [`Decoder::push`] ask [`Decoder::next`] until it has nothing, or says that the connection is of no use.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// What of the buffer is done with.
    done: usize,
    /// The bytes of the connection before the one at `done`.
    at: u64,
    /// The bytes of data still to come that are left out.
    unwanted: u64,
    limit: usize,
    dialect: Option<Dialect>,
    failure: Option<DecodeError>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// For a new connection, with [`MAX_DATA_BYTES`] as its limit.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(MAX_DATA_BYTES)
    }

    /// For a new connection on which packets have `limit` bytes of data at most. Larger ones are errors, but what is
    /// behind them is read.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self { buffer: Vec::new(), done: 0, at: 0, unwanted: 0, limit, dialect: None, failure: None }
    }

    /// Takes what the connection delivered.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failure.is_some() {
            return;
        }
        let bytes = self.leave_out(bytes);
        if self.done == self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(KEPT_BYTES);
            self.done = 0;
        } else if self.done > self.buffer.len() / 2 {
            self.buffer.drain(..self.done);
            self.done = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next packet. `None`: push more.
    ///
    /// # Errors
    /// What is wrong with the packet, and where it is. Unless [`DecodeError::is_fatal`], the packet is left out and
    /// the next call goes on behind it; if it is, each further call gives the same error.
    #[expect(clippy::should_implement_trait, reason = "`None` is no end here: more comes after the next `push`")]
    pub fn next(&mut self) -> Result<Option<Packet>, DecodeError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let bytes = &self.buffer[self.done..];
        let start = match Start::read(bytes) {
            Ok(Some(start)) => start,
            Ok(None) => return Ok(None),
            Err(problem) => return Err(self.fail(problem)),
        };
        let Some(head) = bytes.get(..start.size) else { return Ok(None) };
        let header = Header::read(start, head);
        let length = header.length as usize;
        let whole = start.size + length.min(self.limit);
        let result = if length > self.limit {
            Err(Problem::TooLong { length: header.length, limit: self.limit })
        } else if let Some(data) = bytes.get(start.size..whole) {
            packet(&header, data)
        } else {
            return Ok(None);
        };
        self.dialect = Some(Dialect { version: header.version, order: header.order });
        let at = self.at;
        self.drop_packet(start.size as u64 + u64::from(header.length));
        result.map(Some).map_err(|problem| {
            let envelope = Envelope { command: header.command, serial: header.serial, name: decode(&header.name) };
            DecodeError { at, envelope: Some(envelope), problem }
        })
    }

    /// How the peer wrote the newest packet that [`Decoder::next`] gave or refused: a server answers in it. `None`:
    /// none has come.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// The bytes that are held for packets that are not yet whole or not yet asked for.
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        self.buffer.len() - self.done
    }

    /// Goes behind a packet, the end of which may be still to come.
    fn drop_packet(&mut self, length: u64) {
        let there = length.min(self.buffered_bytes() as u64);
        self.done += there as usize;
        self.at += there;
        self.unwanted = length - there;
    }

    /// The part of new bytes behind those that are left out.
    fn leave_out<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let unwanted = self.unwanted.min(bytes.len() as u64);
        self.unwanted -= unwanted;
        self.at += unwanted;
        &bytes[unwanted as usize..]
    }

    fn fail(&mut self, problem: Problem) -> DecodeError {
        let failure = DecodeError { at: self.at, envelope: None, problem };
        self.buffer = Vec::new();
        self.done = 0;
        self.failure = Some(failure.clone());
        failure
    }
}

fn packet(header: &Header, data: &[u8]) -> Result<Packet, Problem> {
    Ok(Packet {
        command: Command::from_number(header.command).ok_or(Problem::Command(header.command))?,
        serial: header.serial,
        seconds: header.seconds,
        microseconds: header.microseconds,
        name: decode(&header.name),
        error: header.error,
        deleted: header.deleted,
        data: payload::read(header, data)?,
    })
}
