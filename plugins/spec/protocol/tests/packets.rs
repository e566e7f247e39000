//! Single packets: bytes written out by hand, and headers that nobody has sent yet.

mod support;

use brickwork_spec_protocol::{
    Array, Assoc, ByteOrder, Data, Decoder, Dialect, EncodeError, Key, Packet, Property, Version,
};
use support::{encode, one, put, with_data};

fn data(kind: i32, rows: u32, columns: u32, data: &[u8]) -> Data {
    one(&with_data(13, kind, rows, columns, data)).1.data
}

#[test]
fn a_packet_is_these_bytes_in_version_2_big_endian() {
    let packet = Packet::error_reply(1, "", 5, "\"x\" does not exist");
    let bytes = packet.encode(Version::V2, ByteOrder::Big).expect("it is a packet");
    let words = [0xfeed_face_u32, 2, 124, 1, 0, 0, 13, 3, 0, 0, 19];
    let mut expected: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    expected.resize(124, 0);
    expected.extend_from_slice(b"\"x\" does not exist\0");
    assert_eq!(bytes, expected);
    // There is no place for the number of the error.
    assert_eq!(one(&bytes).1, Packet { error: 0, ..packet });
}

#[test]
fn error_and_deletion_stand_behind_the_length() {
    let packet = Packet { error: -3, ..Packet::deletion("var/a", Data::Assoc(Assoc::new().with("one", ""))) };
    let bytes = encode(&packet);
    assert_eq!(bytes[44..52], [0xfd, 0xff, 0xff, 0xff, 1, 0, 0, 0]);
    assert_eq!(&bytes[52..58], b"var/a\0");
    assert_eq!(one(&bytes).1, packet);
    // The vendor's help page has another bit than the vendor's C header.
    for (flags, deleted) in [(0x1000, true), (0x1001, true), (0x0ffe, false)] {
        let mut bytes = bytes.clone();
        put(&mut bytes, 48, flags);
        assert_eq!(one(&bytes).1.deleted, deleted, "{flags:#x}");
    }
}

#[test]
fn an_error_is_one_by_its_type_or_by_its_number() {
    let failure = |error, data| Packet { error, ..Packet::reply(1, "var/x", data) }.failure();
    assert_eq!(failure(0, Data::error("no such variable")).as_deref(), Some("no such variable"));
    assert_eq!(failure(2, Data::text("no such variable")).as_deref(), Some("no such variable"));
    assert_eq!(failure(2, Data::Empty).as_deref(), Some("error 2"));
    assert_eq!((failure(0, Data::text("no such variable")), failure(-1, Data::Empty)), (None, None));
}

#[test]
fn an_event_of_a_deletion_takes_elements_out() {
    let mut array = Assoc::new().with("one", "now").with(Key::two("three", "0"), "time").with("three", "the");
    let changes = Assoc::new().with("two", "is").with("one", "then");
    array.apply(&changes, false);
    assert_eq!((array.get("one"), array.get("two"), array.len()), (Some("then"), Some("is"), 4));
    array.apply(&Assoc::new().with("three", "").with("four", ""), true);
    assert_eq!((array.get("three"), array.get_two("three", "0"), array.len()), (None, Some("time"), 3));
    assert_eq!(array.remove(&Key::two("three", "0")), Some("time".to_owned()));
}

#[test]
fn arrays_are_read_with_and_without_the_nul_that_a_peer_puts_behind_them() {
    let shorts = Data::array(vec![1_i16, -2]);
    assert_eq!(data(9, 1, 2, &[1, 0, 0xfe, 0xff]), shorts);
    assert_eq!(data(9, 1, 2, &[1, 0, 0xfe, 0xff, 0]), shorts);
    assert_eq!(data(9, 0, 2, &[1, 0, 0xfe, 0xff]), shorts, "no row is one row");
    assert_eq!(data(9, 0, 0, &[]), Data::array(Vec::<i16>::new()));
    assert_eq!(data(9, 1, 0, &[0]), Data::array(Vec::<i16>::new()));
    let column = Array::grid(2, vec![1_i16, -2]).expect("two rows");
    assert_eq!(data(9, 2, 1, &[1, 0, 0xfe, 0xff]), Data::Array(column.clone()));
    assert_eq!(data(9, 2, 0, &[1, 0, 0xfe, 0xff]), Data::Array(column));
    assert_eq!(data(1, 0, 0, &2.5_f64.to_le_bytes()), Data::Double(2.5));
    assert_eq!(data(1, 0, 0, &[&2.5_f64.to_le_bytes()[..], &[0]].concat()), Data::Double(2.5));
}

