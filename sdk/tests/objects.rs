//! Hardware objects as a plugin author writes them, with an interface of their own.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use brickwork_sdk::status::{Link, Question};
use brickwork_sdk::testing::{FakeHost, New, Outcome, TestObject, fields};
use brickwork_sdk::{
    Call, Caller, Error, ErrorKind, HardwareObject, ObjectContext, Restored, Result, Role, State, Value, interface,
    plugin,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

interface! {
    /// A device of these tests.
    pub device v2 {
        /// Counts.
        channel count: u64;
        /// What it was told, in its unit.
        channel level: f64 in unit;
        /// Where the level may be.
        channel limits: (f64, f64) in unit;
        /// Its unit.
        channel unit: String;
        /// Only some have it.
        optional channel extra: String every 0.5;
        /// Sets the level.
        command set(level: f64 within limits, note: Option<String>) -> f64 while_busy(queue);
        /// Publishes so many counts at once.
        command burst(count: u64);
        /// Waits until it is aborted, or for ever when it is stubborn.
        command wait(stubborn: bool);
        /// Fails in its own code.
        always command boom();
        /// Only some have it.
        optional command extra_work() -> String;
    }
}

interface! {
    /// A client of a device, as a procedure is.
    pub user v1 {
        /// Everything that it read.
        channel seen: Vec<u64>;
        /// What was lost.
        channel lost: u64;
        /// Who called it last.
        channel caller: String;
        /// Reads every count, `room` at a time, after a pause, until it has seen `last`.
        command read(room: u64, last: u64, pause_ms: u64);
        /// Passes on to the device.
        command set(level: f64) -> f64;
        /// Calls the device's `wait` and drops it after a moment.
        command drop_wait();
        /// Takes the device for a while.
        command hold(pause_ms: u64);
        /// Asks a person.
        command ask_person();
        /// Fails in its own code, after a wait.
        command boom_later();
    }
}

#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Config {
    panic_in: String,
    fail_runs: u32,
}

struct Device {
    config: Config,
    channels: device::Channels,
    level: Cell<f64>,
    runs: Cell<u32>,
}

impl HardwareObject for Device {
    const KIND: &'static str = "test.device";
    const HELP: &'static str = "A device of these tests.";
    type Config = Config;

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        match config.panic_in.as_str() {
            "new" => panic!("boom in new"),
            "elsewhere" => drop(Duration::from_secs_f64(-1.0)),
            "refuse" => return Err(Error::failed("it cannot be")),
            _ => {}
        }
        Ok(Self { config, channels: device::Channels::new(ctx), level: Cell::new(0.0), runs: Cell::new(0) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        if self.config.panic_in == "run" {
            tokio::task::yield_now().await;
            panic!("boom in run");
        }
        self.runs.set(self.runs.get() + 1);
        if self.runs.get() <= self.config.fail_runs {
            return Err(Error::failed("nobody answers"));
        }
        self.channels.unit.publish("mm".into());
        self.channels.limits.publish((-1.0, 1.0));
        self.channels.level.publish(self.level.get());
        ctx.live();
        std::future::pending().await
    }

    fn save(&self) -> State {
        assert!(self.config.panic_in != "save", "boom in save");
        State::new("device 1", &self.level.get())
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore("device 1", self.level.get_mut())
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        assert!(self.config.panic_in != "drop", "boom in drop");
    }
}

impl device::Serve for Device {
    async fn set(&self, _: &Call, level: f64, note: Option<String>) -> Result<f64> {
        self.level.set(level);
        self.channels.level.publish(level);
        Ok(level + note.map_or(0.0, |note| note.len() as f64))
    }

    async fn burst(&self, _: &Call, count: u64) -> Result<()> {
        (1..=count).for_each(|number| self.channels.count.publish(number));
        Ok(())
    }

    async fn wait(&self, call: &Call, stubborn: bool) -> Result<()> {
        call.progress(0.5, "waiting");
        if stubborn {
            std::future::pending::<()>().await;
        }
        call.sleep(Duration::from_secs(3600)).await
    }

    async fn boom(&self, call: &Call) -> Result<()> {
        if self.config.panic_in == "limit" {
            call.clock().limit(Duration::from_millis(1), std::future::pending::<()>()).await?;
        }
        panic!("boom in a command")
    }
}

struct User {
    channels: user::Channels,
    device: device::Device,
    answers: RefCell<Vec<String>>,
}

impl HardwareObject for User {
    const KIND: &'static str = "test.user";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("device", device::NAME).at_least(2)]
    }

