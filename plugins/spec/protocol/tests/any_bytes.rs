//! Whatever comes, a packet is read or refused, and what is written is read again. The seeds are fixed, so that a
//! failure repeats.

mod support;

use brickwork_spec_protocol::{
    Array, Assoc, ByteOrder, Call, Command, Data, Decoder, Elements, Key, Packet, Property, Version,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::{bytes, drain, one, records};

/// Data is small here, so that lengths by chance are often near the limit.
const LIMIT: usize = 256;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(0x5eed_5bec), failure_persistence: None, ..Default::default() }
}

/// Pushes bytes in pieces; nothing more is held than a packet can have.
fn survive(stream: &[u8], piece: usize) {
    let mut decoder = Decoder::with_limit(LIMIT);
    for piece in stream.chunks(piece.max(1)) {
        decoder.push(piece);
        for result in drain(&mut decoder) {
            let errors = result.as_ref().err().map(ToString::to_string);
            assert_ne!(errors.as_deref(), Some(""));
            if let Ok(packet) = result {
                let _ =
                    (packet.data.to_numbers(), packet.data.as_text().map(Call::parse), Property::parse(&packet.name));
            }
        }
        assert!(decoder.buffered_bytes() < brickwork_spec_protocol::MAX_HEADER_BYTES + LIMIT);
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ -~]{0,12}", 1 => "[^\0\x1c]{0,6}"]
}

fn elements(count: usize) -> impl Strategy<Value = Elements> {
    prop_oneof![
        vec(-1e300..1e300_f64, count).prop_map(Elements::from),
        vec(-1e30..1e30_f32, count).prop_map(Elements::from),
        vec(any::<i32>(), count).prop_map(Elements::from),
        vec(any::<u32>(), count).prop_map(Elements::from),
        vec(any::<i16>(), count).prop_map(Elements::from),
        vec(any::<u16>(), count).prop_map(Elements::from),
        vec(any::<i8>(), count).prop_map(Elements::from),
        vec(any::<u8>(), count).prop_map(Elements::from),
        vec(text(), count).prop_map(Elements::from),
        vec(any::<i64>(), count).prop_map(Elements::from),
        vec(any::<u64>(), count).prop_map(Elements::from),
    ]
}

fn array() -> impl Strategy<Value = Array> {
    let sizes = (1_u32..5, 0_usize..6);
    let shaped = sizes.prop_flat_map(|(rows, columns)| (Just(rows), elements(rows as usize * columns)));
    shaped.prop_map(|(rows, elements)| Array::grid(rows, elements).expect("they are rows"))
}

fn assoc() -> impl Strategy<Value = Assoc> {
    let key = (text(), proptest::option::of(text())).prop_map(|(first, second)| Key { first, second });
    vec((key, text()), 0..6)
        .prop_map(|all| all.into_iter().fold(Assoc::new(), |assoc, (key, value)| assoc.with(key, value)))
}

fn data() -> impl Strategy<Value = Data> {
    prop_oneof![
        Just(Data::Empty),
        any::<f64>().prop_filter("equal to itself", |number| !number.is_nan()).prop_map(Data::Double),
        any::<String>().prop_map(Data::Text),
        any::<String>().prop_map(Data::Error),
        assoc().prop_map(Data::Assoc),
        array().prop_map(Data::Array),
    ]
}

prop_compose! {
    fn packet()(
        command in proptest::sample::select(Command::ALL.to_vec()),
        numbers in any::<(u32, u32, u32, i32)>(),
        name in "[ -~]{0,79}",
        deleted in any::<bool>(),
        data in data(),
    ) -> Packet {
        let (serial, seconds, microseconds, error) = numbers;
        Packet { command, serial, seconds, microseconds, name, error, deleted, data }
    }
}

fn version() -> impl Strategy<Value = Version> {
    proptest::sample::select(Version::ALL.to_vec())
}

fn order() -> impl Strategy<Value = ByteOrder> {
    proptest::sample::select(vec![ByteOrder::Little, ByteOrder::Big])
}

