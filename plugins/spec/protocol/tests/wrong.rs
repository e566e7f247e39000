//! All that can be wrong with a packet, said with its place; what is behind it is read where that can be.

mod support;

use brickwork_spec_protocol::{
    Assoc, ByteOrder, Command, Data, Decoder, EncodeError, MAX_HEADER_BYTES, MAX_TEXTS, Packet, Problem, Version,
};
use support::{drain, encode, error, with_data};

fn problem(bytes: &[u8]) -> Problem {
    error(bytes).problem
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
