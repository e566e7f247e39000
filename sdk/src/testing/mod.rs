//! The test kit: a fake host inside the test's process, for unit tests of objects and bricks.
//!
//! [`FakeHost`] runs a plugin with the sdk's real glue, on the plugin's real thread; tests act on it
//! like the engine, and on bricks like a person. It checks limits as the engine does. It never
//! restarts an object that failed, never queues or replaces a command, and loads no library.
//!
//! Nothing waits longer than five seconds. A panic in the plugin fails the test, unless the test
//! takes it ([`TestObject::take_panic`], [`TestBrick::panic_in`]).

mod brick;
mod bus;
mod host;
mod object;

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use crate::glue::PluginDef;
use crate::protocol::{Answer, Ask, Setup};
use crate::status::Quality;
use crate::{ConfigProblem, Result, State, to_value};

pub use crate::protocol::{Failure, Outcome};
pub use brick::TestBrick;
pub use object::{TestCall, TestObject};

/// Named values, for configs and arguments: `fields! { position: 12.5, unit: "deg" }`.
#[macro_export]
macro_rules! fields {
    ($($name:ident : $value:expr),* $(,)?) => {
        $crate::Value::map::<&str>([
            $((stringify!($name), $crate::to_value(&$value).expect("a test's value can be written"))),*
        ])
    };
}
pub use fields;

/// A host in the test's process, for one plugin. When it is dropped, the plugin must end, and have no panic left.
pub struct FakeHost {
    shared: Arc<host::Shared>,
}

impl FakeHost {
    /// Hosts a plugin; its crate has `plugin()` from `plugin!`.
    pub fn new(plugin: PluginDef) -> Self {
        Self::with_time_scale(plugin, 1.0)
    }

    /// The same with a clock that runs `scale` times faster than the wall's.
    pub fn with_time_scale(plugin: PluginDef, scale: f64) -> Self {
        Self { shared: host::Shared::start(plugin, scale) }
    }

    /// Describes a new object; `start` makes it.
    pub fn object(&self, name: &str, kind: &str) -> New<TestObject> {
        New::of(&self.shared, name, kind)
    }

    /// Describes a new brick; `open` makes it.
    pub fn brick(&self, kind: &str) -> New<TestBrick> {
        New::of(&self.shared, kind, kind)
    }

    /// All mistakes that a kind finds in a config.
    pub fn check(&self, kind: &str, config: impl Serialize) -> Vec<ConfigProblem> {
        let config = to_value(&config).expect("a test's config can be written");
        match self.shared.ask(0, &Ask::Check { kind: kind.into(), config }) {
            Answer::Problems(problems) => problems,
            other => panic!("{kind} did not check its config: {other:?}"),
        }
    }

    /// Publishes a channel of an object that is not there: enough for a brick to show it.
    pub fn publish(&self, object: &str, channel: &str, value: impl Serialize) {
        self.publish_as(object, channel, value, Quality::Ok);
    }

    /// The same with a quality.
    pub fn publish_as(&self, object: &str, channel: &str, value: impl Serialize, quality: Quality) {
        let mut value = to_value(&value).expect("a test's value can be written");
        self.shared.publish(object, channel, &mut value, quality.code(), 0.0);
    }

    /// What the command of an object that is not there answers from now on, instead of nothing.
    pub fn answer(&self, object: &str, command: &str, answer: Result<impl Serialize>) {
        let answer = answer.map(|value| to_value(&value).expect("a test's answer can be written"));
        self.shared.state.lock().answers.insert((object.into(), command.into()), answer.into());
    }

    /// The commands that bricks and objects sent since this was last asked, such as
    /// `omega.move_to(position: 12.5)`; a refused one ends with ` refused: ` and the reason.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.state.lock().calls)
    }

    /// Waits until something is so; `what` names it when it never is.
    #[track_caller]
    pub fn wait_for(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let deadline = std::time::Instant::now() + host::LIMIT;
        while !is_so(self) {
            assert!(std::time::Instant::now() < deadline, "waited {:?} for {what}", host::LIMIT);
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    /// Waits for a panic of an object's code, which then does not fail the test.
    #[track_caller]
    pub fn take_panic(&self, object: &str) -> Failure {
        self.shared.take_panic(object)
    }

    /// What the plugin logged, such as `2 brickwork_sim: the limit is near`.
    pub fn log(&self) -> Vec<String> {
        self.shared.state.lock().log.iter().cloned().collect()
    }
}

impl Drop for FakeHost {
    fn drop(&mut self) {
        let stay = self.shared.end();
        let failures = std::mem::take(&mut self.shared.state.lock().failures);
        if std::thread::panicking() {
            return;
        }
        assert!(stay == 0, "{stay} threads of the plugin did not end within {:?}", host::LIMIT);
        assert!(failures.is_empty(), "the plugin panicked: {failures:?}");
    }
}

/// An object or brick that is not yet made.
pub struct New<T> {
    shared: Arc<host::Shared>,
    setup: Setup,
    kind: PhantomData<fn() -> T>,
}

impl<T> New<T> {
    fn of(shared: &Arc<host::Shared>, name: &str, kind: &str) -> Self {
        let setup = Setup { kind: kind.into(), name: name.into(), ..Setup::default() };
        Self { shared: shared.clone(), setup, kind: PhantomData }
    }

    /// Its config, see [`fields!`](crate::testing::fields).
    pub fn config(mut self, config: impl Serialize) -> Self {
        self.setup.config = to_value(&config).expect("a test's config can be written");
        self
    }

    /// Fills a role; a role of many is filled by several calls, in order.
    pub fn role(mut self, role: &str, object: &str) -> Self {
        self.setup.roles.entry(role.into()).or_default().push(object.into());
        self
    }

    /// What its predecessor saved.
    pub fn state(mut self, state: State) -> Self {
        self.setup.states.keep(state);
        self
    }
}

impl New<TestObject> {
    /// Makes it and lets it run.
    #[track_caller]
    pub fn start(self) -> TestObject {
        let name = self.setup.name.clone();
        match self.try_start() {
            Ok(object) => object,
            Err(failure) => panic!("{name} was not made: {}", host::told(&failure)),
        }
    }

    /// The same; the failure says why it could not be made.
    ///
    /// # Errors
    /// What `new` said, or its panic.
    #[track_caller]
    pub fn try_start(self) -> Result<TestObject, Failure> {
        TestObject::start(self.shared, self.setup)
    }
}

impl New<TestBrick> {
    /// Makes it.
    #[track_caller]
    pub fn open(self) -> TestBrick {
        let kind = self.setup.kind.clone();
        match self.try_open() {
            Ok(brick) => brick,
            Err(failure) => panic!("{kind} was not made: {}", host::told(&failure)),
        }
    }

    /// The same; the failure says why it could not be made.
    ///
    /// # Errors
    /// What `new` said, or its panic.
    pub fn try_open(self) -> Result<TestBrick, Failure> {
        TestBrick::open(self.shared, self.setup)
    }
}
