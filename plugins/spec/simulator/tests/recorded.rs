//! What clients that others wrote sent to other servers, byte for byte, to the simulated spec. The recordings are not
//! part of the project: `BRICKWORK_VECTORS` names their folder.
#![allow(clippy::print_stderr)]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use brickwork_spec_protocol::{Command, Decoder, Dialect, Packet};
use serde_json::Value;
use support::{Client, beamline};

/// The messages of clients, by file and connection.
fn recorded() -> BTreeMap<(String, u64), Vec<Vec<u8>>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/vectors");
    let folder = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| default.into(), PathBuf::from).join("spec");
    let mut all: BTreeMap<(String, u64), Vec<Vec<u8>>> = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no recordings in {}; set BRICKWORK_VECTORS", folder.display());
        return all;
    };
    for path in entries.map(|entry| entry.expect("it can be listed").path()) {
        let name = path.file_name().expect("it was listed").to_string_lossy().into_owned();
        if !name.contains("-client__") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let records = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is a record"));
        for record in records.filter(|record| record["dir"] == "c2s") {
            let connection = record["conn"].as_u64().expect("each message has its connection");
            let hex = record["hex"].as_str().expect("each message has its bytes").as_bytes();
            let pairs = hex.chunks(2).map(|pair| std::str::from_utf8(pair).expect("hex is ASCII"));
            let bytes = pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two hex digits")).collect();
            all.entry((name.clone(), connection)).or_default().push(bytes);
        }
    }
    assert!(!all.is_empty(), "there are recordings in {}", folder.display());
    all
}

/// The packet of a message, and how it is written.
fn decoded(bytes: &[u8]) -> Option<(Packet, Dialect)> {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let packet = decoder.next().ok().flatten()?;
    Some((packet, decoder.dialect()?))
}

#[test]
fn each_request_that_was_recorded_gets_its_reply() {
    let mut replies = 0;
    let recorded = recorded();
    let is_there = !recorded.is_empty();
    for ((file, connection), messages) in recorded {
        let simulator = beamline();
        let Some((_, dialect)) = messages.first().and_then(|bytes| decoded(bytes)) else { continue };
        let mut client = Client::speaking(&simulator, dialect);
        for bytes in messages {
            let Some((packet, _)) = decoded(&bytes) else { continue };
            client.send_bytes(&bytes);
            let wanted = match packet.command {
                Command::Hello => Command::HelloReply,
                Command::ChanRead | Command::CmdWithReturn | Command::FuncWithReturn => Command::Reply,
                Command::Close => break,
                _ => continue,
            };
            let what = format!("{file}, connection {connection}: {packet:?}");
            let reply = client.wait_for(&what, |reply| reply.command == wanted && reply.serial == packet.serial);
            assert!(wanted == Command::HelloReply || reply.name == packet.name, "{what}: {reply:?}");
            replies += 1;
        }
    }
    assert!(!is_there || replies > 0, "the recordings have requests");
}
