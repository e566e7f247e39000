//! What a person does in a window: taken by the shell, or handed on to a brick, a panel or the engine.

use brickwork_link::{Action, ToEngine, uptime_ns};
use brickwork_sdk::Value;
use brickwork_sdk::view::Tone;
use iced::Task;

use super::{App, Message, tokens};
use crate::event::{Event, Outgoing, Place};
use crate::inbox::Tile;
use crate::manager::ToManager;
use crate::panel::{self, Effect, Panel};

impl App {
    pub(super) fn ui(&mut self, event: Event) -> Task<Message> {
        match event {
            Event::PictureSize { place, object, channel, room } => {
                self.services.pictures.show(place, &object, &channel, room);
            }
            Event::Restart { brick } => self.tell(ToManager::Restart(brick)),
            Event::Dismiss { banner } => {
                self.banners.remove(&banner);
            }
            Event::AbortAll => {
                if !self.services.link.send(ToEngine::AbortAll) {
                    self.last_words = "ABORT was not sent: the engine does not answer".into();
                }
            }
            Event::Act(Action { object, command, .. }) => {
                self.call_built_in(Place::new("banner", &object), object, &command);
            }
            Event::AbortCall(call) => self.end(ToEngine::Abort { call }),
            // A panel goes before what is typed does.
            Event::Cancel { place } if self.panel.is_some() && self.edits.typed(&place).is_some() => self.panel = None,
            Event::Escape { brick } => self.escape(brick),
            Event::SwitchTheme => {
                self.is_light = !self.is_light;
                (self.tokens, self.memory.is_light) = (tokens(self.is_light), Some(self.is_light));
            }
            Event::Zoom(way) => self.zoom(way),
            Event::Copy(words) => return self.copy(words),
            Event::TogglePanel(panel) => self.panel = if self.panel == Some(panel) { None } else { Some(panel) },
            Event::Details { subject } => self.details(&subject),
            Event::Support => return self.take_pictures(),
            event => {
                if let Event::Message(Outgoing { place, .. }) = &event
                    && !self.take_form(&place.clone())
                {
                    return Task::none();
                }
                let outgoing = self.edits.apply(event);
                if let Some(words) = self.edits.understood() {
                    self.last_words = words;
                }
                if let Some(outgoing) = outgoing {
                    return self.send(outgoing);
                }
            }
        }
        Task::none()
    }

    /// Closes the panel if one is open, else ends what the brick of the control in focus has begun; not while that
    /// asks something, since Escape answers no question.
    fn escape(&mut self, brick: Option<String>) {
        if self.panel.take().is_some() {
            return;
        }
        let Some(brick) = brick.filter(|brick| self.tiles.contains_key(brick)) else { return };
        match self.asks(&brick) {
            true => self.last_words = "a question waits: answer it, or press Stop or ABORT".into(),
            false => self.end(ToEngine::AbortBrick { brick }),
        }
    }

    /// Whether an object that a brick uses has a question.
    fn asks(&self, brick: &str) -> bool {
        let asking = self.store.questions();
        let of_brick = self.beamline.bricks().into_iter().filter(|spec| spec.id == brick);
        of_brick
            .flat_map(|spec| spec.uses.values().flatten())
            .any(|used| asking.iter().any(|(object, _)| object == used))
    }

    fn copy(&mut self, words: String) -> Task<Message> {
        self.last_words = format!("copied: {words}");
        iced::clipboard::write(words)
    }

    /// Takes what is typed into the form around a control; false when some of it was refused, then nothing acts.
    fn take_form(&mut self, place: &Place) -> bool {
        let Some(Tile::View(view)) = self.tiles.get(&place.brick) else { return true };
        if view.find(&place.node).is_some_and(|node| node.tone() == Tone::Danger) {
            // A stop waits for nothing, whatever is half typed.
            return true;
        }
        let mut is_whole = true;
        for commit in self.edits.open_form(view, place) {
            let Event::Commit { place, .. } = &commit else { continue };
            let field = place.clone();
            match self.edits.apply(commit) {
                Some(outgoing) => drop(self.send(outgoing)),
                None => is_whole &= self.edits.refusal(&field).is_none(),
            }
        }
        is_whole
    }

    fn details(&mut self, subject: &str) {
        self.log.look_at(subject);
        self.panel = Some(Panel::Log);
    }

    /// Asks the engine to end something.
    fn end(&mut self, what: ToEngine) {
        if !self.services.link.send(what) {
            self.last_words = "the abort was not sent: the engine does not answer".into();
        }
    }

    /// Hands a message to the brick or panel whose control was used.
    fn send(&mut self, Outgoing { place, message }: Outgoing) -> Task<Message> {
        if !panel::is_panel(&place.brick) {
            if let Some(notes) = self.notes.get_mut(&place.brick) {
                notes.remove(&place.node);
            }
            self.tell(ToManager::Message { place, message });
            return Task::none();
        }
        let effect = match place.brick.as_str() {
            brick if brick == Panel::Log.brick() => self.log.update(message),
            brick if brick == Panel::About.brick() => self.about().update(message),
            brick if brick == Panel::Connections.brick() => {
                let report = self.connections_report();
                self.connections.update(message, || report)
            }
            brick => panel::effect_of(brick, message),
        };
        match effect {
            Effect::Nothing => {}
            Effect::Copy(words) => return iced::clipboard::write(words),
            Effect::Save { name, text } => self.save(name, text),
            Effect::Support => return self.take_pictures(),
            Effect::Details(subject) => self.details(&subject),
            Effect::Restart(object) => self.call_built_in(place, object, "restart"),
            Effect::Abort(call) => self.end(ToEngine::Abort { call }),
            Effect::Answer { object, question, option } => {
                let given_ns = uptime_ns();
                if !self.services.link.wish(ToEngine::Answer { object, question, option, given_ns }) {
                    self.last_words = "the answer was not sent: the engine does not answer".into();
                }
            }
        }
        Task::none()
    }

    /// Asks for a command that the engine answers for every object.
    fn call_built_in(&self, place: Place, object: String, command: &str) {
        self.services.link.call(place, object, "object".into(), command.into(), Value::map::<&str>([]));
    }

    pub(super) fn tell(&mut self, message: ToManager) {
        if self.services.manager.try_send(message).is_err() {
            self.last_words = "the bricks do not keep up: a click was dropped".into();
        }
    }
}
