//! Serves shells over the link: one reading and one writing thread for each.

use std::collections::{BTreeSet, HashMap};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_link::{
    Bounds, Door, LINK_PROTOCOL, NoticeLevel, Reader, ToEngine, ToShell, TransportError, Update, Writer,
    resident_bytes, split,
};
use brickwork_sdk::Caller;
use parking_lot::Mutex;

use crate::clock::Clock;
use crate::core::{Origin, Wish};
use crate::engine::Engine;
use crate::outbox::{Outbox, Work};
use crate::seats::{OnceInAWhile, Seats, raise_descriptors};

/// How often shells hear that the engine turns.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// The pause after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a connection may take to say who it is.
const HELLO_LIMIT: Duration = Duration::from_secs(2);
/// How long a shell may read nothing while something waits for it; twice that, if a part of a message was taken.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// What the first message may cost.
const STRANGER: Bounds = Bounds { bytes: 4096, values: 100 };
/// What a message of a shell may cost: a command with its arguments.
const SHELL: Bounds = Bounds { bytes: 4 << 20, values: 1 << 16 };
/// Subscriptions of one shell.
const MAX_SUBSCRIPTIONS: usize = 4096;
/// The letters in the name of an object or channel.
const MAX_NAME: usize = 256;
/// The letters of a notice that are shown.
const NOTICE_LETTERS: usize = 4000;
/// The lines of a notice that are shown.
const NOTICE_LINES: usize = 10;
/// Notices of one client that hold at a time.
const MAX_NOTICES: usize = 20;

/// Takes shells until the engine ends.
///
/// # Errors
/// When a thread cannot be started or the socket fails.
pub fn serve(engine: &Arc<Engine>, door: &mut Door) -> std::io::Result<()> {
    let beating = engine.clone();
    std::thread::Builder::new().name("heartbeat".into()).spawn(move || {
        while !beating.is_stopping() {
            let beat = heartbeat(&beating);
            beating.core().broadcast(&beat);
            std::thread::sleep(HEARTBEAT);
        }
    })?;
    let seats = Seats::of(raise_descriptors());
    let shortage = OnceInAWhile::default();
    for stream in door.incoming(|| engine.is_stopping()) {
        match stream {
            Ok(stream) => {
                if let Err(error) = admit(engine, stream, &seats) {
                    shortage.say(&format!("a connection was not taken: {error}"));
                }
            }
            // What moves goes on; room for a window comes back when others leave.
            Err(error) => {
                shortage.say(&format!("no connection can be taken: {error}"));
                std::thread::sleep(PAUSE);
            }
        }
    }
    Ok(())
}

/// Serves one connection on a thread of its own, if there is a seat for it.
fn admit(engine: &Arc<Engine>, stream: UnixStream, seats: &Seats) -> std::io::Result<()> {
    let seat = match seats.take() {
        Ok(seat) => seat,
        Err(all) => {
            let reason = format!("all {all} seats of the engine are taken: close windows that nobody needs");
            // A new socket has room for a sentence; who does not hear it sees the end.
            let _ = split(stream).and_then(|(_, mut writer)| {
                writer.send(&ToShell::Refused { reason: reason.clone() }).map_err(std::io::Error::other)
            });
            return Err(std::io::Error::other(reason));
        }
    };
    let engine = engine.clone();
    std::thread::Builder::new().name("shell".into()).spawn(move || {
        if let Err(error) = Session::run(engine, stream) {
            tracing::warn!("a shell was not served: {error}");
        }
        drop(seat);
    })?;
    Ok(())
}

/// The engine's word that it turns.
fn heartbeat(engine: &Engine) -> ToShell {
    let engine_ns = engine.bus().clock().now_ns();
    ToShell::Heartbeat { engine_ns, wall_secs: Clock::wall_secs(), memory_bytes: resident_bytes() }
}

/// One connected shell.
struct Session {
    engine: Arc<Engine>,
    outbox: Arc<Outbox>,
    user: String,
    /// The bus subscriptions, by the shell's names and by the bus's.
    subscriptions: Arc<Mutex<Names>>,
    log_listener: u64,
    /// What it has said something about that holds.
    noticed: Mutex<BTreeSet<String>>,
    /// What it asked too much of.
    shortage: OnceInAWhile,
}

