//! The packets that wait to be sent, in order and bounded. Connections put them in, the driver takes them out.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

use brickwork_sdk::{Error, Result};
use brickwork_spec_protocol::{Command, Dialect, Packet};

/// The most packets that wait. A spec that reads has none waiting.
pub const MAX_PACKETS: usize = 1000;
/// The most bytes that wait, whatever they are.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What waits to be sent.
#[derive(Default)]
pub struct Outgoing {
    waiting: RefCell<Waiting>,
}

#[derive(Default)]
struct Waiting {
    packets: VecDeque<Ready>,
    bytes: usize,
    /// What of the first packet is sent.
    sent: usize,
}

/// A packet as its bytes.
struct Ready {
    command: Command,
    bytes: Vec<u8>,
}

impl Outgoing {
    /// Puts a packet behind the others. An abort is always taken, and once: it ends whatever spec does.
    ///
    /// # Errors
    /// Refused when there is no more room, or the packet cannot be written.
    pub fn push(&self, packet: Packet, dialect: Dialect) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let is_abort = packet.command == Command::Abort;
        if is_abort && waiting.packets.back().is_some_and(|last| last.command == Command::Abort) {
            return Ok(());
        }
        let count = waiting.packets.len();
        if !is_abort && (count >= MAX_PACKETS || waiting.bytes >= MAX_BYTES) {
            let why = format!("spec does not read what it is sent: {count} packets wait already");
            return Err(Error::refused(why).remedy("Look at the terminal of spec: it may be paused or hang."));
        }
        let command = packet.command;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let bytes = packet.sent_at(now).encode(dialect.version, dialect.order);
        let bytes = bytes.map_err(|error| Error::refused(format!("spec cannot be sent this: {error}")))?;
        waiting.bytes += bytes.len();
        waiting.packets.push_back(Ready { command, bytes });
        Ok(())
    }

    /// Whether so many packets more are taken: for those that make sense together only.
    pub fn has_room(&self, packets: usize) -> bool {
        let waiting = self.waiting.borrow();
        waiting.packets.len() + packets <= MAX_PACKETS && waiting.bytes < MAX_BYTES
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.waiting.take();
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.borrow().packets.is_empty()
    }

    /// Hands what waits to `write`, which says how many bytes of it were taken, until that takes no more.
    ///
    /// # Errors
    /// What `write` says.
    pub fn drain(&self, mut write: impl FnMut(&[u8]) -> std::io::Result<usize>) -> std::io::Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        while let Some(first) = waiting.packets.front() {
            let length = first.bytes.len();
            let count = write(&first.bytes[waiting.sent..])?;
            waiting.sent += count;
            waiting.bytes -= count;
            if waiting.sent == length {
                waiting.packets.pop_front();
                waiting.sent = 0;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use brickwork_spec_protocol::{Decoder, Dialect, Packet};

    use super::{MAX_PACKETS, Outgoing};

    #[test]
    fn a_full_queue_refuses_all_but_an_abort_and_keeps_the_order() {
        let outgoing = Outgoing::default();
        for index in 0..MAX_PACKETS {
            outgoing.push(Packet::command(&index.to_string()), Dialect::default()).expect("there is room");
        }
        let full = outgoing.push(Packet::command("more"), Dialect::default()).expect_err("there is no room");
        assert!(full.message.contains("1000 packets wait"), "{full}");
        assert!(!outgoing.has_room(1));
        outgoing.push(Packet::abort(), Dialect::default()).expect("an abort is always taken");
        outgoing.push(Packet::abort(), Dialect::default()).expect("and once");
        let (mut decoder, mut turn) = (Decoder::new(), 0);
        let take = |bytes: &[u8]| {
            turn += 1;
            let count = bytes.len().min(1 + turn % 97);
            decoder.push(&bytes[..count]);
            Ok(count)
        };
        outgoing.drain(take).expect("all is taken");
        assert!(outgoing.is_empty());
        let mut sent = Vec::new();
        while let Some(packet) = decoder.next().expect("they are packets") {
            sent.push(packet.data.as_text().unwrap_or_default().to_owned());
        }
        let expected = (0..MAX_PACKETS).map(|index| index.to_string()).chain([String::new()]);
        assert_eq!(sent, expected.collect::<Vec<_>>());
    }
}
