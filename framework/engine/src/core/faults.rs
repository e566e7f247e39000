//! Objects that fail: the library before takes them back, or they are made anew after a pause, or they stay off
//! until a person restarts them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use brickwork_link::NoticeLevel;
use brickwork_sdk::Error;
use brickwork_sdk::protocol::{Caller, Failure, ObjectRequest, States};
use brickwork_sdk::status::Link;

use super::Core;
use super::objects::{Next, Phase, file_name};
use super::retired::Proven;
use crate::loader::Library;

/// The first and the longest pause before a failed object is made anew.
pub(super) const RESTART: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));
/// Panics within [`PANIC_WINDOW`] that keep an object off.
const MAX_PANICS: usize = 3;
const PANIC_WINDOW: Duration = Duration::from_secs(10);
/// What a notice tells of a plugin's own words.
const MAX_WORDS: usize = 300;
/// Objects that a notice names.
const MAX_NAMES: usize = 4;

impl Core {
    /// It could not be made: with the library before, if it was a reload; else it is tried again.
    pub(super) fn failed(&mut self, name: &str, failure: &Failure) {
        if self.gives_up(name, failure) {
            return self.go_back(name);
        }
        self.fault(name, failure, NoticeLevel::Error);
    }

    /// Its own code panicked.
    pub(super) fn panicked(&mut self, name: &str, failure: &Failure) {
        let Some(object) = self.objects.get(name) else { return };
        if !object.is_running() {
            // It ends, or has ended: its `save` or `drop` panicked, or a second thing after the first.
            return self.notice(NoticeLevel::Warning, name, format!("{name} panicked as it ended: {}", said(failure)));
        }
        let why = format!("it panicked: {}", failure.message);
        if self.gives_up(name, failure) {
            return self.stop(name, Next::GoBack, &why);
        }
        self.fault(name, failure, NoticeLevel::Warning);
        self.end_calls_on(name, &why);
        // What is left of the life is stopped; a new one begins after the pause.
        if let Some(object) = self.objects.get(name) {
            object.library.send(object.instance, &ObjectRequest::Stop);
        }
    }

    /// Its plugin's thread is in code that does not return: it is left to itself.
    pub(super) fn hangs(&mut self, name: &str, failure: &Failure) {
        if let Some(object) = self.objects.get(name) {
            // Should it ever return, it is to end.
            object.library.send(object.instance, &ObjectRequest::Stop);
        }
        self.end_calls_on(name, &failure.message);
        self.failed(name, failure);
    }

    /// Whether its library is given up, because there is one before that is known to work; says so.
    fn gives_up(&mut self, name: &str, failure: &Failure) -> bool {
        let Some(object) = self.objects.get_mut(name) else { return false };
        let Some(Proven { generation, .. }) = &object.fall_back else { return false };
        let (library, tried, generation) = (object.library.clone(), object.generation, *generation);
        object.shuns = Some(library.number);
        let plugin = &library.info.name;
        tracing::error!(object = name, plugin, place = failure.place, "generation {tried} failed: {}", failure.message);
        let names = self.given_up.entry(library.number).or_default();
        names.insert(name.into());
        let others = names.len().saturating_sub(MAX_NAMES);
        let mut shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
        if others > 0 {
            shown += &format!(" and {others} more");
        }
        let said = said(failure);
        let file = library.source.display();
        let text = format!(
            "{plugin}: generation {tried} does not work ({file})\n{shown}: {said}\nMend it and build it again; it is taken by itself.\nGeneration {generation} goes on, with the state from before."
        );
        // Of the file, not of the object: that the object is live again takes nothing of it back.
        self.notice(NoticeLevel::Error, &file_name(&library.source), text);
        self.refuse(&library.source, &format!("it does not work for {shown}: {said}"));
        true
    }

    /// The library before takes the object back, unless there is a newer one by now.
    pub(super) fn go_back(&mut self, name: &str) {
        if let Some(object) = self.objects.get_mut(name)
            && let Some(Proven { library, generation, states }) = object.fall_back.take()
        {
            object.library = library;
            object.generation = generation;
            object.states = states;
            object.pause = RESTART.0;
            object.panics.clear();
        }
        self.renew(name);
    }

