//! `sim.commands`: a fixed set of commands as a beamline's scripts would offer them; one of them moves a real motor.
//!
//! [`specs`] says what there is and what each takes, [`scan`] moves. Nothing here knows a brick.

mod arguments;
mod scan;
mod specs;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::interfaces::{CommandResult, CommandSpec, command_set, motor};
use brickwork_sdk::{Activity, Call, Error, HardwareObject, ObjectContext, Result, Role, Value};

use arguments::Arguments;

/// How often a command says how far it is, and a set looks whether its command has ended.
const TICK: Duration = Duration::from_millis(200);

/// One simulated set of commands.
pub struct SimCommands {
    channels: command_set::Channels,
    motor: Option<motor::Motor>,
    running: RefCell<String>,
    ending: tokio::sync::Notify,
    finished: Cell<u32>,
}

impl HardwareObject for SimCommands {
    const KIND: &'static str = "sim.commands";
    const HELP: &'static str = "Simulated scripts of a beamline: wait, scan the motor `motor`, fail, report.";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![
            Role::optional("motor", motor::NAME).help("What `scan` moves; without it, `scan` says that it cannot run."),
        ]
    }

    fn new((): (), ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            channels: command_set::Channels::new(ctx),
            motor: motor::Motor::bind_optional(ctx, "motor"),
            running: RefCell::default(),
            ending: tokio::sync::Notify::new(),
            finished: Cell::new(0),
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        let mut said = self.specs();
        self.channels.commands.publish(said.clone());
        ctx.live();
        let Some(motor) = &self.motor else { return std::future::pending().await };
        loop {
            tokio::select! {
                _ = motor.limits().changed() => {}
                _ = motor.unit().changed() => {}
                _ = motor.status().changed() => {}
            }
            let specs = self.specs();
            if specs != said {
                self.channels.commands.publish(specs.clone());
                said = specs;
            }
        }
    }
}

impl command_set::Serve for SimCommands {
    async fn run(&self, call: &Call, name: String, arguments: Value) -> Result<Value> {
        let specs = self.specs();
        let Some(spec) = specs.iter().find(|spec| spec.name == name) else {
            let names: Vec<_> = specs.iter().map(|spec| spec.name.as_str()).collect();
            return Err(Error::refused(format!("there is no command {name:?}, but {}", names.join(", "))));
        };
        if !spec.disabled.is_empty() {
            return Err(Error::refused(spec.disabled.clone()));
        }
        let arguments = Arguments::check(spec, &arguments)?;
        let _running = Running::begin(self, call, spec)?;
        let begun_secs = call.clock().now_secs();
        let result = self.carry_out(call, spec, &arguments).await;
        self.finished.set(self.finished.get() + u32::from(result.is_ok()));
        let seconds = call.clock().now_secs() - begun_secs;
        self.channels.last.publish(CommandResult::new(&spec.name, &result, seconds));
        result
    }

    async fn abort(&self, call: &Call) -> Result<()> {
        while !self.running.borrow().is_empty() {
            self.ending.notify_waiters();
            call.sleep(TICK).await?;
        }
        Ok(())
    }
}

impl SimCommands {
    fn specs(&self) -> Vec<CommandSpec> {
        specs::all(self.motor.as_ref())
    }

    async fn carry_out(&self, call: &Call, spec: &CommandSpec, arguments: &Arguments<'_>) -> Result<Value> {
        match spec.name.as_str() {
            specs::WAIT => self.wait(call, arguments.number("seconds")?).await,
            specs::SCAN => self.scan(call, arguments).await,
            specs::FAIL => Err(failure(arguments)?),
            _ => self.report(call, arguments),
        }
    }

    /// Does something, unless somebody ends the command before it is done.
    async fn unless_ended<T>(&self, call: &Call, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            () = call.aborted() => Err(Error::aborted()),
            () = self.ending.notified() => Err(Error::aborted()),
            done = work => done,
        }
    }

    async fn wait(&self, call: &Call, seconds: f64) -> Result<Value> {
        let begun_secs = call.clock().now_secs();
        loop {
            let left_secs = seconds - (call.clock().now_secs() - begun_secs);
            if left_secs <= 0.0 {
                return Ok(Value::Null);
            }
            call.progress(1.0 - left_secs / seconds, format!("{left_secs:.1} s left"));
            let pause = TICK.min(Duration::from_secs_f64(left_secs));
            self.unless_ended(call, call.sleep(pause)).await?;
        }
    }

    fn report(&self, call: &Call, arguments: &Arguments<'_>) -> Result<Value> {
        let mut lines = vec![("note", Value::from(arguments.text("note")?))];
        lines.push(("finished commands", Value::from(i64::from(self.finished.get()))));
        if arguments.flag("time")? {
            lines.push(("engine time (s)", Value::from(call.clock().now_secs())));
        }
        if let Some(motor) = &self.motor {
            lines.push(("motor", Value::from(motor.object())));
            lines.push(("position", motor.position().value().map_or(Value::Null, Value::from)));
            if arguments.text("detail")? == "full" {
                lines.push(("unit", motor.unit().value().map_or(Value::Null, Value::from)));
                let (low, high) = motor.limits().value().unzip();
                lines.push(("lower limit", low.map_or(Value::Null, Value::from)));
                lines.push(("upper limit", high.map_or(Value::Null, Value::from)));
            }
        }
        Ok(Value::map(lines))
    }
}

/// The error that a person wants to see.
fn failure(arguments: &Arguments) -> Result<Error> {
    let text = arguments.text("text")?;
    let error = match arguments.text("kind")? {
        "refused" => Error::refused(text),
        _ => Error::failed(text),
    };
    if !arguments.flag("causes")? {
        return Ok(error);
    }
    let cause = std::io::Error::new(std::io::ErrorKind::TimedOut, "the simulated controller did not answer in 2 s");
    Ok(error.because(&cause).remedy("Nothing to do: this error was asked for. Run another command."))
}

/// One command that runs: however it ends, also with the object, the set is said to be idle again.
struct Running<'a> {
    set: &'a SimCommands,
    call: &'a Call,
}

impl<'a> Running<'a> {
    fn begin(set: &'a SimCommands, call: &'a Call, spec: &CommandSpec) -> Result<Self> {
        let mut running = set.running.borrow_mut();
        if !running.is_empty() {
            return Err(Error::refused(format!("{running} is running")));
        }
        running.clone_from(&spec.name);
        call.activity(Activity::Busy, spec.label.clone());
        Ok(Self { set, call })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.set.running.borrow_mut().clear();
        self.call.activity(Activity::Idle, "");
    }
}
