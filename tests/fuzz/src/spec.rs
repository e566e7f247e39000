//! What a spec server sends, and what is typed for it.

use brickwork_spec_protocol::{ByteOrder, Call, Command, Data, Decoder, MAX_HEADER_BYTES, Packet, Property, Version};

/// Data is small here, so that lengths by chance are often near the limit.
const LIMIT: usize = 4096;

/// A stream of packets, read in pieces of the length that its first byte says.
pub(crate) fn packets(data: &[u8]) {
    let Some((&piece, stream)) = data.split_first() else { return };
    let mut decoder = Decoder::with_limit(LIMIT);
    for piece in stream.chunks(usize::from(piece) + 1) {
        decoder.push(piece);
        loop {
            match decoder.next() {
                Ok(Some(packet)) => {
                    let _ = (packet.data.to_numbers(), packet.data.as_text().map(Call::parse));
                    let _ = Property::parse(&packet.name);
                }
                Ok(None) => break,
                Err(error) if error.is_fatal() => return,
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        assert!(decoder.buffered_bytes() < MAX_HEADER_BYTES + LIMIT);
    }
}

pub(crate) fn packet_seeds() -> Vec<Vec<u8>> {
    let packets = [
        Packet::new(Command::ALL[0], 1, "var/A", Data::number(1.5)),
        Packet::new(Command::ALL[1], 2, "motor/phi/position", Data::numbers([1.0, 2.0])),
        Packet::new(Command::ALL[2], 3, "", Data::error("no such motor")),
        Packet::close(),
    ];
    let orders = [ByteOrder::Little, ByteOrder::Big];
    let dialects = Version::ALL.iter().flat_map(|version| orders.map(|order| (*version, order)));
    let stream = |(version, order)| {
        let sent = packets.iter().map(|packet: &Packet| packet.encode(version, order).expect("it has a form"));
        [vec![0xff], sent.collect::<Vec<_>>().concat()].concat()
    };
    dialects.map(stream).collect()
}

/// A call in spec's words.
pub(crate) fn call(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = Call::parse(text) {
        assert!(text.is_char_boundary(error.at));
    }
    let property = Property::parse(text);
    let again = property.to_string();
    assert!(again == text || property.with_slash() == text, "a name means itself");
}

pub(crate) fn call_seeds() -> Vec<Vec<u8>> {
    [&b"scan(\"phi\", 0, 1.5, 10)"[..], b"motor/phi/position", b"var/A[\"x\"][2]", b"print 1"]
        .map(<[u8]>::to_vec)
        .into()
}
