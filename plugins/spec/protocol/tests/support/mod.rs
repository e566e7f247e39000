//! The recorded messages, which are not part of the project, messages made by hand, and a decoder that is asked until it
//! has nothing more.
#![allow(clippy::print_stderr)]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::PathBuf;

use brickwork_spec_protocol::{ByteOrder, Data, DecodeError, Decoder, Packet, Version};
use serde_json::Value;

/// The records of all files whose name ends so; none when the folder is not there.
pub fn records(name_end: &str) -> Vec<(String, Value)> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/vectors");
    let root = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| default.into(), PathBuf::from);
    if !root.is_dir() {
        eprintln!("SKIPPED: no vectors in {}; set BRICKWORK_VECTORS", root.display());
        return Vec::new();
    }
    let folder = root.join("spec");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(name_end)));
    paths.sort();
    assert!(!paths.is_empty(), "there are messages in {}", folder.display());
    let lines = paths.into_iter().flat_map(|path| {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().expect("it was listed").to_string_lossy().into_owned();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.into_iter().enumerate().map(move |(at, line)| (format!("{name}:{}", at + 1), line))
    });
    lines.map(|(place, line)| (place, serde_json::from_str(&line).expect("each line is a record"))).collect()
}

/// The whole message of a record.
pub fn bytes(record: &Value) -> Vec<u8> {
    let hex = record["hex"].as_str().expect("each record has its bytes");
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hex is ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two hex digits")).collect()
}

/// All that a decoder has, until it waits or is of no more use.
pub fn drain(decoder: &mut Decoder) -> Vec<Result<Packet, DecodeError>> {
    let mut all = Vec::new();
    loop {
        match decoder.next() {
            Ok(Some(packet)) => all.push(Ok(packet)),
            Ok(None) => return all,
            Err(error) => {
                let is_fatal = error.is_fatal();
                all.push(Err(error));
                if is_fatal {
                    return all;
                }
            }
        }
    }
}

/// The packet in bytes that hold one and nothing else.
pub fn one(bytes: &[u8]) -> (Decoder, Packet) {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let packet = decoder.next().expect("it can be read").expect("it is whole");
    assert_eq!(decoder.buffered_bytes(), 0, "nothing is left");
    (decoder, packet)
}

/// The error in bytes that hold one packet.
pub fn error(bytes: &[u8]) -> DecodeError {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    decoder.next().expect_err("it is wrong")
}

/// The bytes of a packet in version 4, little-endian.
pub fn encode(packet: &Packet) -> Vec<u8> {
    packet.encode(Version::V4, ByteOrder::Little).expect("it is a packet")
}

/// A header of version 4, little-endian, with the data.
pub fn with_data(command: i32, kind: i32, rows: u32, columns: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = encode(&Packet::reply(7, "var/x", Data::Empty));
    let length = u32::try_from(data.len()).expect("a short one");
    let fields = [(24, command.cast_unsigned()), (28, kind.cast_unsigned()), (32, rows), (36, columns), (40, length)];
    for (at, field) in fields {
        put(&mut bytes, at, field);
    }
    bytes.extend_from_slice(data);
    bytes
}

/// Writes a field of a little-endian header.
pub fn put(bytes: &mut [u8], at: usize, field: u32) {
    bytes[at..at + 4].copy_from_slice(&field.to_le_bytes());
}
