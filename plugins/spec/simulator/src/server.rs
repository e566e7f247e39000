//! The server: connections on loopback, and what each packet asks for. The simulator's thread runs it; it answers reads
//! at once, also while a command runs, and puts all that takes time on the queue.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use brickwork_spec_protocol::{Call, Command, DecodeError, Decoder, PORTS, Packet, Property};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::context::{End, Spec, TICK};
use crate::error::{SpecError, StartError};
use crate::queue::{self, Job};
use crate::world::{ClientId, OUTBOX, Then};

/// The most data of one packet, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// As soon as so many bytes are together, they are written.
const WRITE_BYTES: usize = 16 * 1024;

/// The port of the setup, or the first one of spec's that is free.
pub(crate) async fn listen(port: Option<u16>) -> Result<TcpListener, StartError> {
    if let Some(port) = port {
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        return bound.map_err(|cause| StartError::Port { port, cause });
    }
    for port in PORTS {
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            return Ok(listener);
        }
    }
    Err(StartError::NoPort)
}

/// Serves until it dies or begins again; all connections are then closed.
pub(crate) async fn serve(spec: &Arc<Spec>, listener: TcpListener) -> End {
    let mut tasks = JoinSet::new();
    tasks.spawn(queue::run(spec.clone()));
    tasks.spawn(tick(spec.clone()));
    let mut end = spec.end.subscribe();
    let mut next: ClientId = 1;
    let end = loop {
        tokio::select! {
            ended = end.wait_for(Option::is_some) => {
                break ended.ok().and_then(|end| end.clone()).unwrap_or(End::Die);
            }
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    tasks.spawn(client(spec.clone(), stream, next));
                    next += 1;
                } else {
                    // No more files may be open for a moment.
                    tokio::time::sleep(TICK).await;
                }
            }
            Some(_) = tasks.join_next() => {}
        }
    };
    // First: who sees its connection end shall find nobody here.
    drop(listener);
    tasks.shutdown().await;
    end
}

async fn tick(spec: Arc<Spec>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        spec.awake().await;
        spec.world().advance();
        spec.changed();
    }
}

async fn client(spec: Arc<Spec>, stream: TcpStream, id: ClientId) {
    // An answer shall not wait for more to send; if that cannot be, it only comes later.
    let _ = stream.set_nodelay(true);
    let (reader, writer) = stream.into_split();
    let (outbox, packets) = mpsc::channel(OUTBOX);
    spec.world().audience.enter(id, outbox);
    // The writer also ends when the client is cut off, and the reader when it has left.
    tokio::select! {
        () = read(&spec, reader, id) => {}
        () = write(&spec, writer, packets) => {}
    }
    spec.world().audience.leave(id);
}

