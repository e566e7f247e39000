//! What is looked for at every tick: lives that take too long to begin or to end, threads and channels that fell silent.

use std::time::{Duration, Instant};

use brickwork_link::NoticeLevel;
use brickwork_sdk::protocol::Failure;
use brickwork_sdk::status::Link;

use super::Core;
use super::objects::{Object, Phase};

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
/// How long a new library must have gone well until the one before is let go; longer than a silence takes to be seen.
const PROOF: Duration = Duration::from_secs(3);
/// The same for objects that do not have their hardware: nothing tells whether they work.
const PROOF_WITHOUT_HARDWARE: Duration = Duration::from_secs(10);

impl Core {
    pub(super) fn tick_objects(&mut self) {
        let now = Instant::now();
        let (mut renew, mut late, mut unmade, mut stuck) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, object) in &self.objects {
            match object.phase {
                Phase::Failed { until } if now >= until => renew.push(name.clone()),
                Phase::Stopping { since, next } if now - since > STOP_LIMIT => late.push((name.clone(), next)),
                Phase::Making { since } if now - since > MAKE_LIMIT => unmade.push(name.clone()),
                Phase::Running { .. } if object.fall_back.is_some() && self.is_silent(object, now) => {
                    stuck.push(name.clone());
                }
                _ => {}
            }
        }
        for name in renew {
            self.renew(&name);
        }
        for name in unmade {
            self.hangs(&name, &endless(&format!("from `new` or `restore` within {} s", MAKE_LIMIT.as_secs())));
        }
        for name in stuck {
            self.hangs(&name, &endless("to the plugin's thread: something in its `run` blocks, instead of awaiting"));
        }
        for (name, next) in late {
            self.notice(NoticeLevel::Warning, &name, format!("{name} did not stop in time; its old life is abandoned"));
            self.after_stop(&name, next);
        }
        self.reload_the_free();
        self.let_go(now);
        self.ask_to_save(now);
        if now - self.looked_for_silence > SILENCE_LOOK {
            self.looked_for_silence = now;
            self.watch_silence(now);
        }
        self.answer_overdue();
    }

    /// Libraries that have shown that they work make those before them superfluous.
    fn let_go(&mut self, now: Instant) {
        let mut proven = Vec::new();
        for object in self.objects.values_mut() {
            let Phase::Running { since } = object.phase else { continue };
            let limit = if object.status.link == Link::Live { PROOF } else { PROOF_WITHOUT_HARDWARE };
            if now - since > limit && object.fall_back.take().is_some() {
                proven.push(object.library.clone());
            }
        }
        for library in proven {
            self.works_after_all(&library);
        }
    }

    /// An object is fresh while its plugin's thread turns and its channels keep the periods that they declare.
    fn watch_silence(&mut self, now: Instant) {
        let now_ns = self.bus.clock().now_ns();
        let is_judged = |object: &Object| {
            object.is_running() && (object.stale.is_some() || matches!(object.status.link, Link::Live | Link::Loading))
        };
        let judged = self.objects.iter().filter(|(_, object)| is_judged(object));
        let judged: Vec<(String, Option<String>)> =
            judged.map(|(name, object)| (name.clone(), self.silence(name, object, now, now_ns))).collect();
        for (name, silence) in judged {
            let Some(object) = self.objects.get_mut(&name) else { continue };
            match silence {
                Some(why) if object.stale.is_none() => {
                    tracing::warn!(object = name, "disconnected: {why}");
                    object.stale = Some(std::mem::replace(&mut object.status.link, Link::Disconnected));
                    object.status.last_error = why;
                }
                Some(_) => continue,
                None => match object.stale.take() {
                    Some(before) => {
                        object.status.reconnects += u64::from(before == Link::Live);
                        object.status.link = before;
                    }
                    None => continue,
                },
            }
            object.status.since_ns = now_ns;
            self.publish_status(&name);
        }
    }

    /// What keeps an object from being what it calls itself.
    fn silence(&self, name: &str, object: &Object, now: Instant, now_ns: u64) -> Option<String> {
        if self.is_silent(object, now) {
            return Some("its plugin's thread does not answer".into());
        }
        if object.stale.as_ref().unwrap_or(&object.status.link) != &Link::Live {
            return None;
        }
        self.catalogue.periods(&object.spec.kind).into_iter().find_map(|(channel, period_secs)| {
            let last_ns = self.bus.latest(name, &channel).map_or(object.status.since_ns, |reading| reading.engine_ns);
            let quiet_secs = now_ns.saturating_sub(last_ns) as f64 * 1e-9;
            (quiet_secs > period_secs * LATE).then(|| format!("no {channel} within {period_secs} s"))
        })
    }

    /// Whether the thread of its plugin is in something that does not return.
    fn is_silent(&self, object: &Object, now: Instant) -> bool {
        let Phase::Running { since } = object.phase else { return false };
        let heard = self.heard.get(&object.library.number).copied().unwrap_or(since);
        now.saturating_duration_since(heard.max(since)) > SILENCE
    }
}

fn endless(what: &str) -> Failure {
    let message = format!("it did not return {what}; its thread cannot be stopped and stays until the engine ends");
    Failure { message, place: String::new() }
}
