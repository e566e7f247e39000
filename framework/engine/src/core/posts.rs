//! What objects say of themselves, and what persons answer them.

use std::time::Instant;

use brickwork_link::{NoticeLevel, too_old, uptime_ns};
use brickwork_sdk::protocol::{ObjectRequest, Post};
use brickwork_sdk::status::{Link, Question};
use brickwork_sdk::{Error, Restored, State};

use super::Core;
use super::faults::RESTART;
use super::objects::{Next, Phase};

/// Questions that one object may have; the oldest are dropped beyond it.
const MAX_QUESTIONS: usize = 20;

impl Core {
    pub(super) fn object_post(&mut self, name: &str, instance: u64, post: Post) {
        let now = self.bus.clock().now_ns();
        let Some(object) = self.objects.get_mut(name).filter(|object| object.instance == instance) else { return };
        match post {
            Post::Created { restored } => self.created(name, &restored),
            Post::Failed(failure) => self.failed(name, &failure),
            Post::Panicked(failure) => self.panicked(name, &failure),
            Post::Saved { state } => self.saved(name, state),
            Post::Stopped { state } => self.stopped(name, state),
            Post::Live => {
                object.pause = RESTART.0;
                object.stale = None;
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
                object.stale = None;
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
            | Post::SavePicture { .. }
            | Post::Heartbeat => {}
        }
    }

    fn created(&mut self, name: &str, restored: &Restored) {
        let lost = match restored {
            Restored::Complete => String::new(),
            Restored::Partly(lost) => format!("{name} was restored without {}", lost.join(", ")),
            Restored::Refused(why) => format!("{name} did not take its old state: {why}"),
        };
        // A subject of its own: that it is live takes nothing of it back.
        self.notice(NoticeLevel::Warning, &format!("state of {name}"), lost);
        let Some(object) = self.objects.get_mut(name) else { return };
        if matches!(object.phase, Phase::Making { .. }) {
            object.phase = Phase::Running { since: Instant::now() };
            object.library.send(object.instance, &ObjectRequest::Start);
        }
    }

    fn stopped(&mut self, name: &str, state: State) {
        let Some(object) = self.objects.get_mut(name) else { return };
        let phase = object.phase;
        // What a library saves that does not work is not what the one before is to know.
        let counts = !matches!(phase, Phase::Stopping { next: Next::GoBack, .. } | Phase::Off);
        if counts {
            object.states.keep(state);
            self.keep(name);
        }
        self.release_all(self.objects[name].instance);
        if let Phase::Stopping { next, .. } = phase {
            self.after_stop(name, next);
        }
    }

    /// Somebody answered a question; one that is no longer asked, or an answer that was not offered, is not taken.
    pub fn answer(&mut self, name: &str, question: &str, option: &str, caller: &str, given_ns: u64) {
        if let Some(why) = too_old(given_ns, uptime_ns()) {
            let text = format!("the answer {option:?} was not taken: {why}");
            tracing::warn!(object = name, caller, "{text}");
            self.notice(NoticeLevel::Info, name, text);
            return;
        }
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
    pub(super) fn answer_overdue(&mut self) {
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
            self.answer(&name, &question, &option, "the deadline", uptime_ns());
        }
    }
}
