//! The life of a command: asked, checked, begun, ended exactly once.
//!
//! Limits are checked here, whatever the brick did. `always` commands pass every check. Whoever asked
//! hears one outcome, also when the object, its plugin or the asker dies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_link::{CallInfo, ToShell, too_old, uptime_ns};
use brickwork_sdk::interface::{CommandInfo, WhileBusy};
use brickwork_sdk::interfaces::refusal;
use brickwork_sdk::protocol::{Caller, ObjectRequest, Outcome};
use brickwork_sdk::status::Link;
use brickwork_sdk::{Error, ErrorKind, Value};

use super::Core;
use crate::outbox::Outbox;

/// The interface that every object has without serving it.
const BUILT_IN: &str = "object";
/// Its command that ends what holds up a reload.
pub(super) const RELOAD: &str = "reload";
/// Commands that may wait for one object.
const MAX_QUEUED: usize = 64;
/// Commands that may be under way for one shell.
const MAX_OF_SHELL: usize = 256;
/// How long an aborted command may take before it is given up; the sdk's own limit is shorter.
const ABORT_LIMIT: Duration = Duration::from_secs(4);

/// Who hears the outcome.
pub enum Origin {
    /// A shell, under its own name for the call.
    Shell {
        /// The shell.
        outbox: Arc<Outbox>,
        /// Its name for the call.
        id: u64,
    },
    /// An object, under its token.
    Object {
        /// The object.
        name: String,
        /// Its life.
        instance: u64,
        /// Names the reply; 0 when none is wanted.
        token: u64,
    },
    /// Nobody: `abort_all`.
    Nobody,
}

/// What is asked for.
pub struct Wish {
    /// The object.
    pub object: String,
    /// The interface.
    pub interface: String,
    /// The command.
    pub command: String,
    /// The arguments by name.
    pub arguments: Value,
    /// Who asks.
    pub caller: Caller,
    /// When, by the clock of the machine: what was held up on its way is not begun late.
    pub given_ns: u64,
}

pub(super) struct ActiveCall {
    origin: Origin,
    wish: Wish,
    since_ns: u64,
    pub begun: bool,
    always: bool,
    aborted: Option<Instant>,
    fraction: Option<f64>,
    message: String,
}

impl ActiveCall {
    pub fn info(&self, call: u64) -> CallInfo {
        CallInfo {
            call,
            object: self.wish.object.clone(),
            command: self.wish.command.clone(),
            caller: self.wish.caller.to_string(),
            since_ns: self.since_ns,
            fraction: self.fraction,
            message: self.message.clone(),
        }
    }
}

impl Core {
    /// Somebody asks for a command.
    pub fn call(&mut self, origin: Origin, wish: Wish) {
        if wish.interface == BUILT_IN {
            let outcome = Outcome::from(is_fresh(&wish).and_then(|()| self.built_in(&wish)));
            say_end(&wish, &outcome);
            return self.tell(origin, outcome);
        }
        let id = self.next_call;
        self.next_call += 1;
        let checked = self.check(&wish).and_then(|command| self.has_room(&origin, command));
        let (always, while_busy) = match &checked {
            Ok(command) => (command.always, command.while_busy),
            Err(_) => (true, WhileBusy::Refuse),
        };
        let since_ns = self.bus.clock().now_ns();
        let object = wish.object.clone();
        let call = ActiveCall {
            origin,
            wish,
            since_ns,
            begun: false,
            always,
            aborted: None,
            fraction: None,
            message: String::new(),
        };
        self.calls.insert(id, call);
        if let Err(refusal) = checked {
            self.end(id, Outcome::Ended(refusal));
        } else if always {
            self.begin(id);
        } else {
            self.enter(id, &object, while_busy);
        }
    }

