//! The truth: a client of the link that asks the engine itself, past every window and brick.

use std::collections::HashMap;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use brickwork_link::{LINK_PROTOCOL, Notice, NoticeLevel, ToEngine, ToShell, Writer, split, uptime_ns};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::{Value, from_value};
use parking_lot::Mutex;

use crate::{PATIENCE, poll};

/// A connection to an engine.
pub struct EngineClient {
    writer: Mutex<Writer>,
    heard: Arc<Mutex<Heard>>,
    next: AtomicU64,
}

#[derive(Default)]
struct Heard {
    engine: Option<u32>,
    generations: HashMap<String, u64>,
    refused: HashMap<String, String>,
    threads_left: HashMap<String, u64>,
    subscriptions: HashMap<(String, String), u64>,
    values: HashMap<u64, (Value, u64)>,
    ends: HashMap<u64, Outcome>,
    /// How often each command was said to have ended.
    end_counts: HashMap<u64, usize>,
    running: usize,
    notices: Vec<Notice>,
}

impl Heard {
    fn take(&mut self, message: ToShell) {
        match message {
            ToShell::Welcome { engine_pid, .. } => self.engine = Some(engine_pid),
            ToShell::Plugins(files) => {
                self.generations = files.iter().map(|file| (file.name.clone(), file.generation)).collect();
                self.threads_left = files.iter().map(|file| (file.name.clone(), file.threads_left)).collect();
                self.refused = files.into_iter().map(|file| (file.name, file.refused)).collect();
            }
            ToShell::Updates(updates) => {
                self.values.extend(updates.into_iter().map(|update| (update.id, (update.value, update.sequence))));
            }
            ToShell::CallEnd { id, outcome } => {
                *self.end_counts.entry(id).or_default() += 1;
                self.ends.insert(id, outcome);
            }
            ToShell::Running(running) => self.running = running.len(),
            ToShell::Notice(notice) => self.notices.push(notice),
            ToShell::Log(_) | ToShell::Refused { .. } | ToShell::Beamline { .. } | ToShell::Heartbeat { .. } => {}
        }
    }
}

impl EngineClient {
    /// Connects to the engine behind this socket.
    pub fn connect(socket: &Path) -> Self {
        let client = Self::try_connect(socket).expect("the engine listens");
        client.wait("a welcome", PATIENCE, || client.met());
        client
    }

