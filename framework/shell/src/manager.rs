//! Keeps the bricks of the layout alive with the newest libraries; on a thread of its own.
//!
//! It loads what the engine has checked, makes and swaps bricks in two phases (a new one is restored
//! and drawn before the old one goes), and passes messages on. It waits for no brick.

mod health;
mod kept;
mod loaded;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use brickwork_engine::left_off;
use brickwork_engine::loader::Library;
use brickwork_layout::BrickSpec;
use brickwork_link::{Kept, Notice, NoticeLevel, PluginFile};
use brickwork_sdk::protocol::{Failure, Setup, States};
use brickwork_sdk::view::Node;
use brickwork_sdk::{Restored, State, Value};

use loaded::Loaded;

use crate::event::Place;
use crate::health::PluginHealth;
use crate::host::ShellHost;
use crate::inbox::{Happened, Inbox, Tile};
use crate::link::Link;
use crate::thread::{BrickThread, Job, Made};

/// How long a brick may take to be saved before it is replaced without.
const SAVE_LIMIT: Duration = Duration::from_secs(1);
/// How long a brick may be in its own code before its tile says so.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// Panics within [`PANIC_WINDOW`] that keep a brick off.
const MAX_PANICS: usize = 3;
const PANIC_WINDOW: Duration = Duration::from_secs(10);
const QUEUE: usize = 8192;

/// What the manager hears.
pub enum ToManager {
    /// The libraries in force.
    Plugins(Vec<PluginFile>),
    /// The bricks of the layout in force.
    Bricks(Vec<BrickSpec>),
    /// A control was used.
    Message {
        /// The control.
        place: Place,
        /// The author's message.
        message: Value,
    },
    /// A person wants a failed brick again.
    Restart(String),
    /// A channel that an instance reads has changed.
    Dirty(u64),
    /// An instance was made, or not.
    Made {
        /// The brick.
        brick: String,
        /// The instance.
        instance: u64,
        /// What came of it.
        made: Made,
    },
    /// An instance has a new view.
    Viewed {
        /// The instance.
        instance: u64,
        /// The view.
        node: Node,
    },
    /// An instance was saved, or panicked over it and goes without.
    Saved {
        /// The instance.
        instance: u64,
        /// Its state.
        state: State,
        /// Where and with what words it panicked.
        failure: Option<Failure>,
    },
    /// The end of an instance panicked; it is gone all the same.
    DropPanicked {
        /// The brick.
        brick: String,
        /// Where and with what words.
        failure: Failure,
    },
    /// An instance panicked.
    Panicked {
        /// The instance.
        instance: u64,
        /// Where and with what words.
        failure: Failure,
    },
    /// Look at the limits.
    Tick,
    /// The window is closed: keep what is to last.
    End,
}

/// One living instance of a brick.
struct Instance {
    number: u64,
    thread: Arc<BrickThread>,
}

struct Brick {
    spec: BrickSpec,
    /// What is on screen.
    present: Option<Instance>,
    /// What is being made, with the spec and generation that it is made for.
    next: Option<Instance>,
    /// Since when the present one is being saved, to be replaced.
    saving: Option<Instant>,
    /// When it was last asked what is to be kept.
    asked: Instant,
    /// What the instances before saved.
    states: States,
    panics: Vec<Instant>,
    /// The content of the library with which it could not be made: that is not tried again.
    refused: Option<String>,
    /// Why what is newest is not on screen, in a line.
    trouble: Option<String>,
    silent: bool,
}

/// The manager.
pub struct Manager {
    inbox: Arc<Inbox>,
    link: Arc<Link>,
    sender: SyncSender<ToManager>,
    files: Vec<PluginFile>,
    threads: HashMap<String, Arc<BrickThread>>,
    /// The thread of every library in use, and the copy that was loaded.
    copies: Vec<Loaded>,
    /// The libraries that this process has loaded of each plugin; none is ever unmapped.
    loads: HashMap<String, u64>,
    /// Why the newest library of a plugin is not loaded here.
    unloaded: HashMap<String, String>,
    /// What was last said of the plugins.
    health: Vec<PluginHealth>,
    bricks: BTreeMap<String, Brick>,
    owners: HashMap<u64, String>,
    next_instance: u64,
    /// What is on disk of the bricks' states.
    kept: Kept,
    /// The bricks that have not answered yet at the end.
    unsaved: Option<BTreeSet<u64>>,
}

