//! What stands between the host's functions and the author's traits, inside each plugin library.
//!
//! `plugin!` makes one [`Glue`] per library; the test kit makes one per test. No panic passes it:
//! every entry, future and drop of the author's is caught here.

mod bricks;
mod objects;
mod panics;
mod scene;
mod trace;

use std::sync::Arc;

use brickwork_abi::{HostRef, Value};
use parking_lot::Mutex;

use self::scene::Scene;
use crate::brick::Brick;
use crate::context::Wakers;
use crate::interface::Interface;
use crate::object::HardwareObject;
use crate::protocol::{Answer, Ask, KindInfo, PluginInfo};
use crate::{from_value, to_value};

pub use bricks::BrickKind;
pub use objects::{Dispatch, Dispatcher, ObjectKind};
pub use panics::CatchPanic;

/// Everything a library contributes, as `plugin!` collects it.
pub struct PluginDef {
    info: PluginInfo,
    objects: Vec<ObjectKind>,
    bricks: Vec<BrickKind>,
}

impl PluginDef {
    /// A library that contributes nothing yet.
    pub fn new(name: &str, version: &str) -> Self {
        let info = PluginInfo { name: name.into(), version: version.into(), ..PluginInfo::default() };
        Self { info, objects: Vec::new(), bricks: Vec::new() }
    }

    /// Adds a kind of object with the interfaces that it serves.
    pub fn object<T: HardwareObject>(mut self, serves: Vec<(Interface, Dispatch<T>)>) -> Self {
        let interfaces = serves.iter().map(|(interface, _)| interface.clone()).collect::<Vec<_>>();
        self.info.objects.push(KindInfo {
            kind: T::KIND.into(),
            help: T::HELP.into(),
            roles: T::roles(),
            serves: interfaces.iter().map(|i| (i.name.clone(), i.version)).collect(),
            config: schema::<T::Config>(),
        });
        self.info.interfaces.extend(interfaces);
        self.objects.push(ObjectKind::of::<T>(serves));
        self
    }

    /// Adds a kind of brick.
    pub fn brick<T: Brick>(mut self) -> Self {
        self.info.bricks.push(KindInfo {
            kind: T::KIND.into(),
            help: T::HELP.into(),
            roles: T::roles(),
            serves: Vec::new(),
            config: schema::<T::Config>(),
        });
        self.bricks.push(BrickKind::of::<T>());
        self
    }

    /// What it contributes, as data.
    pub fn info(&self) -> &PluginInfo {
        &self.info
    }
}

/// What a library contributes, as it crosses; text says why that cannot be told.
pub fn describe(plugin: fn() -> PluginDef) -> Value {
    match panics::catch(plugin) {
        Ok(def) => to_value(def.info()).unwrap_or_default(),
        Err(failure) => format!("it panicked at {} over its kinds: {}", failure.place, failure.message).into(),
    }
}

/// One living library.
pub struct Glue {
    def: Arc<PluginDef>,
    host: HostRef,
    wakers: Arc<Wakers>,
    objects: Mutex<Objects>,
    bricks: bricks::Bricks,
}

/// The library's own thread.
enum Objects {
    /// No object was asked for yet.
    Idle,
    Turning(objects::Worker),
    /// The library was shut down: requests count no more.
    Ended,
}

impl Glue {
    /// Begins to serve a host with what the author's code says that it contributes.
    ///
    /// # Errors
    /// When that code panicked; with its words and place.
    pub fn meet(plugin: fn() -> PluginDef, host: HostRef) -> Result<Self, String> {
        panics::install_hook(host);
        let def = panics::catch(plugin);
        let def = def.map_err(|failure| format!("it panicked at {}: {}", failure.place, failure.message))?;
        Ok(Self::new(def, host))
    }

    /// Begins to serve a host.
    pub fn new(mut def: PluginDef, host: HostRef) -> Self {
        panics::install_hook(host);
        trace::install(host);
        // A library is never unmapped, and so neither is what it keeps: `describe` tells all of it when it is asked.
        let PluginInfo { name, version, .. } = std::mem::take(&mut def.info);
        def.info = PluginInfo { name, version, ..PluginInfo::default() };
        Self {
            def: Arc::new(def),
            host,
            wakers: Arc::default(),
            objects: Mutex::new(Objects::Idle),
            bricks: bricks::Bricks::default(),
        }
    }

