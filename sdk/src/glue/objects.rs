//! The library's hardware objects: one thread, one current-thread runtime, every object on it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use brickwork_abi::{HostRef, Value};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, LocalSet};

use super::panics::{self, CatchPanic};
use super::scene::Scene;
use super::{PluginDef, check_config, read_config};
use crate::context::{Context, ObjectContext, Replies, Wakers};
use crate::interface::Interface;
use crate::object::{Arguments, Call, HardwareObject};
use crate::protocol::{Caller, ConfigProblem, Failure, ObjectRequest, Outcome, Post, Setup};
use crate::{Error, Restored, Result, State, from_value, to_value};

/// How one interface of an object type is answered.
pub type Dispatch<T> =
    for<'a> fn(&'a T, &'a Call, &'a str, Arguments) -> Pin<Box<dyn Future<Output = Result<Value>> + 'a>>;

/// The dispatch functions of an object type, by interface.
pub type Dispatcher<T> = Rc<Vec<(String, Dispatch<T>)>>;

type Answered<'a> = Pin<Box<dyn Future<Output = Result<Value>> + 'a>>;
type Made = Result<(Rc<dyn Erased>, Restored)>;

/// One kind of object, its type forgotten.
pub struct ObjectKind {
    pub(super) kind: &'static str,
    pub(super) check: fn(Value) -> Vec<ConfigProblem>,
    make: Make,
}

type Make = Box<dyn Fn(&ObjectContext, Setup, &Scene) -> Made + Send + Sync>;

impl ObjectKind {
    pub(super) fn of<T: HardwareObject>(serves: Vec<(Interface, Dispatch<T>)>) -> Self {
        let table: Vec<(String, Dispatch<T>)> = serves.into_iter().map(|(i, dispatch)| (i.name, dispatch)).collect();
        Self {
            kind: T::KIND,
            check: |config| check_config::<T::Config>(config, T::check),
            make: Box::new(move |context, setup, scene| {
                let config = read_config(setup.config).map_err(|problem| Error::failed(problem.to_string()))?;
                let mut object = T::new(config, context)?;
                scene.entry("restore").begins();
                let restored = setup.states.restore(|state| object.restore(state));
                Ok((Rc::new(Served { object, table: Rc::new(table.clone()) }), restored))
            }),
        }
    }
}

struct Served<T> {
    object: T,
    table: Dispatcher<T>,
}

trait Erased {
    fn command<'a>(&'a self, call: &'a Call, interface: &'a str, command: &'a str, arguments: Value) -> Answered<'a>;
    fn run<'a>(&'a self, context: &'a ObjectContext) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;
    fn answer(&self, context: &ObjectContext, question: &str, option: &str);
    fn save(&self) -> State;
}

impl<T: HardwareObject> Erased for Served<T> {
    fn command<'a>(&'a self, call: &'a Call, interface: &'a str, command: &'a str, arguments: Value) -> Answered<'a> {
        match self.table.iter().find(|(name, _)| name == interface) {
            Some((_, dispatch)) => dispatch(&self.object, call, command, Arguments::new(arguments)),
            None => {
                let refusal = Error::refused(format!("{} does not serve {interface:?}", T::KIND));
                Box::pin(std::future::ready(Err(refusal)))
            }
        }
    }
    fn run<'a>(&'a self, context: &'a ObjectContext) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
        Box::pin(self.object.run(context))
    }
    fn answer(&self, context: &ObjectContext, question: &str, option: &str) {
        self.object.answer(context, question, option);
    }
    fn save(&self) -> State {
        self.object.save()
    }
}

/// Requests that wait for the library's thread; more are refused by dropping them, with a log line.
const QUEUE: usize = 4096;
/// How long an aborted call may take to put things right before it is dropped.
const ABORT_LIMIT: Duration = Duration::from_secs(2);
/// How long a command may wait for this thread.
const MAX_WAIT: Duration = Duration::from_millis(1500);
/// How often the host hears that the thread turns.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// The first and the longest pause before `run` is called again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// The library's thread, seen from the host's threads.
pub(super) struct Worker {
    queue: mpsc::Sender<(u64, Value)>,
    thread: std::thread::JoinHandle<()>,
    host: HostRef,
}

impl Worker {
    pub(super) fn start(def: Arc<PluginDef>, host: HostRef, wakers: Arc<Wakers>) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE);
        let name = def.info().name.trim_start_matches("brickwork-").to_owned();
        let thread = std::thread::Builder::new()
            .name(format!("objects {name}"))
            .spawn(move || turn(def, host, wakers, requests))
            .expect("the system has room for one thread per plugin");
        Self { queue, thread, host }
    }

    pub(super) fn send(&self, instance: u64, request: Value) {
        if self.queue.try_send((instance, request)).is_err() {
            self.host.log(
                1,
                instance,
                "sdk".into(),
                "the plugin's thread does not take requests: one was dropped".into(),
            );
        }
    }

    /// Whether the thread ended within the limit.
    pub(super) fn stop(self, limit: Duration) -> bool {
        drop(self.queue);
        let deadline = std::time::Instant::now() + limit;
        while !self.thread.is_finished() && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.thread.is_finished() && self.thread.join().is_ok()
    }
}

