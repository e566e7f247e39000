//! A scripted spec server on threads of its own: it answers by the codec and a table of values, and a test makes each
//! event of it. It is no simulator: nothing in it moves by itself.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use brickwork_spec_protocol::{ByteOrder, Command, Data, Decoder, Dialect, Packet, Version};

/// Nothing in a test waits longer.
const LIMIT: Duration = Duration::from_secs(5);

/// What answers a packet in place of the table; `None` leaves it to the table.
pub type Hook = Box<dyn FnMut(&Packet) -> Option<Vec<Packet>> + Send>;

pub struct Server {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    name: String,
    /// What is answered in, instead of the client's own.
    speaks: Option<Dialect>,
    values: HashMap<String, Data>,
    hook: Option<Hook>,
    seen: Vec<Packet>,
    clients: HashMap<SocketAddr, Client>,
    dialects: Vec<(Version, ByteOrder)>,
    connections: usize,
    paused: bool,
    ended: bool,
}

struct Client {
    socket: TcpStream,
    dialect: Dialect,
    registered: Vec<String>,
}

impl Client {
    fn send(&mut self, packet: &Packet) {
        let bytes = packet.encode(self.dialect.version, self.dialect.order).expect("a test's packet has a form");
        // The client may have gone.
        let _ = self.socket.write_all(&bytes);
    }
}

/// A loopback address that no other test has: the ports of a search are fixed.
pub fn own_host() -> Ipv4Addr {
    static LAST: AtomicU8 = AtomicU8::new(1);
    let process = std::process::id();
    Ipv4Addr::new(127, (process >> 8) as u8 | 1, process as u8, LAST.fetch_add(1, Ordering::SeqCst))
}

