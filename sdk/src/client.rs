//! The client's side of an interface: channels that are read and commands that are sent.
//!
//! A client holds names, never connections: the engine binds them anew when an object is reloaded.

use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use brickwork_abi::export::RVec;
use brickwork_abi::{Reading as RawReading, SubscribeMode};
use serde::de::DeserializeOwned;
use tokio::sync::{Notify, oneshot};

use crate::context::{Context, Inner};
use crate::protocol::{Outcome, Post};
use crate::status::Quality;
use crate::{Error, Result, Value, from_value};

/// The one object that fills a role; for code that `interface!` writes.
///
/// # Errors
/// When the role is open or names several.
#[doc(hidden)]
pub fn one<'a>(context: &'a Context, role: &str) -> Result<&'a str> {
    context.one(role)
}

/// A published value with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<T> {
    /// The value.
    pub value: T,
    /// How good it is.
    pub quality: Quality,
    /// Counts the publications of the channel.
    pub sequence: u64,
    /// When the engine took it, in nanoseconds of its clock.
    pub engine_ns: u64,
    /// When its source made it, seconds since 1970; 0 if unknown.
    pub source_time: f64,
}

/// Which channel of which object: what a view is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelName {
    /// The object.
    pub object: String,
    /// The channel.
    pub name: String,
    /// Its unit, where the interface fixes it; else empty.
    pub unit: String,
    /// The channel of the same object that carries its unit; else empty.
    pub unit_channel: String,
}

impl ChannelName {
    /// A channel whose unit is fixed, or empty for none.
    pub fn new(object: &str, name: &str, unit: &str) -> Self {
        Self { object: object.into(), name: name.into(), unit: unit.into(), unit_channel: String::new() }
    }
}

/// One channel of a bound object. Cheap to clone; subscribed when it is first read.
pub struct Channel<T> {
    shared: Arc<Shared>,
    kind: PhantomData<fn() -> T>,
}

struct Shared {
    context: Arc<Inner>,
    name: ChannelName,
    latest: OnceLock<Subscription>,
}

impl<T> Deref for Channel<T> {
    type Target = ChannelName;
    fn deref(&self) -> &ChannelName {
        &self.shared.name
    }
}

/// A subscription at the host, ended when dropped.
struct Subscription {
    context: Arc<Inner>,
    id: u64,
    token: u64,
    notify: Arc<Notify>,
}

impl Subscription {
    fn new(context: &Arc<Inner>, channel: &ChannelName, mode: SubscribeMode, capacity: usize) -> Self {
        let (token, notify) = context.wakers.add();
        let id = {
            let (object, name) = (channel.object.as_str().into(), channel.name.as_str().into());
            context.host.subscribe(context.instance, object, name, mode, capacity as u64, token)
        };
        Self { context: context.clone(), id, token, notify }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.context.host.unsubscribe(self.id);
        self.context.wakers.remove(self.token);
    }
}

impl<T> Clone for Channel<T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), kind: PhantomData }
    }
}

impl<T> Channel<T> {
    /// For code that `interface!` writes.
    #[doc(hidden)]
    pub fn bind(context: &Context, object: &str, name: &str, unit: &str, unit_channel: &str) -> Self {
        let name = ChannelName { unit_channel: unit_channel.into(), ..ChannelName::new(object, name, unit) };
        let shared = Shared { context: context.inner.clone(), name, latest: OnceLock::new() };
        Self { shared: Arc::new(shared), kind: PhantomData }
    }

    fn subscription(&self) -> &Subscription {
        let shared = &self.shared;
        shared.latest.get_or_init(|| Subscription::new(&shared.context, &shared.name, SubscribeMode::Latest, 1))
    }
}

impl<T: DeserializeOwned> Channel<T> {
    /// The newest reading; `None` before the first, or when it is of another shape.
    ///
    /// A brick that calls this in `view` is viewed again when the channel changes.
    pub fn latest(&self) -> Option<Reading<T>> {
        let mut raw = RawReading::default();
        let subscription = self.subscription();
        if !self.shared.context.host.latest(subscription.id, &mut raw) {
            return None;
        }
        typed(raw).ok()
    }

    /// The newest value, good or not.
    pub fn value(&self) -> Option<T> {
        self.latest().map(|reading| reading.value)
    }

    /// Waits for the next publication and gives the newest reading; for hardware objects.
    pub async fn changed(&self) -> Option<Reading<T>> {
        self.subscription().notify.notified().await;
        self.latest()
    }

