//! The clients that are connected: what each wants to hear of, and the way to it. The world tells it what happened; it
//! writes packets for each in its dialect, and never waits for one.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use brickwork_spec_protocol::{Data, Dialect, Packet, Property};
use tokio::sync::mpsc;

/// The number of a client.
pub(crate) type ClientId = u64;

/// The packets that may wait for a client. One that does not read so many is cut off.
pub(crate) const OUTBOX: usize = 8192;

/// The properties that one client may register.
const REGISTRATIONS: usize = 10_000;

/// The clients that are connected.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    clients: BTreeMap<ClientId, Client>,
    events: u64,
    /// Every event with a number that this divides is dropped; 0 drops none.
    pub drops_every: u64,
}

#[derive(Debug)]
struct Client {
    outbox: mpsc::Sender<Vec<u8>>,
    dialect: Dialect,
    registered: Vec<(Property, String)>,
    /// What `start_one` added since `prestart_all`.
    prepared: Option<Vec<(String, f64)>>,
}

impl Audience {
    /// Nobody yet; every event with a number that this divides will be dropped.
    pub fn dropping(drops_every: u64) -> Self {
        Self { drops_every, ..Self::default() }
    }

    /// Takes a client in.
    pub fn enter(&mut self, id: ClientId, outbox: mpsc::Sender<Vec<u8>>) {
        let client = Client { outbox, dialect: Dialect::default(), registered: Vec::new(), prepared: None };
        self.clients.insert(id, client);
    }

    /// Forgets a client; its connection ends when what waits for it is sent.
    pub fn leave(&mut self, id: ClientId) {
        self.clients.remove(&id);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.clients.len()
    }

    /// From now on the client is answered so.
    pub fn speak(&mut self, id: ClientId, dialect: Dialect) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.dialect = dialect;
        }
    }

    /// Remembers that a client wants to hear of a property, which it calls `name`. Whether there was room for it.
    pub fn register(&mut self, id: ClientId, property: Property, name: &str) -> bool {
        let Some(client) = self.clients.get_mut(&id) else { return true };
        if client.registered.iter().any(|(_, own)| own == name) {
            return true;
        }
        if client.registered.len() >= REGISTRATIONS {
            return false;
        }
        client.registered.push((property, name.to_owned()));
        true
    }

    /// Forgets that.
    pub fn unregister(&mut self, id: ClientId, name: &str) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.registered.retain(|(_, own)| own != name);
        }
    }

    /// The moves that a client prepares, if it does.
    pub fn prepared(&mut self, id: ClientId) -> Option<&mut Option<Vec<(String, f64)>>> {
        self.clients.get_mut(&id).map(|client| &mut client.prepared)
    }

    /// Tells all who want to know.
    pub fn publish(&mut self, property: &Property, data: &Data) {
        self.publish_packet(property, |name| Packet::event(name, data.clone()));
    }

    /// Tells all who want to know that elements of a variable, or all of it, are no more.
    pub fn publish_deletion(&mut self, property: &Property, data: &Data) {
        self.publish_packet(property, |name| Packet::deletion(name, data.clone()));
    }

    /// Tells all who want to know many values, each in an event of its own, all in one piece.
    pub fn publish_all(&mut self, property: &Property, values: &[Data]) {
        let (every, mut number) = (self.drops_every, self.events);
        self.clients.retain(|_, client| {
            client.registered.iter().filter(|(own, _)| own == property).all(|(_, name)| {
                let mut piece = Vec::new();
                for data in values {
                    number += 1;
                    if !(every > 0 && number.is_multiple_of(every)) {
                        piece.extend(client.bytes(Packet::event(name, data.clone())).unwrap_or_default());
                    }
                }
                client.outbox.try_send(piece).is_ok()
            })
        });
        self.events = number;
    }

    /// What waits for the client that reads slowest, in packets or pieces.
    pub fn waiting(&self) -> usize {
        let waiting = |client: &Client| OUTBOX - client.outbox.capacity();
        self.clients.values().map(waiting).max().unwrap_or(0)
    }

    fn publish_packet(&mut self, property: &Property, packet: impl Fn(&str) -> Packet) {
        let wanted = self.clients.iter().flat_map(|(id, client)| {
            let names = client.registered.iter().filter(|(own, _)| own == property);
            names.map(|(_, name)| (*id, packet(name)))
        });
        for (id, packet) in wanted.collect::<Vec<_>>() {
            self.event(id, packet);
        }
    }

    /// Sends an event to one client, unless it is one of those that are dropped.
    pub fn event(&mut self, id: ClientId, packet: Packet) {
        self.events += 1;
        if !(self.drops_every > 0 && self.events.is_multiple_of(self.drops_every)) {
            self.send(id, packet);
        }
    }

    /// Sends a packet to one client.
    pub fn send(&mut self, id: ClientId, packet: Packet) {
        let Some(client) = self.clients.get(&id) else { return };
        let sent = client.bytes(packet).is_some_and(|bytes| client.outbox.try_send(bytes).is_ok());
        if !sent {
            self.leave(id);
        }
    }
}

impl Client {
    /// A packet as this client reads it, or an error that says why there is none.
    fn bytes(&self, packet: Packet) -> Option<Vec<u8>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (serial, name) = (packet.serial, packet.name.clone());
        let Dialect { version, order } = self.dialect;
        let bytes = packet.sent_at(now).encode(version, order).or_else(|error| {
            let text = format!("mxspecsim cannot send {name:?}: {error}");
            Packet::error_reply(serial, "", 1, &text).sent_at(now).encode(version, order)
        });
        bytes.ok()
    }
}
