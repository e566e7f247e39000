//! A living object in the fake host, and the commands that a test sends to it.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::host::{Request, Shared, told};
use crate::protocol::{Caller, Failure, ObjectRequest, Outcome, Setup};
use crate::status::{Link, ObjectStatus};
use crate::{Restored, State, Value, from_value};

/// A living object. It is stopped with the host, or by [`stop`](Self::stop).
pub struct TestObject {
    shared: Arc<Shared>,
    id: u64,
    setup: Setup,
    restored: Restored,
}

impl TestObject {
    #[track_caller]
    pub(super) fn start(shared: Arc<Shared>, setup: Setup) -> Result<Self, Failure> {
        let id = shared.add(&setup.name, true);
        shared.send(id, &ObjectRequest::New(setup.clone()));
        let restored =
            shared.wait(&format!("{} to be made", setup.name), |state| state.instances.get_mut(&id)?.made.take())?;
        shared.send(id, &ObjectRequest::Start);
        Ok(Self { shared, id, setup, restored })
    }

    /// What became of the state of its predecessor.
    pub fn restored(&self) -> &Restored {
        &self.restored
    }

    /// What is known of it now.
    pub fn status(&self) -> ObjectStatus {
        self.shared.state.lock().instances.get(&self.id).map(|it| it.status.clone()).unwrap_or_default()
    }

    /// Waits for a status.
    #[track_caller]
    pub fn wait_status(&self, what: &str, mut wanted: impl FnMut(&ObjectStatus) -> bool) -> ObjectStatus {
        let id = self.id;
        self.shared.wait(&format!("{} to be {what}", self.setup.name), |state| {
            state.instances.get(&id).map(|it| &it.status).filter(|status| wanted(status)).cloned()
        })
    }

    /// Waits until it has its hardware.
    #[track_caller]
    pub fn wait_live(&self) {
        self.wait_status("live", |status| status.link == Link::Live);
    }

    /// Waits until it has lost its hardware.
    #[track_caller]
    pub fn wait_lost(&self) {
        self.wait_status("lost", |status| matches!(status.link, Link::Disconnected));
    }

    /// The newest value of a channel; waits for the first.
    #[track_caller]
    pub fn value<T: DeserializeOwned>(&self, channel: &str) -> T {
        self.wait_value(channel, |_: &T| true)
    }

    /// Whether anything was published on a channel.
    pub fn has(&self, channel: &str) -> bool {
        self.shared.state.lock().bus.latest(&self.setup.name, channel).is_some()
    }

    /// Waits for a value of a channel.
    #[track_caller]
    pub fn wait_value<T: DeserializeOwned>(&self, channel: &str, mut wanted: impl FnMut(&T) -> bool) -> T {
        let name = &self.setup.name;
        self.shared.wait(&format!("the wanted value of {name}.{channel}"), |state| {
            let reading = state.bus.latest(name, channel)?;
            let value = from_value(reading.value).unwrap_or_else(|error| panic!("{name}.{channel}: {error}"));
            Some(value).filter(&mut wanted)
        })
    }

    /// Everything that was published on a channel, the oldest first; pictures are not kept.
    pub fn history<T: DeserializeOwned>(&self, channel: &str) -> Vec<T> {
        let values = self.shared.state.lock().bus.history(&self.setup.name, channel);
        values.into_iter().filter_map(|value| from_value(value).ok()).collect()
    }

    /// Sends a command as a person would, and waits for its end.
    #[track_caller]
    pub fn call(&self, interface: &str, command: &str, arguments: Value) -> Outcome {
        self.begin(interface, command, arguments).wait()
    }

    /// Sends a command as a person would.
    pub fn begin(&self, interface: &str, command: &str, arguments: Value) -> TestCall {
        let request = Request {
            object: self.setup.name.clone(),
            interface: interface.into(),
            command: command.into(),
            arguments,
        };
        let text = request.to_string();
        let caller = Caller::Person { name: "test".into(), brick: String::new() };
        TestCall { id: self.shared.call(request, caller, None, false), shared: self.shared.clone(), text }
    }

    /// Answers one of its questions.
    pub fn answer(&self, question: &str, option: &str) {
        self.shared.send(self.id, &ObjectRequest::Answer { question: question.into(), option: option.into() });
    }

    /// Waits for a panic of its code, which then does not fail the test.
    #[track_caller]
    pub fn take_panic(&self) -> Failure {
        self.shared.take_panic(&self.setup.name)
    }

    /// Stops it; what it saved.
    #[track_caller]
    pub fn stop(self) -> State {
        self.shared.send(self.id, &ObjectRequest::Stop);
        let id = self.id;
        self.shared.wait(&format!("{} to stop", self.setup.name), |state| state.instances.get(&id)?.stopped.clone())
    }

    /// Stops it and starts its successor with what it saved, as a reload does.
    #[track_caller]
    pub fn reload(self) -> Self {
        let (shared, mut setup) = (self.shared.clone(), self.setup.clone());
        setup.states.keep(self.stop());
        let name = setup.name.clone();
        match Self::start(shared, setup) {
            Ok(next) => next,
            Err(failure) => panic!("the successor of {name} was not made: {}", told(&failure)),
        }
    }
}

/// A command on its way. It goes on when this is dropped.
pub struct TestCall {
    shared: Arc<Shared>,
    id: u64,
    text: String,
}

impl TestCall {
    /// Waits for its end.
    #[track_caller]
    pub fn wait(&self) -> Outcome {
        let id = self.id;
        self.shared.wait(&format!("the end of {}", self.text), |state| state.running.get(&id)?.end.clone())
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.shared.state.lock().running.get(&self.id).is_some_and(|running| running.end.is_some())
    }

    /// Asks for its end.
    pub fn abort(&self) {
        self.shared.abort(self.id);
    }

    /// How far it said it was: 0 to 1 if known, and what it did.
    pub fn progress(&self) -> Vec<(Option<f64>, String)> {
        self.shared.state.lock().running.get(&self.id).map(|running| running.progress.clone()).unwrap_or_default()
    }
}