    fn fault(&mut self, name: &str, failure: &Failure, level: NoticeLevel) {
        let now_ns = self.bus.clock().now_ns();
        let Some(object) = self.objects.get_mut(name) else { return };
        object.phase = Phase::Failed { until: Instant::now() + object.pause };
        object.pause = (object.pause * 2).min(RESTART.1);
        object.status.link = Link::Fault;
        object.status.since_ns = now_ns;
        object.status.last_error = said(failure);
        object.status.remedy.clear();
        object.stale = None;
        let mut text = format!("{name}: {}", object.status.last_error);
        // Only a panic has a place.
        if !failure.place.is_empty() {
            object.panics.retain(|at| at.elapsed() < PANIC_WINDOW);
            object.panics.push(Instant::now());
        }
        if object.panics.len() >= MAX_PANICS {
            object.phase = Phase::Off;
            // What it keeps in mind may be what makes it panic.
            object.states = States::default();
            object.status.remedy = how_to_restart(name);
            text += &format!(
                "\nIt panicked {MAX_PANICS} times within {} s and stays off. When it is restarted it begins without its old state.\n{}",
                PANIC_WINDOW.as_secs(),
                object.status.remedy
            );
        }
        if self.objects[name].states.is_empty() {
            self.keep(name);
        }
        self.release_all(self.objects[name].instance);
        self.bus.invalidate(name);
        self.publish_status(name);
        self.notice(level, name, text);
    }

    /// The engines before this one died of it: it waits for a person, another library or another config.
    pub(super) fn leave_off(&mut self, name: &str, why: &str) {
        let since_ns = self.bus.clock().now_ns();
        let Some(object) = self.objects.get_mut(name) else { return };
        object.phase = Phase::Off;
        object.status.link = Link::Fault;
        object.status.since_ns = since_ns;
        object.status.last_error = why.into();
        object.status.remedy = how_to_restart(name);
        let text = format!("{name} is left off: {why}\n{}", object.status.remedy);
        self.publish_status(name);
        self.notice(NoticeLevel::Error, name, text);
    }

    /// A person or an object wants it made anew, now, with the newest library: always allowed.
    pub(super) fn restart(&mut self, name: &str, caller: &Caller) -> Result<(), Error> {
        let object =
            self.objects.get_mut(name).ok_or_else(|| Error::refused(format!("there is no object {name:?}")))?;
        tracing::info!(object = name, %caller, "restart");
        object.panics.clear();
        object.pause = RESTART.0;
        object.shuns = None;
        self.given_up.values_mut().for_each(|names| _ = names.remove(name));
        if !matches!(self.objects[name].phase, Phase::Making { .. }) {
            self.stop(name, Next::Make, &format!("{caller} restarted it"));
        }
        Ok(())
    }

    /// What was said of a library that objects had gone back from holds no more, once none of them does.
    pub(super) fn works_after_all(&mut self, library: &Library) {
        if self.given_up.get(&library.number).is_some_and(BTreeSet::is_empty) {
            self.given_up.remove(&library.number);
            self.notice(NoticeLevel::Info, &file_name(&library.source), "");
            self.refuse(&library.source, "");
        }
    }

    /// Whether a load is in the catalogue and objects have gone back from it.
    pub fn has_given_up(&self, number: u64) -> bool {
        self.given_up.get(&number).is_some_and(|names| !names.is_empty())
    }
}

fn how_to_restart(name: &str) -> String {
    format!("Restart it (`brickwork restart LAYOUT {name}`), or have its plugin mended: a new build restarts it.")
}

/// The words of a failure with its place, short enough for a notice.
fn said(failure: &Failure) -> String {
    let mut words: String = failure.message.chars().take(MAX_WORDS).collect();
    if words.len() < failure.message.len() {
        words.push('…');
    }
    let words = words.lines().collect::<Vec<_>>().join(" / ");
    match failure.place.as_str() {
        "" => words,
        place => format!("{words} ({place})"),
    }
}
