//! The life of objects: made, started, stopped, made anew, reloaded, removed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_layout::{Beamline, ObjectSpec};
use brickwork_link::{Action, NoticeLevel};
use brickwork_sdk::protocol::{ObjectRequest, Setup, States};
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::{Value, to_value};

use super::Core;
use super::calls::RELOAD;
use super::faults::RESTART;
use super::kept::SaveDue;
use super::retired::Proven;
use crate::left_off;
use crate::loader::Library;

/// Why what was under way has ended.
const CHANGED: &str = "it was stopped by a change of the layout or its plugin";

/// One object of the layout with its present life.
pub(super) struct Object {
    pub spec: ObjectSpec,
    pub instance: u64,
    pub library: Arc<Library>,
    pub generation: u64,
    pub phase: Phase,
    pub status: ObjectStatus,
    /// What the lives before saved.
    pub states: States,
    /// What the object was before the present library, until that has shown that it works.
    pub fall_back: Option<Proven>,
    /// The load with which it did not work: that is not tried again.
    pub shuns: Option<u64>,
    pub pause: Duration,
    /// When it panicked of late.
    pub panics: Vec<Instant>,
    /// A newer generation waits until the object is free.
    pub waits_for_reload: bool,
    /// What it calls itself, while it does not behave so.
    pub stale: Option<Link>,
    pub save_due: SaveDue,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// `New` was sent.
    Making { since: Instant },
    /// It was made and started.
    Running { since: Instant },
    /// `Stop` was sent; what comes next.
    Stopping { since: Instant, next: Next },
    /// It waits to be made anew.
    Failed { until: Instant },
    /// It panicked too often: it waits for a person, another library or another config.
    Off,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Make,
    /// The library before makes it, with the state from before.
    GoBack,
    Remove,
}

impl Object {
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// Why it cannot be used, in words.
    pub fn why_not(&self) -> String {
        let word = match (self.phase, &self.status.link) {
            (Phase::Off, _) => "off",
            (_, Link::Loading) => "not there yet",
            (_, Link::Live) => "starting",
            (_, Link::Disconnected) => "disconnected",
            (_, Link::Fault) => "failed",
        };
        if self.status.last_error.is_empty() { word.into() } else { format!("{word}: {}", self.status.last_error) }
    }
}

impl Core {
    pub(super) fn send(&self, instance: u64, request: &ObjectRequest) {
        let object = self.instances.get(&instance).and_then(|name| self.objects.get(name));
        if let Some(object) = object {
            object.library.send(instance, request);
        }
    }

    /// Brings a checked layout into force: what is unchanged keeps living.
    pub fn apply(&mut self, beamline: &Beamline) {
        let gone: Vec<String> =
            self.objects.keys().filter(|name| !beamline.objects.contains_key(*name)).cloned().collect();
        for name in gone {
            self.stop(&name, Next::Remove, CHANGED);
        }
        for (name, spec) in &beamline.objects {
            match self.objects.get_mut(name) {
                Some(object) if object.spec == *spec => {
                    if let Phase::Stopping { next: next @ Next::Remove, .. } = &mut object.phase {
                        *next = Next::Make;
                    }
                }
                Some(object) => {
                    object.spec = spec.clone();
                    object.shuns = None;
                    object.panics.clear();
                    self.stop(name, Next::Make, CHANGED);
                }
                None => self.add(name, spec),
            }
        }
    }

    fn add(&mut self, name: &str, spec: &ObjectSpec) {
        let status = ObjectStatus { since_ns: self.bus.clock().now_ns(), ..ObjectStatus::default() };
        let Some(entry) = self.catalogue.of_object(&spec.kind).cloned() else {
            let last_error =
                format!("no plugin has its kind {}; {}", spec.kind, left_off::any_file().unwrap_or_default());
            return publish_status(&self.bus, name, &ObjectStatus { link: Link::Fault, last_error, ..status });
        };
        let object = Object {
            spec: spec.clone(),
            instance: 0,
            library: entry.library,
            generation: entry.generation,
            phase: Phase::Off,
            status,
            states: self.states_at_start(name, spec),
            fall_back: None,
            shuns: None,
            pause: RESTART.0,
            panics: Vec::new(),
            waits_for_reload: false,
            stale: None,
            save_due: SaveDue::after_start(),
        };
        self.objects.insert(name.into(), object);
        match left_off::object(name, &spec.kind) {
            Some(why) => self.leave_off(name, &why),
            None => self.make(name),
        }
    }

    /// Begins a new life with the object's library.
    pub(super) fn make(&mut self, name: &str) {
        let instance = self.next_instance;
        self.next_instance += 1;
        let Some(object) = self.objects.get_mut(name) else { return };
        left_off::use_object(name, &object.spec.kind);
        self.instances.remove(&object.instance);
        self.instances.insert(instance, name.into());
        object.instance = instance;
        object.phase = Phase::Making { since: Instant::now() };
        let setup = Setup {
            kind: object.spec.kind.clone(),
            name: name.into(),
            roles: object.spec.uses.clone(),
            config: object.spec.config.clone(),
            states: object.states.clone(),
        };
        object.status.generation = object.generation;
        object.status.questions.clear();
        if object.status.link == Link::Live {
            // What the old life said holds no more; the new one says when it is live.
            object.status.link = Link::Loading;
        }
        object.library.send(instance, &ObjectRequest::New(setup));
        self.publish_status(name);
    }

