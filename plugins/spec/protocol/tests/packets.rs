//! Single packets: bytes written out by hand, headers that nobody has sent yet, and all that can be wrong, with its
//! place.

mod support;

use brickwork_spec_protocol::{
    Array, Assoc, ByteOrder, Command, Data, Decoder, Dialect, EncodeError, Key, MAX_HEADER_BYTES, MAX_TEXTS, Packet,
    Problem, Property, Version,
};
use support::{drain, error, one};

fn encode(packet: &Packet) -> Vec<u8> {
    packet.encode(Version::V4, ByteOrder::Little).expect("it is a packet")
}

/// A header of version 4, little-endian, with the data.
fn with_data(command: i32, kind: i32, rows: u32, columns: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = encode(&Packet::reply(7, "var/x", Data::Empty));
    let length = u32::try_from(data.len()).expect("a short one");
    let fields = [(24, command.cast_unsigned()), (28, kind.cast_unsigned()), (32, rows), (36, columns), (40, length)];
    for (at, field) in fields {
        put(&mut bytes, at, field);
    }
    bytes.extend_from_slice(data);
    bytes
}

fn put(bytes: &mut [u8], at: usize, field: u32) {
    bytes[at..at + 4].copy_from_slice(&field.to_le_bytes());
}

fn data(kind: i32, rows: u32, columns: u32, data: &[u8]) -> Data {
    one(&with_data(13, kind, rows, columns, data)).1.data
}