fn turn(def: Arc<PluginDef>, host: HostRef, wakers: Arc<Wakers>, mut requests: mpsc::Receiver<(u64, Value)>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system has the files that a runtime needs");
    let local = LocalSet::new();
    local.block_on(&runtime, async move {
        panics::set_host(host);
        let home = Home { def, host, wakers, living: RefCell::default() };
        let beat = tokio::task::spawn_local(heartbeat(host));
        while let Some((instance, request)) = requests.recv().await {
            match from_value(request) {
                Ok(request) => home.handle(instance, request).await,
                Err(error) => {
                    let text = format!("a request is not understood: {error}");
                    host.log(1, instance, "sdk".into(), text.as_str().into());
                }
            }
        }
        beat.abort();
        let living: Vec<_> = home.living.borrow_mut().drain().collect();
        for (_, life) in living {
            life.end().await;
        }
    });
    // Blocking work of the author's that does not end must not keep the host waiting.
    runtime.shutdown_timeout(Duration::from_millis(100));
}

async fn heartbeat(host: HostRef) {
    let beat = to_value(&Post::Heartbeat).expect("a post is plain data");
    loop {
        host.post(0, beat.clone());
        tokio::time::sleep(HEARTBEAT).await;
    }
}

struct Home {
    def: Arc<PluginDef>,
    host: HostRef,
    wakers: Arc<Wakers>,
    living: RefCell<HashMap<u64, Life>>,
}

/// One living object.
struct Life {
    object: Rc<dyn Erased>,
    context: ObjectContext,
    scene: Scene,
    replies: Arc<Replies>,
    run: Option<JoinHandle<()>>,
    calls: Rc<RefCell<HashMap<u64, (Call, Task)>>>,
    host: HostRef,
}

type Task = JoinHandle<()>;

impl Life {
    /// Ends everything of it; what it saved comes back once its hardware is free for a successor.
    async fn end(self) -> State {
        let calls: Vec<_> = self.calls.borrow_mut().drain().collect();
        let mut tasks: Vec<Task> = self.run.into_iter().collect();
        for (id, (call, task)) in calls {
            call.abort();
            self.context.post(&Post::End { call: id, outcome: Outcome::Ended(Error::aborted()) });
            tasks.push(task);
        }
        tasks.iter().for_each(JoinHandle::abort);
        for task in tasks {
            // An aborted task is "cancelled": what matters is that it holds nothing any more.
            let _ = task.await;
        }
        let (object, context, scene) = (self.object, self.context, self.scene);
        let saved = scene.entry("save").run(|| object.save());
        let state = saved.unwrap_or_else(|failure| {
            context.post(&Post::Panicked(failure));
            State::none()
        });
        if let Err(failure) = scene.entry("drop").run(move || drop(object)) {
            context.post(&Post::Panicked(failure));
        }
        state
    }
}

impl Home {
    async fn handle(&self, instance: u64, request: ObjectRequest) {
        match request {
            ObjectRequest::New(setup) => self.make(instance, setup),
            ObjectRequest::Stop => {
                let life = self.living.borrow_mut().remove(&instance);
                let state = match life {
                    Some(life) => life.end().await,
                    None => State::none(),
                };
                self.host.post(instance, to_value(&Post::Stopped { state }).unwrap_or_default());
            }
            request => {
                let mut living = self.living.borrow_mut();
                let Some(life) = living.get_mut(&instance) else {
                    if let ObjectRequest::Command { call, .. } = request {
                        let outcome = Outcome::Ended(Error::failed("the object has stopped"));
                        self.host.post(instance, to_value(&Post::End { call, outcome }).unwrap_or_default());
                    }
                    return;
                };
                life.handle(request);
            }
        }
    }

    fn make(&self, instance: u64, setup: Setup) {
        let replies = Arc::new(Replies::default());
        let base = Context::new(
            self.host,
            instance,
            &setup.name,
            setup.roles.clone(),
            Some(replies.clone()),
            self.wakers.clone(),
        );
        let context = ObjectContext { base };
        let Some(kind) = self.def.objects.iter().find(|kind| kind.kind == setup.kind) else {
            let message = format!("{} has no object kind {:?}", self.def.info().name, setup.kind);
            context.post(&Post::Failed(Failure { message, place: String::new() }));
            return;
        };
        let scene = Scene::new(self.host, &self.def.info.name, &setup.name, kind.kind);
        match scene.entry("new").run(|| (kind.make)(&context, setup, &scene)) {
            Ok(Ok((object, restored))) => {
                context.post(&Post::Created { restored });
                let (calls, host) = (Rc::default(), self.host);
                let life = Life { object, context, scene, replies, run: None, calls, host };
                self.living.borrow_mut().insert(instance, life);
            }
            Ok(Err(error)) => {
                context.post(&Post::Failed(Failure { message: error.message, place: String::new() }));
            }
            Err(failure) => context.post(&Post::Failed(failure)),
        }
    }
}

