//! One packet: what is asked or told, of which property, with which value; and one constructor for each packet that a
//! client or a server sends. It knows no connection, and no time but what it is told.

use std::time::Duration;

use crate::error::EncodeError;
use crate::header::{ByteOrder, Header, Version};
use crate::{Call, Command, Data, NAME_BYTES, Property, payload};

/// One packet of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// What it asks or tells.
    pub command: Command,
    /// A client's number for a request; the reply has the same. 0 where no reply is awaited.
    pub serial: u32,
    /// When it was sent, in whole seconds since 1970.
    pub seconds: u32,
    /// The rest of that, in microseconds; one peer (pycertifspec) puts nanoseconds here.
    pub microseconds: u32,
    /// The property that it is about; in a hello the name of who sends it; otherwise empty.
    pub name: String,
    /// The number of an error, above 0; 0 without. Version 2 has no place for it.
    pub error: i32,
    /// The variable that is named, or the elements of an associative array that the data names, are no more. Versions
    /// 2 and 3 have no place for it.
    pub deleted: bool,
    /// The value.
    pub data: Data,
}

/// What a client sends.
impl Packet {
    /// Asks who is there. `client` is only for debugging.
    #[must_use]
    pub fn hello(client: &str) -> Self {
        Self::new(Command::Hello, 0, client, Data::Empty)
    }

    /// Says that the client leaves.
    #[must_use]
    pub fn close() -> Self {
        Self::new(Command::Close, 0, "", Data::Empty)
    }

    /// Stops whatever spec does, as `^C` does; see [`Command::Abort`].
    #[must_use]
    pub fn abort() -> Self {
        Self::new(Command::Abort, 0, "", Data::Empty)
    }

    /// Has spec execute `command`, as if it was typed. No reply comes.
    #[must_use]
    pub fn command(command: &str) -> Self {
        Self::new(Command::Cmd, 0, "", Data::text(command))
    }

    /// Has spec execute `command` and reply with its result.
    #[must_use]
    pub fn command_with_return(serial: u32, command: &str) -> Self {
        Self::new(Command::CmdWithReturn, serial, "", Data::text(command))
    }

    /// Has spec call a function. No reply comes.
    #[must_use]
    pub fn function(call: &Call) -> Self {
        Self::new(Command::Func, 0, "", call.to_data())
    }

    /// Has spec call a function and reply with its result.
    #[must_use]
    pub fn function_with_return(serial: u32, call: &Call) -> Self {
        Self::new(Command::FuncWithReturn, serial, "", call.to_data())
    }

    /// Asks for the events of a property, the first one at once.
    #[must_use]
    pub fn register(property: &Property) -> Self {
        Self::new(Command::Register, 0, &property.to_string(), Data::Empty)
    }

    /// Wants no more events of a property.
    #[must_use]
    pub fn unregister(property: &Property) -> Self {
        Self::new(Command::Unregister, 0, &property.to_string(), Data::Empty)
    }

    /// Asks for the value of a property, once.
    #[must_use]
    pub fn read(serial: u32, property: &Property) -> Self {
        Self::new(Command::ChanRead, serial, &property.to_string(), Data::Empty)
    }

    /// Sets a property. No reply comes; when it is refused, there is an event of [`Property::Error`].
    #[must_use]
    pub fn write(property: &Property, value: Data) -> Self {
        Self::new(Command::ChanSend, 0, &property.to_string(), value)
    }
}

/// What a server sends. Names are taken as the client wrote them, so that it knows them again.
impl Packet {
    /// Answers a hello with the name of this spec, which stands in the header and in the data.
    #[must_use]
    pub fn hello_reply(serial: u32, spec: &str) -> Self {
        Self::new(Command::HelloReply, serial, spec, Data::text(spec))
    }

    /// Tells those who registered the value of a property.
    #[must_use]
    pub fn event(name: &str, value: Data) -> Self {
        Self::new(Command::Event, 0, name, value)
    }

    /// Tells those who registered that a variable is no more or, with an associative array, that these elements of it
    /// are.
    #[must_use]
    pub fn deletion(name: &str, elements: Data) -> Self {
        Self { deleted: true, ..Self::event(name, elements) }
    }

    /// Answers the request with this serial number.
    #[must_use]
    pub fn reply(serial: u32, name: &str, value: Data) -> Self {
        Self::new(Command::Reply, serial, name, value)
    }

    /// Answers the request with this serial number with an error, in words for a person and as a number above 0.
    #[must_use]
    pub fn error_reply(serial: u32, name: &str, number: i32, text: &str) -> Self {
        Self { error: number, ..Self::reply(serial, name, Data::error(text)) }
    }
}

impl Packet {
    /// Any packet, without error, mark and time.
    #[must_use]
    pub fn new(command: Command, serial: u32, name: &str, data: Data) -> Self {
        let name = name.to_owned();
        Self { command, serial, seconds: 0, microseconds: 0, name, error: 0, deleted: false, data }
    }

    /// With the time at which it is sent, since 1970. Seconds beyond 32 bits, in 2106, begin at 0 again.
    #[must_use]
    pub fn sent_at(mut self, since_1970: Duration) -> Self {
        self.seconds = (since_1970.as_secs() & u64::from(u32::MAX)) as u32;
        self.microseconds = since_1970.subsec_micros();
        self
    }

    /// Why the server could not do what it was asked, in its words. `None`: nothing says that it could not. All servers
    /// that were recorded tell it by the type of the data and leave the number 0 (*peers*); either is enough.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match &self.data {
            Data::Error(text) => Some(text.clone()),
            Data::Text(text) if self.error > 0 => Some(text.clone()),
            _ if self.error > 0 => Some(format!("error {}", self.error)),
            _ => None,
        }
    }

    /// The bytes to send, in this version and byte order. What the version has no place for is left out: the error
    /// number of version 2, the mark of a deletion of versions 2 and 3.
    ///
    /// # Errors
    /// The name or the data has no form on the wire.
    pub fn encode(&self, version: Version, order: ByteOrder) -> Result<Vec<u8>, EncodeError> {
        if self.name.contains('\0') {
            return Err(EncodeError::NameWithNul(self.name.clone()));
        }
        if self.name.len() >= NAME_BYTES {
            return Err(EncodeError::NameTooLong(self.name.clone()));
        }
        let data = payload::write(&self.data, order)?;
        let (rows, columns) = payload::rows_and_columns(&self.data);
        let header = Header {
            version,
            order,
            serial: self.serial,
            seconds: self.seconds,
            microseconds: self.microseconds,
            command: self.command.number(),
            kind: self.data.data_type().number(),
            rows,
            columns,
            length: u32::try_from(data.len()).map_err(|_| EncodeError::TooLong(data.len()))?,
            error: self.error,
            deleted: self.deleted,
            name: self.name.clone().into_bytes(),
        };
        let mut bytes = Vec::with_capacity(version.header_bytes() + data.len());
        header.write(&mut bytes);
        bytes.extend(data);
        Ok(bytes)
    }
}
