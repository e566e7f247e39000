//! A client of a simulated spec over a bare socket, made of the codec alone. Every wait has a limit, and events that come
//! in between are kept.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use brickwork_mxspecsim::{Setup, Simulator};
use brickwork_spec_protocol::{
    ByteOrder, Call, Command, Data, Decoder, Dialect, MotorProperty, Packet, Property, Status, Version,
};

/// How long a test waits for what must come.
const LIMIT: Duration = Duration::from_secs(20);

/// How much faster than in reality time passes in tests.
pub const FAST: f64 = 20.0;

/// The simulated beamline, on any port and in a hurry.
pub fn beamline() -> Simulator {
    start(Setup::on_any_port().with_time_scale(FAST))
}

pub fn start(setup: Setup) -> Simulator {
    Simulator::start(setup).expect("a port is free")
}

pub fn motor(mnemonic: &str, property: MotorProperty) -> Property {
    Property::motor(mnemonic, property)
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    dialect: Dialect,
    decoder: Decoder,
    kept: VecDeque<Packet>,
    serial: u32,
}

impl Client {
    pub fn new(simulator: &Simulator) -> Self {
        Self::speaking(simulator, Dialect::default())
    }

    pub fn speaking(simulator: &Simulator, dialect: Dialect) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", simulator.port)).expect("the simulator listens");
        stream.set_read_timeout(Some(LIMIT)).expect("the limit is not 0");
        // A second small packet shall not wait until the first is acknowledged, which takes 40 ms.
        stream.set_nodelay(true).expect("it is a connection");
        Self { stream, dialect, decoder: Decoder::new(), kept: VecDeque::new(), serial: 0 }
    }

    pub fn send(&mut self, packet: &Packet) {
        let Dialect { version, order } = self.dialect;
        self.send_bytes(&packet.encode(version, order).expect("it is a packet"));
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the simulator reads");
    }

    /// What comes next; `None`: the connection ended.
    pub fn receive(&mut self) -> Option<Packet> {
        let mut bytes = [0; 4096];
        loop {
            if let Some(packet) = self.decoder.next().expect("the simulator sends packets") {
                assert_eq!(self.decoder.dialect(), Some(self.dialect), "it answers in the dialect of its client");
                return Some(packet);
            }
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(length) => self.decoder.push(&bytes[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing came: {error}"),
            }
        }
    }

    /// The first packet that is it, also one that came before and was not asked for; those before it are kept.
    pub fn wait_for(&mut self, what: &str, is_it: impl Fn(&Packet) -> bool) -> Packet {
        if let Some(at) = self.kept.iter().position(&is_it) {
            return self.kept.remove(at).expect("it was found there");
        }
        loop {
            let packet = self.receive().unwrap_or_else(|| panic!("the connection ended before {what}"));
            if is_it(&packet) {
                return packet;
            }
            self.kept.push_back(packet);
        }
    }

    /// All events so far, which are then forgotten.
    pub fn events(&mut self) -> Vec<(String, Data)> {
        self.ready();
        let all = self.kept.drain(..).filter(|packet| packet.command == Command::Event);
        all.map(|packet| (packet.name, packet.data)).collect()
    }

    /// The next event of a property.
    pub fn event(&mut self, property: &Property) -> Packet {
        let name = property.to_string();
        self.wait_for(&name, |packet| packet.command == Command::Event && packet.name == name)
    }

    /// Waits for an event of a property with this value.
    pub fn until(&mut self, property: &Property, value: &Data) {
        let name = property.to_string();
        let what = format!("{name} = {value:?}");
        self.wait_for(&what, |packet| packet.command == Command::Event && packet.name == name && packet.data == *value);
    }

    pub fn register(&mut self, property: &Property) {
        self.send(&Packet::register(property));
    }

    /// Registers, and gives the first event.
    pub fn follow(&mut self, property: &Property) -> Data {
        self.register(property);
        self.event(property).data
    }

    pub fn set(&mut self, property: &Property, value: Data) {
        self.send(&Packet::write(property, value));
    }

    pub fn get(&mut self, property: &Property) -> Packet {
        let packet = Packet::read(self.next_serial(), property);
        self.ask(&packet)
    }

    /// Sends a request and waits for its reply.
    pub fn ask(&mut self, packet: &Packet) -> Packet {
        self.send(packet);
        self.reply(packet.serial)
    }

    pub fn reply(&mut self, serial: u32) -> Packet {
        self.wait_for("the reply", |packet| packet.command == Command::Reply && packet.serial == serial)
    }

    /// Runs a command; its reply.
    pub fn run(&mut self, command: &str) -> Packet {
        let packet = Packet::command_with_return(self.next_serial(), command);
        self.ask(&packet)
    }

    /// The result of a command that must not fail.
    pub fn result(&mut self, command: &str) -> Data {
        let reply = self.run(command);
        assert_eq!(reply.failure(), None, "{command}");
        reply.data
    }

    /// Why a command failed, which it must.
    pub fn failure(&mut self, command: &str) -> String {
        self.run(command).failure().unwrap_or_else(|| panic!("{command} must fail"))
    }

    pub fn call(&mut self, call: &Call) -> Packet {
        let packet = Packet::function_with_return(self.next_serial(), call);
        self.ask(&packet)
    }

    /// Waits until all that was sent is taken in: the answer to a read comes behind it.
    pub fn ready(&mut self) -> bool {
        self.get(&Property::Status(Status::Ready)).data.to_flag().expect("it is one")
    }

    pub fn next_serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }
}

/// All dialects that there are.
pub fn dialects() -> Vec<Dialect> {
    let orders = [ByteOrder::Little, ByteOrder::Big];
    let all = Version::ALL.into_iter().flat_map(|version| orders.map(|order| Dialect { version, order }));
    all.collect()
}