/// The queue to a manager that is started later.
pub fn queue() -> (SyncSender<ToManager>, Receiver<ToManager>) {
    sync_channel(QUEUE)
}

impl Manager {
    /// Starts the manager.
    ///
    /// # Errors
    /// When its thread cannot be started.
    pub fn start(
        inbox: Arc<Inbox>,
        link: Arc<Link>,
        sender: SyncSender<ToManager>,
        queue: Receiver<ToManager>,
        kept: Kept,
    ) -> std::io::Result<JoinHandle<()>> {
        let manager = Self {
            inbox,
            link,
            sender,
            files: Vec::new(),
            threads: HashMap::new(),
            copies: Vec::new(),
            loads: HashMap::new(),
            unloaded: HashMap::new(),
            health: Vec::new(),
            bricks: BTreeMap::new(),
            owners: HashMap::new(),
            next_instance: 1,
            kept,
            unsaved: None,
        };
        std::thread::Builder::new().name("bricks".into()).spawn(move || manager.run(&queue))
    }

    fn run(mut self, queue: &Receiver<ToManager>) {
        while let Ok(message) = queue.recv() {
            self.handle(message);
            if self.unsaved.as_ref().is_some_and(BTreeSet::is_empty) {
                self.write_last();
                break;
            }
        }
    }

    fn handle(&mut self, message: ToManager) {
        match message {
            ToManager::Plugins(files) => {
                self.files = files;
                self.load_libraries();
                self.settle();
                self.tell_health();
            }
            ToManager::Bricks(specs) => self.want(specs),
            ToManager::Message { place, message } => {
                let present = self.bricks.get(&place.brick).and_then(|brick| brick.present.as_ref());
                if let Some(present) = present {
                    let job = Job::Message { instance: present.number, place, message };
                    if !present.thread.give(job) {
                        tracing::warn!("a brick does not keep up: a click was dropped");
                    }
                }
            }
            ToManager::Restart(name) => self.restart(&name),
            ToManager::Dirty(instance) => {
                let brick = self.owners.get(&instance).and_then(|name| self.bricks.get(name));
                // Also the one that is being made: what comes after its first view must not be lost.
                let both = brick.into_iter().flat_map(|brick| brick.present.iter().chain(&brick.next));
                if let Some(living) = both.into_iter().find(|living| living.number == instance) {
                    // A full queue holds a view of it already, or it is stuck and says so.
                    living.thread.give(Job::Dirty(instance));
                }
            }
            ToManager::Made { brick, instance, made } => {
                self.made(&brick, instance, made);
                self.tell_health();
            }
            ToManager::Viewed { instance, node } => self.viewed(instance, node),
            ToManager::Saved { instance, state, failure } => self.saved(instance, state, failure.as_ref()),
            ToManager::DropPanicked { brick, failure } => {
                let text = format!("{brick}: its old instance panicked at its end\n{}", said(&failure));
                self.notice(NoticeLevel::Warning, &format!("end of {brick}"), text);
            }
            ToManager::Panicked { instance, failure } => self.panicked(instance, &failure),
            ToManager::Tick => {
                self.tick();
                self.ask_to_save();
                self.tell_health();
            }
            ToManager::End => self.ask_all_to_save(),
        }
    }

