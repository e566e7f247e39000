//! `spec.session`: one spec server, where it is and what it does. Every other object of the plugin finds its spec
//! through it, and the console talks to it. It runs what it is told to, and never anything else.

mod screen;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use brickwork_sdk::interface;
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Restored, Result, State};
use brickwork_spec_protocol::{Data, Property, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::attend::{Attended, Spec, attend};
use crate::link::{CallForm, Connection, Dispatch, Seen};
use screen::Screen;

const SCHEMA: &str = "spec.session 1";
/// How often the output is published at most: it comes in many small pieces.
const OUTPUT_PERIOD: Duration = Duration::from_millis(100);
/// Past commands that are kept.
const HISTORY: usize = 200;
/// The fewest and the most lines of output that are kept.
const LINES: (u32, u32) = (1, 5000);

/// What spec is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecState {
    /// It waits at its prompt.
    #[default]
    Ready,
    /// It executes something.
    Busy,
    /// It has said that it ends.
    Ends,
}

interface! {
    /// One spec server.
    pub spec_session v1 {
        /// Where it is: `host:port` or `host:specname`.
        channel address: String;
        /// In which form it takes the calls of functions.
        channel call_form: CallForm;
        /// The name that spec says it has; empty when it has none.
        channel name: String;
        /// What it is doing; only where spec tells.
        optional channel state: SpecState;
        /// Whether it is in a subshell, where it executes nothing; only where spec tells.
        optional channel shell: bool;
        /// Whether it only simulates and moves nothing; only where spec tells.
        optional channel simulate: bool;
        /// The last lines that it wrote to its screen, the oldest first.
        channel output: Vec<String>;
        /// The last error that it told of.
        optional channel error: String;
        /// The commands that were run from here, the oldest first, each once.
        channel history: Vec<String>;
        /// Has spec execute a command as if it was typed there; finishes with what it answers, when it has ended.
        command run(command: String) -> String while_busy(queue);
        /// Sends `^C`: ends whatever spec does, whoever asked for it, and every motion.
        always command abort();
    }
}

/// What a layout says of it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where spec is: `host:port`, or `host:specname` for the spec of this name, which is looked for at the ports 6510
    /// to 6530 of the host.
    #[schemars(example = "lid231:eh1")]
    at: String,
    /// `Nul` for spec itself; `Text` for servers that take the call of a function only as text, such as chess-pyspec.
    call_form: CallForm,
    /// How many lines of spec's output are kept.
    output_lines: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { at: String::new(), call_form: CallForm::default(), output_lines: 500 }
    }
}

/// One spec server.
pub struct SpecServer {
    config: Config,
    address: Address,
    channels: spec_session::Channels,
    spec: RefCell<Option<Spec>>,
    screen: RefCell<Screen>,
    history: RefCell<VecDeque<String>>,
}

impl HardwareObject for SpecServer {
    const KIND: &'static str = "spec.session";
    const HELP: &'static str =
        "One spec server: where it is, what it does and writes, and a way to run commands in it.";
    type Config = Config;

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let address = Address::parse(&config.at).err().map(|why| ConfigProblem::at("at", why));
        let lines = config.output_lines;
        let lines = (!(LINES.0..=LINES.1).contains(&lines)).then(|| {
            let why = format!("{lines} is not a number of lines from {} to {}", LINES.0, LINES.1);
            ConfigProblem::at("output_lines", why)
        });
        address.into_iter().chain(lines).collect()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            address: Address::parse(&config.at).map_err(Error::failed)?,
            channels: spec_session::Channels::new(ctx),
            spec: RefCell::default(),
            screen: RefCell::new(Screen::new(config.output_lines as usize)),
            history: RefCell::default(),
            config,
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.address.publish(self.config.at.clone());
        self.channels.call_form.publish(self.config.call_form);
        self.channels.history.publish(self.history.borrow().iter().cloned().collect());
        let spec = Spec::new(Connection::to(&self.address, ctx.clock()), self.config.call_form);
        self.spec.replace(Some(spec.clone()));
        // They are followed over every loss of the link: not a line of output is missed that spec sends.
        let events = spec.watch(FOLLOWED.map(|property| (property(), Dispatch::Every)));
        let follow = async {
            loop {
                self.take(ctx, events.next().await);
            }
        };
        tokio::select! {
            end = attend(ctx, &spec, async |spec| self.greet(spec).await) => end,
            never = follow => never,
            never = self.show_output(ctx) => never,
        }
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &*self.history.borrow()).lasting()
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, self.history.get_mut())
    }
}

