//! The way to a spec: a connection to its port, or a search of spec's ports for its name, and the greeting that tells
//! its name and dialect. The driver calls it for each attempt; it keeps nothing.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use brickwork_sdk::Clock;
use brickwork_spec_protocol::{Command, Decoder, Dialect, PORTS, Packet, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};

use super::trouble::Cause;
use crate::address::{Address, Place};

/// How long the host may take to accept a connection, and then to answer HELLO.
const LIMIT: Duration = Duration::from_secs(2);
/// The same for each port of a search. A port that takes the connection is waited for a little longer: spec may be busy.
const SEARCH_LIMIT: Duration = Duration::from_millis(200);
const SEARCH_HELLO_LIMIT: Duration = Duration::from_millis(500);
/// What we call ourselves, for those who debug a spec.
const CLIENT: &str = "brickwork";

/// A spec that has answered.
pub struct Line {
    pub socket: TcpStream,
    /// What came behind its answer is in it.
    pub decoder: Decoder,
    /// The name that it says it has.
    pub name: String,
    /// How it wrote its answer: so it is written to.
    pub dialect: Dialect,
}

/// The version to try after one that was not answered: the next older one, and after the oldest the newest again.
pub fn fall_back(version: Version) -> Version {
    let older = Version::ALL.into_iter().rev().skip_while(|other| *other != version).nth(1);
    older.unwrap_or_else(|| Dialect::default().version)
}

/// Finds the spec of an address and greets it in this version.
pub async fn dial(address: &Address, version: Version, clock: Clock) -> Result<Line, Cause> {
    match &address.place {
        Place::Port(port) => {
            let hosts = resolve(&address.host, clock).await?;
            greet(connect(&hosts, *port, clock, LIMIT).await?, version, clock, LIMIT).await
        }
        Place::Name(name) => search(&address.host, name, version, clock).await,
    }
}

/// Asks each of spec's ports for its name; the first one that has it is the one.
async fn search(host: &str, name: &str, version: Version, clock: Clock) -> Result<Line, Cause> {
    let hosts = resolve(host, clock).await?;
    let (mut found, mut silent) = (Vec::new(), 0);
    for port in PORTS {
        let socket = match connect(&hosts, port, clock, SEARCH_LIMIT).await {
            Ok(socket) => socket,
            Err(Cause::Refused) => continue,
            Err(_) => {
                silent += 1;
                continue;
            }
        };
        match greet(socket, version, clock, SEARCH_HELLO_LIMIT).await {
            Ok(line) if line.name == name => return Ok(line),
            Ok(line) if line.name.is_empty() => found.push(format!("{port} is a server without a name")),
            Ok(line) => found.push(format!("{port} is {:?}", line.name)),
            Err(Cause::NoHello(_)) => found.push(format!("{port} does not answer HELLO")),
            Err(_) => found.push(format!("{port} is no spec")),
        }
    }
    match (found.is_empty(), silent) {
        (true, 0) => found.push("all refused the connection".into()),
        (true, _) if silent == PORTS.count() => found.push("the computer did not answer at any".into()),
        (_, 0) => found.push("the others refused the connection".into()),
        _ => found.push("the others refused the connection or did not answer".into()),
    }
    Err(Cause::NotFound(found.join(", ")))
}

/// The addresses of a host.
async fn resolve(host: &str, clock: Clock) -> Result<Vec<IpAddr>, Cause> {
    let unknown = |why: String| Cause::UnknownHost(why);
    let found = clock.limit(LIMIT, lookup_host((host, 0))).await.map_err(|error| unknown(error.to_string()))?;
    let mut hosts: Vec<IpAddr> = found.map_err(|error| unknown(error.to_string()))?.map(|found| found.ip()).collect();
    hosts.dedup();
    Ok(hosts)
}

/// Tries each address of the host for its share of the time: one that swallows everything must not hide the next.
async fn connect(hosts: &[IpAddr], port: u16, clock: Clock, limit: Duration) -> Result<TcpStream, Cause> {
    let share = limit / u32::try_from(hosts.len().max(1)).unwrap_or(u32::MAX);
    let mut last = Cause::NoConnection(limit.as_secs_f64());
    for host in hosts {
        last = match clock.limit(share, TcpStream::connect((*host, port))).await {
            Ok(Ok(socket)) => {
                // Small packets: each is wanted at once.
                socket.set_nodelay(true).map_err(Cause::Broken)?;
                return Ok(socket);
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Cause::Refused,
            Ok(Err(error)) => Cause::Broken(error),
            Err(_) => Cause::NoConnection(limit.as_secs_f64()),
        };
    }
    Err(last)
}

async fn greet(socket: TcpStream, version: Version, clock: Clock, limit: Duration) -> Result<Line, Cause> {
    let greeted = clock.limit(limit, hello(socket, version)).await;
    greeted.unwrap_or_else(|_| Err(Cause::NoHello(limit.as_secs_f64())))
}

/// Says hello and takes the version and byte order of the answer.
async fn hello(mut socket: TcpStream, version: Version) -> Result<Line, Cause> {
    let dialect = Dialect { version, ..Dialect::default() };
    let hello = Packet::hello(CLIENT).encode(dialect.version, dialect.order).expect("the name of a client is short");
    socket.write_all(&hello).await.map_err(Cause::Broken)?;
    let mut decoder = Decoder::new();
    let mut buffer = [0; 4096];
    loop {
        match decoder.next() {
            Ok(Some(packet)) if packet.command == Command::HelloReply => {
                let dialect = decoder.dialect().unwrap_or(dialect);
                return Ok(Line { socket, decoder, name: name(&packet), dialect });
            }
            Err(error) if error.is_fatal() => return Err(Cause::NotSpec(error)),
            Ok(Some(_)) | Err(_) => {}
            Ok(None) => match socket.read(&mut buffer).await.map_err(Cause::Broken)? {
                0 => return Err(Cause::Closed),
                count => decoder.push(&buffer[..count]),
            },
        }
    }
}

/// The name of a spec stands in the data and, from some, in the header alone.
fn name(reply: &Packet) -> String {
    let data = reply.data.as_text().unwrap_or_default();
    if data.is_empty() { reply.name.clone() } else { data.to_owned() }
}
