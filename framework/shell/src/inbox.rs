//! What the shell's threads have for the window: the newest of everything, until the window takes it.
//!
//! Filled from any thread without waiting. Values and pictures are kept newest-only, so that a window
//! that is slow, or on a stopped display, costs no memory.

use std::collections::HashMap;
use std::time::Instant;

use brickwork_link::{CallInfo, EngineInfo, LogLine, Notice, Update};
use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::view::Node;
use iced::futures::channel::mpsc;
use parking_lot::Mutex;

use crate::event::Place;
use crate::health::PluginHealth;
use crate::probe::Question;
use crate::readings::Picture;

/// Events that may wait for the window; the oldest are dropped beyond it.
const MAX_EVENTS: usize = 2_000;

/// Everything new since the window last looked.
#[derive(Default)]
pub struct News {
    /// Newest values, by subscription.
    pub updates: HashMap<u64, Update>,
    /// Newest pictures, by the place that shows them.
    pub pictures: HashMap<Place, Picture>,
    /// Newest view or card of each brick.
    pub tiles: HashMap<String, Tile>,
    /// What happened, in order.
    pub events: Vec<Happened>,
}

/// What stands in the place of a brick.
#[derive(Clone, Debug)]
pub enum Tile {
    /// Its view.
    View(Node),
    /// It failed.
    Failed {
        /// What was said.
        message: String,
        /// The source place of a panic.
        place: String,
    },
}

/// The engine that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// Its process.
    pub process: u32,
    /// What it is.
    pub info: EngineInfo,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Happened {
    /// An engine answers, or none any more.
    Connected(Option<Box<Met>>),
    /// The monitors have changed.
    Screen,
    /// The engine does not take this shell.
    Refused(String),
    /// The engine's clock and the wall's.
    Beat {
        /// Nanoseconds.
        engine_ns: u64,
        /// Seconds since 1970.
        wall_secs: f64,
        /// When it was heard.
        heard: Instant,
        /// What the engine's process holds in memory, in bytes.
        memory_bytes: u64,
    },
    /// How every plugin fares in this shell.
    Plugins(Vec<PluginHealth>),
    /// What a thread has written for the person, or why not.
    Kept(String),
    /// A brick wants a picture that it shows in a file.
    SavePicture {
        /// The node of its view.
        place: Place,
        /// How the name of the file begins.
        name: String,
    },
    /// The layout in force and what is wrong with the file.
    Beamline {
        /// Counts the layouts that came into force.
        revision: u64,
        /// The layout, as a value.
        beamline: Value,
        /// The diagnostics; empty when all is well.
        diagnostics: String,
    },
    /// A command that a brick sent has ended.
    Ended {
        /// The control that was used.
        place: Place,
        /// How.
        outcome: Outcome,
    },
    /// What is running.
    Running(Vec<CallInfo>),
    /// A person should know.
    Notice(Notice),
    /// The engine wrote to its log.
    Log(Vec<LogLine>),
    /// A brick is no longer in the layout.
    Gone(String),
    /// A brick does not return from its own code, or does again.
    Silent(String, bool),
    /// A test wants to know what a person sees.
    Probe(Question),
}

/// The box.
#[derive(Default)]
pub struct Inbox {
    news: Mutex<News>,
    wake: Mutex<Option<mpsc::Sender<()>>>,
}

impl Inbox {
    /// Adds something that the window need not see before it looks of itself, twice a second.
    pub fn note(&self, event: Happened) {
        self.add(|news| news.events.push(event));
    }

    fn add(&self, change: impl FnOnce(&mut News)) {
        let mut news = self.news.lock();
        change(&mut news);
        if news.events.len() > MAX_EVENTS {
            let extra = news.events.len() - MAX_EVENTS;
            news.events.drain(..extra);
        }
    }

    /// Adds something and wakes the window.
    pub fn put(&self, change: impl FnOnce(&mut News)) {
        self.add(change);
        if let Some(wake) = self.wake.lock().as_mut() {
            // A wake that is under way is as good as another.
            let _ = wake.try_send(());
        }
    }

    /// Adds one event.
    pub fn happened(&self, event: Happened) {
        self.put(|news| news.events.push(event));
    }

    /// Takes everything.
    pub fn take(&self) -> News {
        std::mem::take(&mut self.news.lock())
    }

    /// What is sent a wake from now on.
    pub fn listen(&self) -> mpsc::Receiver<()> {
        let (mut sender, receiver) = mpsc::channel(1);
        let _ = sender.try_send(());
        *self.wake.lock() = Some(sender);
        receiver
    }
}