    fn load_libraries(&mut self) {
        for file in self.files.clone() {
            let known = self.threads.get(&file.name).is_some_and(|thread| thread.file.hash == file.hash);
            if known || file.bricks.is_empty() {
                continue;
            }
            let hash = u64::from_str_radix(&file.hash, 16).unwrap_or_default();
            let (host, table) = ShellHost::leak(self.link.clone(), &file.name);
            let loaded = Library::load(&PathBuf::from(&file.source), PathBuf::from(&file.copy), hash, table)
                .map_err(|error| error.to_string())
                .and_then(|library| {
                    BrickThread::start(library, host, file.clone(), self.sender.clone())
                        .map_err(|error| error.to_string())
                });
            match loaded {
                Ok((thread, handle)) => {
                    let (plugin, copy) = (file.name.clone(), PathBuf::from(&file.copy));
                    self.copies.push(Loaded { plugin, copy, handle, thread: Arc::downgrade(&thread) });
                    self.threads.insert(file.name.clone(), thread);
                    self.unloaded.remove(&file.name);
                    *self.loads.entry(file.name).or_default() += 1;
                }
                Err(error) => {
                    self.notice(NoticeLevel::Error, &file.name, format!("{}: {error}", file.source));
                    self.unloaded.insert(file.name, error);
                }
            }
        }
    }

    fn want(&mut self, specs: Vec<BrickSpec>) {
        let gone: Vec<String> =
            self.bricks.keys().filter(|name| !specs.iter().any(|spec| spec.id == **name)).cloned().collect();
        for name in gone {
            if let Some(brick) = self.bricks.remove(&name) {
                for instance in brick.present.into_iter().chain(brick.next) {
                    self.drop_instance(&instance);
                }
            }
            for subject in [name.clone(), format!("state of {name}"), format!("end of {name}")] {
                self.notice(NoticeLevel::Info, &subject, String::new());
            }
            self.inbox.happened(Happened::Gone(name));
        }
        for spec in specs {
            match self.bricks.get_mut(&spec.id) {
                // Something else of the layout may be what its newest library wanted.
                Some(brick) if brick.spec == spec => brick.refused = None,
                Some(brick) => {
                    brick.spec = spec.clone();
                    brick.refused = None;
                    self.replace(&spec.id);
                }
                None => {
                    let states = self.kept.states(&spec.id, &spec.kind).for_next_start(spec.keep);
                    let brick = Brick {
                        spec: spec.clone(),
                        present: None,
                        next: None,
                        saving: None,
                        asked: Instant::now(),
                        states,
                        panics: Vec::new(),
                        refused: None,
                        trouble: None,
                        silent: false,
                    };
                    self.bricks.insert(spec.id, brick);
                }
            }
        }
        self.settle();
    }

    fn thread_of(&self, kind: &str) -> Option<&Arc<BrickThread>> {
        let file = self.files.iter().find(|file| file.bricks.iter().any(|brick| brick == kind))?;
        self.threads.get(&file.name)
    }

    /// Brings every brick to the newest library of its kind.
    fn settle(&mut self) {
        let names: Vec<String> = self.bricks.keys().cloned().collect();
        for name in names {
            let brick = &self.bricks[&name];
            let Some(newest) = self.thread_of(&brick.spec.kind) else { continue };
            let has = brick.next.as_ref().or(brick.present.as_ref()).map(|instance| &instance.thread.file.hash);
            let newest = Some(&newest.file.hash);
            if has != newest && brick.refused.as_ref() != newest && brick.saving.is_none() {
                self.replace(&name);
            }
        }
    }

    /// Begins to replace what is on screen, or to make it for the first time.
    fn replace(&mut self, name: &str) {
        let Some(brick) = self.bricks.get_mut(name) else { return };
        match &brick.present {
            Some(present) if present.thread.busy_for().is_none_or(|busy| busy < SAVE_LIMIT) => {
                brick.saving = Some(Instant::now());
                present.thread.give(Job::Save(present.number));
            }
            _ => self.make(name),
        }
    }