    /// The same with an engine that may be dying; it is not waited for.
    pub fn try_connect(socket: &Path) -> Option<Self> {
        let (mut reader, mut writer) = split(UnixStream::connect(socket).ok()?).ok()?;
        writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: "test".into() }).ok()?;
        let heard = Arc::new(Mutex::new(Heard::default()));
        let hearing = heard.clone();
        std::thread::spawn(move || {
            while let Ok(message) = reader.receive() {
                hearing.lock().take(message);
            }
        });
        Some(Self { writer: Mutex::new(writer), heard, next: AtomicU64::new(1) })
    }

    fn wait<T>(&self, what: &str, limit: Duration, ask: impl FnMut() -> Option<T>) -> T {
        poll(limit, ask).unwrap_or_else(|| panic!("the engine gave no {what} within {} s", limit.as_secs_f64()))
    }

    fn send(&self, message: &ToEngine) {
        self.writer.lock().send(message).expect("the engine reads");
    }

    /// The engine's process.
    pub fn process(&self) -> u32 {
        self.heard.lock().engine.expect("it was welcomed")
    }

    /// The same once it has said so.
    pub fn met(&self) -> Option<u32> {
        self.heard.lock().engine
    }

    /// How often a plugin was loaded, as the engine counts; 0 if never.
    pub fn generation(&self, plugin: &str) -> u64 {
        self.heard.lock().generations.get(plugin).copied().unwrap_or(0)
    }

    /// How many commands are running.
    pub fn running(&self) -> usize {
        self.heard.lock().running
    }

    /// All that the engine has said for people so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.heard.lock().notices.clone()
    }

    /// What holds of a subject now, if anything does: the newest notice that was not taken back.
    pub fn notice_about(&self, subject: &str) -> Option<Notice> {
        let heard = self.heard.lock();
        let last = heard.notices.iter().rfind(|notice| notice.subject == subject);
        last.filter(|notice| !notice.text.is_empty()).cloned()
    }

    /// Why the file of a plugin, as it is now, is not in force; empty if it is.
    pub fn refused(&self, plugin: &str) -> String {
        self.heard.lock().refused.get(plugin).cloned().unwrap_or_default()
    }

    /// How many threads of a plugin do not end in the engine.
    pub fn threads_left(&self, plugin: &str) -> u64 {
        self.heard.lock().threads_left.get(plugin).copied().unwrap_or(0)
    }

    /// Has every shell show a notice, until this client leaves.
    pub fn say(&self, subject: &str, text: &str) {
        let (subject, text) = (subject.to_owned(), text.to_owned());
        self.send(&ToEngine::Notice { level: NoticeLevel::Error, subject, text });
    }

    /// Ends the connection.
    pub fn leave(self) {
        self.writer.lock().close();
    }

    /// The newest value of a channel and its number in the row of publications.
    pub fn latest(&self, object: &str, channel: &str) -> (Value, u64) {
        let key = (object.to_owned(), channel.to_owned());
        let known = self.heard.lock().subscriptions.get(&key).copied();
        let id = known.unwrap_or_else(|| {
            let id = self.next.fetch_add(1, Ordering::Relaxed);
            self.heard.lock().subscriptions.insert(key, id);
            self.send(&ToEngine::Subscribe { id, object: object.into(), channel: channel.into() });
            id
        });
        let what = format!("value of {object}.{channel}");
        self.wait(&what, PATIENCE, || self.heard.lock().values.get(&id).cloned())
    }

    /// The newest value of a channel of numbers.
    pub fn number(&self, object: &str, channel: &str) -> f64 {
        self.latest(object, channel).0.as_f64().expect("the channel carries numbers")
    }

    /// The engine's own word on an object.
    pub fn status(&self, object: &str) -> ObjectStatus {
        from_value(self.latest(object, "status").0).expect("a status has one shape")
    }

    /// Waits until a motor is within a thousandth of `position` and no command runs.
    pub fn arrives(&self, motor: &str, position: f64) {
        let arrived = poll(PATIENCE, || {
            let there = (self.number(motor, "position") - position).abs() < 1e-3 && self.running() == 0;
            there.then_some(())
        });
        let now = self.number(motor, "position");
        assert!(arrived.is_some(), "{motor} is at {now} and should have arrived at {position}");
    }

    /// Waits until a motor is on its way: some of it done, the rest still to go.
    pub fn moves(&self, motor: &str) {
        let first = self.number(motor, "position");
        self.wait("motion", PATIENCE, || {
            let moving = self.running() > 0 && (self.number(motor, "position") - first).abs() > 1e-3;
            moving.then_some(())
        });
    }

    /// Sends a command of a motor and answers its name for [`end_of`](Self::end_of).
    pub fn call(&self, object: &str, command: &str, arguments: Value) -> u64 {
        self.call_on(object, "motor", command, arguments)
    }

    /// The same for a command of any interface.
    pub fn call_on(&self, object: &str, interface: &str, command: &str, arguments: Value) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (object, interface, command) = (object.to_owned(), interface.to_owned(), command.to_owned());
        let (brick, given_ns) = (String::new(), uptime_ns());
        self.send(&ToEngine::Call { id, object, interface, command, arguments, brick, given_ns });
        id
    }

    /// Sends a motor to a position, once it is there to be sent.
    pub fn move_to(&self, motor: &str, position: f64) -> u64 {
        self.wait("live motor", PATIENCE, || (self.status(motor).link == Link::Live).then_some(()));
        self.call(motor, "move_to", Value::map([("position", Value::Float(position))]))
    }

    /// How often a command was said to have ended; once is right.
    pub fn ends_of(&self, call: u64) -> usize {
        self.heard.lock().end_counts.get(&call).copied().unwrap_or(0)
    }

    /// Waits for the end of a command.
    pub fn end_of(&self, call: u64) -> Outcome {
        self.wait("end of a command", PATIENCE, || self.heard.lock().ends.get(&call).cloned())
    }
}