    fn new((): (), ctx: &ObjectContext) -> Result<Self> {
        let device = device::Device::bind(ctx, "device")?;
        Ok(Self { channels: user::Channels::new(ctx), device, answers: RefCell::default() })
    }

    fn answer(&self, ctx: &ObjectContext, question: &str, option: &str) {
        assert!(option != "boom", "boom in answer");
        self.answers.borrow_mut().push(format!("{question}={option}"));
        self.channels.caller.publish(self.answers.borrow().join(" "));
        ctx.withdraw(question);
    }
}

impl user::Serve for User {
    async fn read(&self, call: &Call, room: u64, last: u64, pause_ms: u64) -> Result<()> {
        let mut every = self.device.count().every(room as usize);
        let (mut seen, mut lost) = (Vec::new(), 0);
        call.progress(None, "ready");
        call.sleep(Duration::from_millis(pause_ms)).await?;
        while seen.last() != Some(&last) {
            match every.next().await {
                Ok(reading) => seen.push(reading.value),
                Err(lagged) => lost += lagged.0,
            }
        }
        self.channels.seen.publish(seen);
        self.channels.lost.publish(lost);
        Ok(())
    }

    async fn set(&self, call: &Call, level: f64) -> Result<f64> {
        self.channels.caller.publish(call.caller().to_string());
        self.device.set(level, Some("four".into())).await
    }

    async fn drop_wait(&self, call: &Call) -> Result<()> {
        let waiting = self.device.wait(false);
        call.sleep(Duration::from_millis(20)).await?;
        drop(waiting);
        Ok(())
    }

    async fn hold(&self, call: &Call, pause_ms: u64) -> Result<()> {
        let _held = call.reserve(&["device"], "centring in progress").await?;
        call.progress(None, "held");
        self.device.set(0.5, None).await?;
        call.sleep(Duration::from_millis(pause_ms)).await
    }

    async fn ask_person(&self, call: &Call) -> Result<()> {
        call.ask(Question {
            id: "sample".into(),
            text: "There is a sample on the goniometer.".into(),
            options: vec!["unload".into(), "cancel".into()],
            ..Question::default()
        });
        Ok(())
    }

    async fn boom_later(&self, call: &Call) -> Result<()> {
        call.sleep(Duration::from_millis(1)).await?;
        panic!("boom after a wait")
    }
}

plugin! { objects: [Device: device, User: user], bricks: [] }

fn device(host: &FakeHost) -> TestObject {
    let device = host.object("dev", "test.device").start();
    device.wait_live();
    device
}

fn user(host: &FakeHost) -> New<TestObject> {
    host.object("proc", "test.user").role("device", "dev")
}

fn error(outcome: Outcome) -> Error {
    outcome.into_result().expect_err("it did not finish")
}

#[test]
fn the_descriptor_says_what_was_declared() {
    let info = plugin().info().clone();
    assert_eq!(info.objects[0].serves, [("device".to_owned(), 2)]);
    let interface = &info.interfaces[0];
    assert_eq!(interface.help, "A device of these tests.");
    let extra = interface.channel("extra").expect("it was declared");
    assert_eq!((extra.optional, extra.period_secs), (true, Some(0.5)));
    let set = interface.command("set").expect("it was declared");
    assert_eq!(set.arguments[0].within.as_deref(), Some("limits"));
    assert_eq!(set.arguments[1].kind, "Option<String>");
    assert!(interface.command("boom").is_some_and(|command| command.always));
}

#[test]
fn a_typed_client_reaches_a_typed_server() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let user = user(&host).start();
    assert_eq!(user.call("user", "set", fields! { level: 0.25 }), Outcome::Finished(Value::Float(4.25)));
    assert_eq!(device.value::<f64>("level"), 0.25);
    assert_eq!(user.value::<String>("caller"), "test");
    assert_eq!(host.calls(), ["dev.set(level: 0.25, note: \"four\")"]);
}

#[test]
fn limits_are_checked_before_the_object_hears_of_it() {
    let host = FakeHost::new(plugin());
    let lost = host.object("dev", "test.device").config(fields! { fail_runs: 1000 }).start();
    let unknown = error(lost.call("device", "set", fields! { level: 0.0 }));
    assert_eq!(unknown, Error::refused("its limits are not known, so it is not moved"));
    lost.stop();
    let device = device(&host);
    let outside = error(device.call("device", "set", fields! { level: 1.5 }));
    assert_eq!(outside, Error::refused("1.5 is above the limit 1 mm"));
}

