//! Serves shells over the link: one reading and one writing thread for each.

use std::collections::{BTreeSet, HashMap};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use brickwork_link::{
    Door, LINK_PROTOCOL, NoticeLevel, Reader, ToEngine, ToShell, Update, Writer, resident_bytes, split,
};
use brickwork_sdk::Caller;
use parking_lot::Mutex;

use crate::clock::Clock;
use crate::core::{Origin, Wish};
use crate::engine::Engine;
use crate::outbox::{Outbox, Work};

/// How often shells hear that the engine turns.
const HEARTBEAT: Duration = Duration::from_millis(500);
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
    for stream in door.incoming(|| engine.is_stopping()) {
        let engine = engine.clone();
        let stream = stream?;
        std::thread::Builder::new().name("shell".into()).spawn(move || {
            if let Err(error) = Session::run(engine, stream) {
                tracing::warn!("a shell was not served: {error}");
            }
        })?;
    }
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
}

#[derive(Default)]
struct Names {
    of_shell: HashMap<u64, u64>,
    of_bus: HashMap<u64, u64>,
}

impl Session {
    fn run(engine: Arc<Engine>, stream: UnixStream) -> Result<(), brickwork_link::TransportError> {
        let (mut reader, mut writer) = split(stream)?;
        // Who only looks whether an engine is there says nothing.
        let Ok(ToEngine::Hello { protocol, user }) = reader.receive() else { return Ok(()) };
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
        let session = Self { engine, outbox, user, subscriptions, log_listener, noticed };
        let (sending, names, engine) = (session.outbox.clone(), session.subscriptions.clone(), session.engine.clone());
        std::thread::Builder::new()
            .name("to shell".into())
            .spawn(move || write(&engine, &sending, &names, &mut writer))?;
        let gone = session.read(&mut reader);
        session.end();
        if let Err(error) = gone {
            tracing::info!(user = session.user, "a shell has gone: {error}");
        }
        Ok(())
    }

    fn read(&self, reader: &mut Reader) -> Result<(), brickwork_link::TransportError> {
        loop {
            match reader.receive()? {
                ToEngine::Hello { .. } => {}
                ToEngine::Subscribe { id, object, channel } => self.subscribe(id, &object, &channel),
                ToEngine::Unsubscribe { id } => self.unsubscribe(id),
                ToEngine::Call { id, object, interface, command, arguments, brick } => {
                    let caller = Caller::Person { name: self.user.clone(), brick };
                    let origin = Origin::Shell { outbox: self.outbox.clone(), id };
                    self.engine.core().call(origin, Wish { object, interface, command, arguments, caller });
                }
                ToEngine::Abort { call } => self.engine.core().abort(call),
                ToEngine::AbortBrick { brick } => self.engine.core().abort_brick(&brick),
                ToEngine::AbortAll => {
                    let caller = Caller::Person { name: self.user.clone(), brick: String::new() };
                    self.engine.core().abort_all(&caller);
                }
                ToEngine::Answer { object, question, option } => {
                    self.engine.core().answer(&object, &question, &option, &self.user);
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
            if writer.send(message).is_err() {
                return writer.close();
            }
        }
        if log {
            let lines = engine.log().since(seen);
            seen = lines.last().map_or(seen, |line| line.number);
            if !lines.is_empty() && writer.send(&ToShell::Log(lines)).is_err() {
                return writer.close();
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
        if !updates.is_empty() && writer.send(&ToShell::Updates(updates)).is_err() {
            return writer.close();
        }
    }
    writer.close();
}