/// What it follows; `take` knows them by their place.
const FOLLOWED: [fn() -> Property; 6] = [
    || Property::Status(Status::Ready),
    || Property::Status(Status::Shell),
    || Property::Status(Status::Simulate),
    || Property::Status(Status::Quit),
    || Property::Error,
    Property::screen,
];

impl spec_session::Serve for SpecServer {
    async fn run(&self, call: &Call, command: String) -> Result<String> {
        let command = command.trim().to_owned();
        if command.is_empty() {
            return Err(Error::refused("there is no command to run"));
        }
        let spec = self.spec()?;
        self.remember(&command);
        let answer = finish(call, &spec, spec.command(&command, None)).await?;
        Ok(words(&answer))
    }

    async fn abort(&self, _: &Call) -> Result<()> {
        self.spec()?.abort()
    }
}

impl SpecServer {
    fn spec(&self) -> Result<Spec> {
        self.spec.borrow().clone().ok_or_else(|| Error::refused("the session has not begun"))
    }

    /// Says that spec is there, for as long as it is.
    async fn greet(&self, spec: &Attended<'_>) -> Result<()> {
        self.channels.name.publish(spec.name.clone());
        self.publish_output();
        spec.live();
        std::future::pending().await
    }

    /// One event of [`FOLLOWED`].
    fn take(&self, ctx: &ObjectContext, Seen { which, data, lost, .. }: Seen) {
        if lost > 0 {
            self.screen.borrow_mut().write(&format!("\n[{lost} pieces of output came too fast and are not shown]\n"));
        }
        let text = words(&data);
        match (which, data.to_flag()) {
            (0, Ok(ready)) => {
                self.channels.state.publish(if ready { SpecState::Ready } else { SpecState::Busy });
                let (activity, message) = if ready { (Activity::Idle, "") } else { (Activity::Busy, "spec is busy") };
                ctx.activity(activity, message);
            }
            (1, Ok(shell)) => self.channels.shell.publish(shell),
            (2, Ok(simulate)) => self.channels.simulate.publish(simulate),
            (3, Ok(true)) => self.channels.state.publish(SpecState::Ends),
            (4, _) if !text.trim().is_empty() => self.channels.error.publish(text.trim().to_owned()),
            (5, _) => self.screen.borrow_mut().write(&text),
            _ => {}
        }
    }

    /// Publishes the output when there is more of it, for ever.
    async fn show_output(&self, ctx: &ObjectContext) -> Result<()> {
        loop {
            if self.screen.borrow_mut().is_changed() {
                self.publish_output();
            }
            ctx.clock().sleep(OUTPUT_PERIOD).await;
        }
    }

    fn publish_output(&self) {
        self.channels.output.publish(self.screen.borrow().lines());
    }

    fn remember(&self, command: &str) {
        let mut history = self.history.borrow_mut();
        history.retain(|past| past != command);
        history.push_back(command.to_owned());
        if history.len() > HISTORY {
            history.pop_front();
        }
        self.channels.history.publish(history.iter().cloned().collect());
    }
}

/// Waits for the end of what spec executes; when somebody aborts the call, spec is told so.
///
/// # Errors
/// What `work` says.
pub async fn finish(call: &Call, spec: &Spec, work: impl Future<Output = Result<Data>>) -> Result<Data> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        () = call.aborted() => {
            spec.abort()?;
            work.await
        }
        done = &mut work => done,
    }
}

/// A value as a person reads it.
pub fn words(data: &Data) -> String {
    match data {
        Data::Error(text) => text.clone(),
        Data::Assoc(assoc) => assoc.iter().map(|(key, value)| format!("{key} = {value}\n")).collect(),
        Data::Array(array) => match array.numbers() {
            Some(numbers) => numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" "),
            None => format!("{:?}", array.elements()),
        },
        data => data.to_text().unwrap_or_default(),
    }
}
