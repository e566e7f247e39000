//! Messages over a stream: a length, then the bytes of a value. Used by one reading and one writing thread.

use std::io::{self, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use brickwork_sdk::__abi::{decode_within, encode};
use brickwork_sdk::{from_value, to_value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message longer than this is refused by both sides.
const MAX_MESSAGE: usize = 128 << 20;
/// Values in one message.
const MAX_VALUES: usize = 1 << 20;
/// A buffer beyond this is given back when smaller messages come.
const KEPT_BUFFER: usize = 16 << 20;

/// Why a message did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The other side is gone, or the socket failed.
    #[error("the connection is lost: {0}")]
    Lost(#[from] io::Error),
    /// The other side speaks otherwise.
    #[error("the other side sent what is no message: {0}")]
    Malformed(String),
}

/// The sending half.
pub struct Writer {
    stream: UnixStream,
    buffer: Vec<u8>,
}

/// The receiving half.
pub struct Reader {
    stream: BufReader<Timed>,
    buffer: Vec<u8>,
    bounds: Bounds,
}

/// What one message may cost whoever receives it.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Its bytes.
    pub bytes: usize,
    /// The values in it; each takes some fifty bytes of memory, however few it takes on its way.
    pub values: usize,
}

/// A stream that is read until a moment at most.
struct Timed {
    stream: UnixStream,
    until: Option<Instant>,
}

impl io::Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
        }
        self.stream.read(buffer)
    }
}

/// The two halves of a connected stream.
///
/// # Errors
/// When the system has no more file descriptors.
pub fn split(stream: UnixStream) -> io::Result<(Reader, Writer)> {
    let timed = Timed { stream: stream.try_clone()?, until: None };
    let bounds = Bounds { bytes: MAX_MESSAGE, values: MAX_VALUES };
    let reader = Reader { stream: BufReader::with_capacity(1 << 16, timed), buffer: Vec::new(), bounds };
    Ok((reader, Writer { stream, buffer: Vec::new() }))
}

impl Writer {
    /// Sends one message; waits while the other side does not read.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn send<T: Serialize>(&mut self, message: &T) -> Result<(), TransportError> {
        let value = to_value(message).map_err(|error| TransportError::Malformed(error.to_string()))?;
        self.buffer.clear();
        self.buffer.extend([0; 4]);
        encode(&value, &mut self.buffer);
        let length = self.buffer.len() - 4;
        if length > MAX_MESSAGE {
            return Err(TransportError::Malformed(format!("{length} bytes are too many for one message")));
        }
        self.buffer[..4].copy_from_slice(&u32::try_from(length).expect("it is below the limit").to_le_bytes());
        self.stream.write_all(&self.buffer)?;
        if self.buffer.capacity() > KEPT_BUFFER {
            self.buffer = Vec::new();
        }
        Ok(())
    }

    /// Has [`send`](Self::send) fail when the other side takes nothing for so long.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn give_up_after(&self, limit: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(limit))
    }

    /// Ends the connection for both halves.
    pub fn close(&self) {
        // It may be closed already; then that is what was wanted.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

impl Reader {
    /// Takes only messages within these bounds, and only until a moment, if one is given.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn restrict(&mut self, bounds: Bounds, until: Option<Instant>) -> io::Result<()> {
        self.bounds = bounds;
        let timed = self.stream.get_mut();
        timed.until = until;
        timed.stream.set_read_timeout(None)
    }

    /// Waits for one message.
    ///
    /// # Errors
    /// When the other side is gone or sends what is no message.
    pub fn receive<T: DeserializeOwned>(&mut self) -> Result<T, TransportError> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > self.bounds.bytes {
            return Err(TransportError::Malformed(format!(
                "a message of {length} bytes, where {} are taken",
                self.bounds.bytes
            )));
        }
        if self.buffer.capacity() > KEPT_BUFFER.min(self.bounds.bytes / 4) {
            self.buffer = Vec::new();
        }
        self.buffer.clear();
        // Grows with what comes, not with what was announced.
        let came = self.stream.by_ref().take(length as u64).read_to_end(&mut self.buffer)?;
        if came < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        let value = decode_within(&self.buffer, self.bounds.values)
            .map_err(|error| TransportError::Malformed(error.to_string()))?;
        from_value(value).map_err(|error| TransportError::Malformed(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use brickwork_sdk::Value;

    const SMALL: Bounds = Bounds { bytes: 100, values: 10 };

    fn pair() -> (Reader, Writer, UnixStream) {
        let (here, there) = UnixStream::pair().expect("the system has sockets");
        let (mut reader, _) = split(here).expect("a socket can be doubled");
        reader.restrict(SMALL, None).expect("the socket takes it");
        let (_, writer) = split(there.try_clone().expect("a socket can be doubled")).expect("a socket can be doubled");
        (reader, writer, there)
    }

    #[test]
    fn what_is_announced_and_does_not_come_takes_no_memory() {
        let (mut reader, _writer, mut stream) = pair();
        let bounds = Bounds { bytes: MAX_MESSAGE, values: MAX_VALUES };
        reader.restrict(bounds, Some(Instant::now() + Duration::from_millis(50))).expect("the socket takes it");
        stream.write_all(&(128_u32 << 20).to_le_bytes()).expect("the other side is there");
        stream.write_all(&[0; 1000]).expect("the other side is there");
        assert!(matches!(reader.receive::<Value>(), Err(TransportError::Lost(_))), "it was waited for no longer");
        assert!(reader.buffer.capacity() < 1 << 20, "{} bytes were taken", reader.buffer.capacity());
    }

    #[test]
    fn a_message_beyond_the_bounds_is_refused_and_one_within_them_comes() {
        let (mut reader, mut writer, _stream) = pair();
        writer.send(&Value::from("short")).expect("the other side is there");
        assert_eq!(reader.receive::<Value>().expect("it is within the bounds"), Value::from("short"));
        writer.send(&vec![(); 11]).expect("the other side is there");
        assert!(matches!(reader.receive::<Value>(), Err(TransportError::Malformed(_))), "too many values");
        writer.send(&Value::from("x".repeat(101))).expect("the other side is there");
        assert!(matches!(reader.receive::<Value>(), Err(TransportError::Malformed(_))), "too many bytes");
    }

    #[test]
    fn who_does_not_read_is_waited_for_no_longer_than_was_said() {
        let (_reader, mut writer, _stream) = pair();
        writer.give_up_after(Duration::from_millis(50)).expect("the socket takes it");
        let sent = writer.send(&Value::from("x".repeat(10 << 20)));
        assert!(matches!(sent, Err(TransportError::Lost(_))));
    }
}
