//! The life of objects: made, started, lost, found, failed, made anew, reloaded, removed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_layout::{Beamline, ObjectSpec};
use brickwork_link::NoticeLevel;
use brickwork_sdk::protocol::{Failure, ObjectRequest, Post, Setup};
use brickwork_sdk::status::{Link, ObjectStatus, Question};
use brickwork_sdk::{Error, Restored, State, Value, to_value};

use super::Core;
use crate::loader::Library;

/// The first and the longest pause before a failed object is made anew.
const RESTART: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));
/// How long a plugin's thread may be silent before its objects' values count as old.
const SILENCE: Duration = Duration::from_millis(1500);
/// How often that is looked for.
const SILENCE_LOOK: Duration = Duration::from_millis(200);
/// A channel that declares a period may be late by so much of it.
const LATE: f64 = 2.0;
/// How long an object may take to be made: that is no I/O.
const MAKE_LIMIT: Duration = Duration::from_secs(5);
/// How long an object may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(3);
/// Questions that one object may have; the oldest are dropped beyond it.
const MAX_QUESTIONS: usize = 20;

/// One object of the layout with its present life.
pub(super) struct Object {
    pub spec: ObjectSpec,
    pub instance: u64,
    library: Arc<Library>,
    generation: u64,
    phase: Phase,
    pub status: ObjectStatus,
    /// What the last life saved.
    state: State,
    /// The library before the present one, until the present one has shown that it works.
    fall_back: Option<(Arc<Library>, u64)>,
    pause: Duration,
    /// A newer generation waits until the object is free.
    waits_for_reload: bool,
    /// It calls itself live, but does not behave so.
    is_stale: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// `New` was sent.
    Making { since: Instant },
    /// It was made and started.
    Running,
    /// `Stop` was sent; what comes next.
    Stopping { since: Instant, next: Next },
    /// It waits to be made anew.
    Failed { until: Instant },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Make,
    Remove,
}

impl Object {
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Why it cannot be used, in words.
    pub fn why_not(&self) -> String {
        let word = match self.status.link {
            Link::Loading => "not there yet",
            Link::Live => "starting",
            Link::Disconnected => "disconnected",
            Link::Fault => "failed",
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
            self.stop(&name, Next::Remove);
        }
        for (name, spec) in &beamline.objects {
            match self.objects.get_mut(name) {
                Some(object) if object.spec == *spec => {
                    if let Phase::Stopping { next, .. } = &mut object.phase {
                        *next = Next::Make;
                    }
                }
                Some(object) => {
                    object.spec = spec.clone();
                    self.stop(name, Next::Make);
                }
                None => self.add(name, spec),
            }
        }
    }

    fn add(&mut self, name: &str, spec: &ObjectSpec) {
        let Some(entry) = self.catalogue.of_object(&spec.kind).cloned() else { return };
        let status = ObjectStatus { since_ns: self.bus.clock().now_ns(), ..ObjectStatus::default() };
        let object = Object {
            spec: spec.clone(),
            instance: 0,
            library: entry.library,
            generation: entry.generation,
            phase: Phase::Running,
            status,
            state: State::none(),
            fall_back: None,
            pause: RESTART.0,
            waits_for_reload: false,
            is_stale: false,
        };
        self.objects.insert(name.into(), object);
        self.make(name);
    }