/// Sends what waits for a client, late if it shall be.
async fn write(spec: &Spec, mut writer: OwnedWriteHalf, mut packets: mpsc::Receiver<Vec<u8>>) {
    while let Some(mut bytes) = packets.recv().await {
        let late = Duration::from_millis(spec.faults.borrow().late_ms);
        if !late.is_zero() {
            tokio::time::sleep_until(Instant::now() + late).await;
        } else if !spec.faults.borrow().hangs {
            // What waits behind it goes along.
            while bytes.len() < WRITE_BYTES
                && let Ok(more) = packets.try_recv()
            {
                bytes.extend(more);
            }
        }
        spec.awake().await;
        if writer.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// Reads packets until the client leaves, or sends what is none.
async fn read(spec: &Spec, mut reader: OwnedReadHalf, id: ClientId) {
    let mut decoder = Decoder::with_limit(MOST_BYTES);
    let mut bytes = vec![0; 16 * 1024];
    loop {
        spec.awake().await;
        match reader.read(&mut bytes).await {
            Ok(0) | Err(_) => return,
            Ok(length) => decoder.push(&bytes[..length]),
        }
        loop {
            spec.awake().await;
            let packet = decoder.next();
            if let Some(dialect) = decoder.dialect() {
                spec.world().audience.speak(id, dialect);
            }
            match packet {
                Ok(None) => break,
                Ok(Some(Packet { command: Command::Close, .. })) => return,
                Ok(Some(packet)) => answer(spec, id, packet),
                Err(error) if error.is_fatal() => return,
                Err(error) => refuse(spec, id, &error),
            }
        }
    }
}

/// Tells a client that its packet could not be read, if it may wait for an answer.
fn refuse(spec: &Spec, id: ClientId, error: &DecodeError) {
    let mut world = spec.world();
    world.complain(&SpecError::new(error.to_string()));
    if let Some(envelope) = error.envelope.as_ref().filter(|envelope| envelope.serial != 0) {
        let packet = Packet::error_reply(envelope.serial, &envelope.name, 1, &error.to_string());
        world.audience.send(id, packet);
    }
}

/// Does what a packet asks for, or begins it.
fn answer(spec: &Spec, id: ClientId, packet: Packet) {
    match packet.command {
        Command::Hello => {
            let mut world = spec.world();
            let reply = Packet::hello_reply(packet.serial, &world.setup.name);
            world.audience.send(id, reply);
        }
        Command::Abort => spec.abort(id),
        Command::Cmd => enqueue(spec, id, None, command(&packet)),
        Command::CmdWithReturn => enqueue(spec, id, Some(packet.serial), command(&packet)),
        Command::Func => enqueue(spec, id, None, function(&packet)),
        Command::FuncWithReturn => enqueue(spec, id, Some(packet.serial), function(&packet)),
        Command::Register => register(spec, id, &packet.name),
        Command::Unregister => spec.world().audience.unregister(id, &packet.name),
        Command::ChanRead => read_property(spec, id, &packet),
        Command::ChanSend => set_property(spec, id, packet),
        // Answers of a server, which a client does not send, and CLOSE, which was seen before.
        Command::Close | Command::Return | Command::Event | Command::Reply | Command::HelloReply => {}
    }
}

fn command(packet: &Packet) -> Result<String, SpecError> {
    packet.data.to_text().map_err(|error| SpecError::new(error.to_string()))
}

/// A call in either form, as spec's language has it.
fn function(packet: &Packet) -> Result<String, SpecError> {
    let call = Call::parse(&command(packet)?).map_err(|error| SpecError::new(format!("Syntax error: {error}")))?;
    if call.arguments.is_empty() { Ok(call.function) } else { Ok(call.to_source()) }
}

fn enqueue(spec: &Spec, id: ClientId, reply: Option<u32>, text: Result<String, SpecError>) {
    let mut world = spec.world();
    let pushed = text.and_then(|text| world.push(Job { client: id, text: text.trim().to_owned(), reply }));
    if let Err(error) = pushed {
        world.complain(&error);
        if let Some(serial) = reply {
            world.audience.send(id, Packet::error_reply(serial, "", error.number, &error.text));
        }
    }
    spec.queued.notify_one();
}

/// Silent about what does not exist: other servers are, and the events come when it does.
fn register(spec: &Spec, id: ClientId, name: &str) {
    let property = Property::parse(name);
    let mut world = spec.world();
    let first = world.first_event(&property);
    if !world.audience.register(id, property, name) {
        world.complain(&SpecError::new(format!("\"{name}\" is not followed: one client follows too much")));
    } else if let Some(data) = first {
        world.audience.event(id, Packet::event(name, data));
    }
}

fn read_property(spec: &Spec, id: ClientId, packet: &Packet) {
    let mut world = spec.world();
    let reply = match world.read(&Property::parse(&packet.name)) {
        Ok(data) => Packet::reply(packet.serial, &packet.name, data),
        Err(error) => Packet::error_reply(packet.serial, &packet.name, error.number, &error.text),
    };
    world.audience.send(id, reply);
}

fn set_property(spec: &Spec, id: ClientId, packet: Packet) {
    let result = {
        let mut world = spec.world();
        let result = world.write(id, &Property::parse(&packet.name), packet.data);
        result.inspect_err(|error| world.complain(error))
    };
    match result {
        Ok(Then::Abort) => spec.abort(id),
        Ok(Then::Nothing) | Err(_) => {}
    }
    spec.queued.notify_one();
    spec.changed();
}