    /// Every reading from now on, in order, with room for `capacity` of them; for hardware objects.
    pub fn every(&self, capacity: usize) -> Every<T> {
        let shared = &self.shared;
        let subscription = Subscription::new(&shared.context, &shared.name, SubscribeMode::Every, capacity);
        Every { subscription, ready: RVec::new().into_iter(), kind: PhantomData }
    }
}

fn typed<T: DeserializeOwned>(raw: RawReading) -> Result<Reading<T>> {
    Ok(Reading {
        value: from_value(raw.value)?,
        quality: Quality::from_code(raw.quality),
        sequence: raw.sequence,
        engine_ns: raw.engine_ns,
        source_time: raw.source_time,
    })
}

/// An ordered subscription.
pub struct Every<T> {
    subscription: Subscription,
    ready: <RVec<RawReading> as IntoIterator>::IntoIter,
    kind: PhantomData<fn() -> T>,
}

/// So many readings of an ordered subscription were lost because nobody took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged(pub u64);

/// How many readings are moved at once.
const BATCH: u64 = 256;

impl<T: DeserializeOwned> Every<T> {
    /// The next reading, or how many were lost before it. It never ends.
    pub async fn next(&mut self) -> Result<Reading<T>, Lagged> {
        loop {
            for raw in self.ready.by_ref() {
                // A reading of another shape comes from an object that serves another interface: none of ours.
                if let Ok(reading) = typed(raw) {
                    return Ok(reading);
                }
            }
            let notified = self.subscription.notify.notified();
            let mut batch = RVec::new();
            let lost = self.subscription.context.host.drain(self.subscription.id, BATCH, &mut batch);
            let empty = batch.is_empty();
            self.ready = batch.into_iter();
            if lost > 0 {
                return Err(Lagged(lost));
            }
            if empty {
                notified.await;
            } else {
                // Others on this thread have their turn, however fast the publisher is.
                tokio::task::consume_budget().await;
            }
        }
    }
}

/// A command on its way. It was sent when this was made.
///
/// A hardware object awaits the end; dropping it before aborts the command, so that an aborted
/// procedure leaves nothing moving. A brick drops it: the shell shows how it ended.
pub struct Command<T> {
    context: Arc<Inner>,
    token: u64,
    receiver: Option<oneshot::Receiver<Outcome>>,
    /// Who sent it: where an error of its waiting is to be looked for.
    caller: &'static Location<'static>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Command<T> {
    /// For code that `interface!` writes.
    #[doc(hidden)]
    #[track_caller]
    pub fn send(context: &Context, object: &str, interface: &str, command: &str, arguments: Value) -> Self {
        let (token, receiver) = match &context.inner.replies {
            Some(replies) => {
                let (token, receiver) = replies.expect();
                (token, Some(receiver))
            }
            None => (0, None),
        };
        context.post(&Post::Call {
            token,
            object: object.into(),
            interface: interface.into(),
            command: command.into(),
            arguments,
            node: String::new(),
        });
        let caller = Location::caller();
        Self { context: context.inner.clone(), token, receiver, caller, kind: PhantomData }
    }

    /// Lets it go on without anybody waiting.
    pub fn detach(mut self) {
        self.receiver = None;
    }
}

impl<T: DeserializeOwned> Future for Command<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<Result<T>> {
        let caller = self.caller;
        let Some(receiver) = &mut self.receiver else {
            let error = Error::failed("a brick does not wait: the shell shows how a command ends");
            return Poll::Ready(Err(error.at(caller)));
        };
        let outcome = match Pin::new(receiver).poll(task) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(outcome)) => outcome,
            Poll::Ready(Err(_)) => Outcome::Ended(Error::failed("the host is shutting down").at(caller)),
        };
        self.receiver = None;
        let read = |value| from_value(value).map_err(|error| Error::from(error).at(caller));
        Poll::Ready(outcome.into_result().and_then(read))
    }
}

impl<T> Drop for Command<T> {
    fn drop(&mut self) {
        let waiting = self.receiver.is_some();
        if let (true, Some(replies)) = (waiting, &self.context.replies)
            && replies.forget(self.token)
        {
            let post = crate::to_value(&Post::AbortCall { token: self.token }).expect("a post is plain data");
            self.context.host.post(self.context.instance, post);
        }
    }
}
