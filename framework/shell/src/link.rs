//! The shell's side of the link: connects for ever, keeps the newest readings, knows who wants them.
//!
//! Its threads read and write the socket. The bricks' threads and the window ask it for channels and
//! send commands through it; none of them waits.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use brickwork_link::{LINK_PROTOCOL, MAX_AGE, Place, Reader, ToEngine, ToShell, Update, split, uptime_ns};
use brickwork_sdk::__abi::Reading;
use brickwork_sdk::Value;
use parking_lot::Mutex;

use crate::event;
use crate::inbox::{Happened, Inbox, Met};
use crate::manager::ToManager;
use crate::pictures::Pictures;

/// Messages to the engine that may wait; more are dropped, and said.
const QUEUE: usize = 4096;
/// The pause before the next try to connect.
const RETRY: Duration = Duration::from_millis(250);

type Key = (String, String);

/// The link and what came over it.
pub struct Link {
    inbox: Arc<Inbox>,
    pictures: Arc<Pictures>,
    manager: SyncSender<ToManager>,
    state: Mutex<State>,
    next: AtomicU64,
}

#[derive(Default)]
struct State {
    writer: Option<SyncSender<ToEngine>>,
    /// When the engine last said that it turns.
    heard: Option<Instant>,
    wanted: HashMap<Key, Wanted>,
    names: HashMap<u64, Key>,
    /// Which control each call under way came from.
    calls: HashMap<u64, event::Place>,
}

struct Wanted {
    id: u64,
    users: usize,
    latest: Option<Reading>,
    /// The brick instances that are viewed again when it changes.
    bricks: BTreeSet<u64>,
}

impl Link {
    /// A link that is not connected yet.
    pub fn new(inbox: Arc<Inbox>, pictures: Arc<Pictures>, manager: SyncSender<ToManager>) -> Arc<Self> {
        Arc::new(Self { inbox, pictures, manager, state: Mutex::default(), next: AtomicU64::new(1) })
    }