/// What a version has no place for does not come back.
fn as_sent(packet: &Packet, version: Version) -> Packet {
    let error = if version >= Version::V3 { packet.error } else { 0 };
    Packet { error, deleted: packet.deleted && version >= Version::V4, ..packet.clone() }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn what_is_written_is_read_again(packet in packet(), version in version(), order in order()) {
        let bytes = packet.encode(version, order).expect("each has a form on the wire");
        let (decoder, found) = one(&bytes);
        prop_assert_eq!(found, as_sent(&packet, version));
        let dialect = decoder.dialect().expect("a packet came");
        prop_assert_eq!((dialect.version, dialect.order), (version, order));
    }

    #[test]
    fn packets_in_a_row_come_out_however_they_are_cut(
        packets in vec((packet(), version(), order()), 1..5),
        piece in 1_usize..200,
    ) {
        let sent = |(packet, version, order): &(Packet, Version, ByteOrder)| packet.encode(*version, *order);
        let stream: Vec<u8> = packets.iter().flat_map(|packet| sent(packet).expect("it has a form")).collect();
        let mut decoder = Decoder::new();
        let mut found = Vec::new();
        for piece in stream.chunks(piece) {
            decoder.push(piece);
            found.extend(drain(&mut decoder).into_iter().map(|packet| packet.expect("it is one")));
        }
        let expected: Vec<Packet> = packets.iter().map(|(packet, version, _)| as_sent(packet, *version)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_bytes_are_survived(stream in vec(any::<u8>(), 0..400), piece in 1_usize..100) {
        survive(&stream, piece);
    }

    #[test]
    fn any_bytes_behind_a_good_start_are_survived(
        start in (version(), order()),
        header in vec(prop_oneof![3 => 0_u8..17, 1 => any::<u8>()], 32..160),
        stream in vec(any::<u8>(), 0..300),
        piece in 1_usize..100,
    ) {
        let mut bytes = Packet::close().encode(start.0, start.1).expect("it is a packet");
        let end = bytes.len();
        // From the command on: commands, types, shapes and lengths that are often possible ones.
        let header: Vec<u8> = header.chunks(4).flat_map(|word| [word[0], 0, 0, 0]).take(end - 24).collect();
        bytes[24..24 + header.len()].copy_from_slice(&header);
        if start.1 == ByteOrder::Big {
            bytes[24..end].chunks_exact_mut(4).for_each(<[u8]>::reverse);
        }
        bytes.extend(stream);
        survive(&bytes, piece);
    }

    #[test]
    fn any_text_is_a_call_or_says_where_it_is_none(text in "[a-z(),\"'\\[\\]\\\\\0; µ]{0,20}") {
        match Call::parse(&text) {
            Ok(call) => {
                let again = Call::parse(call.to_data().as_text().expect("a text")).map(|again| again.function);
                prop_assert_eq!(again, Ok(call.function));
            }
            Err(error) => prop_assert!(error.at <= text.len() && text.is_char_boundary(error.at), "{}", error),
        }
    }

    #[test]
    fn any_name_means_itself(name in "[a-z./\\[\\]_]{0,20}") {
        let property = Property::parse(&name);
        let again = property.to_string();
        prop_assert!(again == name || property.with_slash() == name, "{:?} {}", property, again);
    }
}

#[test]
fn damaged_recorded_messages_are_survived() {
    let all: Vec<Vec<u8>> = records(".jsonl").iter().map(|(_, record)| bytes(record)).collect();
    if all.is_empty() {
        return;
    }
    let damage = vec((0_usize..600, prop_oneof![any::<u8>(), 0_u8..17, Just(0xff)]), 1..4);
    let strategy =
        (proptest::sample::select(all.clone()), damage, 0_usize..8, proptest::sample::select(all), 1_usize..300);
    let mut runner = proptest::test_runner::TestRunner::new(config(20_000));
    let result = runner.run(&strategy, |(mut message, damage, cut, next, piece)| {
        for (at, byte) in damage {
            let length = message.len();
            message[at % length] = byte;
        }
        message.truncate(message.len() - cut / 4 * cut);
        survive(&[message, next].concat(), piece);
        Ok(())
    });
    result.expect("each is read or refused");
}