    fn saved(&mut self, instance: u64, state: State, failure: Option<&Failure>) {
        let Some(name) = self.owners.get(&instance).cloned() else { return };
        if failure.is_none() {
            self.notice(NoticeLevel::Info, &format!("state of {name}"), String::new());
        }
        if let Some(failure) = failure {
            // A subject of its own: what is said of the new instance must not take it back.
            let text = format!("{name}: it panicked while it was saved and begins anew\n{}", said(failure));
            self.notice(NoticeLevel::Warning, &format!("state of {name}"), text);
        }
        let Some(brick) = self.bricks.get_mut(&name) else { return };
        brick.states.keep(state);
        self.kept.keep(&name, &brick.spec.kind, &brick.states);
        if let Some(unsaved) = &mut self.unsaved {
            unsaved.remove(&instance);
        } else if brick.saving.is_some() {
            self.make(&name);
        }
    }

    fn make(&mut self, name: &str) {
        let Some(kind) = self.bricks.get(name).map(|brick| brick.spec.kind.clone()) else { return };
        let Some(thread) = self.thread_of(&kind).cloned() else { return };
        if self.leaves_off(name, &kind, &thread.file.hash) {
            return;
        }
        let number = self.next_instance;
        self.next_instance += 1;
        let Some(brick) = self.bricks.get_mut(name) else { return };
        brick.saving = None;
        let setup = Setup {
            kind,
            name: name.into(),
            roles: brick.spec.uses.clone(),
            config: brick.spec.config.clone(),
            states: brick.states.clone(),
        };
        thread.name(number, name);
        self.owners.insert(number, name.into());
        let abandoned = brick.next.replace(Instance { number, thread: thread.clone() });
        if let Some(abandoned) = abandoned {
            self.drop_instance(&abandoned);
        }
        thread.give(Job::Make { brick: name.into(), instance: number, setup });
    }

    /// The second phase: what was made is drawn, so the old one goes.
    fn made(&mut self, name: &str, instance: u64, made: Made) {
        let Some(brick) = self.bricks.get_mut(name) else { return };
        let Some(next) = brick.next.take_if(|next| next.number == instance) else { return };
        let PluginFile { generation, hash, .. } = next.thread.file.clone();
        match made {
            Made::Made(restored, node) => {
                let old = brick.present.replace(next);
                brick.refused = None;
                brick.trouble = None;
                let was_silent = std::mem::take(&mut brick.silent);
                if was_silent {
                    self.inbox.happened(Happened::Silent(name.into(), false));
                }
                if let Some(old) = old {
                    self.drop_instance(&old);
                }
                self.show(name, node);
                let lost = match restored {
                    Restored::Complete => String::new(),
                    Restored::Partly(fields) => format!("{name} was restored without {}", fields.join(", ")),
                    Restored::Refused(why) => format!("{name} did not take its old state: {why}"),
                };
                self.notice(NoticeLevel::Warning, name, lost);
            }
            Made::Failed(failure) => {
                brick.refused = Some(hash);
                brick.trouble = Some(said(&failure));
                let kept = brick.present.as_ref().map(|present| present.thread.file.generation);
                self.drop_instance(&next);
                match kept {
                    Some(kept) => {
                        let text = format!(
                            "{name}: generation {generation} could not be shown\n{}\ngeneration {kept} goes on",
                            said(&failure)
                        );
                        self.notice(NoticeLevel::Error, name, text);
                    }
                    None => self.card(name, &failure),
                }
            }
        }
    }

    fn viewed(&mut self, instance: u64, node: Node) {
        let Some(name) = self.owners.get(&instance).cloned() else { return };
        let present = self.bricks.get(&name).and_then(|brick| brick.present.as_ref());
        if present.is_some_and(|present| present.number == instance) {
            self.show(&name, node);
        }
    }

    fn show(&self, name: &str, node: Node) {
        for problem in node.problems() {
            tracing::warn!(brick = name, "{problem}");
        }
        self.inbox.put(|news| {
            news.tiles.insert(name.into(), Tile::View(node));
        });
    }

    fn card(&self, name: &str, failure: &Failure) {
        let tile = Tile::Failed { message: failure.message.clone(), place: failure.place.clone() };
        self.inbox.put(|news| {
            news.tiles.insert(name.into(), tile);
        });
    }

