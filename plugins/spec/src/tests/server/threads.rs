//! The threads of the scripted server, and what they share with a test.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use brickwork_spec_protocol::{ByteOrder, Command, Data, Decoder, Dialect, Packet, Version};

use super::Hook;

#[derive(Default)]
pub struct Shared {
    pub state: Mutex<State>,
    pub changed: Condvar,
}

#[derive(Default)]
pub struct State {
    pub name: String,
    /// What is answered in, instead of the client's own.
    pub speaks: Option<Dialect>,
    pub values: HashMap<String, Data>,
    pub hook: Option<Hook>,
    pub seen: Vec<Packet>,
    pub clients: HashMap<SocketAddr, Client>,
    pub dialects: Vec<(Version, ByteOrder)>,
    pub connections: usize,
    pub paused: bool,
    pub ended: bool,
}

pub struct Client {
    pub socket: TcpStream,
    pub dialect: Dialect,
    pub registered: Vec<String>,
}

impl Client {
    pub fn send(&mut self, packet: &Packet) {
        let bytes = packet.encode(self.dialect.version, self.dialect.order).expect("a test's packet has a form");
        // The client may have gone.
        let _ = self.socket.write_all(&bytes);
    }
}

impl State {
    pub fn tell(&mut self, name: &str, packet: &Packet) {
        let clients = self.clients.values_mut();
        clients.filter(|client| client.registered.iter().any(|own| own == name)).for_each(|client| client.send(packet));
    }

    pub fn answers(&mut self, packet: &Packet) -> Vec<Packet> {
        if let Some(answers) = self.hook.as_mut().and_then(|hook| hook(packet)) {
            return answers;
        }
        let value = self.values.get(&packet.name).cloned();
        match (packet.command, value) {
            (Command::Hello, _) => vec![Packet::hello_reply(packet.serial, &self.name)],
            // What is not there is not answered, as by the servers that were recorded.
            (Command::Register, Some(value)) => vec![Packet::event(&packet.name, value)],
            (Command::ChanRead, Some(value)) => vec![Packet::reply(packet.serial, &packet.name, value)],
            (Command::ChanRead, None) => {
                vec![Packet::error_reply(packet.serial, &packet.name, 1, &format!("{:?} does not exist", packet.name))]
            }
            _ => Vec::new(),
        }
    }
}

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn accept(self: Arc<Self>, socket: TcpStream) {
        let Ok(peer) = socket.peer_addr() else { return };
        let own = socket.try_clone().expect("a socket can be shared");
        let mut state = self.lock();
        state.connections += 1;
        state.clients.insert(peer, Client { socket: own, dialect: Dialect::default(), registered: Vec::new() });
        drop(state);
        let shared = self.clone();
        std::thread::spawn(move || {
            shared.serve(socket, peer);
            shared.lock().clients.remove(&peer);
            shared.changed.notify_all();
        });
    }

    pub fn serve(&self, mut socket: TcpStream, peer: SocketAddr) {
        let (mut decoder, mut buffer) = (Decoder::new(), vec![0; 64 * 1024]);
        loop {
            let paused = |state: &mut State| state.paused && !state.ended;
            drop(self.changed.wait_while(self.lock(), paused));
            let count = match socket.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => count,
            };
            drop(self.changed.wait_while(self.lock(), paused));
            decoder.push(&buffer[..count]);
            while let Some(packet) = decoder.next().expect("our client sends packets") {
                let dialect = decoder.dialect().expect("a packet has come");
                if self.take(peer, dialect, packet) {
                    return;
                }
            }
            self.changed.notify_all();
        }
    }

    /// Takes one packet; whether the client leaves.
    pub fn take(&self, peer: SocketAddr, dialect: Dialect, packet: Packet) -> bool {
        let mut state = self.lock();
        state.dialects.push((dialect.version, dialect.order));
        let (answers, dialect) = (state.answers(&packet), state.speaks.unwrap_or(dialect));
        let Some(client) = state.clients.get_mut(&peer) else { return true };
        client.dialect = dialect;
        match packet.command {
            Command::Register => client.registered.push(packet.name.clone()),
            Command::Unregister => client.registered.retain(|name| *name != packet.name),
            _ => {}
        }
        answers.iter().for_each(|answer| client.send(answer));
        let leaves = packet.command == Command::Close;
        state.seen.push(packet);
        leaves
    }
}