fn problem(bytes: &[u8]) -> Problem {
    error(bytes).problem
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
fn what_has_no_form_on_the_wire_is_refused() {
    let refused = |data| Packet::event("var/a", data).encode(Version::V4, ByteOrder::Little);
    let texts = Data::array(vec!["a\0b".to_owned()]);
    assert_eq!(refused(texts), Err(EncodeError::TextWithNul("a\0b".to_owned())));
    let assoc = Data::Assoc(Assoc::new().with("a", "1\0"));
    assert_eq!(refused(assoc), Err(EncodeError::TextWithNul("1\0".to_owned())));
    let assoc = Data::Assoc(Assoc::new().with("a\x1cb", "1"));
    assert_eq!(refused(assoc), Err(EncodeError::IndexWithSeparator("a\x1cb".to_owned())));
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

#[test]
fn what_is_no_header_ends_the_connection_and_says_where() {
    let good = encode(&Packet::abort());
    let mut decoder = Decoder::new();
    decoder.push(&[&good[..], b"HTTP/1.1 400 Bad Request\r\n"].concat());
    let found = drain(&mut decoder);
    assert_eq!(found[0], Ok(Packet::abort()));
    let error = found[1].clone().expect_err("it is no packet");
    assert!(error.is_fatal() && found.len() == 2);
    assert_eq!(
        error.to_string(),
        "the packet at byte 132 of the connection cannot be read: it begins with the bytes [48, 54, 54, 50], not with \
         feedface in either byte order: no spec server speaks there"
    );
    decoder.push(&good);
    assert_eq!((decoder.next(), decoder.buffered_bytes()), (Err(error), 0), "it stays so, and holds nothing");
}

#[test]
fn headers_of_wrong_versions_and_sizes_are_refused_before_they_are_whole() {
    let start = |version: u32, size: u32| [0xfeed_face, version, size].map(u32::to_be_bytes).concat();
    assert_eq!(problem(&start(1, 124)), Problem::Version(1));
    assert_eq!(problem(&start(u32::MAX, 124)), Problem::Version(-1));
    let too_large = u32::try_from(MAX_HEADER_BYTES).expect("it is small") + 1;
    for (version, size, least) in [(2, 123, 124), (3, 124, 128), (4, 128, 132), (9, 131, 132), (4, too_large, 132)] {
        let version_number = i32::try_from(version).expect("it is small");
        assert_eq!(problem(&start(version, size)), Problem::HeaderSize { size, version: version_number, least });
    }
    let mut decoder = Decoder::new();
    decoder.push(&start(4, 0));
    let text = decoder.next().expect_err("it has no header").to_string();
    assert!(
        text.ends_with(
            "its header has 0 bytes (bytes 8 to 11); that of version 4 has 132, and at most 1024 are accepted"
        ),
        "{text}"
    );
}

#[test]
fn a_wrong_packet_is_left_out_and_the_next_one_is_read() {
    let wrong = [
        (with_data(16, 2, 0, 0, b""), Problem::Command(16)),
        (with_data(0, 2, 0, 0, b""), Problem::Command(0)),
        (with_data(13, 16, 0, 0, b"x"), Problem::DataType { kind: 16, length: 1 }),
        (with_data(13, 0, 0, 0, b"x"), Problem::DataType { kind: 0, length: 1 }),
        (with_data(13, 1, 0, 0, b"10.5\0"), Problem::Double(5)),
        (with_data(13, 4, 0, 0, b"one\0now"), Problem::Assoc { length: 7, what: "without a NUL" }),
        (with_data(13, 4, 0, 0, b"one\0"), Problem::Assoc { length: 4, what: "with an index that has no value" }),
    ];
    for (bytes, problem) in wrong {
        let mut decoder = Decoder::new();
        decoder.push(&[&bytes[..], &encode(&Packet::abort())].concat());
        let error = decoder.next().expect_err("it is wrong");
        assert_eq!((error.at, &error.problem, error.is_fatal()), (0, &problem, false));
        assert_eq!(error.envelope.expect("its header was read").serial, 7, "so that who asked need not wait");
        assert_eq!(decoder.next().map(|packet| packet.map(|packet| packet.command)), Ok(Some(Command::Abort)));
    }
}

#[test]
fn arrays_that_are_not_as_long_as_their_header_says_are_refused() {
    for (kind, rows, columns, data) in [
        (5, 1, 2, &[0; 15][..]),
        (5, 1, 2, &[0; 18]),
        (5, 1, 2, &[1; 17]),
        (9, u32::MAX, u32::MAX, &[0; 4]),
        (12, 2, 3, &[0; 4]),
        (13, 1, 2, b"abc\0"),
        (13, 1, 1, b"a\0b"),
        (13, u32::MAX, u32::MAX, b"\0"),
    ] {
        let error = error(&with_data(13, kind, rows, columns, data));
        let Problem::Shape { rows: found, length, .. } = error.problem else { panic!("{error}") };
        assert_eq!((found, length), (rows, data.len()));
    }
    let error = error(&with_data(13, 5, 1, 2, &[0; 15]));
    assert_eq!(
        error.to_string(),
        "the packet at byte 0 of the connection (REPLY, serial number 7, name \"var/x\") cannot be read: 1 rows of 2 \
         columns (bytes 32 to 39) of ARR_DOUBLE do not fit to 15 bytes of data"
    );
}

#[test]
fn data_beyond_the_limit_is_left_out_while_it_comes() {
    let large = encode(&Packet::reply(9, "var/image", Data::array(vec![7_u8; 10_000])));
    let small = encode(&Packet::reply(10, "var/x", Data::array(vec![7_u8; 1000])));
    let mut decoder = Decoder::with_limit(1000);
    let mut found = Vec::new();
    for piece in [&large[..], &small].concat().chunks(100) {
        decoder.push(piece);
        found.extend(drain(&mut decoder));
        assert!(decoder.buffered_bytes() < 1132, "{} bytes are held", decoder.buffered_bytes());
    }
    let error = found[0].clone().expect_err("it is too long");
    assert_eq!((error.at, error.problem), (0, Problem::TooLong { length: 10_000, limit: 1000 }));
    assert_eq!(error.envelope.expect("its header was read").serial, 9);
    assert_eq!(found[1].as_ref().map(|packet| packet.serial), Ok(10));
    decoder.push(b"garbage");
    assert_eq!(decoder.next().expect_err("it is no packet").at, (large.len() + small.len()) as u64);
}

#[test]
fn texts_beyond_the_limit_are_refused() {
    let nuls = vec![0; MAX_TEXTS + 2];
    assert_eq!(problem(&with_data(13, 4, 0, 0, &nuls)), Problem::TooManyTexts(MAX_TEXTS + 2));
    let count = u32::try_from(nuls.len()).expect("it is small");
    assert_eq!(problem(&with_data(13, 13, 1, count, &nuls)), Problem::TooManyTexts(nuls.len()));
    assert_eq!(problem(&with_data(13, 13, count, 1, &[b'a'; MAX_TEXTS + 2])), Problem::TooManyTexts(nuls.len()));
}
