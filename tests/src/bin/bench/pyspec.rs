//! The same load on the client of chess-pyspec, which `BRICKWORK_SPEC_PYTHON` has, and on a client that only takes the
//! bytes. `bench spec` calls it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_mxspecsim::Simulator;
use brickwork_spec_protocol::{Call, Decoder, Dialect, Packet, Property};
use brickwork_tests::programs::{Program, root};
use brickwork_tests::{PATIENCE, poll};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Outcome;
use crate::report::percentile;
use crate::spec::flood;

const CALLS: u32 = 2_000;
const ROUNDS: usize = 5;
const EVENTS: u32 = 20_000;
/// Events for the client that only takes bytes.
const SWALLOWED: u32 = 200_000;

/// What it can, and every sample.
#[derive(Serialize)]
pub struct Found {
    /// Events that its callback was called with.
    pub events_per_s: f64,
    /// The median time of `await client.call("add", ...)` in its own process.
    pub round_trip_us: f64,
    round_secs: Vec<f64>,
    call_secs: Vec<f64>,
}

/// Runs it on this server.
pub fn measure(server: &Simulator) -> Outcome<Found> {
    let python = std::env::var_os("BRICKWORK_SPEC_PYTHON")
        .ok_or("BRICKWORK_SPEC_PYTHON names no Python with it; `cargo xtask bench spec` makes one")?;
    let mut command = Command::new(python);
    command.arg(root().join("tests/tests/peers/chess_client.py"));
    command.args([server.port.to_string(), CALLS.to_string(), ROUNDS.to_string(), EVENTS.to_string()]);
    let mut program = Program::start(command.stdin(Stdio::null()).stdout(Stdio::piped()));
    let mut said = BufReader::new(program.child().stdout.take().ok_or("its output is not piped")?);
    let call_secs: Vec<f64> = line(&mut said)?;
    let mut ready = String::new();
    said.read_line(&mut ready)?;
    let mut round_secs = Vec::new();
    for _ in 0..ROUNDS {
        flood(server, &Property::Error, EVENTS);
        round_secs.push(line(&mut said)?);
    }
    Ok(Found {
        // Its clock begins with the first of them.
        events_per_s: f64::from(EVENTS - 1) / percentile(&round_secs, 50.0),
        round_trip_us: percentile(&call_secs, 50.0) * 1e6,
        round_secs,
        call_secs,
    })
}

fn line<T: DeserializeOwned>(said: &mut impl std::io::BufRead) -> Outcome<T> {
    let mut line = String::new();
    said.read_line(&mut line)?;
    if line.is_empty() {
        return Err("it ended too early; what it said is above".into());
    }
    Ok(serde_json::from_str(&line)?)
}

/// Events per second to a client that looks at none of them.
pub fn swallow(server: &Simulator) -> Outcome<f64> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port))?;
    let Dialect { version, order } = Dialect::default();
    for packet in [Packet::register(&Property::Error), Packet::hello("bench")] {
        stream.write_all(&packet.encode(version, order)?)?;
    }
    let mut reader = stream.try_clone()?;
    // An answer is the proof that it is registered: packets are worked through in their order.
    reader.read_exact(&mut [0])?;
    let swallowed = std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    let begun = Instant::now();
    flood(server, &Property::Error, SWALLOWED);
    while server.waiting() > 0 {
        std::thread::sleep(Duration::from_micros(100));
    }
    let secs = begun.elapsed().as_secs_f64();
    stream.shutdown(std::net::Shutdown::Both)?;
    // How much it was is of no interest.
    let _ = swallowed.join();
    poll(PATIENCE, || (server.clients() == 0).then_some(())).ok_or("the server keeps a client that has left")?;
    Ok(f64::from(SWALLOWED) / secs)
}

/// The times of calls, in microseconds, for a client that blocks in its thread and does nothing else: what the server and
/// the socket take of every client's.
pub fn bare_calls(server: &Simulator) -> Outcome<Vec<f64>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port))?;
    stream.set_nodelay(true)?;
    let Dialect { version, order } = Dialect::default();
    let (mut decoder, mut bytes, mut took_us) = (Decoder::new(), [0; 4096], Vec::new());
    for serial in 1..=CALLS {
        let call = Call { function: "add".into(), arguments: vec![serial.to_string(), "1".into()] };
        let begun = Instant::now();
        stream.write_all(&Packet::function_with_return(serial, &call).encode(version, order)?)?;
        while decoder.next()?.is_none() {
            let count = stream.read(&mut bytes)?;
            decoder.push(&bytes[..count]);
        }
        took_us.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    Ok(took_us)
}
