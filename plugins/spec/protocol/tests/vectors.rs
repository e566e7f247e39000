//! Agrees with what clients and servers that others wrote put on the wire. Their bytes are not part of the project:
//! `BRICKWORK_VECTORS` names the folder.

mod support;

use brickwork_spec_protocol::{
    Array, Assoc, ByteOrder, Call, Command, Data, DataType, Decoder, Dialect, Elements, Key, MotorProperty, Packet,
    Property, Version,
};
use serde_json::Value;
use support::{bytes, drain, one, records};

const CONSTRUCTED: &str = "message-constructors.jsonl";

fn order(word: &Value) -> ByteOrder {
    match word.as_str() {
        Some("little") => ByteOrder::Little,
        Some("big") => ByteOrder::Big,
        other => panic!("{other:?} is no byte order"),
    }
}

fn version(number: &Value) -> Version {
    let found = Version::ALL.into_iter().find(|version| *number == version.number());
    found.unwrap_or_else(|| panic!("{number} is no version"))
}

/// What the recording proxy saw of the data: its text, as far as it is one.
fn check_data(place: &str, packet: &Packet, header: &Value) {
    let seen = header["body_ascii"].as_str();
    let text = || seen.expect("a text was recorded").strip_suffix('\0').unwrap_or_default().to_owned();
    let kind = header["type"].as_str().expect("a type was recorded");
    match &packet.data {
        Data::Empty => assert_eq!(header["len"], 0, "{place}"),
        Data::Text(found) => assert_eq!((kind, found), ("STRING", &text()), "{place}"),
        Data::Error(found) => assert_eq!((kind, found), ("ERROR", &text()), "{place}"),
        Data::Assoc(assoc) => {
            let wire = |key: &Key| match &key.second {
                Some(second) => format!("{}\x1c{second}", key.first),
                None => key.first.clone(),
            };
            let pairs: String = assoc.iter().map(|(key, value)| format!("{}\0{value}\0", wire(key))).collect();
            assert_eq!((kind, Some(format!("{pairs}\0").as_str())), ("ASSOC", seen), "{place}");
        }
        Data::Array(array) => {
            assert_eq!((kind, array.rows().into()), (array.elements().data_type().name(), header["rows"].clone()));
            assert_eq!(header["cols"], array.columns(), "{place}");
        }
        Data::Double(_) => panic!("{place}: no peer has sent one"),
    }
}

#[test]
fn every_recorded_message_says_what_the_proxy_saw() {
    for (place, record) in records(".jsonl").iter().filter(|(_, record)| record["header"].is_object()) {
        let header = &record["header"];
        let (decoder, packet) = one(&bytes(record));
        let dialect = Dialect { version: version(&header["vers"]), order: order(&header["endian"]) };
        assert_eq!(decoder.dialect(), Some(dialect), "{place}");
        assert_eq!(header["size"], dialect.version.header_bytes(), "{place}");
        assert_eq!(header["cmd"], packet.command.name(), "{place}");
        assert_eq!(header["name"], packet.name.as_str(), "{place}");
        let numbers = [("sn", packet.serial), ("sec", packet.seconds), ("usec", packet.microseconds)];
        for (field, found) in numbers {
            assert_eq!(header[field], found, "{place}: {field}");
        }
        // Older versions have neither.
        assert_eq!(header["err"].as_i64().unwrap_or(0), i64::from(packet.error), "{place}");
        assert_eq!(header["flags"].as_i64().unwrap_or(0) != 0, packet.deleted, "{place}");
        check_data(place, &packet, header);
    }
}

#[test]
fn messages_in_a_row_come_out_the_same_however_they_are_cut() {
    let all = records(".jsonl");
    let stream: Vec<u8> = all.iter().flat_map(|(_, record)| bytes(record)).collect();
    let singly: Vec<Packet> = all.iter().map(|(_, record)| one(&bytes(record)).1).collect();
    for piece in [1, 7, 131, 132, 133, 4096, 1 << 20] {
        let mut decoder = Decoder::new();
        let mut found = Vec::new();
        for piece in stream.chunks(piece) {
            decoder.push(piece);
            found.extend(drain(&mut decoder).into_iter().map(|packet| packet.expect("it was read singly")));
        }
        assert_eq!(found, singly, "in pieces of {piece}");
        assert_eq!(decoder.buffered_bytes(), 0);
    }
}

#[test]
fn messages_of_specclient_are_written_again_byte_for_byte() {
    let mut count = 0;
    for (place, record) in records(CONSTRUCTED) {
        let bytes = bytes(&record);
        let (_, packet) = one(&bytes);
        let again = packet.encode(version(&record["version"]), order(&record["endian"])).expect("it was read");
        assert_eq!(again, bytes, "{place}: {}", record["label"]);
        count += 1;
    }
    assert!(count == 0 || count == 108, "{count} messages");
}

#[test]
fn what_a_raw_client_sent_is_written_again_byte_for_byte() {
    for (place, record) in records("rawconstructors-client__chess108-server.jsonl") {
        if record["dir"] != "c2s" {
            continue;
        }
        let bytes = bytes(&record);
        let (decoder, packet) = one(&bytes);
        let dialect = decoder.dialect().expect("a packet came");
        assert_eq!(packet.encode(dialect.version, dialect.order).expect("it was read"), bytes, "{place}");
    }
}