#[derive(Default)]
struct Names {
    of_shell: HashMap<u64, u64>,
    of_bus: HashMap<u64, u64>,
}

impl Session {
    fn run(engine: Arc<Engine>, stream: UnixStream) -> Result<(), TransportError> {
        let (mut reader, mut writer) = split(stream)?;
        // Who only looks whether an engine is there says nothing.
        reader.restrict(STRANGER, Some(Instant::now() + HELLO_LIMIT))?;
        let (protocol, user) = match reader.receive() {
            Ok(ToEngine::Hello { protocol, user }) => (protocol, user),
            Err(TransportError::Lost(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Ok(_) => return Err(TransportError::Malformed("no greeting came first".into())),
            Err(error) => return Err(error),
        };
        reader.restrict(SHELL, None)?;
        writer.give_up_after(READ_LIMIT)?;
        if protocol != LINK_PROTOCOL {
            let reason = format!(
                "this shell speaks link protocol {protocol}, the running engine {LINK_PROTOCOL}: end the engine with `brickwork stop` and start both anew"
            );
            return writer.send(&ToShell::Refused { reason });
        }
        tracing::info!(user, "a shell has come");
        let outbox = Arc::new(Outbox::default());
        let layout = engine.layout_path().display().to_string();
        outbox.push(ToShell::Welcome {
            protocol: LINK_PROTOCOL,
            engine_pid: std::process::id(),
            layout,
            engine: engine.info().clone(),
        });
        outbox.push(heartbeat(&engine));
        outbox.push(ToShell::Plugins(engine.core().catalogue.files()));
        outbox.push(engine.beamline_message());
        engine.core().add_shell(outbox.clone());
        let due = outbox.clone();
        let log_listener = engine.log().listen(Box::new(move || due.log_due()));
        outbox.log_due();
        let (subscriptions, noticed) = (Arc::default(), Mutex::default());
        let session =
            Self { engine, outbox, user, subscriptions, log_listener, noticed, shortage: OnceInAWhile::default() };
        let (sending, names, engine) = (session.outbox.clone(), session.subscriptions.clone(), session.engine.clone());
        let writing = std::thread::Builder::new()
            .name("to shell".into())
            .spawn(move || write(&engine, &sending, &names, &mut writer));
        let gone = writing.map_err(TransportError::from).and_then(|_| session.read(&mut reader));
        session.end();
        if let Err(error) = gone {
            tracing::info!(user = session.user, "a shell has gone: {error}");
        }
        Ok(())
    }

    fn read(&self, reader: &mut Reader) -> Result<(), TransportError> {
        loop {
            match reader.receive()? {
                ToEngine::Hello { .. } => {}
                ToEngine::Subscribe { id, object, channel } => self.subscribe(id, &object, &channel),
                ToEngine::Unsubscribe { id } => self.unsubscribe(id),
                ToEngine::Call { id, object, interface, command, arguments, brick, given_ns } => {
                    let caller = Caller::Person { name: self.user.clone(), brick };
                    let origin = Origin::Shell { outbox: self.outbox.clone(), id };
                    self.engine.core().call(origin, Wish { object, interface, command, arguments, caller, given_ns });
                }
                ToEngine::Abort { call } => self.engine.core().abort(call),
                ToEngine::AbortBrick { brick } => self.engine.core().abort_brick(&brick),
                ToEngine::AbortAll => {
                    let caller = Caller::Person { name: self.user.clone(), brick: String::new() };
                    self.engine.core().abort_all(&caller);
                }
                ToEngine::Answer { object, question, option, given_ns } => {
                    self.engine.core().answer(&object, &question, &option, &self.user, given_ns);
                }
                ToEngine::Notice { level, subject, text } => self.notice(level, &subject, &text),
                ToEngine::Shutdown => {
                    tracing::info!(user = self.user, "asked to end");
                    self.engine.stop();
                    return Ok(());
                }
            }
        }
    }

    fn subscribe(&self, id: u64, object: &str, channel: &str) {
        // The same name again stands for the newer one.
        self.unsubscribe(id);
        if self.subscriptions.lock().of_shell.len() >= MAX_SUBSCRIPTIONS || object.len().max(channel.len()) > MAX_NAME {
            return self.shortage.say(&format!(
                "{}: more than {MAX_SUBSCRIPTIONS} subscriptions, or a name of more than {MAX_NAME} letters, are not taken",
                self.user
            ));
        }
        let outbox = self.outbox.clone();
        // The bus's name is known only after the wake function was given; a wake before that finds none.
        let name = Arc::new(std::sync::OnceLock::new());
        let named: Arc<std::sync::OnceLock<u64>> = name.clone();
        let urgent = channel == "frame";
        let bus_id = self.engine.bus().subscribe(
            object,
            channel,
            None,
            Box::new(move || {
                if let Some(bus_id) = named.get() {
                    outbox.due(*bus_id, urgent);
                }
            }),
        );
        let mut names = self.subscriptions.lock();
        names.of_shell.insert(id, bus_id);
        names.of_bus.insert(bus_id, id);
        drop(names);
        let _ = name.set(bus_id);
        self.outbox.due(bus_id, urgent);
    }

    fn unsubscribe(&self, id: u64) {
        let mut names = self.subscriptions.lock();
        if let Some(bus_id) = names.of_shell.remove(&id) {
            names.of_bus.remove(&bus_id);
            drop(names);
            self.engine.bus().unsubscribe(bus_id);
        }
    }

    fn notice(&self, level: NoticeLevel, subject: &str, text: &str) {
        let text = text.lines().take(NOTICE_LINES).collect::<Vec<_>>().join("\n");
        let text: String = text.chars().take(NOTICE_LETTERS).collect();
        let subject = &subject.chars().take(MAX_NAME).collect::<String>();
        let mut noticed = self.noticed.lock();
        if text.is_empty() {
            noticed.remove(subject);
        } else if noticed.len() < MAX_NOTICES {
            noticed.insert(subject.into());
        } else if !noticed.contains(subject) {
            tracing::warn!(user = self.user, "no more than {MAX_NOTICES} notices of one client hold: {text}");
            return;
        }
        self.engine.core().notice(level, subject, text);
    }

    fn end(&self) {
        self.engine.core().remove_shell(&self.outbox);
        // Nobody is left who could take it back.
        for subject in std::mem::take(&mut *self.noticed.lock()) {
            self.engine.core().notice(NoticeLevel::Info, &subject, "");
        }
        self.engine.log().ignore(self.log_listener);
        self.outbox.close();
        let ids: Vec<u64> = self.subscriptions.lock().of_shell.values().copied().collect();
        for id in ids {
            self.engine.bus().unsubscribe(id);
        }
    }
}

/// Sends what is due until the shell is gone.
fn write(engine: &Engine, outbox: &Outbox, names: &Mutex<Names>, writer: &mut Writer) {
    let mut seen = 0;
    while let Work::Send(messages, due, log) = outbox.next() {
        for message in &messages {
            if let Err(error) = writer.send(message) {
                return give_up(writer, &error);
            }
        }
        if log {
            let lines = engine.log().since(seen);
            seen = lines.last().map_or(seen, |line| line.number);
            if !lines.is_empty()
                && let Err(error) = writer.send(&ToShell::Log(lines))
            {
                return give_up(writer, &error);
            }
        }
        let mut updates = Vec::with_capacity(due.len());
        for bus_id in due {
            let Some(id) = names.lock().of_bus.get(&bus_id).copied() else { continue };
            if let Some(reading) = engine.bus().take_latest(bus_id) {
                updates.push(Update {
                    id,
                    value: reading.value,
                    quality: reading.quality,
                    sequence: reading.sequence,
                    engine_ns: reading.engine_ns,
                    source_time: reading.source_time,
                });
            }
        }
        if !updates.is_empty()
            && let Err(error) = writer.send(&ToShell::Updates(updates))
        {
            return give_up(writer, &error);
        }
    }
    writer.close();
}

/// The shell is gone, or takes nothing: a process that stands still must not cost this one its memory.
fn give_up(writer: &Writer, error: &TransportError) {
    if let TransportError::Lost(error) = error
        && matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
    {
        tracing::warn!("a shell is dropped: it has read nothing for at least {} s", READ_LIMIT.as_secs());
    }
    writer.close();
}
