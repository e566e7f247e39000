//! The task that holds the socket of one connection: finds spec, sends what waits, brings what comes to who wants it,
//! notices silence, and begins anew for ever. It runs no code of any object, and ends when nobody uses it.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use brickwork_sdk::Error;
use brickwork_spec_protocol::{Command, Data, DecodeError, Dialect, Packet};
use tokio::io::Interest;
use tokio::net::TcpStream;

use super::dial::{Line, dial, fall_back};
use super::trouble::{Cause, wall_time};
use super::{LinkState, Peer, Shared, Trouble};

/// The first and the longest pause before another attempt.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// A connection that lived so long was a good one: the next attempt is made soon.
const GOOD_SECS: f64 = 1.0;
/// So long nothing may come before spec is asked whether it is there.
const QUIET_SECS: f64 = 0.5;
/// So long it may take to answer that before it is said not to answer: with the quiet before, within 2 s.
const ANSWER_SECS: f64 = 1.0;
/// So long it may not answer before the connection is given up. A spec that only waited for a device goes on before.
const GIVE_UP_SECS: f64 = 10.0;
/// How often it is looked whether something has come.
const TICK: Duration = Duration::from_millis(200);
/// How much is read at once.
const READ_BYTES: usize = 64 * 1024;

/// Connects and talks until nobody uses the connection.
pub async fn drive(shared: Rc<Shared>) {
    let _end = End(&shared);
    let (mut pause, mut since) = (BACK_OFF.0, wall_time());
    let mut version = Dialect::default().version;
    while !shared.closing.get() {
        let line = tokio::select! {
            biased;
            () = closed(&shared) => return,
            line = dial(&shared.address, version, shared.clock) => line,
        };
        let cause = match line {
            Ok(line) => {
                let begun = shared.clock.now_secs();
                let Err(cause) = talk(&shared, line).await else { return };
                since = wall_time();
                if shared.clock.now_secs() - begun > GOOD_SECS {
                    pause = BACK_OFF.0;
                }
                cause
            }
            Err(cause) => {
                // An old spec may not even answer a greeting that is newer than it.
                if cause.is_no_answer() {
                    version = fall_back(version);
                }
                cause
            }
        };
        shared.down(&Trouble::new(&shared.address, &since, &cause));
        tokio::select! {
            biased;
            () = closed(&shared) => return,
            () = shared.clock.sleep(pause) => pause = (pause * 2).min(BACK_OFF.1),
        }
    }
}

/// However the driver ends: nobody waits for it in vain.
struct End<'a>(&'a Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.dead.set(true);
        self.0.down(&Trouble::new(&self.0.address, &wall_time(), &Cause::Ended));
    }
}

async fn closed(shared: &Shared) {
    while !shared.closing.get() {
        shared.wake.notified().await;
    }
}

impl Shared {
    fn up(&self, line: &Line) {
        self.dialect.set(line.dialect);
        self.generation.set(self.generation.get() + 1);
        for wire in self.registry.names() {
            if let Err(error) = self.send(Packet::new(Command::Register, 0, &wire, Data::Empty)) {
                tracing::warn!("{wire} is not registered: {error}");
            }
        }
        self.say(LinkState::Up(self.peer(&line.name)));
    }

    fn peer(&self, name: &str) -> Peer {
        Peer { name: name.to_owned(), generation: self.generation.get() }
    }

    fn down(&self, trouble: &Trouble) {
        self.outgoing.clear();
        self.registry.forget_values();
        self.starts.clear();
        self.say(LinkState::Down(trouble.clone()));
        self.requests.fail(&trouble.to_error());
    }

    fn take(&self, packet: Packet) -> Result<(), Cause> {
        match packet.command {
            Command::Event => self.registry.event(&packet.name, packet.data, packet.deleted),
            Command::Reply => self.requests.settle(packet.serial, Ok(packet)),
            Command::Close => return Err(Cause::Closed),
            _ => {}
        }
        Ok(())
    }

    /// A packet that cannot be read: whoever waits for it need wait no more.
    fn take_wrong(&self, error: DecodeError) -> Result<(), Cause> {
        let Some(envelope) = &error.envelope else { return Err(Cause::NotSpec(error)) };
        tracing::warn!("spec {}: {error}", self.address);
        if envelope.command == Command::Reply.number() {
            self.requests.settle(envelope.serial, Err(Error::failed(format!("the answer of spec is wrong: {error}"))));
        }
        Ok(())
    }
}