impl Server {
    /// A server on a free port.
    pub fn start(name: &str) -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0), name)
    }

    pub fn at(address: impl Into<SocketAddr>, name: &str) -> Self {
        let listener = TcpListener::bind(address.into()).expect("the port is free");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared::default());
        shared.lock().name = name.into();
        let accepting = shared.clone();
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if accepting.lock().ended {
                    return;
                }
                accepting.clone().accept(socket.expect("a client was accepted"));
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// The same place again after it was dropped.
    pub fn again(address: SocketAddr, name: &str) -> Self {
        Self::at(address, name)
    }

    /// As a session's `at`.
    pub fn at_text(&self) -> String {
        self.address.to_string()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock()
    }

    /// Answers in this dialect, whatever the client speaks.
    pub fn speak(&self, version: Version, order: ByteOrder) {
        self.state().speaks = Some(Dialect { version, order });
    }

    /// Answers packets by `hook` first.
    pub fn hook(&self, hook: impl FnMut(&Packet) -> Option<Vec<Packet>> + Send + 'static) {
        self.state().hook = Some(Box::new(hook));
    }

    /// Gives a property a value, and tells who registered it.
    pub fn set(&self, name: &str, data: Data) {
        let mut state = self.state();
        state.values.insert(name.into(), data.clone());
        state.tell(name, &Packet::event(name, data));
    }

    pub fn set_number(&self, name: &str, number: f64) {
        self.set(name, Data::number(number));
    }

    /// Sends an event of something that has no value to read.
    pub fn event(&self, name: &str, data: Data) {
        self.state().tell(name, &Packet::event(name, data));
    }

    /// Sends something to all clients.
    pub fn send(&self, packet: &Packet) {
        self.state().clients.values_mut().for_each(|client| client.send(packet));
    }

    /// Sends an answer that is no packet: its header is right, its data is not.
    pub fn send_wrong(&self, serial: u32) {
        let packet = Packet::reply(serial, "", Data::text("1"));
        let mut bytes = packet.encode(Version::V4, ByteOrder::Little).expect("it has a form");
        // The type of its data.
        bytes[28] = 99;
        for client in self.state().clients.values_mut() {
            client.socket.write_all(&bytes).expect("the client is there");
        }
    }

    /// In which versions and orders it was spoken to.
    pub fn dialects(&self) -> Vec<(Version, ByteOrder)> {
        self.state().dialects.clone()
    }

    /// The properties of a motor at rest at this position, with limits of -10 and 50 dial units.
    pub fn motor(&self, mnemonic: &str, position: f64) {
        let values = [
            ("position", position),
            ("move_done", 0.0),
            ("high_limit", 50.0),
            ("low_limit", -10.0),
            ("sign", 1.0),
            ("offset", 0.0),
            ("step_size", 1000.0),
            ("unusable", 0.0),
            ("motor_fault", 0.0),
            ("emergency_stop", 0.0),
            ("high_lim_hit", 0.0),
            ("low_lim_hit", 0.0),
        ];
        for (property, value) in values {
            self.set_number(&format!("motor/{mnemonic}/{property}"), value);
        }
        self.set(&format!("motor/{mnemonic}/sync_check"), Data::text(""));
    }

    /// Neither reads nor answers from now on, as a program that was stopped by Ctrl-Z.
    pub fn pause(&self) {
        self.state().paused = true;
    }

    pub fn go_on(&self) {
        self.state().paused = false;
        self.shared.changed.notify_all();
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        for client in self.state().clients.values() {
            // It may be cut already.
            let _ = client.socket.shutdown(Shutdown::Both);
        }
    }

    /// How often a client connected.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    pub fn clients(&self) -> usize {
        self.state().clients.len()
    }

    /// Waits until the server is as wanted.
    #[track_caller]
    fn wait<T>(&self, what: &str, mut found: impl FnMut(&State) -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        let mut state = self.state();
        loop {
            if let Some(found) = found(&state) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let seen: Vec<_> = state.seen.iter().map(told).collect();
                drop(state);
                panic!("waited {LIMIT:?} for {what}; it was sent {seen:#?}");
            }
            state = self.shared.changed.wait_timeout(state, left).expect("no test panics with it").0;
        }
    }

    /// Waits for a packet such as `CHAN_SEND motor/phi/start_one 3`.
    #[track_caller]
    pub fn wait_for(&self, wanted: &str) -> Packet {
        self.wait(wanted, |state| state.seen.iter().find(|packet| told(packet) == wanted).cloned())
    }

    /// Waits until a packet came so often.
    #[track_caller]
    pub fn wait_count(&self, wanted: &str, count: usize) {
        self.wait(&format!("{count} of {wanted}"), |state| {
            (state.seen.iter().filter(|packet| told(packet) == wanted).count() >= count).then_some(())
        });
    }

    #[track_caller]
    pub fn wait_no_clients(&self) {
        self.wait("every client to leave", |state| state.clients.is_empty().then_some(()));
    }

    /// What was sent of this command, as text.
    pub fn seen(&self, command: Command) -> Vec<String> {
        self.state().seen.iter().filter(|packet| packet.command == command).map(told).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state().ended = true;
        self.shared.changed.notify_all();
        self.cut();
        // Wakes the thread if it waits for a client.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            // A test that fails shows its own words.
            let _ = thread.join();
        }
    }
}

/// A packet in one line.
pub fn told(packet: &Packet) -> String {
    let data = match &packet.data {
        Data::Empty => String::new(),
        data => data.to_text().map_or_else(|_| format!("{data:?}"), |text| text.replace('\0', "|")),
    };
    [packet.command.name(), &packet.name, &data].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}

impl State {
    fn tell(&mut self, name: &str, packet: &Packet) {
        let clients = self.clients.values_mut();
        clients.filter(|client| client.registered.iter().any(|own| own == name)).for_each(|client| client.send(packet));
    }

    fn answers(&mut self, packet: &Packet) -> Vec<Packet> {
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
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn accept(self: Arc<Self>, socket: TcpStream) {
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

    fn serve(&self, mut socket: TcpStream, peer: SocketAddr) {
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
    fn take(&self, peer: SocketAddr, dialect: Dialect, packet: Packet) -> bool {
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

/// A port of `host` that a search looks at.
pub fn search_port(host: Ipv4Addr, port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(host), port)
}
