//! `spec.motor`: one motor of spec, in its user position. It shows what spec says of it, also of what is done at spec's
//! own console; `motion` moves it. It never sets a position, which would move nothing and change the offset.

mod config;
mod motion;
mod values;

use std::cell::RefCell;

use brickwork_sdk::interfaces::{MotorState, motor};
use brickwork_sdk::status::Question;
use brickwork_sdk::unit::Unit;
use brickwork_sdk::{Activity, Call, ConfigProblem, Error, HardwareObject, ObjectContext, Result, Role};
use brickwork_spec_protocol::{Data, MotorProperty, Property};
use tokio::sync::watch;

use crate::attend::{Attended, Session};
use crate::link::{Dispatch, READ_LIMIT, Seen};
pub use config::{Config, wrong_name, wrong_time};
use motion::Motion;
use values::{FOLLOWED, Values};

/// The question of `sync_check` and its two answers.
const QUESTION: &str = "sync_check";
const TAKE: &str = "take the controller's";
const KEEP: &str = "keep spec's";

/// One motor of spec.
pub struct SpecMotor {
    config: Config,
    session: Session,
    channels: motor::Channels,
    values: RefCell<Values>,
    motion: watch::Sender<Motion>,
    /// Where it was sent from here, while it is on its way.
    sent_to: RefCell<Option<f64>>,
    said: RefCell<Said>,
}

/// What was last published: spec tells much that is as before.
#[derive(Default)]
struct Said {
    state: Option<MotorState>,
    limits: Option<(f64, f64)>,
    velocity: Option<f64>,
}

impl HardwareObject for SpecMotor {
    const KIND: &'static str = "spec.motor";
    const HELP: &'static str = "A motor of spec. Its stop is spec's ^C: it ends whatever spec is doing, not this motor \
                                alone.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self {
            config: Config { unit: Unit::spelled(&config.unit), ..config },
            session: Session::bind(ctx)?,
            channels: motor::Channels::new(ctx),
            values: RefCell::default(),
            motion: watch::Sender::new(Motion::default()),
            sent_to: RefCell::default(),
            said: RefCell::default(),
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.unit.publish(self.config.unit.clone());
        self.session.attend(ctx, async |spec| self.follow(ctx, spec).await).await
    }

    fn answer(&self, ctx: &ObjectContext, question: &str, option: &str) {
        let takes = match (question, option) {
            (QUESTION, TAKE) => true,
            (QUESTION, KEEP) => false,
            _ => return,
        };
        let property = Property::motor(&self.config.motor, MotorProperty::SyncCheck);
        let sent = self.session.spec().and_then(|spec| spec.post(&property, Data::flag(takes)));
        if let Err(error) = sent {
            // spec asks again when it is there again.
            tracing::warn!("{}: the answer {option:?} did not reach spec: {error}", self.config.motor);
        }
        ctx.withdraw(QUESTION);
    }
}

impl motor::Serve for SpecMotor {
    async fn move_to(&self, call: &Call, position: f64) -> Result<()> {
        motion::move_to(self, call, position).await
    }

    async fn stop(&self, call: &Call) -> Result<()> {
        motion::stop(self, call).await
    }
}

/// What the other properties are behind in the watch: the question, and the errors of spec.
const SYNC_CHECK: usize = FOLLOWED.len();
const ERROR: usize = FOLLOWED.len() + 1;

impl SpecMotor {
    /// Shows what spec says for as long as it is there.
    async fn follow(&self, ctx: &ObjectContext, spec: &Attended<'_>) -> Result<()> {
        self.values.take();
        ctx.withdraw(QUESTION);
        let dispatch = |property| match property {
            // Its rise and fall may come at once, and both must be seen.
            MotorProperty::MoveDone | MotorProperty::SyncCheck => Dispatch::Every,
            _ => Dispatch::Newest,
        };
        let of_motor = FOLLOWED.into_iter().chain([MotorProperty::SyncCheck]);
        let of_motor = of_motor.map(|property| (Property::motor(&self.config.motor, property), dispatch(property)));
        let events = spec.watch(of_motor.chain([(Property::Error, Dispatch::Every)]));
        let known = async {
            while !self.values.borrow().missing().is_empty() {
                self.take(ctx, &events.next().await);
            }
        };
        if ctx.clock().limit(READ_LIMIT, known).await.is_err() {
            self.complain(spec).await;
            while !self.values.borrow().missing().is_empty() {
                self.take(ctx, &events.next().await);
            }
        }
        let at = self.values.borrow().get(MotorProperty::Position);
        at.into_iter().for_each(|at| self.channels.target.publish(at));
        self.publish();
        spec.live();
        loop {
            self.take(ctx, &events.next().await);
            self.publish();
        }
    }

