//! How an instance reaches the world: roles, channels, commands of others, the clock.
//!
//! A context is made by the glue for each instance and lives as long as it. Nothing in it waits on
//! the calling thread.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use brickwork_abi::HostRef;
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::protocol::{Outcome, Post};
use crate::status::{Activity, Question};
use crate::{Error, Result, to_value};

/// What objects and bricks share: their name, their roles and the host.
#[derive(Clone)]
pub struct Context {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) host: HostRef,
    pub(crate) instance: u64,
    name: String,
    roles: BTreeMap<String, Vec<String>>,
    /// Replies that the host owes; `None` for bricks, whose outcomes the shell shows.
    pub(crate) replies: Option<Arc<Replies>>,
    pub(crate) wakers: Arc<Wakers>,
}

/// Who waits for which reply.
#[derive(Default)]
pub(crate) struct Replies {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Outcome>>>,
}

impl Replies {
    pub(crate) fn expect(&self) -> (u64, oneshot::Receiver<Outcome>) {
        let token = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().insert(token, sender);
        (token, receiver)
    }

    pub(crate) fn settle(&self, token: u64, outcome: Outcome) {
        if let Some(sender) = self.waiting.lock().remove(&token) {
            // Whoever asked may be gone; then nobody wants to know.
            let _ = sender.send(outcome);
        }
    }

    pub(crate) fn forget(&self, token: u64) -> bool {
        self.waiting.lock().remove(&token).is_some()
    }
}

/// Who sleeps until which subscription has something.
#[derive(Default)]
pub(crate) struct Wakers {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, Arc<Notify>>>,
}

impl Wakers {
    pub(crate) fn add(&self) -> (u64, Arc<Notify>) {
        let token = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let notify = Arc::new(Notify::new());
        self.waiting.lock().insert(token, notify.clone());
        (token, notify)
    }

    pub(crate) fn wake(&self, token: u64) {
        let notify = self.waiting.lock().get(&token).cloned();
        if let Some(notify) = notify {
            notify.notify_one();
        }
    }

    pub(crate) fn remove(&self, token: u64) {
        self.waiting.lock().remove(&token);
    }
}

impl Context {
    pub(crate) fn new(
        host: HostRef,
        instance: u64,
        name: &str,
        roles: BTreeMap<String, Vec<String>>,
        replies: Option<Arc<Replies>>,
        wakers: Arc<Wakers>,
    ) -> Self {
        Self { inner: Arc::new(Inner { host, instance, name: name.into(), roles, replies, wakers }) }
    }

    /// The name of the object, or the identity of the brick, in the layout.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The objects that fill a role, in order; empty when it is left open.
    pub fn role(&self, role: &str) -> &[String] {
        self.inner.roles.get(role).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn one(&self, role: &str) -> Result<&str> {
        match self.role(role) {
            [object] => Ok(object),
            [] => Err(Error::failed(format!("the role {role:?} names no object"))),
            many => Err(Error::failed(format!("the role {role:?} takes one object, not {}", many.len()))),
        }
    }

    pub(crate) fn post(&self, post: &Post) {
        let message = to_value(post).expect("a post is plain data with text keys");
        self.inner.host.post(self.inner.instance, message);
    }

    /// The clock of the engine.
    pub fn clock(&self) -> Clock {
        Clock { host: self.inner.host }
    }
}

/// The only way to wait: it runs faster than the wall's when a night is simulated in minutes.
#[derive(Clone, Copy)]
pub struct Clock {
    host: HostRef,
}

impl Clock {
    /// Seconds since the engine started, never going back.
    pub fn now_secs(&self) -> f64 {
        self.host.now_ns() as f64 * 1e-9
    }

    /// Waits for so much of the engine's time.
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration.div_f64(self.host.time_scale().max(1e-3))).await;
    }

    /// Waits until `future` is done, at most so long; the error says how long that was.
    ///
    /// # Errors
    /// When the time is over.
    #[track_caller]
    pub fn limit<T>(&self, limit: Duration, future: impl Future<Output = T>) -> impl Future<Output = Result<T>> {
        let real = limit.div_f64(self.host.time_scale().max(1e-3));
        // Of whoever waits, not of this file: an async function does not know its caller.
        let caller = Location::caller();
        async move {
            let done = tokio::time::timeout(real, future).await;
            done.map_err(|_| Error::failed(format!("no answer within {} s", limit.as_secs_f64())).at(caller))
        }
    }
}

/// What a hardware object has beyond [`Context`].
#[derive(Clone)]
pub struct ObjectContext {
    pub(crate) base: Context,
}

impl Deref for ObjectContext {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.base
    }
}

impl ObjectContext {
    /// Says that the hardware is there: the object's values are fresh from now on.
    pub fn live(&self) {
        self.post(&Post::Live);
    }

    /// Says that the hardware is lost, why, and what a person can do about it.
    #[track_caller]
    pub fn lost(&self, error: impl Into<String>, remedy: impl Into<String>) {
        self.post(&Post::Lost(Error::failed(error).remedy(remedy)));
    }

    /// Says what the object is doing, in a word and a sentence.
    pub fn activity(&self, activity: Activity, message: impl Into<String>) {
        self.post(&Post::Activity { activity, message: message.into() });
    }

    /// Asks the person at any screen; the answer comes to [`HardwareObject::answer`](crate::HardwareObject::answer).
    pub fn ask(&self, question: Question) {
        self.post(&Post::Ask(question));
    }

    /// Takes a question back.
    pub fn withdraw(&self, question: impl Into<String>) {
        self.post(&Post::Withdraw { question: question.into() });
    }

    /// Takes the objects of these roles for this object alone until the reservation is dropped.
    /// Others' commands, but not their stops, are refused with `reason`.
    ///
    /// # Errors
    /// Refused when another holds one of them, saying who and why.
    pub async fn reserve(&self, roles: &[&str], reason: impl Into<String>) -> Result<Reservation> {
        let objects = roles.iter().flat_map(|role| self.role(role)).cloned().collect();
        let replies = self.inner.replies.as_ref().expect("objects have replies");
        let (token, receiver) = replies.expect();
        let reservation = Reservation { context: self.base.clone(), token };
        self.post(&Post::Reserve { token, objects, reason: reason.into() });
        let outcome = receiver.await.map_err(|_| Error::failed("the host is shutting down"))?;
        outcome.into_result().map(|_| reservation)
    }
}

/// Objects that are taken until this is dropped.
#[must_use = "the objects are given back when this is dropped"]
pub struct Reservation {
    context: Context,
    token: u64,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(replies) = &self.context.inner.replies {
            replies.forget(self.token);
        }
        self.context.post(&Post::Release { token: self.token });
    }
}

/// What a brick has: its name, its roles, and through them channels and commands.
#[derive(Clone)]
pub struct BrickContext {
    pub(crate) base: Context,
}

impl Deref for BrickContext {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.base
    }
}

impl BrickContext {
    /// Has the window write a picture of the brick's view into a PNG file, at the size of its source and with its
    /// overlays. The window says where it lies, or why there is none; the file's name begins with `name`.
    pub fn save_picture(&self, node: impl Into<String>, name: impl Into<String>) {
        self.post(&Post::SavePicture { node: node.into(), name: name.into() });
    }
}