/// When something came, and when spec was asked whether it is there.
struct Ear {
    heard_secs: f64,
    asked_secs: Option<f64>,
    silent: bool,
}

/// Talks until the connection is of no more use, or nobody uses it.
async fn talk(shared: &Shared, mut line: Line) -> Result<(), Cause> {
    shared.up(&line);
    let mut ear = Ear { heard_secs: shared.clock.now_secs(), asked_secs: None, silent: false };
    let mut buffer = vec![0; READ_BYTES];
    let mut has_more = false;
    loop {
        // What came with the greeting is here already.
        packets(shared, &mut line)?;
        if std::mem::take(&mut has_more) {
            // Others on this thread have their turn, however much comes: else what waits for them grows and is lost.
            tokio::task::yield_now().await;
        }
        if shared.closing.get() {
            goodbye(shared, &line.socket).await;
            return Ok(());
        }
        let interest =
            if shared.outgoing.is_empty() { Interest::READABLE } else { Interest::READABLE | Interest::WRITABLE };
        tokio::select! {
            biased;
            ready = line.socket.ready(interest) => {
                let ready = ready.map_err(Cause::Broken)?;
                if ready.is_readable()
                    && let Some(count) = receive(&mut line, &mut buffer)?
                {
                    ear.heard(shared, &line.name);
                    has_more = count == READ_BYTES;
                }
                if ready.is_writable() {
                    send(shared, &line.socket)?;
                }
            }
            () = shared.wake.notified() => {}
            () = shared.clock.sleep(TICK) => {}
        }
        ear.listen(shared)?;
    }
}

/// Takes what has come, and says how many bytes that was, if anything.
fn receive(line: &mut Line, buffer: &mut [u8]) -> Result<Option<usize>, Cause> {
    match line.socket.try_read(buffer) {
        Ok(0) => Err(Cause::Closed),
        Ok(count) => {
            line.decoder.push(&buffer[..count]);
            Ok(Some(count))
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(Cause::Broken(error)),
    }
}

fn packets(shared: &Shared, line: &mut Line) -> Result<(), Cause> {
    loop {
        match line.decoder.next() {
            Ok(Some(packet)) => shared.take(packet)?,
            Ok(None) => return Ok(()),
            Err(error) => shared.take_wrong(error)?,
        }
    }
}

fn send(shared: &Shared, socket: &TcpStream) -> Result<(), Cause> {
    match shared.outgoing.drain(|bytes| socket.try_write(bytes)) {
        Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(Cause::Broken(error)),
        _ => Ok(()),
    }
}

/// Sends what still waits and says goodbye, as far as spec takes it at once.
async fn goodbye(shared: &Shared, socket: &TcpStream) {
    if shared.send(Packet::close()).is_ok() && shared.clock.limit(TICK, socket.writable()).await.is_ok() {
        // It is gone already: then it needs no goodbye.
        let _ = send(shared, socket);
    }
}

impl Ear {
    fn heard(&mut self, shared: &Shared, name: &str) {
        (self.heard_secs, self.asked_secs) = (shared.clock.now_secs(), None);
        if std::mem::take(&mut self.silent) {
            shared.say(LinkState::Up(shared.peer(name)));
        }
    }

    /// Asks whether spec is there while nothing comes, and says so when it does not answer.
    fn listen(&mut self, shared: &Shared) -> Result<(), Cause> {
        let now_secs = shared.clock.now_secs();
        let Some(asked_secs) = self.asked_secs else {
            if now_secs - self.heard_secs >= QUIET_SECS {
                // A queue that is full is a spec that does not read: the silence counts all the same.
                let _ = shared.send(Packet::hello("brickwork"));
                self.asked_secs = Some(now_secs);
            }
            return Ok(());
        };
        let waited_secs = now_secs - asked_secs;
        if waited_secs >= GIVE_UP_SECS {
            return Err(Cause::GivenUp(GIVE_UP_SECS));
        }
        if waited_secs >= ANSWER_SECS && !self.silent {
            self.silent = true;
            shared.say(LinkState::Silent(Trouble::new(&shared.address, &wall_time(), &Cause::Silent)));
        }
        Ok(())
    }
}