    /// Connects for ever, on a thread of its own.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(self: &Arc<Self>, place: Place, user: String) -> std::io::Result<()> {
        let link = self.clone();
        std::thread::Builder::new().name("link".into()).spawn(move || {
            loop {
                if let Ok(stream) = place.connect()
                    && let Err(error) = link.session(stream, &user)
                {
                    tracing::warn!("the engine: {error}");
                }
                {
                    let mut state = link.state.lock();
                    (state.writer, state.heard) = (None, None);
                }
                link.inbox.happened(Happened::Connected(None));
                std::thread::sleep(RETRY);
            }
        })?;
        Ok(())
    }

    fn session(
        self: &Arc<Self>,
        stream: std::os::unix::net::UnixStream,
        user: &str,
    ) -> Result<(), brickwork_link::TransportError> {
        let (mut reader, mut writer) = split(stream)?;
        writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: user.into() })?;
        let (sender, outgoing): (_, Receiver<ToEngine>) = sync_channel(QUEUE);
        {
            let mut state = self.state.lock();
            for ((object, channel), wanted) in &state.wanted {
                let subscribe = ToEngine::Subscribe { id: wanted.id, object: object.clone(), channel: channel.clone() };
                // The queue was just made; layouts have fewer channels than it has room, or they follow the drop.
                let _ = sender.try_send(subscribe);
            }
            state.calls.clear();
            state.writer = Some(sender);
        }
        std::thread::Builder::new().name("to engine".into()).spawn(move || {
            while let Ok(message) = outgoing.recv() {
                if writer.send(&message).is_err() {
                    break;
                }
            }
            writer.close();
        })?;
        self.read(&mut reader)
    }

    fn read(&self, reader: &mut Reader) -> Result<(), brickwork_link::TransportError> {
        loop {
            let event = match reader.receive()? {
                ToShell::Welcome { engine_pid, engine, .. } => {
                    Happened::Connected(Some(Box::new(Met { process: engine_pid, info: engine })))
                }
                ToShell::Refused { reason } => Happened::Refused(reason),
                ToShell::Updates(updates) => {
                    self.updates(updates);
                    continue;
                }
                ToShell::CallEnd { id, outcome } => {
                    let Some(place) = self.state.lock().calls.remove(&id) else { continue };
                    Happened::Ended { place, outcome }
                }
                ToShell::Plugins(files) => {
                    self.tell(ToManager::Plugins(files));
                    continue;
                }
                ToShell::Beamline { revision, beamline, diagnostics, .. } => {
                    Happened::Beamline { revision, beamline, diagnostics }
                }
                ToShell::Running(running) => Happened::Running(running),
                ToShell::Notice(notice) => Happened::Notice(notice),
                ToShell::Log(lines) => Happened::Log(lines),
                ToShell::Heartbeat { engine_ns, wall_secs, memory_bytes } => {
                    // Not worth a new frame: at rest a window costs nearly nothing.
                    let heard = Instant::now();
                    self.state.lock().heard = Some(heard);
                    self.inbox.note(Happened::Beat { engine_ns, wall_secs, heard, memory_bytes });
                    continue;
                }
            };
            self.inbox.happened(event);
        }
    }

    fn updates(&self, updates: Vec<Update>) {
        let mut dirty = BTreeSet::new();
        let mut shown = Vec::new();
        let mut state = self.state.lock();
        for update in updates {
            let Some(key) = state.names.get(&update.id).cloned() else { continue };
            let Some(wanted) = state.wanted.get_mut(&key) else { continue };
            dirty.extend(wanted.bricks.iter().copied());
            wanted.latest = Some(Reading {
                value: update.value.clone(),
                quality: update.quality,
                sequence: update.sequence,
                engine_ns: update.engine_ns,
                source_time: update.source_time,
            });
            if let Value::Frame(frame) = &update.value {
                self.pictures.offer(&key.0, &key.1, frame, update.engine_ns);
            } else {
                shown.push(update);
            }
        }
        drop(state);
        if !shown.is_empty() {
            self.inbox.put(|news| news.updates.extend(shown.into_iter().map(|update| (update.id, update))));
        }
        for instance in dirty {
            self.tell(ToManager::Dirty(instance));
        }
    }

    fn tell(&self, message: ToManager) {
        if let Err(TrySendError::Full(_)) = self.manager.try_send(message) {
            tracing::warn!("the bricks do not keep up: a change was dropped");
        }
    }

    /// Says something to the engine, if it is there; false if it was not sent.
    pub fn send(&self, message: ToEngine) -> bool {
        self.state.lock().writer.as_ref().is_some_and(|writer| writer.try_send(message).is_ok())
    }

    /// The same for what may not come late: nothing is sent to an engine that the window calls silent.
    pub fn wish(&self, message: ToEngine) -> bool {
        let answers = self.state.lock().heard.is_some_and(|heard| heard.elapsed() <= MAX_AGE);
        answers && self.send(message)
    }

    /// One more user of a channel; answers the name of its subscription. A brick instance is viewed
    /// again when it changes.
    pub fn want(&self, object: &str, channel: &str, brick: Option<u64>) -> u64 {
        let key = (object.to_owned(), channel.to_owned());
        let mut state = self.state.lock();
        let next = &self.next;
        let wanted = state.wanted.entry(key.clone()).or_insert_with(|| Wanted {
            id: next.fetch_add(1, Ordering::Relaxed),
            users: 0,
            latest: None,
            bricks: BTreeSet::new(),
        });
        wanted.users += 1;
        wanted.bricks.extend(brick);
        let (id, first) = (wanted.id, wanted.users == 1);
        if first {
            state.names.insert(id, key.clone());
            if let Some(writer) = &state.writer {
                let _ = writer.try_send(ToEngine::Subscribe { id, object: key.0, channel: key.1 });
            }
        }
        id
    }

    /// One user less.
    pub fn unwant(&self, id: u64, brick: Option<u64>) {
        let mut state = self.state.lock();
        let Some(key) = state.names.get(&id).cloned() else { return };
        let Some(wanted) = state.wanted.get_mut(&key) else { return };
        wanted.users = wanted.users.saturating_sub(1);
        if let Some(brick) = brick {
            wanted.bricks.remove(&brick);
        }
        if wanted.users == 0 {
            state.wanted.remove(&key);
            state.names.remove(&id);
            if let Some(writer) = &state.writer {
                let _ = writer.try_send(ToEngine::Unsubscribe { id });
            }
        }
    }

    /// A brick's instance is gone: no change of a channel concerns it.
    pub fn forget(&self, instance: u64) {
        for wanted in self.state.lock().wanted.values_mut() {
            wanted.bricks.remove(&instance);
        }
    }

    /// The newest reading of a subscription.
    pub fn latest(&self, id: u64) -> Option<Reading> {
        let state = self.state.lock();
        let key = state.names.get(&id)?;
        state.wanted.get(key)?.latest.clone()
    }

    /// A brick wants a picture of its view in a file.
    pub fn save_picture(&self, place: event::Place, name: String) {
        self.inbox.happened(Happened::SavePicture { place, name });
    }

    /// A brick wants a command; the control that was used hears how it ends.
    pub fn call(&self, place: event::Place, object: String, interface: String, command: String, arguments: Value) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let given_ns = uptime_ns();
        let message =
            ToEngine::Call { id, object, interface, command, arguments, brick: place.brick.clone(), given_ns };
        self.state.lock().calls.insert(id, place.clone());
        if !self.wish(message) {
            self.state.lock().calls.remove(&id);
            let error = brickwork_sdk::Error::refused("the engine does not answer: nothing was sent");
            let outcome = brickwork_sdk::protocol::Outcome::Ended(error);
            self.inbox.happened(Happened::Ended { place, outcome });
        }
    }
}