    /// One shell holds only so many commands at a time; a stop is never counted.
    fn has_room(&self, origin: &Origin, command: CommandInfo) -> Result<CommandInfo, Error> {
        let Origin::Shell { outbox: asker, .. } = origin else { return Ok(command) };
        let is_of =
            |call: &&ActiveCall| matches!(&call.origin, Origin::Shell { outbox, .. } if Arc::ptr_eq(outbox, asker));
        if command.always || self.calls.values().filter(is_of).count() < MAX_OF_SHELL {
            return Ok(command);
        }
        Err(Error::refused(format!("{MAX_OF_SHELL} commands of this window are under way: wait for some to end")))
    }

    /// The command, if it may be begun as far as anything but a busy object says.
    fn check(&self, wish: &Wish) -> Result<CommandInfo, Error> {
        let name = &wish.object;
        let object = self.objects.get(name).ok_or_else(|| Error::refused(format!("there is no object {name:?}")))?;
        let command = self.catalogue.command(&object.spec.kind, &wish.interface, &wish.command).ok_or_else(|| {
            Error::refused(format!("{name} has no command {} of the interface {}", wish.command, wish.interface))
        })?;
        let command = command.clone();
        if !object.is_running() {
            return Err(Error::refused(format!("{name} is not running: {}", object.why_not())));
        }
        if command.always {
            return Ok(command);
        }
        is_fresh(wish)?;
        if object.status.link != Link::Live {
            return Err(Error::refused(format!("{name} is {}", object.why_not())));
        }
        if let Some(refusal) = self.reserved_against(name, &wish.caller) {
            return Err(Error::refused(refusal));
        }
        let interface = self.catalogue.interface(&object.spec.kind, &wish.interface);
        let latest = |channel: &str| self.bus.latest(name, channel);
        match interface.and_then(|interface| refusal(interface, &command, &wish.arguments, latest)) {
            Some(why) => Err(Error::refused(format!("{name}: {why}"))),
            None => Ok(command),
        }
    }

    /// Begins a call, or lets it wait, or refuses it, as the object's present command allows.
    fn enter(&mut self, id: u64, object: &str, while_busy: WhileBusy) {
        let Some(active) = self.active(object) else { return self.begin(id) };
        match while_busy {
            WhileBusy::Refuse => {
                let other = &self.calls[&active];
                let refusal = format!("{object} is busy with {} for {}", other.wish.command, other.wish.caller);
                self.end(id, Outcome::Ended(Error::refused(refusal)));
            }
            WhileBusy::Queue => {
                if self.waiting(object).count() > MAX_QUEUED {
                    self.end(id, Outcome::Ended(Error::refused(format!("too many commands wait for {object}"))));
                }
            }
            WhileBusy::Replace => {
                let waiting: Vec<u64> = self.waiting(object).filter(|other| *other != id).collect();
                for other in waiting {
                    self.end(other, Outcome::Ended(Error::aborted()));
                }
                self.abort(active);
            }
        }
    }

    /// The command that keeps the object busy.
    fn active(&self, object: &str) -> Option<u64> {
        let busy = |call: &ActiveCall| call.begun && !call.always && call.wish.object == object;
        self.calls.iter().find(|(_, call)| busy(call)).map(|(id, _)| *id)
    }

    fn waiting<'a>(&'a self, object: &'a str) -> impl Iterator<Item = u64> + 'a {
        self.calls.iter().filter(move |(_, call)| !call.begun && call.wish.object == object).map(|(id, _)| *id)
    }

    /// Whether any command is under way on the object, or by it.
    pub(super) fn in_use(&self, object: &str) -> bool {
        self.calls.values().any(|call| call.begun && call.wish.object == object) || self.is_reserved(object)
    }

