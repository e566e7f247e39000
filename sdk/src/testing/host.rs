//! The fake host itself: the table of functions that the glue calls, and what they change.
//!
//! A plugin's thread that outlives its test finds the host gone.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use brickwork_abi::export::RVec;
use brickwork_abi::{ChannelId, HostFunctions, PublishStatus, Reading, SubscribeMode, host_table};
use parking_lot::{Condvar, Mutex};

use super::bus::Bus;
use crate::glue::{Glue, PluginDef};
use crate::interfaces;
use crate::protocol::{Answer, Ask, Caller, Failure, ObjectRequest, Outcome, PluginInfo, Post};
use crate::status::{Link, ObjectStatus};
use crate::{Error, Restored, State, Value, from_value, to_value};

/// Longer than this nothing takes in a test: a call that ignores its abort ends after 2 s.
pub(super) const LIMIT: Duration = Duration::from_secs(5);
/// Log lines that are kept.
const LOG: usize = 200;

/// One fake host, shared by the test and the plugin's thread.
pub(super) struct Shared {
    begun: Instant,
    scale: f64,
    info: PluginInfo,
    glue: OnceLock<Glue>,
    pub(super) state: Mutex<HostState>,
    changed: Condvar,
}

#[derive(Default)]
pub(super) struct HostState {
    pub(super) bus: Bus,
    opened: Vec<(u64, String)>,
    pub(super) instances: HashMap<u64, Instance>,
    pub(super) running: HashMap<u64, Running>,
    pub(super) answers: HashMap<(String, String), Outcome>,
    reservations: HashMap<(u64, u64), (Vec<String>, String)>,
    pub(super) calls: Vec<String>,
    pub(super) failures: Vec<(String, Failure)>,
    pub(super) log: VecDeque<String>,
    last: u64,
}

/// One object or brick.
#[derive(Default)]
pub(super) struct Instance {
    pub(super) name: String,
    is_object: bool,
    pub(super) made: Option<Result<Restored, Failure>>,
    pub(super) status: ObjectStatus,
    pub(super) stopped: Option<State>,
}

/// One call of a command.
pub(super) struct Running {
    object: u64,
    text: String,
    reply: Option<(u64, u64)>,
    pub(super) progress: Vec<(Option<f64>, String)>,
    pub(super) end: Option<Outcome>,
}

/// A command as it was asked for.
pub(super) struct Request {
    pub(super) object: String,
    pub(super) interface: String,
    pub(super) command: String,
    pub(super) arguments: Value,
}

impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}(", self.object, self.command)?;
        if let Value::Map(entries) = &self.arguments {
            for (index, entry) in entries.iter().enumerate() {
                let comma = if index > 0 { ", " } else { "" };
                write!(f, "{comma}{}: {:?}", entry.key, entry.value)?;
            }
        }
        f.write_char(')')
    }
}

/// A failure in one line.
pub(super) fn told(failure: &Failure) -> String {
    if failure.place.is_empty() {
        failure.message.clone()
    } else {
        format!("it panicked at {}: {}", failure.place, failure.message)
    }
}