#[test]
fn what_is_wrong_with_a_call_is_said() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let message = |interface, command, arguments| error(device.call(interface, command, arguments)).message;
    assert!(message("device", "burst", fields! { count: "many" }).contains("\"count\""));
    assert!(message("device", "no_such", fields! {}).contains("no_such"));
    assert!(message("motor", "stop", fields! {}).contains("does not serve \"motor\""));
    assert!(message("device", "extra_work", fields! {}).contains("extra_work"));
}

#[test]
fn an_object_that_cannot_connect_tries_again_until_it_can() {
    let host = FakeHost::with_time_scale(plugin(), 20.0);
    let device = host.object("dev", "test.device").config(fields! { fail_runs: 3 }).start();
    let status = device.wait_status("lost", |status| !status.last_error.is_empty());
    assert_eq!(status.last_error, "nobody answers");
    device.wait_live();
}

#[test]
fn a_panic_is_reported_with_its_place_and_the_others_live_on() {
    let host = FakeHost::new(plugin());
    let config = |place: &str| fields! { panic_in: place };
    let failure = host.object("new", "test.device").config(config("new")).try_start().err().expect("it panics");
    assert_eq!(failure.message, "boom in new");
    assert!(failure.place.contains("objects.rs:"), "{}", failure.place);

    let run = host.object("run", "test.device").config(config("run")).start();
    assert_eq!(run.take_panic().message, "boom in run");
    assert_eq!(run.status().link, Link::Fault);

    let drops = host.object("drop", "test.device").config(config("drop")).start();
    drops.wait_live();
    drops.stop();
    assert_eq!(host.take_panic("drop").message, "boom in drop");

    let saves = host.object("save", "test.device").config(config("save")).start();
    saves.wait_live();
    assert_eq!(saves.stop(), State::none());
    assert_eq!(host.take_panic("save").message, "boom in save");

    let device = device(&host);
    let ended = error(device.call("device", "boom", fields! {}));
    assert!(ended.message.contains("boom in a command"), "{ended}");
    assert_eq!(device.take_panic().message, "boom in a command");

    let user = user(&host).start();
    error(user.call("user", "boom_later", fields! {}));
    assert_eq!(user.take_panic().message, "boom after a wait");
    user.answer("sample", "boom");
    assert_eq!(user.take_panic().message, "boom in answer");
    assert_eq!(device.call("device", "set", fields! { level: 0.0 }), Outcome::Finished(Value::Float(0.0)));
}

#[test]
fn a_panic_in_foreign_code_and_a_timeout_carry_the_place_of_the_author() {
    let host = FakeHost::new(plugin());
    let config = |place: &str| fields! { panic_in: place };
    let failure = host.object("new", "test.device").config(config("elsewhere")).try_start().err().expect("it panics");
    assert!(failure.place.contains("tests/objects.rs:"), "{}", failure.place);
    let device = host.object("dev", "test.device").config(config("limit")).start();
    device.wait_live();
    let ended = error(device.call("device", "boom", fields! {}));
    assert!(ended.message.contains("no answer within"), "{ended}");
    assert!(ended.place.contains("tests/objects.rs:"), "{}", ended.place);
}

#[test]
fn an_object_that_cannot_be_says_why() {
    let host = FakeHost::new(plugin());
    let refused = host.object("dev", "test.device").config(fields! { panic_in: "refuse" }).try_start();
    assert_eq!(refused.err().expect("it refuses").message, "it cannot be");
    let open = host.object("proc", "test.user").try_start();
    assert_eq!(open.err().expect("its role is open").message, "the role \"device\" names no object");
    let misspelt = host.object("dev", "test.device").config(fields! { fail_run: 1 }).try_start();
    assert!(misspelt.err().expect("a field is misspelt").message.contains("`fail_runs`"));
}

#[test]
fn an_abort_ends_a_call_at_once_and_a_stubborn_one_within_its_limit() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let polite = device.begin("device", "wait", fields! { stubborn: false });
    let stubborn = device.begin("device", "wait", fields! { stubborn: true });
    assert!(!polite.is_over());
    let begun = Instant::now();
    polite.abort();
    stubborn.abort();
    assert_eq!(error(polite.wait()).kind, ErrorKind::Aborted);
    assert!(!stubborn.is_over());
    assert_eq!(error(stubborn.wait()).kind, ErrorKind::Aborted);
    assert!(begun.elapsed() >= Duration::from_secs(2));
    assert_eq!(polite.progress(), [(Some(0.5), "waiting".to_owned())]);
}