    /// A request to an object: queued for the library's own thread, which starts with the first one.
    pub fn send(&self, instance: u64, request: Value) {
        let mut objects = self.objects.lock();
        if let Objects::Idle = *objects {
            *objects = Objects::Turning(objects::Worker::start(self.def.clone(), self.host, self.wakers.clone()));
        }
        if let Objects::Turning(worker) = &*objects {
            worker.send(instance, request);
        }
    }

    /// A request that is answered now.
    pub fn ask(&self, instance: u64, request: Value) -> Value {
        panics::set_host(self.host);
        let answer = match from_value(request) {
            Ok(Ask::Check { kind, config }) => self.check(&kind, config),
            Ok(ask) => self.bricks.ask(&self.def, self.host, &self.wakers, instance, ask),
            Err(error) => Answer::Refused(format!("this plugin does not know the request: {error}")),
        };
        to_value(&answer).unwrap_or_default()
    }

    fn check(&self, kind: &str, config: Value) -> Answer {
        let object = self.def.objects.iter().find(|k| k.kind == kind).map(|k| k.check);
        let brick = self.def.bricks.iter().find(|k| k.kind == kind).map(|k| k.check);
        match object.or(brick) {
            Some(check) => {
                let entry = Scene::new(self.host, &self.def.info.name, "", kind).entry("check");
                entry.run(|| check(config)).map_or_else(Answer::Panicked, Answer::Problems)
            }
            None => Answer::Refused(format!("{} has no kind {kind:?}", self.def.info.name)),
        }
    }

    /// A subscription has something.
    pub fn wake(&self, token: u64) {
        self.wakers.wake(token);
    }

    /// Ends the library's thread within the limit; answers how many threads stay.
    pub fn shutdown(&self, limit_ms: u64) -> u64 {
        self.bricks.clear();
        // The lock is not held while the thread ends: its last words may make the host send something.
        let objects = std::mem::replace(&mut *self.objects.lock(), Objects::Ended);
        match objects {
            Objects::Turning(worker) => u64::from(!worker.stop(std::time::Duration::from_millis(limit_ms))),
            Objects::Idle | Objects::Ended => 0,
        }
    }
}

/// The schema of a config, as data.
fn schema<C: schemars::JsonSchema>() -> Value {
    to_value(&schemars::schema_for!(C)).unwrap_or_default()
}

/// All mistakes that reading and checking a config finds.
fn check_config<C: serde::de::DeserializeOwned>(
    config: Value,
    check: impl FnOnce(&C) -> Vec<crate::ConfigProblem>,
) -> Vec<crate::ConfigProblem> {
    match read_config::<C>(config) {
        Ok(config) => check(&config),
        Err(problem) => vec![problem],
    }
}

/// Reads a config; an empty one may also stand for nothing at all.
fn read_config<C: serde::de::DeserializeOwned>(config: Value) -> Result<C, crate::ConfigProblem> {
    let empty = match &config {
        Value::Null => Some(Value::map::<&str>([])),
        Value::Map(entries) if entries.is_empty() => Some(Value::Null),
        _ => None,
    };
    from_value(config).or_else(|error| empty.and_then(|empty| from_value(empty).ok()).ok_or(error)).map_err(|error| {
        let (path, message) = match error.0.strip_prefix('`').and_then(|rest| rest.split_once("`: ")) {
            Some((path, message)) => (path.to_owned(), message.to_owned()),
            None => (String::new(), error.0),
        };
        crate::ConfigProblem { path, choices: choices_in(&message), message }
    })
}

/// The list at the end of serde's "expected one of `a`, `b`".
fn choices_in(message: &str) -> Vec<String> {
    match message.split_once(", expected ") {
        Some((_, list)) => list.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        None => Vec::new(),
    }
}
