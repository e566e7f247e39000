//! The protocol of a spec server (Certified Scientific Software), as bytes: packets to send, and packets out of what a
//! socket delivers, for a client and for a server alike. The spec plugin and its simulator call this crate; it never
//! opens a connection, reads a clock or waits, and no bytes make it panic.
//!
//! ```
//! use brickwork_spec_protocol::{ByteOrder, Command, Data, Decoder, MotorProperty, Packet, Property, Version};
//!
//! // A client asks where phi is ...
//! let position = Property::motor("phi", MotorProperty::Position);
//! let question = Packet::read(7, &position).encode(Version::V4, ByteOrder::Little)?;
//! assert_eq!(question.len(), 132);
//!
//! // ... and a server answers in the version and the byte order that it was asked in.
//! let mut server = Decoder::new();
//! server.push(&question);
//! let asked = server.next()?.expect("a whole packet was pushed");
//! assert_eq!((asked.command, asked.serial, Property::parse(&asked.name)), (Command::ChanRead, 7, position.clone()));
//! let dialect = server.dialect().expect("a packet has come");
//! let answer = Packet::reply(asked.serial, &asked.name, Data::number(12.5)).encode(dialect.version, dialect.order)?;
//!
//! // Numbers travel as text: that they are numbers is what the client knows of the property.
//! let mut client = Decoder::new();
//! client.push(&answer);
//! let answer = client.next()?.expect("a whole packet was pushed");
//! assert_eq!(answer.data.as_text(), Some("12.5"));
//! assert_eq!(answer.data.to_number()?, 12.5);
//! assert_eq!(client.next()?, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where the facts come from
//!
//! * *help*: the vendor's help page `server`, <https://certif.com/spec_help/server.html>.
//! * *header*: the vendor's `spec_server.h`, of 2004 and of 2013, as programs that talk to spec carry it.
//! * *manual*: the vendor's reference manual, by section: 2.3.4.1 is
//!   <https://certif.com/spec_manual/ref_2_3_4_1.html>.
//! * *peers*: what clients and servers that others wrote (certif-pyspec 1.5.3 of the vendor, chess-pyspec 1.0.8, the
//!   SpecClient of MXCuBE, pycertifspec) put on the wire when they were run against each other. Where they differ, the
//!   documentation here says so.
//!
//! No message of a genuine spec was there to compare with.

#![forbid(unsafe_code)]

mod array;
mod assoc;
mod call;
mod command;
mod data;
mod decoder;
mod error;
mod header;
mod kind;
mod number;
mod packet;
mod payload;
mod property;
mod text;

use std::ops::RangeInclusive;

pub use array::{Array, Elements};
pub use assoc::{Assoc, Key};
pub use call::{Call, quoted, unquoted};
pub use command::Command;
pub use data::Data;
pub use decoder::{Decoder, Dialect};
pub use error::{CallError, DecodeError, EncodeError, Envelope, Problem, ShapeError, ValueError};
pub use header::{ByteOrder, Version};
pub use kind::DataType;
pub use packet::Packet;
pub use property::{AllMotors, MotorProperty, Property, ScanVariable, Status};

/// The ports on which a spec that was started with `-S` alone looks for a free one, and on which a client looks for a
/// spec by its name (*help*, starting the server; `SV_PORT_FIRST` and `SV_PORT_LAST` of the *header*).
pub const PORTS: RangeInclusive<u16> = 6510..=6530;

/// The port that the SpecClient of MXCuBE takes when it is told none (*peers*).
pub const DEFAULT_PORT: u16 = 6789;

/// The bytes of a header that hold the name (`SV_NAME_LEN` of the *header*). A NUL ends it.
pub const NAME_BYTES: usize = 80;

/// The longest header that is accepted, in bytes; that of version 4 has 132. Longer ones are taken for garbage.
pub const MAX_HEADER_BYTES: usize = 1024;

/// The most data of one packet that a [`Decoder`] accepts unless it is told otherwise, in bytes: an image of
/// 4096 x 4096 `ulong`.
pub const MAX_DATA_BYTES: usize = 64 * 1024 * 1024;

/// The most texts in one packet: the keys and values of an associative array, or the elements of a string array. A
/// text needs one byte on the wire and much more in memory.
pub const MAX_TEXTS: usize = 1 << 20;
