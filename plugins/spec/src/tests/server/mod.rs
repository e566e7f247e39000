//! A scripted spec server on threads of its own: it answers by the codec and a table of values, and a test makes each
//! event of it. It is no simulator: nothing in it moves by itself.

mod threads;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use brickwork_spec_protocol::{ByteOrder, Command, Data, Dialect, Packet, Version};
use threads::{Shared, State};

/// Nothing in a test waits longer.
const LIMIT: Duration = Duration::from_secs(5);

/// What answers a packet in place of the table; `None` leaves it to the table.
pub type Hook = Box<dyn FnMut(&Packet) -> Option<Vec<Packet>> + Send>;

pub struct Server {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
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

/// A port of `host` that a search looks at.
pub fn search_port(host: Ipv4Addr, port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(host), port)
}
