//! `spec.macros`: macros and functions of spec as a set of commands, which `commands.panel` shows. Each runs until spec
//! says that it has ended; what it prints is its progress. Aborting one is spec's `^C`.

mod config;
mod line;

use std::cell::RefCell;
use std::time::Duration;

use brickwork_sdk::interfaces::{CommandResult, CommandSpec, command_set};
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role, Value};
use brickwork_spec_protocol::{Data, Property};

use crate::attend::{Session, Spec};
use crate::link::Dispatch;
use crate::session::{finish, words};
use config::{Config, Macro, RunAs};

/// The most numbers of an answer that are given one by one.
const NUMBERS: usize = 1000;

/// The longest line that is shown as progress, in bytes.
const MAX_LINE: usize = 64 * 1024;

/// A set of macros of one spec.
pub struct SpecMacros {
    config: Config,
    specs: Vec<CommandSpec>,
    session: Session,
    channels: command_set::Channels,
    /// The label of what runs; empty when nothing does.
    running: RefCell<String>,
}

impl HardwareObject for SpecMacros {
    const KIND: &'static str = "spec.macros";
    const HELP: &'static str = "Macros and functions of spec as commands with arguments. Aborting one is spec's ^C: it \
                                ends whatever spec is doing.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let specs = config.macros.iter().map(Macro::spec).collect();
        let (session, channels) = (Session::bind(ctx)?, command_set::Channels::new(ctx));
        Ok(Self { config, specs, session, channels, running: RefCell::default() })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.commands.publish(self.specs.clone());
        self.session
            .attend(ctx, async |spec| {
                spec.live();
                std::future::pending().await
            })
            .await
    }
}

impl command_set::Serve for SpecMacros {
    async fn run(&self, call: &Call, name: String, arguments: Value) -> Result<Value> {
        let known = self.config.macros.iter().zip(&self.specs).find(|(_, spec)| spec.name == name);
        let Some((own, spec)) = known else {
            let names: Vec<_> = self.specs.iter().map(|spec| spec.name.as_str()).collect();
            return Err(Error::refused(format!("there is no command {name:?}, but {}", names.join(", "))));
        };
        let arguments = line::arguments(spec, &arguments)?;
        let session = self.session.spec()?;
        let _running = Running::begin(self, call, &spec.label)?;
        let begun_secs = call.clock().now_secs();
        let result = carry_out(call, &session, own, arguments).await.map(|data| answer(&data));
        let seconds = call.clock().now_secs() - begun_secs;
        self.channels.last.publish(CommandResult::new(&name, &result, seconds));
        result
    }

    async fn abort(&self, _: &Call) -> Result<()> {
        // Without something of ours there is nothing to end: spec is left alone.
        if self.running.borrow().is_empty() { Ok(()) } else { self.session.any_spec()?.abort() }
    }
}

async fn carry_out(call: &Call, spec: &Spec, own: &Macro, arguments: Vec<String>) -> Result<Data> {
    let limit = own.limit_secs.map(Duration::from_secs_f64);
    if own.only_send {
        match own.run_as {
            RunAs::Command => spec.send_command(&line::command(own, &arguments))?,
            RunAs::Function => spec.send_call(&line::call(own, arguments), spec.form)?,
        }
        return Ok(Data::Empty);
    }
    let output = spec.watch([(Property::screen(), Dispatch::Every)]);
    let mut pending = String::new();
    let printed = async {
        loop {
            pending.push_str(&words(&output.next().await.data));
            if pending.len() > MAX_LINE {
                pending.clear();
            }
            // A line that is written over itself is one at each return.
            while let Some(end) = pending.find(['\n', '\r']) {
                let line: String = pending.drain(..=end).collect();
                let line = line.trim();
                if !line.is_empty() {
                    call.progress(None, line);
                }
            }
        }
    };
    let work = async {
        match own.run_as {
            RunAs::Command => spec.command(&line::command(own, &arguments), limit).await,
            RunAs::Function => spec.call(&line::call(own, arguments), spec.form, limit).await,
        }
    };
    tokio::select! {
        biased;
        // Before the end: what was printed comes before the answer.
        never = printed => never,
        end = finish(call, spec, work) => end,
    }
}

/// What a person sees of an answer.
fn answer(data: &Data) -> Value {
    match data {
        Data::Assoc(assoc) => {
            let entries: Vec<_> = assoc.iter().map(|(key, value)| (key.to_string(), Value::from(value))).collect();
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), value.clone())))
        }
        Data::Array(array) => match array.numbers() {
            Some(numbers) if numbers.len() <= NUMBERS => Value::list(numbers.into_iter().map(Value::Float)),
            Some(numbers) => Value::from(format!("{} numbers", numbers.len()).as_str()),
            None => Value::from(words(data).as_str()),
        },
        data => match (data.to_number(), words(data)) {
            (Ok(number), _) => Value::Float(number),
            (Err(_), text) if text.is_empty() => Value::Null,
            (Err(_), text) => Value::from(text.as_str()),
        },
    }
}

/// One run: however it ends, also with the object, none is said to run afterwards.
struct Running<'a> {
    set: &'a SpecMacros,
    call: &'a Call,
}

impl<'a> Running<'a> {
    fn begin(set: &'a SpecMacros, call: &'a Call, label: &str) -> Result<Self> {
        let mut running = set.running.borrow_mut();
        if !running.is_empty() {
            return Err(Error::refused(format!("{running} is running")));
        }
        label.clone_into(&mut running);
        call.activity(Activity::Busy, format!("{label} is running"));
        Ok(Self { set, call })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.set.running.borrow_mut().clear();
        self.call.activity(Activity::Idle, "");
    }
}
