//! Messages over a stream: a length, then the bytes of a value. Used by one reading and one writing thread.

use std::io::{self, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use brickwork_sdk::__abi::{decode, encode};
use brickwork_sdk::{from_value, to_value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message longer than this is refused by both sides.
const MAX_MESSAGE: usize = 128 << 20;

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
    stream: BufReader<UnixStream>,
    buffer: Vec<u8>,
}

/// The two halves of a connected stream.
///
/// # Errors
/// When the system has no more file descriptors.
pub fn split(stream: UnixStream) -> io::Result<(Reader, Writer)> {
    let reader = Reader { stream: BufReader::with_capacity(1 << 16, stream.try_clone()?), buffer: Vec::new() };
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
        if self.buffer.capacity() > 16 << 20 {
            self.buffer = Vec::new();
        }
        Ok(())
    }

    /// Ends the connection for both halves.
    pub fn close(&self) {
        // It may be closed already; then that is what was wanted.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

impl Reader {
    /// Waits for one message.
    ///
    /// # Errors
    /// When the other side is gone or sends what is no message.
    pub fn receive<T: DeserializeOwned>(&mut self) -> Result<T, TransportError> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MAX_MESSAGE {
            return Err(TransportError::Malformed(format!("a message of {length} bytes")));
        }
        self.buffer.resize(length, 0);
        self.stream.read_exact(&mut self.buffer)?;
        let value = decode(&self.buffer).map_err(|error| TransportError::Malformed(error.to_string()))?;
        from_value(value).map_err(|error| TransportError::Malformed(error.to_string()))
    }
}