    fn panicked(&mut self, instance: u64, failure: &Failure) {
        let Some(name) = self.owners.get(&instance).cloned() else { return };
        let Some(brick) = self.bricks.get_mut(&name) else { return };
        let Some(present) = brick.present.take_if(|present| present.number == instance) else { return };
        brick.panics.retain(|at| at.elapsed() < PANIC_WINDOW);
        brick.panics.push(Instant::now());
        brick.trouble = Some(said(failure));
        let off = brick.panics.len() >= MAX_PANICS;
        let mut failure = failure.clone();
        if off {
            failure.message += "\nIt failed three times in ten seconds and stays off.";
        }
        // What it keeps in mind may be what made it panic; the state saved before is safe.
        self.drop_instance(&present);
        self.card(&name, &failure);
    }

    fn restart(&mut self, name: &str) {
        let Some(brick) = self.bricks.get_mut(name) else { return };
        brick.panics.retain(|at| at.elapsed() < PANIC_WINDOW);
        if brick.present.is_none() && brick.panics.len() < MAX_PANICS {
            left_off::use_brick(&brick.spec.kind);
            brick.refused = None;
            // What it keeps in mind may be what makes it fail.
            brick.states = States::default();
            self.kept.keep(name, &brick.spec.kind, &brick.states);
            self.make(name);
        }
    }

    fn drop_instance(&mut self, instance: &Instance) {
        let brick = self.owners.remove(&instance.number).unwrap_or_default();
        instance.thread.give(Job::Drop { instance: instance.number, brick });
    }

    /// Says which bricks do not answer, and goes on without what they were to save.
    fn tick(&mut self) {
        let mut unsaved = Vec::new();
        let mut changed = Vec::new();
        let mut stuck = Vec::new();
        for (name, brick) in &mut self.bricks {
            let late = |next: &mut Instance| next.thread.busy_for().is_some_and(|busy| busy > ANSWER_LIMIT);
            if brick.present.is_some()
                && let Some(next) = brick.next.take_if(late)
            {
                brick.refused = Some(next.thread.file.hash.clone());
                brick.trouble = Some("it does not return from its own code".into());
                stuck.push((name.clone(), next.thread.file.generation));
            }
            if brick.saving.is_some_and(|since| since.elapsed() > SAVE_LIMIT) {
                unsaved.push(name.clone());
            }
            let shown = brick.present.as_ref().or(brick.next.as_ref());
            let silent = shown.and_then(|i| i.thread.busy_for()).is_some_and(|busy| busy > ANSWER_LIMIT);
            if silent != brick.silent {
                brick.silent = silent;
                changed.push((name.clone(), silent));
            }
        }
        for name in unsaved {
            self.make(&name);
        }
        for (name, generation) in stuck {
            let limit = ANSWER_LIMIT.as_secs();
            let text = format!(
                "{name}: generation {generation} did not return within {limit} s; the one before goes on\nIts thread cannot be stopped: restart the window when it is mended."
            );
            self.notice(NoticeLevel::Error, &name, text);
        }
        for loaded in self.copies.extract_if(.., |loaded| loaded.handle.is_finished()) {
            brickwork_engine::release(&loaded.copy);
        }
        for (name, silent) in changed {
            self.inbox.happened(Happened::Silent(name, silent));
        }
    }

    fn notice(&self, level: NoticeLevel, subject: &str, text: String) {
        // In the log too: that is where its details are looked for.
        match level {
            _ if text.is_empty() => {}
            NoticeLevel::Error => tracing::error!(subject, "{text}"),
            NoticeLevel::Warning => tracing::warn!(subject, "{text}"),
            NoticeLevel::Info => tracing::info!(subject, "{text}"),
        }
        let wall_secs = brickwork_engine::Clock::wall_secs();
        let notice = Notice { level, subject: subject.into(), text, wall_secs, action: None };
        self.inbox.happened(Happened::Notice(notice));
    }
}

/// A failure in a line: what was said and where.
fn said(Failure { message, place }: &Failure) -> String {
    if place.is_empty() { message.clone() } else { format!("{message} at {place}") }
}
