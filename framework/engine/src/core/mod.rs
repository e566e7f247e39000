//! The engine's state: objects, calls and reservations, changed under one lock by short steps.
//!
//! Everything that happens (a plugin's post, a shell's wish, a tick, a new layout) is one call of a
//! method here. The methods send to plugins and publish on the bus, which only enqueues; they wait
//! for nothing. The submodules hold what belongs to objects, to calls and to reservations.

mod calls;
mod faults;
mod kept;
mod objects;
mod overdue;
mod posts;
mod reserve;
mod retired;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use brickwork_link::{Action, CallInfo, Kept, Notice, NoticeLevel, ObjectInfo, ToShell, uptime_ns};
use brickwork_sdk::protocol::Post;

use crate::bus::Bus;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::loader::Library;
use crate::outbox::Outbox;

use calls::ActiveCall;
pub use calls::{Origin, Wish};
use objects::Object;
pub use objects::file_name;
use reserve::Reservation;

/// All that changes in an engine.
pub struct Core {
    bus: Arc<Bus>,
    /// The plugins in force.
    pub catalogue: Catalogue,
    objects: BTreeMap<String, Object>,
    /// Which object an instance is a life of.
    instances: HashMap<u64, String>,
    next_instance: u64,
    calls: BTreeMap<u64, ActiveCall>,
    next_call: u64,
    reservations: Vec<Reservation>,
    shells: Vec<Arc<Outbox>>,
    notices: BTreeMap<String, Notice>,
    running_changed: bool,
    /// When the last tick was, by the clock of the machine.
    turned_ns: u64,
    /// When each library's thread was last heard, by the number of the load.
    heard: HashMap<u64, Instant>,
    /// The objects that went back from a library in force, by the number of the load.
    given_up: HashMap<u64, BTreeSet<String>>,
    /// Libraries that others have replaced, while something may still use them.
    replaced: Vec<Arc<Library>>,
    looked_for_silence: Instant,
    /// What is on disk of the objects' states; none where nothing is to be kept.
    kept: Option<Kept>,
    /// Whether the engine before died.
    after_death: bool,
}

impl Core {
    /// A core without objects.
    pub fn new(bus: Arc<Bus>) -> Self {
        Self {
            bus,
            catalogue: Catalogue::default(),
            objects: BTreeMap::new(),
            instances: HashMap::new(),
            next_instance: 1,
            calls: BTreeMap::new(),
            next_call: 1,
            reservations: Vec::new(),
            shells: Vec::new(),
            notices: BTreeMap::new(),
            running_changed: false,
            turned_ns: uptime_ns(),
            heard: HashMap::new(),
            given_up: HashMap::new(),
            replaced: Vec::new(),
            looked_for_silence: Instant::now(),
            kept: None,
            after_death: false,
        }
    }

    /// A shell has come; it hears what is said from now on, and the notices that still hold.
    pub fn add_shell(&mut self, shell: Arc<Outbox>) {
        for notice in self.notices.values() {
            shell.push(ToShell::Notice(notice.clone()));
        }
        shell.push(ToShell::Running(self.running()));
        self.shells.push(shell);
    }

    /// A shell has gone. What it began goes on.
    pub fn remove_shell(&mut self, shell: &Arc<Outbox>) {
        self.shells.retain(|other| !Arc::ptr_eq(other, shell));
    }

    /// Says something to every shell.
    pub fn broadcast(&self, message: &ToShell) {
        for shell in &self.shells {
            shell.push(message.clone());
        }
    }

    /// Tells persons something about a subject; empty text takes it back.
    pub fn notice(&mut self, level: NoticeLevel, subject: &str, text: impl Into<String>) {
        self.notice_with(level, subject, text.into(), None);
    }

    /// The same with what a person can do about it.
    fn notice_with(&mut self, level: NoticeLevel, subject: &str, text: String, action: Option<Action>) {
        let wall_secs = Clock::wall_secs();
        let notice = Notice { level, subject: subject.into(), text, wall_secs, action };
        if notice.text.is_empty() {
            if self.notices.remove(subject).is_none() {
                return;
            }
        } else {
            match level {
                NoticeLevel::Info => tracing::info!(subject, "{}", notice.text),
                NoticeLevel::Warning => tracing::warn!(subject, "{}", notice.text),
                NoticeLevel::Error => tracing::error!(subject, "{}", notice.text),
            }
            // What holds is kept for shells that come later; what merely happened is not.
            if level != NoticeLevel::Info {
                self.notices.insert(subject.into(), notice.clone());
            }
        }
        self.broadcast(&ToShell::Notice(notice));
    }

    /// Takes back what was said of subjects that are no more.
    pub fn take_back(&mut self, is_gone: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self.notices.keys().filter(|subject| is_gone(subject)).cloned().collect();
        for subject in gone {
            self.notice(NoticeLevel::Info, &subject, "");
        }
    }

    /// The file of a plugin is not taken, and why; or it is again, when `why` is empty.
    pub fn refuse(&mut self, source: &Path, why: &str) {
        if self.catalogue.refuse(source, why) {
            self.broadcast(&ToShell::Plugins(self.catalogue.files()));
        }
    }

    /// The objects as shells know them.
    pub fn object_infos(&self) -> Vec<ObjectInfo> {
        let info =
            |(name, object): (&String, &Object)| ObjectInfo { name: name.clone(), kind: object.spec.kind.clone() };
        self.objects.iter().map(info).collect()
    }

    fn running(&self) -> Vec<CallInfo> {
        self.calls.iter().filter(|(_, call)| call.begun).map(|(id, call)| call.info(*id)).collect()
    }

    /// A plugin says something of one of its instances; `library` is the number of its load, `given_ns` when it spoke.
    pub fn post(&mut self, library: u64, instance: u64, post: Post, given_ns: u64) {
        if matches!(post, Post::Heartbeat) {
            self.heard.insert(library, Instant::now());
            return;
        }
        let Some(name) = self.instances.get(&instance).cloned() else { return };
        match post {
            Post::Call { token, object, interface, command, arguments, .. } => {
                let origin = Origin::Object { name: name.clone(), instance, token };
                let caller = brickwork_sdk::Caller::Object(name);
                self.call(origin, Wish { object, interface, command, arguments, caller, given_ns });
            }
            Post::AbortCall { token } => self.abort_of(instance, token),
            Post::Reserve { token, objects, reason } => self.reserve(&name, instance, token, objects, reason),
            Post::Release { token } => self.release(instance, token),
            Post::Progress { call, fraction, message } => self.progress(call, fraction, message),
            Post::End { call, outcome } => self.end(call, outcome),
            post => self.object_post(&name, instance, post),
        }
    }

    /// What is due: restarts, overdue aborts, silent plugins, news for the shells.
    pub fn tick(&mut self) {
        self.tick_objects();
        self.tick_calls();
        if std::mem::take(&mut self.running_changed) {
            let running = self.running();
            self.broadcast(&ToShell::Running(running));
        }
    }
}