    /// Says what spec does not tell of this motor: it answers nothing for one that it does not have.
    async fn complain(&self, spec: &Attended<'_>) {
        let motor = &self.config.motor;
        let missing = self.values.borrow().missing().join(", ");
        let asked = spec.motor_number(motor, MotorProperty::Position).await;
        let answer = asked.err().map(|error| format!(" ({error})")).unwrap_or_default();
        let why = format!("spec {:?} says nothing of {missing} of a motor {motor:?}{answer}", spec.name);
        spec.lost(why, "See with `wa` at spec's prompt whether it has this motor; else correct `motor` in the layout.");
    }

    fn take(&self, ctx: &ObjectContext, seen: &Seen) {
        match (seen.which, FOLLOWED.get(seen.which)) {
            (_, Some(property)) => match seen.data.to_number() {
                Ok(number) if number.is_finite() => {
                    self.values.borrow_mut().set(*property, number);
                    self.changed(ctx, *property, number);
                }
                Ok(number) => tracing::warn!("{}: {} is {number}", self.config.motor, property.name()),
                Err(error) => tracing::warn!("{}: {}: {error}", self.config.motor, property.name()),
            },
            (SYNC_CHECK, _) => self.ask(ctx, &seen.data),
            (ERROR, _) => self.motion.send_modify(|motion| motion.complains(&crate::session::words(&seen.data))),
            _ => {}
        }
    }

    fn changed(&self, ctx: &ObjectContext, property: MotorProperty, number: f64) {
        match property {
            MotorProperty::Position => self.channels.position.publish(number),
            MotorProperty::MoveDone => {
                let is_moving = number != 0.0;
                if self.motion.borrow().is_moving == is_moving {
                    return;
                }
                self.motion.send_modify(|motion| motion.moves(is_moving));
                self.say_activity(ctx);
            }
            MotorProperty::Unusable | MotorProperty::MotorFault | MotorProperty::EmergencyStop => {
                self.say_activity(ctx);
            }
            _ => {}
        }
    }

    fn say_activity(&self, ctx: &ObjectContext) {
        match (self.motion.borrow().is_moving, *self.sent_to.borrow()) {
            (_, Some(to)) => ctx.activity(Activity::Moving, format!("moving to {to:.4} {}", self.config.unit)),
            (true, None) => ctx.activity(Activity::Moving, "moved by spec, not from here"),
            (false, None) => ctx.activity(Activity::Idle, self.values.borrow().trouble().unwrap_or_default()),
        }
    }

    /// Publishes what is another than before.
    fn publish(&self) {
        let (values, mut said) = (self.values.borrow(), self.said.borrow_mut());
        if let Some(limits) = values.limits().filter(|limits| said.limits != Some(*limits)) {
            said.limits = Some(limits);
            self.channels.limits.publish(limits);
        }
        if let Some(velocity) = values.velocity().filter(|velocity| said.velocity != Some(*velocity)) {
            said.velocity = Some(velocity);
            self.channels.velocity.publish(velocity);
        }
        if said.state != Some(values.state()) {
            said.state = Some(values.state());
            self.channels.state.publish(values.state());
        }
    }

    /// spec and the controller do not agree where the motor is: a person decides.
    fn ask(&self, ctx: &ObjectContext, data: &Data) {
        ctx.withdraw(QUESTION);
        let steps = data.to_numbers().unwrap_or_default();
        let [spec, controller] = steps[..] else { return };
        let place = |steps: f64| match self.values.borrow().user_of_steps(steps) {
            Some(user) => format!("{user:.4} {} ({steps} steps)", self.config.unit),
            None => format!("{steps} steps"),
        };
        let (motor, spec, controller) = (&self.config.motor, place(spec), place(controller));
        ctx.ask(Question {
            id: QUESTION.into(),
            text: format!(
                "spec has motor {motor} at {spec}, its controller at {controller}. Was it moved by hand, or did the \
                 controller lose its position? spec waits for the answer."
            ),
            options: [TAKE, KEEP].map(String::from).to_vec(),
            default: None,
            deadline_ns: None,
        });
    }

    fn tolerance(&self) -> f64 {
        let two_steps = self.values.borrow().step().map(|step| 2.0 * step);
        // Without the size of a step: the last digit that people read.
        self.config.tolerance.or(two_steps).unwrap_or(1e-3)
    }

    fn failed(&self, why: impl std::fmt::Display) -> Error {
        Error::failed(format!("motor {}: {why}", self.config.motor))
    }
}