impl Shared {
    pub(super) fn start(plugin: PluginDef, scale: f64) -> Arc<Self> {
        let shared = Arc::new(Self {
            begun: Instant::now(),
            scale,
            info: plugin.info().clone(),
            glue: OnceLock::new(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let reach: &'static Reach = Box::leak(Box::new(Reach(Arc::downgrade(&shared))));
        shared.glue.get_or_init(|| Glue::new(plugin, host_table(reach)));
        shared
    }

    fn glue(&self) -> &Glue {
        self.glue.get().expect("it was set when the host started")
    }

    /// Ends the plugin; how many threads stay.
    pub(super) fn end(&self) -> u64 {
        self.glue().shutdown(u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn ask(&self, instance: u64, ask: &Ask) -> Answer {
        let request = to_value(ask).expect("a request is plain data");
        from_value(self.glue().ask(instance, request)).expect("the glue answers in its own words")
    }

    pub(super) fn send(&self, instance: u64, request: &ObjectRequest) {
        self.glue().send(instance, to_value(request).expect("a request is plain data"));
    }

    /// The time of the fake engine.
    fn now_ns(&self) -> u64 {
        (self.begun.elapsed().as_secs_f64() * self.scale * 1e9) as u64
    }

    /// A new object or brick.
    pub(super) fn add(&self, name: &str, is_object: bool) -> u64 {
        let mut state = self.state.lock();
        state.last += 1;
        let id = state.last;
        state.instances.insert(id, Instance { name: name.into(), is_object, ..Instance::default() });
        id
    }

    /// Waits until `found` gives something; panics with `what` and all that is known when it takes too long.
    #[track_caller]
    pub(super) fn wait<T>(&self, what: &str, mut found: impl FnMut(&mut HostState) -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        let mut state = self.state.lock();
        loop {
            if let Some(value) = found(&mut state) {
                return value;
            }
            if self.changed.wait_until(&mut state, deadline).timed_out() {
                let states = state.instances.values().filter(|i| i.is_object).map(|i| {
                    let ObjectStatus { link, activity, message, last_error, .. } = &i.status;
                    format!("{} is {link:?}, {activity:?} {message:?}, last error {last_error:?}", i.name)
                });
                let states = states.collect::<Vec<_>>().join("; ");
                let (failures, log) = (state.failures.clone(), state.log.clone());
                drop(state);
                panic!("waited {LIMIT:?} for {what}; {states}; panics: {failures:?}; log: {log:?}");
            }
        }
    }

    /// Waits for a panic of an object and takes it.
    #[track_caller]
    pub(super) fn take_panic(&self, object: &str) -> Failure {
        self.wait(&format!("a panic of {object}"), |state| {
            let index = state.failures.iter().position(|(of, _)| of == object)?;
            Some(state.failures.remove(index).1)
        })
    }

    /// Publishes and wakes; the value before comes back.
    pub(super) fn publish(&self, object: &str, channel: &str, value: &mut Value, quality: u8, source_time: f64) {
        let reading =
            Reading { value: std::mem::take(value), quality, source_time, sequence: 0, engine_ns: self.now_ns() };
        let (previous, wake) = self.state.lock().bus.publish(object, channel, reading);
        *value = previous;
        self.changed.notify_all();
        for token in wake {
            self.glue().wake(token);
        }
    }

    /// Begins a command for the test, a brick or an object; its number.
    pub(super) fn call(&self, request: Request, caller: Caller, reply: Option<(u64, u64)>, record: bool) -> u64 {
        let mut state = self.state.lock();
        state.last += 1;
        let (id, text) = (state.last, request.to_string());
        let refusal = state.refusal(&self.info, &request, &caller);
        if record {
            let why = refusal.as_ref().map(|why| format!(" refused: {why}")).unwrap_or_default();
            state.calls.push(format!("{text}{why}"));
        }
        let target =
            state.instances.iter().find(|(_, i)| i.is_object && i.stopped.is_none() && i.name == request.object);
        let target = target.map(|(id, _)| *id);
        let key = (request.object, request.command);
        let end = match (refusal, target) {
            (Some(why), _) => Some(Outcome::Ended(Error::refused(why))),
            (None, None) => Some(state.answers.get(&key).cloned().unwrap_or(Outcome::Finished(Value::Null))),
            (None, Some(_)) => None,
        };
        let running = Running { object: target.unwrap_or(0), text, reply, progress: Vec::new(), end: None };
        state.running.insert(id, running);
        drop(state);
        match (end, target) {
            (Some(end), _) => self.ended(id, end),
            (None, Some(target)) => {
                let (interface, command, arguments) = (request.interface, key.1, request.arguments);
                let begun_ns = 0;
                let request = ObjectRequest::Command { call: id, interface, command, arguments, caller, begun_ns };
                self.send(target, &request);
            }
            (None, None) => {}
        }
        id
    }

    fn ended(&self, call: u64, outcome: Outcome) {
        let reply = self.state.lock().running.get_mut(&call).and_then(|running| {
            running.end = Some(outcome.clone());
            running.reply.take()
        });
        if let Some((instance, token)) = reply {
            self.send(instance, &ObjectRequest::Reply { token, outcome });
        }
    }

    pub(super) fn abort(&self, call: u64) {
        let object = self.state.lock().running.get(&call).map(|running| running.object);
        if let Some(object) = object {
            self.send(object, &ObjectRequest::Abort(call));
        }
    }

    /// What an instance says.
    fn posted(&self, instance: u64, post: Post) {
        match post {
            Post::Created { restored } => self.instance(instance, |it| it.made = Some(Ok(restored))),
            Post::Failed(failure) => self.instance(instance, |it| it.made = Some(Err(failure))),
            Post::Stopped { state } => self.instance(instance, |it| it.stopped = Some(state)),
            Post::Progress { call, fraction, message } => {
                if let Some(running) = self.state.lock().running.get_mut(&call) {
                    running.progress.push((fraction, message));
                }
            }
            Post::End { call, outcome } => self.ended(call, outcome),
            Post::Call { token, object, interface, command, arguments, .. } => {
                let (name, is_object) = self.instance(instance, |it| (it.name.clone(), it.is_object));
                let caller =
                    if is_object { Caller::Object(name) } else { Caller::Person { name: "test".into(), brick: name } };
                let reply = (token != 0).then_some((instance, token));
                self.call(Request { object, interface, command, arguments }, caller, reply, true);
            }
            Post::AbortCall { token } => {
                let mut state = self.state.lock();
                let found = state.running.iter().find(|(_, running)| running.reply == Some((instance, token)));
                if let Some((call, text)) = found.map(|(call, running)| (*call, running.text.clone())) {
                    state.calls.push(format!("abort {text}"));
                    drop(state);
                    self.abort(call);
                }
            }
            Post::Reserve { token, objects, reason } => {
                let held = self.state.lock().reserve(instance, token, objects, reason);
                let outcome = held.map_or(Outcome::Finished(Value::Null), |why| Outcome::Ended(Error::refused(why)));
                self.send(instance, &ObjectRequest::Reply { token, outcome });
            }
            Post::Release { token } => drop(self.state.lock().reservations.remove(&(instance, token))),
            Post::SavePicture { node, name } => {
                self.state.lock().calls.push(format!("save_picture({node}, {name:?})"));
            }
            Post::Heartbeat => {}
            status => self.status(instance, status),
        }
        self.changed.notify_all();
    }

    fn instance<T>(&self, id: u64, change: impl FnOnce(&mut Instance) -> T) -> T {
        change(self.state.lock().instances.entry(id).or_default())
    }

    /// Keeps and publishes what is known of an object.
    fn status(&self, id: u64, post: Post) {
        let since_ns = self.now_ns();
        let mut state = self.state.lock();
        if let Post::Panicked(failure) = &post {
            let name = state.instances.get(&id).map(|it| it.name.clone()).unwrap_or_default();
            state.failures.push((name, failure.clone()));
        }
        let Some(instance) = state.instances.get_mut(&id) else { return };
        let status = &mut instance.status;
        let before = status.link.clone();
        match post {
            Post::Live => {
                status.reconnects += u64::from(before == Link::Disconnected);
                status.link = Link::Live;
            }
            Post::Lost(Error { message: error, remedy, .. }) => {
                status.link = if before == Link::Loading { Link::Loading } else { Link::Disconnected };
                (status.last_error, status.remedy) = (error, remedy);
            }
            Post::Panicked(failure) => (status.link, status.last_error) = (Link::Fault, told(&failure)),
            Post::Activity { activity, message } => (status.activity, status.message) = (activity, message),
            Post::Ask(question) => status.questions.push(question),
            Post::Withdraw { question } => status.questions.retain(|asked| asked.id != question),
            _ => {}
        }
        if status.link != before {
            status.since_ns = since_ns;
        }
        let (name, mut value) = (instance.name.clone(), to_value(status).expect("a status is plain data"));
        drop(state);
        self.publish(&name, "status", &mut value, 0, 0.0);
    }
}

impl HostState {
    /// Why the engine would refuse, if it would.
    fn refusal(&self, info: &PluginInfo, request: &Request, caller: &Caller) -> Option<String> {
        let standard = interfaces::all();
        let interface = info.interfaces.iter().chain(&standard).find(|known| known.name == request.interface)?;
        let command = interface.command(&request.command)?;
        if command.always {
            return None;
        }
        let held = self.reservations.iter().find_map(|((holder, _), (objects, reason))| {
            let holder = &self.instances.get(holder)?.name;
            (objects.contains(&request.object) && *caller != Caller::Object(holder.clone())).then_some(reason)
        });
        held.cloned().or_else(|| {
            let latest = |channel: &str| self.bus.latest(&request.object, channel);
            interfaces::refusal(interface, command, &request.arguments, latest)
        })
    }

    /// Why another's reservation is in the way; none when the objects are now reserved.
    fn reserve(&mut self, instance: u64, token: u64, objects: Vec<String>, reason: String) -> Option<String> {
        let taken = self.reservations.values().find(|(held, _)| held.iter().any(|object| objects.contains(object)));
        let why = taken.map(|(_, reason)| reason.clone());
        if why.is_none() {
            self.reservations.insert((instance, token), (objects, reason));
        }
        why
    }
}

/// What a plugin's functions reach: the host, while its test lives. A thread that outlives the test finds nothing.
struct Reach(Weak<Shared>);

impl Reach {
    fn with<T: Default>(&self, act: impl FnOnce(&Shared) -> T) -> T {
        self.0.upgrade().map(|shared| act(&shared)).unwrap_or_default()
    }
}

impl HostFunctions for Reach {
    fn log(&self, level: u8, _instance: u64, target: &str, message: &str) {
        self.with(|shared| {
            let mut state = shared.state.lock();
            state.log.push_back(format!("{level} {target}: {message}"));
            if state.log.len() > LOG {
                state.log.pop_front();
            }
        });
    }

    fn channel(&self, instance: u64, name: &str) -> ChannelId {
        let index = self.with(|shared| {
            let mut state = shared.state.lock();
            state.opened.push((instance, name.to_owned()));
            u32::try_from(state.opened.len()).unwrap_or_default()
        });
        ChannelId { index, epoch: 1 }
    }

    fn publish(&self, id: ChannelId, value: &mut Value, quality: u8, time: f64) -> PublishStatus {
        let published = self.with(|shared| {
            let state = shared.state.lock();
            let (instance, channel) = state.opened.get((id.index as usize).checked_sub(1)?).cloned()?;
            let object = state.instances.get(&instance).filter(|it| it.stopped.is_none())?.name.clone();
            drop(state);
            shared.publish(&object, &channel, value, quality, time);
            Some(())
        });
        if published.is_some() { PublishStatus::Ok } else { PublishStatus::Stale }
    }

    fn subscribe(&self, _: u64, object: &str, channel: &str, mode: SubscribeMode, capacity: u64, token: u64) -> u64 {
        self.with(|shared| {
            let (id, wake) = shared.state.lock().bus.subscribe(object, channel, mode, capacity, token);
            if wake {
                shared.glue().wake(token);
            }
            id
        })
    }

    fn drain(&self, id: u64, max: u64, out: &mut RVec<Reading>) -> u64 {
        self.with(|shared| shared.state.lock().bus.drain(id, max, out))
    }

    fn latest(&self, id: u64) -> Option<Reading> {
        self.with(|shared| shared.state.lock().bus.latest_of(id))
    }

    fn unsubscribe(&self, id: u64) {
        self.with(|shared| shared.state.lock().bus.unsubscribe(id));
    }

    fn post(&self, instance: u64, message: Value) {
        match from_value(message) {
            Ok(post) => self.with(|shared| shared.posted(instance, post)),
            Err(error) => self.log(1, instance, "testing", &format!("not understood: {error}")),
        }
    }

    fn now_ns(&self) -> u64 {
        self.with(Shared::now_ns)
    }

    fn time_scale(&self) -> f64 {
        let scale = self.with(|shared| shared.scale);
        if scale > 0.0 { scale } else { 1.0 }
    }
}