    fn begin(&mut self, id: u64) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.begun = true;
        let request = ObjectRequest::Command {
            call: id,
            interface: call.wish.interface.clone(),
            command: call.wish.command.clone(),
            arguments: call.wish.arguments.clone(),
            caller: call.wish.caller.clone(),
            begun_ns: if call.always { 0 } else { self.bus.clock().now_ns() },
        };
        let Wish { object, command, caller, .. } = &call.wish;
        tracing::info!(object, %caller, "{command} begun");
        self.running_changed = true;
        if let Some(instance) = self.objects.get(object).map(|object| object.instance) {
            self.send(instance, &request);
        }
    }

    pub(super) fn progress(&mut self, id: u64, fraction: Option<f64>, message: String) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.fraction = fraction;
            call.message = message;
            self.running_changed = true;
        }
    }

    /// The end of a call; a second one is not heard.
    pub(super) fn end(&mut self, id: u64, outcome: Outcome) {
        let Some(call) = self.calls.remove(&id) else { return };
        let ActiveCall { origin, wish, begun, .. } = call;
        say_end(&wish, &outcome);
        self.tell(origin, outcome);
        if begun {
            self.running_changed = true;
            if let Some(object) = self.objects.get_mut(&wish.object) {
                object.save_due.soon();
            }
            self.next(&wish.object);
        }
    }

    fn tell(&self, origin: Origin, outcome: Outcome) {
        match origin {
            Origin::Shell { outbox, id } => outbox.push(ToShell::CallEnd { id, outcome }),
            Origin::Object { instance, token, .. } if token != 0 => {
                self.send(instance, &ObjectRequest::Reply { token, outcome });
            }
            Origin::Object { .. } | Origin::Nobody => {}
        }
    }

    /// The commands that the engine itself answers for every object, whatever state it is in.
    fn built_in(&mut self, wish: &Wish) -> Result<Value, Error> {
        match wish.command.as_str() {
            "restart" => self.restart(&wish.object, &wish.caller).map(|()| Value::Null),
            RELOAD => self.hurry(&wish.object, &wish.caller).map(|()| Value::Null),
            other => Err(Error::refused(format!(
                "the interface {BUILT_IN} has no command {other:?}: it has `restart` and `{RELOAD}`"
            ))),
        }
    }

    /// A person will not wait until what holds up a reload has ended by itself: it is aborted, in good order.
    fn hurry(&mut self, name: &str, caller: &Caller) -> Result<(), Error> {
        if !self.objects.get(name).is_some_and(|object| object.waits_for_reload) {
            return Err(Error::refused(format!("no reload of {name} is waiting")));
        }
        tracing::warn!(object = name, %caller, "abort and reload");
        let holders = self.holders_of(name);
        let holds_up = |call: &ActiveCall| call.wish.object == name || holders.contains(&call.wish.object);
        let calls: Vec<u64> = self.calls.iter().filter(|(_, call)| holds_up(call)).map(|(id, _)| *id).collect();
        for id in calls {
            self.abort(id);
        }
        Ok(())
    }

    /// The object has a command less: the next that waits begins, or a reload that waited.
    fn next(&mut self, object: &str) {
        self.refuse_after_standstill();
        if self.active(object).is_none() {
            let next = self.waiting(object).next();
            match next {
                Some(next) => self.begin(next),
                None => self.reload_if_due(object),
            }
        }
    }

    /// Somebody wants a call to end early.
    pub fn abort(&mut self, id: u64) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if !call.begun {
            return self.end(id, Outcome::Ended(Error::aborted()));
        }
        call.aborted.get_or_insert_with(Instant::now);
        if let Some(instance) = self.objects.get(&call.wish.object).map(|object| object.instance) {
            self.send(instance, &ObjectRequest::Abort(id));
        }
    }

    /// Somebody wants whatever was begun at a brick to end.
    pub fn abort_brick(&mut self, brick: &str) {
        let is_of = |call: &ActiveCall| matches!(&call.wish.caller, Caller::Person { brick: of, .. } if of == brick);
        let found: Vec<u64> = self.calls.iter().filter(|(_, call)| is_of(call)).map(|(id, _)| *id).collect();
        for id in found {
            self.abort(id);
        }
    }

    pub(super) fn abort_of(&mut self, instance: u64, token: u64) {
        let asked = |origin: &Origin| matches!(origin, Origin::Object { instance: i, token: t, .. } if (*i, *t) == (instance, token));
        let found: Vec<u64> = self.calls.iter().filter(|(_, c)| asked(&c.origin)).map(|(id, _)| *id).collect();
        for id in found {
            self.abort(id);
        }
    }

    /// Ends every command and calls every stop, all at once.
    pub fn abort_all(&mut self, caller: &Caller) {
        tracing::warn!(%caller, "abort all");
        let calls: Vec<u64> = self.calls.keys().copied().collect();
        for id in calls {
            self.abort(id);
        }
        let stops: Vec<Wish> = self
            .objects
            .iter()
            .flat_map(|(name, object)| {
                self.catalogue.stops(&object.spec.kind).into_iter().map(|(interface, command)| Wish {
                    object: name.clone(),
                    interface,
                    command,
                    arguments: Value::map::<&str>([]),
                    caller: caller.clone(),
                    given_ns: uptime_ns(),
                })
            })
            .collect();
        for wish in stops {
            self.call(Origin::Nobody, wish);
        }
    }

    /// The object's present life is over: every call on it has its end.
    pub(super) fn end_calls_on(&mut self, object: &str, why: &str) {
        let calls: Vec<u64> = self.calls.iter().filter(|(_, c)| c.wish.object == object).map(|(id, _)| *id).collect();
        for id in calls {
            self.end(id, Outcome::Ended(Error::failed(format!("{object}: {why}"))));
        }
    }

    /// Commands that waited behind another while the engine itself stood still are not begun: nobody expects them now.
    fn refuse_after_standstill(&mut self) {
        let Some(why) = too_old(self.turned_ns, uptime_ns()) else { return };
        self.turned_ns = uptime_ns();
        let waiting: Vec<u64> = self.calls.iter().filter(|(_, call)| !call.begun).map(|(id, _)| *id).collect();
        for id in waiting {
            self.end(id, Outcome::Ended(Error::refused(format!("it waited, and the engine stood still: {why}"))));
        }
    }

    pub(super) fn tick_calls(&mut self) {
        self.refuse_after_standstill();
        self.turned_ns = uptime_ns();
        let overdue = |call: &ActiveCall| call.aborted.is_some_and(|since| since.elapsed() > ABORT_LIMIT);
        let late: Vec<(u64, String)> =
            self.calls.iter().filter(|(_, c)| overdue(c)).map(|(id, c)| (*id, c.wish.object.clone())).collect();
        for (id, object) in late {
            let text = format!("{object} did not answer the abort within {} s: check it by eye", ABORT_LIMIT.as_secs());
            self.end(id, Outcome::Ended(Error::failed(text)));
        }
    }
}

/// Refuses what was given too long ago.
fn is_fresh(wish: &Wish) -> Result<(), Error> {
    let Some(why) = too_old(wish.given_ns, uptime_ns()) else { return Ok(()) };
    Err(Error::refused(format!("{} of {} is not begun: {why}", wish.command, wish.object)))
}

/// The line of the log for the end of a command.
fn say_end(wish: &Wish, outcome: &Outcome) {
    let Wish { object, command, caller, .. } = wish;
    let word = outcome.word();
    match outcome {
        Outcome::Finished(_) => tracing::info!(object, %caller, "{command} {word}"),
        Outcome::Ended(Error { kind: ErrorKind::Aborted, message, .. }) => {
            tracing::info!(object, %caller, "{command} {word}: {message}");
        }
        Outcome::Ended(Error { message, causes, remedy, place, .. }) => {
            let causes = causes.join("\n");
            tracing::warn!(object, %caller, causes, remedy, place, "{command} {word}: {message}");
        }
    }
}
