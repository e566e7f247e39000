//! What the application knows of versions, plugins and connections, and how that is shown, copied, saved and packed
//! for the person on call. Files are written by threads of their own (`keep`).

use brickwork_sdk::status::Link;
use brickwork_sdk::view::Node;
use brickwork_support::{Connection, Request, Versions, Window, connections, connections_text};
use iced::{Task, window};

use super::{App, Message};
use crate::draw::plate;
use crate::event::Place;
use crate::health::PluginHealth;
use crate::inbox::{Met, Tile};
use crate::keep::{self, Seen};
use crate::panel::About;
use crate::readings::Readings as _;

/// What engine and plugins are.
#[derive(Default)]
pub(super) struct Known {
    /// The engine that answers.
    pub engine: Option<Met>,
    pub engine_memory_bytes: u64,
    /// Counts the layouts that came into force.
    pub revision: u64,
    pub plugins: Vec<PluginHealth>,
}

impl App {
    /// Every object with its connection.
    pub(super) fn all_connections(&self) -> Vec<Connection> {
        connections(&self.beamline, |name| self.store.status(name))
    }

    /// How many objects are not live.
    pub(super) fn down(&self) -> usize {
        let is_live = |name: &String| self.store.status(name).is_some_and(|status| status.link == Link::Live);
        self.beamline.objects.keys().filter(|name| !is_live(name)).count()
    }

    fn versions(&self) -> Versions {
        let engine = self.known.engine.clone().filter(|_| !self.store.is_silent());
        Versions {
            beamline: self.beamline.name.clone(),
            layout: (self.services.place.layout().display().to_string(), self.known.revision),
            engine: engine.map(|met| (met.info, met.process, self.known.engine_memory_bytes)),
            plugins: self.known.plugins.iter().map(|plugin| plugin.file.clone()).collect(),
            wall_secs: brickwork_engine::Clock::wall_secs(),
        }
    }

    /// All connections as text, with its head.
    pub(super) fn connections_report(&self) -> String {
        let text = connections_text(&self.all_connections(), self.store.now());
        format!("{}\n{text}", self.versions().header("Connections"))
    }

    pub(super) fn about(&self) -> About {
        let mut behind = Vec::new();
        for (name, spec) in &self.beamline.objects {
            let of_kind = |plugin: &&PluginHealth| plugin.file.objects.contains(&spec.kind);
            let Some(plugin) = self.known.plugins.iter().find(of_kind) else { continue };
            let generation = self.store.status(name).map_or(0, |status| status.generation);
            // 0: nothing was heard of it yet.
            if generation != 0 && generation < plugin.file.generation {
                behind.push((plugin.file.name.clone(), name.clone(), generation));
            }
        }
        About {
            versions: self.versions(),
            plugins: self.known.plugins.clone(),
            behind,
            window: (std::process::id(), brickwork_link::resident_bytes()),
            now: self.store.now(),
        }
    }

    /// Has a report written, one at a time.
    pub(super) fn save(&mut self, name: &'static str, text: String) {
        if self.begin_keeping() {
            keep::report(&self.services.inbox, name, &self.beamline.name, text);
        }
    }

    /// The first step to a support archive: a picture of each window.
    pub(super) fn take_pictures(&mut self) -> Task<Message> {
        if !self.begin_keeping() {
            return Task::none();
        }
        Task::batch(self.windows.iter().map(|id| window::screenshot(*id))).collect().map(Message::Pictures)
    }

    /// The second step: everything else, on a thread.
    pub(super) fn write_archive(&mut self, pictures: Vec<window::Screenshot>) {
        let place = self.services.place.clone();
        let window = Window { log: self.services.log.since(0), about: self.about().report(), pictures: Vec::new() };
        let layout = place.layout().to_owned();
        let request = Request { place, layout, checked: None, window: Some(window), out: None };
        keep::archive(&self.services.inbox, request, pictures);
    }

    /// Has a picture that a brick shows written, as it is now.
    pub(super) fn save_picture(&mut self, place: &Place, name: &str) {
        let found = match self.tiles.get(&place.brick) {
            Some(Tile::View(view)) => view.find(&place.node).cloned(),
            _ => None,
        };
        let newest = found.as_ref().and_then(Node::bound).and_then(|(object, channel)| {
            let (frame, engine_ns) = self.services.pictures.newest(object, channel)?;
            Some((frame, engine_ns, plate(&self.store, object, Some(engine_ns))))
        });
        let (Some(node), Some((frame, engine_ns, plate))) = (found, newest) else {
            self.last_words = format!("no picture was written: {} shows none", place.brick);
            return;
        };
        if self.begin_keeping() {
            let seen = Seen { node, frame, engine_ns, plate };
            keep::picture(&self.services.inbox, name, &self.beamline.name, seen);
        }
    }

    fn begin_keeping(&mut self) -> bool {
        if std::mem::replace(&mut self.is_keeping, true) {
            return false;
        }
        self.last_words = "writing ...".into();
        true
    }
}