impl Life {
    fn handle(&mut self, request: ObjectRequest) {
        match request {
            ObjectRequest::Start if self.run.is_none() => {
                let (object, context) = (self.object.clone(), self.context.clone());
                self.run = Some(tokio::task::spawn_local(run(object, context, self.scene.clone())));
            }
            ObjectRequest::Command { call, interface, command, arguments, caller, begun_ns } => {
                self.command((call, begun_ns), interface, command, arguments, caller);
            }
            ObjectRequest::Abort(id) => {
                let found = self.calls.borrow().get(&id).map(|(call, _)| call.clone());
                if let Some(call) = found {
                    call.abort();
                }
            }
            ObjectRequest::Reply { token, outcome } => self.replies.settle(token, outcome),
            ObjectRequest::Answer { question, option } => {
                let (object, context) = (&self.object, &self.context);
                if let Err(failure) = self.scene.entry("answer").run(|| object.answer(context, &question, &option)) {
                    context.post(&Post::Panicked(failure));
                }
            }
            ObjectRequest::Save => match self.scene.entry("save").run(|| self.object.save()) {
                Ok(state) => self.context.post(&Post::Saved { state }),
                // It has not failed: what it borrows may be in use by a command. It is asked again.
                Err(failure) => {
                    let text = format!("it was not saved: {} ({})", failure.message, failure.place);
                    self.context.inner.host.log(1, self.context.inner.instance, "sdk".into(), text.as_str().into());
                }
            },
            ObjectRequest::Start | ObjectRequest::New(_) | ObjectRequest::Stop => {}
        }
    }

    fn command(
        &self,
        (id, begun_ns): (u64, u64),
        interface: String,
        command: String,
        arguments: Value,
        caller: Caller,
    ) {
        let call = Call::new(self.context.clone(), id, caller);
        let host = self.host;
        let (object, calls, handle) = (self.object.clone(), self.calls.clone(), call.clone());
        let entry = self.scene.entry(&command);
        let task = tokio::task::spawn_local(async move {
            let work = CatchPanic::new(entry, async {
                taken_in_time(begun_ns, host.now_ns(), host.time_scale())?;
                object.command(&call, &interface, &command, arguments).await
            });
            let overdue = async {
                call.aborted().await;
                tokio::time::sleep(ABORT_LIMIT).await;
            };
            let outcome = tokio::select! {
                biased;
                done = work => match done {
                    Ok(result) => Outcome::from(result),
                    Err(failure) => {
                        let error = Error::failed(format!("{} ({})", failure.message, failure.place));
                        call.post(&Post::Panicked(failure));
                        Outcome::Ended(error)
                    }
                },
                () = overdue => Outcome::Ended(Error::aborted()),
            };
            calls.borrow_mut().remove(&id);
            call.post(&Post::End { call: id, outcome });
        });
        self.calls.borrow_mut().insert(id, (handle, task));
    }
}

/// Refuses a command that waited for this thread: what begins late moves things that nobody expects to move.
fn taken_in_time(begun_ns: u64, now_ns: u64, time_scale: f64) -> Result<()> {
    let age_secs = now_ns.saturating_sub(begun_ns) as f64 * 1e-9 / time_scale;
    if begun_ns == 0 || age_secs <= MAX_WAIT.as_secs_f64() {
        return Ok(());
    }
    Err(Error::refused(format!(
        "it is not begun: the plugin's thread was busy for {age_secs:.1} s; look how things are, and give it again"
    )))
}

/// Calls the author's `run` for ever: an error means disconnected, and another try after a pause.
async fn run(object: Rc<dyn Erased>, context: ObjectContext, scene: Scene) {
    let mut pause = BACK_OFF.0;
    loop {
        let begun = std::time::Instant::now();
        match CatchPanic::new(scene.entry("run"), async { object.run(&context).await }).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => context.post(&Post::Lost(error)),
            Err(failure) => {
                context.post(&Post::Panicked(failure));
                return;
            }
        }
        if begun.elapsed() > 4 * BACK_OFF.1 {
            pause = BACK_OFF.0;
        }
        context.clock().sleep(pause).await;
        pause = (pause * 2).min(BACK_OFF.1);
    }
}

#[cfg(test)]
mod tests {
    use super::taken_in_time;

    const SECOND_NS: u64 = 1_000_000_000;

    #[test]
    fn a_command_that_waited_for_the_thread_is_refused_and_a_stop_is_not() {
        assert!(taken_in_time(10 * SECOND_NS, 11 * SECOND_NS, 1.0).is_ok());
        let refusal = taken_in_time(10 * SECOND_NS, 12 * SECOND_NS, 1.0).expect_err("it waited for two seconds");
        assert!(refusal.message.contains("busy for 2.0 s"));
        assert!(taken_in_time(0, 100 * SECOND_NS, 1.0).is_ok(), "what is never too late");
        assert!(taken_in_time(10 * SECOND_NS, 12 * SECOND_NS, 10.0).is_ok(), "a fast clock ages nothing");
    }
}
