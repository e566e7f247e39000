//! `gallery.asker`: an object that asks a person, works, refuses and fails, each when it is told to.
//!
//! The brick `gallery.talk` sends its commands. Nothing is moved by any of them.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::interfaces::outside;
use brickwork_sdk::status::Question;
use brickwork_sdk::{Activity, Call, Error, HardwareObject, ObjectContext, Restored, Result, State, interface};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

const SCHEMA: &str = "gallery.asker 1";
/// How long a question may wait, in seconds.
const DEADLINES_SECS: (f64, f64) = (1.0, 60.0);
const OPTIONS: [&str; 3] = ["unload it", "leave it", "cancel"];
/// What is taken at the deadline.
const DEFAULT: &str = "leave it";
/// How long `work` takes, and in how many steps it says how far it is.
const WORK_SECS: f64 = 10.0;
const WORK_STEPS: u32 = 20;

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person chose it.
    Person,
    /// Nobody answered in time.
    Deadline,
}

interface! {
    /// What an object can say to a person: questions, progress, refusals, failures.
    pub gallery_asker v1 {
        /// How long a question may wait.
        channel deadlines: (f64, f64) in "s";
        /// The last answer.
        channel answer: String;
        /// Where the last answer came from.
        channel origin: Origin;
        /// How far `work` is, 0 to 1.
        channel done: f64;
        /// Asks a person; finishes with the answer, at the deadline with the default.
        command ask(seconds: f64 within deadlines) -> String;
        /// Works for ten seconds and says how far it is.
        command work();
        /// Is always refused.
        command refuse();
        /// Always fails, with causes and what to do.
        command fail();
    }
}

/// What became of a question.
#[derive(Clone, Serialize, Deserialize)]
struct Answered {
    answer: String,
    origin: Origin,
}

/// A question that waits for its answer.
struct Open {
    question: Question,
    chosen: oneshot::Sender<String>,
}

/// One pretended object with something to say.
pub struct Asker {
    channels: gallery_asker::Channels,
    open: RefCell<Option<Open>>,
    asked: Cell<u64>,
    last: RefCell<Option<Answered>>,
}

impl HardwareObject for Asker {
    const KIND: &'static str = "gallery.asker";
    const HELP: &'static str = "Asks, works, refuses and fails on command, for the gallery. It moves nothing.";
    type Config = ();

    fn new(_: (), ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            channels: gallery_asker::Channels::new(ctx),
            open: RefCell::default(),
            asked: Cell::default(),
            last: RefCell::default(),
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.deadlines.publish(DEADLINES_SECS);
        self.channels.done.publish(0.0);
        self.publish_answer();
        ctx.live();
        std::future::pending().await
    }

    fn answer(&self, ctx: &ObjectContext, question: &str, option: &str) {
        let Some(open) = self.open.borrow_mut().take() else { return };
        if open.question.id == question && open.question.options.iter().any(|offered| offered == option) {
            // The command may just have been aborted; then nobody wants to know.
            let _ = open.chosen.send(option.into());
        } else {
            // What was not offered is no answer: the question stands as before.
            ctx.ask(open.question.clone());
            *self.open.borrow_mut() = Some(open);
        }
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &*self.last.borrow())
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, self.last.get_mut())
    }
}

impl gallery_asker::Serve for Asker {
    async fn ask(&self, call: &Call, seconds: f64) -> Result<String> {
        if let Some(why) = outside(seconds, DEADLINES_SECS, "s") {
            return Err(Error::refused(why));
        }
        let (asking, chosen) = Asking::begin(self, call, seconds)?;
        let answered = tokio::select! {
            biased;
            Ok(answer) = chosen => Answered { answer, origin: Origin::Person },
            waited = call.sleep(Duration::from_secs_f64(seconds)) => {
                waited?;
                Answered { answer: DEFAULT.into(), origin: Origin::Deadline }
            }
        };
        drop(asking);
        *self.last.borrow_mut() = Some(answered.clone());
        self.publish_answer();
        Ok(answered.answer)
    }

    async fn work(&self, call: &Call) -> Result<()> {
        let _busy = Busy::begin(call, "pretending to work");
        for step in 0..WORK_STEPS {
            let done = f64::from(step) / f64::from(WORK_STEPS);
            self.channels.done.publish(done);
            call.progress(done, format!("step {} of {WORK_STEPS}", step + 1));
            call.sleep(Duration::from_secs_f64(WORK_SECS / f64::from(WORK_STEPS))).await?;
        }
        self.channels.done.publish(1.0);
        Ok(())
    }

    async fn refuse(&self, _: &Call) -> Result<()> {
        Err(Error::refused("the gallery refuses this always: 12.5 is above the limit 10 mm"))
    }

    async fn fail(&self, _: &Call) -> Result<()> {
        Err(Error::failed("the pretended gripper did not close")
            .because(&Error::failed("its controller does not answer"))
            .because(&Error::failed("no answer within 5 s"))
            .remedy("nothing is broken: this command of the gallery fails always"))
    }
}

impl Asker {
    fn publish_answer(&self) {
        if let Some(Answered { answer, origin }) = self.last.borrow().clone() {
            self.channels.answer.publish(answer);
            self.channels.origin.publish(origin);
        }
    }
}

/// A question on the screens: however its command ends, it is taken back.
struct Asking<'a> {
    asker: &'a Asker,
    question: String,
    busy: Busy<'a>,
}

impl<'a> Asking<'a> {
    fn begin(asker: &'a Asker, call: &'a Call, seconds: f64) -> Result<(Self, oneshot::Receiver<String>)> {
        if asker.open.borrow().is_some() {
            return Err(Error::refused("it waits for the answer to another question"));
        }
        asker.asked.set(asker.asked.get() + 1);
        let question = Question {
            id: format!("question {}", asker.asked.get()),
            text: "A pretended sample is on the goniometer. What shall become of it?".into(),
            options: OPTIONS.map(String::from).to_vec(),
            default: Some(DEFAULT.into()),
            deadline_ns: Some(((call.clock().now_secs() + seconds) * 1e9) as u64),
        };
        let (chosen, answer) = oneshot::channel();
        let busy = Busy::begin(call, "waiting for an answer");
        call.ask(question.clone());
        let asking = Self { asker, question: question.id.clone(), busy };
        *asker.open.borrow_mut() = Some(Open { question, chosen });
        Ok((asking, answer))
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        *self.asker.open.borrow_mut() = None;
        self.busy.call.withdraw(self.question.as_str());
    }
}

/// While it lives, the object is said to be busy.
struct Busy<'a> {
    call: &'a Call,
}

impl<'a> Busy<'a> {
    fn begin(call: &'a Call, message: &str) -> Self {
        call.activity(Activity::Busy, message);
        Self { call }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.call.activity(Activity::Idle, "");
    }
}