    pub(super) fn stop(&mut self, name: &str, next: Next, why: &str) {
        self.end_calls_on(name, why);
        let Some(object) = self.objects.get_mut(name) else { return };
        match object.phase {
            Phase::Failed { .. } | Phase::Off => self.after_stop(name, next),
            // What did not work is left behind first; the newest library is looked for then.
            Phase::Stopping { next: Next::GoBack, .. } if next == Next::Make => {}
            Phase::Stopping { since, .. } => object.phase = Phase::Stopping { since, next },
            Phase::Making { .. } | Phase::Running { .. } => {
                object.phase = Phase::Stopping { since: Instant::now(), next };
                object.library.send(object.instance, &ObjectRequest::Stop);
            }
        }
    }

    /// The present life is over, or given up.
    pub(super) fn after_stop(&mut self, name: &str, next: Next) {
        match next {
            Next::Make => self.renew(name),
            Next::GoBack => self.go_back(name),
            Next::Remove => self.remove(name),
        }
    }

    /// Makes the object anew with the newest library of its kind, unless it does not work with that.
    pub(super) fn renew(&mut self, name: &str) {
        self.bus.close(name);
        if let Some(object) = self.objects.get_mut(name)
            && let Some(entry) = self.catalogue.of_object(&object.spec.kind)
        {
            if object.library.number != entry.library.number && object.shuns != Some(entry.library.number) {
                let library = std::mem::replace(&mut object.library, entry.library.clone());
                let generation = std::mem::replace(&mut object.generation, entry.generation);
                // One that has not shown yet that it works is nothing to go back to.
                let before = Proven { library, generation, states: object.states.clone() };
                if object.status.link == Link::Live || object.fall_back.is_none() {
                    object.fall_back = Some(before);
                }
                object.pause = RESTART.0;
                object.panics.clear();
            }
            object.waits_for_reload = false;
        }
        self.notice(NoticeLevel::Info, &reload_of(name), "");
        self.make(name);
    }

    fn remove(&mut self, name: &str) {
        if let Some(object) = self.objects.remove(name) {
            self.notice(NoticeLevel::Info, name, "");
            self.notice(NoticeLevel::Info, &format!("state of {name}"), "");
            self.notice(NoticeLevel::Info, &reload_of(name), "");
            self.instances.remove(&object.instance);
            self.release_all(object.instance);
            self.bus.close(name);
            self.bus.invalidate(name);
            let status = ObjectStatus { message: "not in the layout".into(), ..ObjectStatus::default() };
            publish_status(&self.bus, name, &status);
        }
    }

    /// A plugin has a new generation: its objects move to it as soon as they are free.
    pub fn reload_plugin(&mut self, library: &Library) {
        let kinds: Vec<&str> = library.info.objects.iter().map(|kind| kind.kind.as_str()).collect();
        let names: Vec<String> = self
            .objects
            .iter()
            .filter(|(_, object)| kinds.contains(&object.spec.kind.as_str()))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            if let Some(object) = self.objects.get_mut(&name) {
                object.waits_for_reload = true;
            }
            self.reload_if_due(&name);
        }
    }

    pub(super) fn reload_if_due(&mut self, name: &str) {
        if !self.objects.get(name).is_some_and(|object| object.waits_for_reload) {
            return;
        }
        let subject = reload_of(name);
        if !self.in_use(name) {
            return self.stop(name, Next::Make, CHANGED);
        }
        if !self.notices.contains_key(&subject) {
            let text = format!("{name}: reload waiting until its command has ended\nIt goes on as it is until then.");
            let (label, command) = ("Abort and reload".into(), RELOAD.into());
            let action = Action { label, object: name.into(), command };
            self.notice_with(NoticeLevel::Warning, &subject, text, Some(action));
        }
    }

    /// Objects that waited for a reload, and that nothing holds up any more: a reservation may have ended.
    pub(super) fn reload_the_free(&mut self) {
        let waits = |object: &Object| object.waits_for_reload && object.is_running();
        let waiting = self.objects.iter().filter(|(name, object)| waits(object) && !self.in_use(name));
        let free: Vec<String> = waiting.map(|(name, _)| name.clone()).collect();
        for name in free {
            self.reload_if_due(&name);
        }
    }

    /// Tries the newest libraries again with which objects did not work: another layout may be what they wanted.
    pub fn try_again(&mut self) {
        let tried = self.objects.iter().filter(|(_, object)| object.shuns.is_some());
        let tried: Vec<String> = tried.map(|(name, _)| name.clone()).collect();
        for name in tried {
            if let Some(object) = self.objects.get_mut(&name) {
                object.shuns = None;
                object.waits_for_reload = true;
            }
            self.given_up.values_mut().for_each(|names| _ = names.remove(&name));
            self.reload_if_due(&name);
        }
    }

    pub(super) fn publish_status(&self, name: &str) {
        if let Some(object) = self.objects.get(name) {
            publish_status(&self.bus, name, &object.status);
        }
    }

    /// The object and the life that an instance stands for.
    pub fn instance_name(&self, instance: u64) -> Option<&str> {
        self.instances.get(&instance).map(String::as_str)
    }

    /// Ends every object; the engine goes.
    pub fn stop_all(&mut self) {
        let names: Vec<String> = self.objects.keys().cloned().collect();
        for name in names {
            self.stop(&name, Next::Remove, "the engine ends");
        }
    }

    /// Whether no object is left.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

/// What the notice of a reload that waits is about.
fn reload_of(name: &str) -> String {
    format!("reload of {name}")
}

/// What notices of a plugin's file are about.
pub fn file_name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The engine's own channel of each object; its epoch is above those of instances' lives.
fn publish_status(bus: &crate::bus::Bus, name: &str, status: &ObjectStatus) {
    let channel = bus.open(name, "status", u32::MAX);
    let mut value: Value = to_value(status).unwrap_or_default();
    bus.publish(channel, &mut value, 0, 0.0);
}