#[test]
fn every_recorded_message_means_the_same_when_it_is_written_again() {
    for (place, record) in records(".jsonl") {
        let (_, packet) = one(&bytes(&record));
        for version in Version::ALL {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                let again = packet.encode(version, order).expect("it was read");
                assert_eq!(one(&again).1, packet, "{place} as {version:?}, {order:?}");
            }
        }
    }
}

/// The packet that our constructors make for a label of the file.
fn constructed(label: &str) -> Packet {
    let position = Property::motor("phi", MotorProperty::Position);
    let event = |value: Assoc| Packet::event("var/a", Data::Assoc(value));
    match label {
        "hello" => Packet::hello("python"),
        "hello_reply name=fourc" => Packet::hello_reply(0, "fourc"),
        "register motor/phi/position" => Packet::register(&position),
        "unregister motor/phi/position" => Packet::unregister(&position),
        "event motor/phi/position 10.5" => Packet::event(&position.to_string(), Data::number(10.5)),
        // Python writes the zero; spec would not.
        "chan_send motor/phi/start_one 20.0" => {
            Packet::write(&Property::motor("phi", MotorProperty::StartOne), Data::text("20.0"))
        }
        "chan_read var/foo (sn=1)" => Packet::read(1, &Property::variable("foo")),
        "cmd_with_return \"1+1\" (sn=2)" => Packet::command_with_return(2, "1+1"),
        "func_with_return [add,2,3] (sn=3)" => {
            Packet::function_with_return(3, &Call::new("add").with_number(2.0).with_number(3.0))
        }
        "func_with_return [m,\"s\",{\"a\":1}] (sn=4)" => {
            Packet::function_with_return(4, &Call::new("m").with("'s'").with("['a': 1]"))
        }
        "cmd \"mv phi 1\"" => Packet::command("mv phi 1"),
        "func [add,2,3]" => Packet::function(&Call::new("add").with("2").with("3")),
        "abort" => Packet::abort(),
        "close" => Packet::close(),
        "reply sn=1 \"42\"" => Packet::reply(1, "", Data::integer(42)),
        "error reply sn=1" => Packet::error_reply(1, "", 0, "\"x\" does not exist"),
        "event assoc {one:now,two:is}" => event(Assoc::new().with("one", "now")),
        "event assoc 2-index {three:{None:the,0:time}}" => {
            event(Assoc::new().with(Key::two("three", "0"), "time").with("three", "the"))
        }
        other => panic!("{other} is new"),
    }
}

#[test]
fn our_constructors_make_the_messages_of_specclient() {
    for (place, record) in records(CONSTRUCTED) {
        let label = record["label"].as_str().expect("each has a label");
        // Its clock stood still at this time.
        let mut packet = constructed(label).sent_at(std::time::Duration::from_micros(1_163_000_000_250_000));
        let bytes = bytes(&record);
        if label.starts_with("event assoc") {
            packet.name = one(&bytes).1.name;
        }
        let ours = packet.encode(version(&record["version"]), order(&record["endian"])).expect("it is a packet");
        assert_eq!(ours, bytes, "{place}: {label}");
    }
}

#[test]
fn arrays_of_every_type_have_the_values_that_the_server_was_given() {
    let recorded = records("chess108-client__chess108-server.jsonl");
    let arrays: Vec<Array> =
        recorded.iter().filter_map(|(_, record)| one(&bytes(record)).1.data.as_array().cloned()).collect();
    if recorded.is_empty() {
        return;
    }
    let expected: [Elements; 11] = [
        vec![0.5, 1.5, 2.5].into(),
        vec![1.5_f32, 2.5].into(),
        vec![1_i32, -2, 3].into(),
        vec![1_u32, 2, u32::MAX].into(),
        vec![1_i16, -2].into(),
        vec![1_u16, u16::MAX].into(),
        vec![1_i8, -2].into(),
        vec![1_u8, u8::MAX].into(),
        vec!["abc".to_owned(), "de".to_owned()].into(),
        vec![1_i64, -2].into(),
        vec![1_u64, 1 << 63].into(),
    ];
    for elements in expected {
        let kind: DataType = elements.data_type();
        assert!(arrays.contains(&Array::row(elements)), "{kind} in {arrays:?}");
    }
    let grid = Array::grid(2, vec![1.0, 2.5, 3.25, -4.0]).expect("two rows of two");
    assert!(arrays.contains(&grid), "two rows in {arrays:?}");
}

#[test]
fn calls_of_functions_are_read_in_the_forms_of_all_clients() {
    let mut forms = std::collections::BTreeSet::new();
    for (place, record) in records(".jsonl") {
        let (_, packet) = one(&bytes(&record));
        if !matches!(packet.command, Command::Func | Command::FuncWithReturn) {
            continue;
        }
        let text = packet.data.as_text().expect("a call is a text");
        let call = Call::parse(text).unwrap_or_else(|error| panic!("{place}: {error}"));
        if call.function == "add" {
            assert_eq!(call.arguments.len(), 2, "{place}");
            forms.insert(text.contains('\0'));
        }
    }
    assert!(forms.is_empty() || forms.len() == 2, "both forms were recorded: {forms:?}");
}
