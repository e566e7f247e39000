//! What the threads bring: values, pictures, views, and what happened. Taken from the inbox, never waited for.

use std::time::Instant;

use brickwork_layout::Beamline;
use brickwork_link::{Notice, NoticeLevel};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::{ErrorKind, Value, from_value};
use iced::{Task, window};

use super::{App, MANY, Message};
use crate::event::Place;
use crate::inbox::{Happened, News, Tile};
use crate::manager::ToManager;
use crate::panel::Origin;
use crate::probe::{self, Question};
use crate::readings::Readings as _;

impl App {
    /// Takes what the threads have put into the inbox.
    pub(super) fn news(&mut self) -> Task<Message> {
        let News { updates, pictures, tiles, events } = self.services.inbox.take();
        if updates.len() >= MANY || !(pictures.is_empty() && tiles.is_empty()) {
            self.draw_whole();
        }
        let mut task = Task::none();
        for event in events {
            task = task.chain(self.happened(event));
        }
        for (name, tile) in tiles {
            if let Tile::View(node) = &tile {
                self.store.bind(&name, node);
            }
            self.tiles.insert(name, tile);
        }
        for (_, update) in updates {
            self.store.update(update);
        }
        self.panels();
        for (place, picture) in pictures {
            let age_ns = self.store.now_ns().saturating_sub(picture.engine_ns);
            self.pictures = (self.pictures.0 + 1, age_ns / 1_000_000);
            self.store.set_picture(place, picture);
        }
        self.words();
        task
    }

    fn happened(&mut self, event: Happened) -> Task<Message> {
        match event {
            Happened::Connected(Some(engine)) => {
                self.draw_whole();
                self.refused = None;
                self.store.meet(engine.process);
                self.known.engine = Some(*engine);
                self.log.forget_engine();
            }
            Happened::Connected(None) => {
                self.draw_whole();
                self.known.engine = None;
                self.store.fall_silent();
            }
            Happened::Screen => self.look_after_places(),
            Happened::Refused(reason) => self.refused = Some(reason),
            Happened::Beat { engine_ns, wall_secs, heard, memory_bytes } => {
                self.store.beat(engine_ns, wall_secs, heard);
                self.known.engine_memory_bytes = memory_bytes;
            }
            Happened::Plugins(plugins) => self.known.plugins = plugins,
            Happened::Kept(words) => (self.last_words, self.is_keeping) = (words, false),
            Happened::SavePicture { place, name } => self.save_picture(&place, &name),
            Happened::Beamline { revision, beamline, diagnostics } => {
                self.known.revision = revision;
                return self.arrange(beamline, diagnostics);
            }
            Happened::Ended { place, outcome } => self.ended(place, outcome),
            Happened::Running(running) => self.running = running,
            Happened::Notice(notice) => self.notice(notice),
            Happened::Log(lines) => self.log.add(Origin::Engine, lines),
            Happened::Silent(name, true) => {
                self.silent.insert(name, Instant::now());
            }
            Happened::Silent(name, false) => {
                self.silent.remove(&name);
            }
            Happened::Gone(name) => {
                self.tiles.remove(&name);
                self.notes.remove(&name);
                self.store.forget(&name);
                self.edits.forget(&name);
                self.services.pictures.forget(&name);
            }
            Happened::Probe(Question::Texts(answer)) => return probe::look(answer),
            Happened::Probe(Question::Frames(answer)) => {
                let (count, age_ms) = self.pictures;
                let ago = |at: Option<Instant>| at.map_or(-1, |at| at.elapsed().as_millis() as i64);
                let (drawn, live) = self.complete.get();
                let (drawn, live) = (ago(drawn), ago(live));
                let views = self.views.get();
                let words =
                    format!("views {views} pictures {count} age_ms {age_ms} drawn_ms_ago {drawn} live_ms_ago {live}\n");
                // Who asked may have gone.
                let _ = answer.try_send(words);
            }
        }
        Task::none()
    }

    /// A new layout, or what is wrong with it: then the one before stays.
    fn arrange(&mut self, beamline: Value, diagnostics: String) -> Task<Message> {
        self.diagnostics = diagnostics;
        let Ok(beamline) = from_value::<Beamline>(beamline) else { return Task::none() };
        if beamline == self.beamline {
            return Task::none();
        }
        self.tell(ToManager::Bricks(beamline.bricks().into_iter().cloned().collect()));
        self.store.watch(beamline.objects.keys().cloned());
        let missing = beamline.windows.len().saturating_sub(self.windows.len());
        self.beamline = beamline;
        let mut task = Task::none();
        for _ in 0..missing {
            task = task.chain(self.open_window());
        }
        let wanted = self.beamline.windows.len().max(1);
        for extra in self.windows.drain(wanted.min(self.windows.len())..) {
            task = task.chain(window::close(extra));
        }
        task
    }

    fn ended(&mut self, place: Place, outcome: Outcome) {
        let Outcome::Ended(error) = outcome else { return };
        if error.kind != ErrorKind::Aborted {
            self.last_words = error.message.clone();
            self.notes.entry(place.brick).or_default().insert(place.node, error.message);
        }
    }

    fn notice(&mut self, notice: Notice) {
        if notice.text.is_empty() {
            self.banners.remove(&notice.subject);
        } else if notice.level == NoticeLevel::Info {
            self.last_words = notice.text;
        } else {
            self.banners.insert(notice.subject.clone(), notice);
        }
    }
}