#[test]
fn a_command_that_an_object_drops_is_aborted() {
    let host = FakeHost::new(plugin());
    let _device = device(&host);
    let user = user(&host).start();
    assert!(user.call("user", "drop_wait", fields! {}).into_result().is_ok());
    host.wait_for("the abort", |host| host.calls().iter().any(|call| call == "abort dev.wait(stubborn: false)"));
}

#[test]
fn an_ordered_subscriber_gets_every_value_in_order() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let user = user(&host).start();
    let reading = user.begin("user", "read", fields! { room: 10_000, last: 2_000, pause_ms: 0 });
    host.wait_for("the subscription", |_| !reading.progress().is_empty());
    device.call("device", "burst", fields! { count: 2_000 });
    assert!(reading.wait().into_result().is_ok());
    assert_eq!(user.value::<u64>("lost"), 0);
    assert_eq!(user.value::<Vec<u64>>("seen"), (1..=2_000).collect::<Vec<_>>());
}

#[test]
fn an_ordered_subscriber_that_is_too_slow_hears_how_much_it_lost() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let user = user(&host).start();
    let reading = user.begin("user", "read", fields! { room: 10, last: 100, pause_ms: 200 });
    host.wait_for("the subscription", |_| !reading.progress().is_empty());
    device.call("device", "burst", fields! { count: 100 });
    assert!(reading.wait().into_result().is_ok());
    assert_eq!(user.value::<u64>("lost"), 90);
    assert_eq!(user.value::<Vec<u64>>("seen"), (91..=100).collect::<Vec<_>>());
}

#[test]
fn what_is_reserved_obeys_its_holder_alone_until_it_is_given_back() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    let user = user(&host).start();
    let held = user.begin("user", "hold", fields! { pause_ms: 60_000 });
    host.wait_for("the reservation", |_| !held.progress().is_empty());
    let refused = error(device.call("device", "set", fields! { level: 0.1 }));
    assert_eq!(refused, Error::refused("centring in progress"));
    let second = error(user.call("user", "hold", fields! { pause_ms: 0 }));
    assert_eq!(second.kind, ErrorKind::Refused);
    device.wait_value("level", |level: &f64| *level == 0.5);
    held.abort();
    assert_eq!(error(held.wait()).kind, ErrorKind::Aborted);
    assert!(device.call("device", "set", fields! { level: 0.1 }).into_result().is_ok());
}

#[test]
fn a_question_waits_for_a_person() {
    let host = FakeHost::new(plugin());
    let user = user(&host).start();
    user.call("user", "ask_person", fields! {});
    let status = user.wait_status("asking", |status| !status.questions.is_empty());
    assert_eq!(status.questions[0].options, ["unload", "cancel"]);
    user.answer("sample", "unload");
    user.wait_value("caller", |text: &String| text == "sample=unload");
    user.wait_status("content", |status| status.questions.is_empty());
}

#[test]
fn state_of_another_schema_is_refused_with_the_reason() {
    let host = FakeHost::new(plugin());
    let state = State::new("device 0", &1.0);
    let device = host.object("dev", "test.device").state(state).start();
    let Restored::Refused(why) = device.restored() else { panic!("it was restored") };
    assert_eq!(why, "it was saved as \"device 0\", this is \"device 1\"");
}

#[test]
fn a_reloaded_object_goes_on_with_its_state_and_its_old_calls_end() {
    let host = FakeHost::new(plugin());
    let device = device(&host);
    device.call("device", "set", fields! { level: 0.75 });
    let waiting = device.begin("device", "wait", fields! { stubborn: true });
    let device = device.reload();
    assert_eq!(error(waiting.wait()).kind, ErrorKind::Aborted);
    assert_eq!(device.restored(), &Restored::Complete);
    assert_eq!(device.wait_value("level", |level: &f64| *level == 0.75), 0.75);
}

#[test]
fn a_caller_is_named() {
    assert_eq!(Caller::Person { name: "anna".into(), brick: "motors".into() }.to_string(), "anna");
    #[derive(Serialize)]
    struct Nothing {}
    assert_eq!(brickwork_sdk::to_value(&Nothing {}), Ok(Value::map::<&str>([])));
}