#[test]
fn string_arrays_are_read_as_texts_in_a_row_and_as_rows_of_one_width() {
    let texts = |rows, texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Data::Array(Array::grid(rows, texts).expect("they are rows"))
    };
    assert_eq!(data(13, 1, 2, b"abc\0de\0"), texts(1, &["abc", "de"]));
    assert_eq!(data(13, 1, 2, b"abc\0de\0\0"), texts(1, &["abc", "de"]));
    assert_eq!(data(13, 2, 2, b"a\0b\0\0d\0"), texts(2, &["a", "b", "", "d"]));
    assert_eq!(data(13, 2, 4, b"abc\0de\0\0"), texts(2, &["abc", "de"]));
    assert_eq!(data(13, 2, 3, b"abcde\0\0"), texts(2, &["abc", "de"]));
    assert_eq!(data(13, 1, 0, b""), texts(1, &[]));
}

#[test]
fn texts_lose_one_nul_and_no_letter() {
    assert_eq!(data(2, 0, 0, b"add\x002\0"), Data::text("add\x002"));
    assert_eq!(data(2, 0, 0, b"no nul"), Data::text("no nul"));
    assert_eq!(data(2, 0, 0, b"\0"), Data::text(""));
    assert_eq!(data(2, 0, 0, b""), Data::Empty);
    assert_eq!(data(0, 0, 0, b""), Data::Empty, "the type of no data does not matter");
    assert_eq!(data(2, 0, 0, "µm\0".as_bytes()), Data::text("µm"));
    assert_eq!(data(2, 0, 0, b"\xb5m\0"), Data::text("µm"), "Latin-1");
    assert_eq!(data(4, 0, 0, b""), Data::Assoc(Assoc::new()));
    assert_eq!(data(4, 0, 0, b"a\x001\0"), Data::Assoc(Assoc::new().with("a", "1")), "without the last NUL");
}

#[test]
fn a_longer_header_of_a_later_version_is_read_by_its_size() {
    let packet = Packet::event("motor/phi/position", Data::number(10.5));
    let plain = encode(&packet);
    let later = |version: u32, at: usize, new: [u8; 8]| {
        let mut bytes = plain.clone();
        put(&mut bytes, 4, version);
        put(&mut bytes, 8, 140);
        bytes.splice(at..at, new);
        bytes
    };
    // A field behind the name, and fields before it, as versions 3 and 4 added theirs.
    let headers = [
        later(4, 132, [9; 8]),
        later(5, 132, *b"anything"),
        later(5, 52, [0; 8]),
        later(6, 52, [1, 0, 0, 0, 2, 0, 0, 0]),
    ];
    for (at, bytes) in headers.iter().enumerate() {
        let (decoder, found) = one(bytes);
        assert_eq!(found, packet, "header {at}");
        assert_eq!(decoder.dialect(), Some(Dialect::default()), "it is answered in version 4");
    }
}

#[test]
fn the_name_of_a_known_version_stands_at_its_place_even_when_it_is_empty() {
    let mut bytes = encode(&Packet::abort());
    put(&mut bytes, 8, 212);
    bytes.extend_from_slice(&[b'x'; 80]);
    assert_eq!(one(&bytes).1, Packet::abort());
}

#[test]
fn a_name_fills_its_80_bytes_when_received_and_79_when_sent() {
    let mut bytes = encode(&Packet::close());
    bytes[52..132].fill(b'n');
    assert_eq!(one(&bytes).1.name, "n".repeat(80));
    let named = |name: &str| Packet::read(1, &Property::parse(name)).encode(Version::V3, ByteOrder::Big);
    let longest = "n".repeat(79);
    assert_eq!(one(&named(&longest).expect("it fits")).1.name, longest);
    assert_eq!(named(&"n".repeat(80)), Err(EncodeError::NameTooLong("n".repeat(80))));
    assert_eq!(named("var/a\0b"), Err(EncodeError::NameWithNul("var/a\0b".to_owned())));
}

#[test]
fn a_packet_that_is_not_whole_waits() {
    let packet = Packet::event("var/a", Data::array(vec![1.0, 2.0]));
    for version in Version::ALL {
        let bytes = packet.encode(version, ByteOrder::Big).expect("it is a packet");
        for length in 0..bytes.len() {
            let mut decoder = Decoder::new();
            decoder.push(&bytes[..length]);
            assert_eq!(decoder.next(), Ok(None), "{length} bytes");
            assert_eq!(decoder.buffered_bytes(), length);
            decoder.push(&bytes[length..]);
            assert_eq!(decoder.next(), Ok(Some(packet.clone())));
        }
    }
}