    /// Begins a new life with the object's library.
    fn make(&mut self, name: &str) {
        let instance = self.next_instance;
        self.next_instance += 1;
        let Some(object) = self.objects.get_mut(name) else { return };
        self.instances.remove(&object.instance);
        self.instances.insert(instance, name.into());
        object.instance = instance;
        object.phase = Phase::Making { since: Instant::now() };
        let state = (!object.state.schema.is_empty()).then(|| object.state.clone());
        let setup = Setup {
            kind: object.spec.kind.clone(),
            name: name.into(),
            roles: object.spec.uses.clone(),
            config: object.spec.config.clone(),
            state,
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

    fn stop(&mut self, name: &str, next: Next) {
        self.end_calls_on(name, "it was stopped by a change of the layout or its plugin");
        let Some(object) = self.objects.get_mut(name) else { return };
        match object.phase {
            Phase::Failed { .. } => match next {
                Next::Make => self.renew(name),
                Next::Remove => self.remove(name),
            },
            Phase::Stopping { since, .. } => object.phase = Phase::Stopping { since, next },
            Phase::Making { .. } | Phase::Running => {
                object.phase = Phase::Stopping { since: Instant::now(), next };
                object.library.send(object.instance, &ObjectRequest::Stop);
            }
        }
    }

    /// Makes the object anew with the newest library of its kind.
    fn renew(&mut self, name: &str) {
        self.bus.close(name);
        if let Some(object) = self.objects.get_mut(name)
            && let Some(entry) = self.catalogue.of_object(&object.spec.kind)
        {
            if !Arc::ptr_eq(&object.library, &entry.library) {
                let old = std::mem::replace(&mut object.library, entry.library.clone());
                object.fall_back = Some((old, object.generation));
                object.generation = entry.generation;
            }
            object.waits_for_reload = false;
        }
        self.make(name);
    }

    fn remove(&mut self, name: &str) {
        if let Some(object) = self.objects.remove(name) {
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
        if self.in_use(name) {
            self.notice(NoticeLevel::Info, name, format!("{name}: reload waiting until its command has ended"));
        } else {
            self.stop(name, Next::Make);
        }
    }

    pub(super) fn object_post(&mut self, name: &str, instance: u64, post: Post) {
        let now = self.bus.clock().now_ns();
        let Some(object) = self.objects.get_mut(name).filter(|object| object.instance == instance) else { return };
        match post {
            Post::Created { restored } => self.created(name, &restored),
            Post::Failed(failure) => self.failed(name, &failure),
            Post::Panicked(failure) => self.panicked(name, &failure),
            Post::Stopped { state } => self.stopped(name, state),
            Post::Live => {
                object.pause = RESTART.0;
                object.fall_back = None;
                object.is_stale = false;
                if object.status.link != Link::Live {
                    object.status.reconnects += u64::from(object.status.link == Link::Disconnected);
                    object.status.link = Link::Live;
                    object.status.since_ns = now;
                    object.status.remedy.clear();
                    tracing::info!(object = name, "live");
                }
                self.notice(NoticeLevel::Info, name, "");
                self.publish_status(name);
            }
            Post::Lost(Error { message, remedy, causes, place, .. }) => {
                object.is_stale = false;
                // A loss is told once, not at each try; another reason is news.
                if object.status.link != Link::Disconnected || object.status.last_error != message {
                    let causes = causes.join("\n");
                    tracing::warn!(object = name, causes, remedy, place, "disconnected: {message}");
                }
                if object.status.link != Link::Disconnected {
                    object.status.since_ns = now;
                    object.status.link = Link::Disconnected;
                }
                object.status.last_error = message;
                object.status.remedy = remedy;
                self.publish_status(name);
            }
            Post::Activity { activity, message } => {
                object.status.activity = activity;
                object.status.message = message;
                self.publish_status(name);
            }
            Post::Ask(question) => {
                object.status.questions.retain(|other| other.id != question.id);
                object.status.questions.push(question);
                let extra = object.status.questions.len().saturating_sub(MAX_QUESTIONS);
                object.status.questions.drain(..extra);
                self.publish_status(name);
            }
            Post::Withdraw { question } => {
                object.status.questions.retain(|other| other.id != question);
                self.publish_status(name);
            }
            Post::Call { .. }
            | Post::AbortCall { .. }
            | Post::Reserve { .. }
            | Post::Release { .. }
            | Post::Progress { .. }
            | Post::End { .. }
            | Post::Heartbeat => {}
        }
    }

    fn created(&mut self, name: &str, restored: &Restored) {
        match restored {
            Restored::Complete => {}
            Restored::Partly(lost) => {
                self.notice(NoticeLevel::Info, name, format!("{name}: restored without {}", lost.join(", ")));
            }
            Restored::Refused(why) => {
                self.notice(NoticeLevel::Info, name, format!("{name}: its old state was not restored: {why}"));
            }
        }
        let Some(object) = self.objects.get_mut(name) else { return };
        if matches!(object.phase, Phase::Making { .. }) {
            object.phase = Phase::Running;
            object.library.send(object.instance, &ObjectRequest::Start);
        }
    }

    /// It could not be made: with the library before, if it was a reload; else it is tried again.
    fn failed(&mut self, name: &str, failure: &Failure) {
        let Some(object) = self.objects.get_mut(name) else { return };
        if let Some((library, generation)) = object.fall_back.take() {
            let tried = std::mem::replace(&mut object.generation, generation);
            let refused = std::mem::replace(&mut object.library, library);
            let text = format!(
                "{name}: generation {tried} could not be made: {} {}\ngeneration {generation} goes on",
                failure.message, failure.place
            );
            // Of the file, not of the object: that the object is live again takes nothing of it back.
            self.notice(NoticeLevel::Error, &file_name(&refused.source), text);
            return self.make(name);
        }
        self.fault(name, failure, true);
    }

    fn panicked(&mut self, name: &str, failure: &Failure) {
        self.fault(name, failure, false);
        self.end_calls_on(name, &format!("it panicked: {}", failure.message));
        // What is left of the life is stopped; a new one begins after the pause.
        if let Some(object) = self.objects.get(name) {
            object.library.send(object.instance, &ObjectRequest::Stop);
        }
    }

    fn fault(&mut self, name: &str, failure: &Failure, loud: bool) {
        let now = self.bus.clock().now_ns();
        let Some(object) = self.objects.get_mut(name) else { return };
        object.phase = Phase::Failed { until: Instant::now() + object.pause };
        object.pause = (object.pause * 2).min(RESTART.1);
        object.status.link = Link::Fault;
        object.status.since_ns = now;
        object.status.last_error = match failure.place.as_str() {
            "" => failure.message.clone(),
            place => format!("{} ({place})", failure.message),
        };
        let text = format!("{name}: {}", object.status.last_error);
        self.release_all(self.objects[name].instance);
        self.bus.invalidate(name);
        self.publish_status(name);
        self.notice(if loud { NoticeLevel::Error } else { NoticeLevel::Warning }, name, text);
    }

    fn stopped(&mut self, name: &str, state: State) {
        let Some(object) = self.objects.get_mut(name) else { return };
        if !state.schema.is_empty() {
            object.state = state;
        }
        self.release_all(self.objects[name].instance);
        match self.objects[name].phase {
            Phase::Stopping { next: Next::Remove, .. } => self.remove(name),
            Phase::Stopping { next: Next::Make, .. } => self.renew(name),
            _ => {}
        }
    }

    pub(super) fn tick_objects(&mut self) {
        let now = Instant::now();
        let mut renew = Vec::new();
        let mut late = Vec::new();
        let mut hanging = Vec::new();
        for (name, object) in &self.objects {
            match object.phase {
                Phase::Failed { until } if now >= until => renew.push(name.clone()),
                Phase::Stopping { since, next } if now - since > STOP_LIMIT => late.push((name.clone(), next)),
                Phase::Making { since } if now - since > MAKE_LIMIT => hanging.push(name.clone()),
                _ => {}
            }
        }
        for name in renew {
            self.renew(&name);
        }
        for name in hanging {
            let message = format!(
                "it did not return from `new` or `restore` within {} s; its thread cannot be stopped, restart the engine when it is mended",
                MAKE_LIMIT.as_secs()
            );
            self.failed(&name, &Failure { message, place: String::new() });
        }
        for (name, next) in late {
            self.notice(NoticeLevel::Warning, &name, format!("{name} did not stop in time; its old life is abandoned"));
            match next {
                Next::Make => self.renew(&name),
                Next::Remove => self.remove(&name),
            }
        }
        if now - self.looked_for_silence > SILENCE_LOOK {
            self.looked_for_silence = now;
            self.watch_silence(now);
        }
        self.answer_overdue();
    }

    /// An object is fresh while its plugin's thread turns and its channels keep the periods that they declare.
    fn watch_silence(&mut self, now: Instant) {
        let now_ns = self.bus.clock().now_ns();
        let judged = self.objects.iter().filter(|(_, object)| object.status.link == Link::Live || object.is_stale);
        let judged: Vec<(String, Option<String>)> =
            judged.map(|(name, object)| (name.clone(), self.silence(name, object, now, now_ns))).collect();
        for (name, silence) in judged {
            let Some(object) = self.objects.get_mut(&name) else { continue };
            match silence {
                Some(why) if !object.is_stale => {
                    tracing::warn!(object = name, "disconnected: {why}");
                    object.is_stale = true;
                    object.status.link = Link::Disconnected;
                    object.status.last_error = why;
                }
                None if object.is_stale => {
                    object.is_stale = false;
                    object.status.link = Link::Live;
                    object.status.reconnects += 1;
                }
                _ => continue,
            }
            object.status.since_ns = now_ns;
            self.publish_status(&name);
        }
    }

    /// What keeps the values of an object that calls itself live from being fresh.
    fn silence(&self, name: &str, object: &Object, now: Instant, now_ns: u64) -> Option<String> {
        let heard = self.heard.get(&object.library.info.name);
        if heard.is_some_and(|heard| now.duration_since(*heard) > SILENCE) {
            return Some("its plugin's thread does not answer".into());
        }
        self.catalogue.periods(&object.spec.kind).into_iter().find_map(|(channel, period_secs)| {
            let last_ns = self.bus.latest(name, &channel).map_or(object.status.since_ns, |reading| reading.engine_ns);
            let quiet_secs = now_ns.saturating_sub(last_ns) as f64 * 1e-9;
            (quiet_secs > period_secs * LATE).then(|| format!("no {channel} within {period_secs} s"))
        })
    }

    fn publish_status(&self, name: &str) {
        if let Some(object) = self.objects.get(name) {
            publish_status(&self.bus, name, &object.status);
        }
    }

    /// Somebody answered a question; one that is no longer asked, or an answer that was not offered, is not taken.
    pub fn answer(&mut self, name: &str, question: &str, option: &str, caller: &str) {
        let Some(object) = self.objects.get_mut(name) else { return };
        let is_it = |asked: &Question| asked.id == question && asked.options.iter().any(|offered| offered == option);
        let Some(at) = object.status.questions.iter().position(is_it) else {
            tracing::warn!(
                object = name,
                caller,
                "the answer {option:?} came to nothing: it is not asked for any more"
            );
            return;
        };
        let asked = object.status.questions.remove(at);
        tracing::info!(object = name, caller, "{:?} answered: {option}", asked.text);
        let request = ObjectRequest::Answer { question: question.into(), option: option.into() };
        object.library.send(object.instance, &request);
        self.publish_status(name);
    }

    /// Takes the default of every question whose time is over.
    fn answer_overdue(&mut self) {
        let now_ns = self.bus.clock().now_ns();
        let overdue = |question: &Question| question.deadline_ns.is_some_and(|deadline| now_ns >= deadline);
        let due: Vec<(String, String, String)> = self
            .objects
            .iter()
            .flat_map(|(name, object)| object.status.questions.iter().map(move |question| (name, question)))
            .filter(|(_, question)| overdue(question))
            .filter_map(|(name, question)| Some((name.clone(), question.id.clone(), question.default.clone()?)))
            .collect();
        for (name, question, option) in due {
            self.answer(&name, &question, &option, "the deadline");
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
            self.stop(&name, Next::Remove);
        }
    }

    /// Whether no object is left.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
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
