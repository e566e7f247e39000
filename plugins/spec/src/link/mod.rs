//! Connections to spec servers: one for each address, shared by every object of this library that names it. Objects
//! read, set, follow and call through a [`Connection`]; a task of its own, the [`driver`], holds the socket, so that it
//! survives whatever happens to one object and ends with its last user.

mod command;
mod dial;
mod driver;
mod outgoing;
mod pool;
mod registry;
mod requests;
mod starts;
mod trouble;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use brickwork_sdk::{Clock, Error, Result};
use brickwork_spec_protocol::{Call, Command, Data, Dialect, MotorProperty, Packet, Property, Status};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use crate::address::Address;
use outgoing::Outgoing;
pub use registry::{Dispatch, Seen};
use registry::{Queue, Registry};
use requests::{Requests, Waiting};
use starts::Starts;
pub use trouble::Trouble;

/// How long spec may take to answer what costs it nothing: to read a property.
pub const READ_LIMIT: Duration = Duration::from_secs(5);

/// The form in which a function and its arguments travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CallForm {
    /// With a NUL between the parts, as spec itself wants it.
    #[default]
    Nul,
    /// As source text, `add(2, 3)`: for servers that are not spec and take nothing else.
    Text,
}

/// Whether there is a spec to talk to.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkState {
    /// There is none, and it is tried again.
    Down(Trouble),
    /// It is connected and has said nothing for a while; what was asked still waits.
    Silent(Trouble),
    /// It answers.
    Up(Peer),
}

/// The spec at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The name that it says it has; some servers have none.
    pub name: String,
    /// Counts the connections: another number is another connection.
    pub generation: u64,
}

/// What the driver and its users share.
struct Shared {
    address: Address,
    clock: Clock,
    state: watch::Sender<LinkState>,
    dialect: Cell<Dialect>,
    generation: Cell<u64>,
    outgoing: Outgoing,
    requests: Requests,
    registry: Registry,
    starts: Starts,
    /// Counts the aborts that were sent from here.
    aborts: watch::Sender<u64>,
    /// Wakes the driver: there is something to send, or to end.
    wake: Notify,
    closing: Cell<bool>,
    /// The driver has ended, be it by a mistake of its own: this connection will never be up again.
    dead: Cell<bool>,
}

/// What ends when the last user lets go of it.
struct Handle {
    shared: Rc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.closing.set(true);
        self.shared.wake.notify_one();
    }
}

/// A connection to one spec. Clones are the same connection.
#[derive(Clone)]
pub struct Connection {
    handle: Rc<Handle>,
}

/// Properties that are followed until this is dropped, also over the loss of the link: they are registered again.
///
/// spec does not answer for a property that it does not have, so nothing may ever come.
pub struct Watch {
    connection: Connection,
    wires: Vec<String>,
    queue: Rc<Queue>,
}

impl Watch {
    /// The next event. May be dropped before it came without losing one.
    pub async fn next(&self) -> Seen {
        self.queue.next().await
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let shared = &self.connection.handle.shared;
        for wire in &self.wires {
            if let Some(wire) = shared.registry.remove(wire, &self.queue)
                && shared.is_connected()
            {
                // A queue that is full: events of it fall to the ground, which does no harm.
                let _ = shared.send(Packet::new(Command::Unregister, 0, &wire, Data::Empty));
            }
        }
    }
}

impl Shared {
    fn is_connected(&self) -> bool {
        !matches!(&*self.state.borrow(), LinkState::Down(_))
    }

    fn send(&self, packet: Packet) -> Result<()> {
        self.outgoing.push(packet, self.dialect.get())?;
        self.wake.notify_one();
        Ok(())
    }

    /// The state, told to who follows it only when it is another one.
    fn say(&self, state: LinkState) {
        self.state.send_if_modified(|old| {
            let is_new = *old != state;
            *old = state;
            is_new
        });
    }
}

impl Connection {
    /// The connection to this address: that of the others who use it, or a new one.
    pub fn to(address: &Address, clock: Clock) -> Self {
        pool::get(address, clock)
    }

    /// Whether there is a spec to talk to, and each change of that.
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.handle.shared.state.subscribe()
    }

    /// Whether it will never be up again, through a mistake of this plugin: another one is to be asked for.
    pub fn is_dead(&self) -> bool {
        self.shared().dead.get()
    }

    fn shared(&self) -> &Shared {
        &self.handle.shared
    }

    fn check(&self) -> Result<()> {
        match &*self.shared().state.borrow() {
            LinkState::Down(trouble) => Err(trouble.to_error()),
            _ => Ok(()),
        }
    }

    fn send(&self, packet: Packet) -> Result<()> {
        self.check()?;
        self.shared().send(packet)
    }

    /// Follows properties by the names that are sent. Registering what is there brings its value at once.
    pub fn watch_names(&self, properties: impl IntoIterator<Item = (String, Dispatch)>) -> Watch {
        let (queue, mut wires) = (Rc::<Queue>::default(), Vec::new());
        let shared = self.shared();
        for (which, (wire, dispatch)) in properties.into_iter().enumerate() {
            if shared.registry.add(&wire, &queue, which, dispatch) && shared.is_connected() {
                let sent = shared.send(Packet::new(Command::Register, 0, &wire, Data::Empty));
                if let Err(error) = sent {
                    tracing::warn!("{wire} is not registered: {error}");
                }
            }
            wires.push(wire);
        }
        Watch { connection: self.clone(), wires, queue }
    }

    /// Follows properties.
    pub fn watch(&self, properties: impl IntoIterator<Item = (Property, Dispatch)>) -> Watch {
        self.watch_names(properties.into_iter().map(|(property, dispatch)| (property.to_string(), dispatch)))
    }

    /// Asks for the value of a property, by the name that is sent.
    ///
    /// # Errors
    /// spec has none, and says why; or it does not answer in time.
    pub async fn read_name(&self, name: &str) -> Result<Data> {
        let make = |serial| Packet::new(Command::ChanRead, serial, name, Data::Empty);
        self.request(make, &format!("reading {name}"), READ_LIMIT).await
    }

    /// Asks for the value of a property.
    ///
    /// # Errors
    /// As [`Self::read_name`].
    pub async fn read(&self, property: &Property) -> Result<Data> {
        self.read_name(&property.to_string()).await
    }

    async fn request(&self, make: impl FnOnce(u32) -> Packet, what: &str, limit: Duration) -> Result<Data> {
        self.check()?;
        let mut waiting = self.shared().requests.add();
        self.send(make(waiting.serial))?;
        let reply = self.shared().clock.limit(limit, waiting.reply()).await;
        let late = |_| Error::failed(format!("spec did not answer to {what} within {} s", limit.as_secs_f64()));
        value(reply.map_err(late)??, what)
    }

    /// Sets a property, by the name that is sent, and finishes when spec has taken or refused it; with its value then.
    ///
    /// spec replies only to refuse, so a read follows: packets are worked through in their order.
    ///
    /// # Errors
    /// What spec says against it, that it cannot be read again, or that spec does not answer.
    pub async fn write_name(&self, name: &str, value: Data) -> Result<Data> {
        self.check()?;
        let what = format!("setting {name}");
        let mut refusal = self.shared().requests.add();
        self.send(Packet::new(Command::ChanSend, refusal.serial, name, value))?;
        tokio::select! {
            biased;
            reply = refusal.reply() => self::value(reply?, &what),
            read = self.read_name(name) => read,
        }
    }

    /// Sets a property that cannot be read again, by the name that is sent; finishes when spec has worked through it.
    ///
    /// # Errors
    /// What spec says against it, or that it does not answer.
    pub async fn order(&self, property: &Property, value: Data) -> Result<()> {
        let name = property.to_string();
        self.check()?;
        let mut refusal = self.shared().requests.add();
        self.send(Packet::new(Command::ChanSend, refusal.serial, &name, value))?;
        let mut barrier = self.shared().requests.add();
        // Any answer will do: packets are worked through in their order.
        self.send(Packet::read(barrier.serial, &Property::Status(Status::Ready)))?;
        let done = async {
            tokio::select! {
                biased;
                reply = refusal.reply() => self::value(reply?, &format!("setting {name}")).map(|_| ()),
                reply = barrier.reply() => reply.map(|_| ()),
            }
        };
        let late =
            |_| Error::failed(format!("spec did not answer to setting {name} within {} s", READ_LIMIT.as_secs()));
        self.shared().clock.limit(READ_LIMIT, done).await.map_err(late)?
    }

    /// Sends a property without waiting for anything.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn post(&self, property: &Property, value: Data) -> Result<()> {
        self.send(Packet::write(property, value))
    }

    /// Sends `^C`: it ends whatever spec does, whoever asked for it. Calls and commands that wait here end as aborted.
    ///
    /// # Errors
    /// There is no spec to send it to.
    pub fn abort(&self) -> Result<()> {
        self.shared().starts.clear();
        self.send(Packet::abort())?;
        self.shared().aborts.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Calls a function of spec and waits for its result, for ever unless there is a limit.
    ///
    /// # Errors
    /// spec says why not, the link is lost, it was aborted, or it took too long.
    pub async fn call(&self, call: &Call, form: CallForm, limit: Option<Duration>) -> Result<Data> {
        let data = match form {
            CallForm::Nul => call.to_data(),
            CallForm::Text => Data::text(call.to_source()),
        };
        let make = |serial| Packet::new(Command::FuncWithReturn, serial, "", data);
        self.execute(make, &format!("the call of {}", call.function), limit).await
    }

    /// Has spec execute a command as if it was typed, and waits for its result, for ever unless there is a limit.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn command(&self, command: &str, limit: Option<Duration>) -> Result<Data> {
        let make = |serial| Packet::command_with_return(serial, command);
        self.execute(make, &format!("the command {command:?}"), limit).await
    }

    /// Starts a motor on its way to a user position, together with all that are started at the same time. Finishes when
    /// that was sent; what is awaited of the answer is why it is refused, if it is.
    ///
    /// # Errors
    /// There is no spec to send it to, or it was aborted before it was sent.
    pub async fn start_motor(&self, mnemonic: &str, position: f64) -> Result<Refusal<'_>> {
        self.check()?;
        starts::start(&self.handle, mnemonic, position).await
    }

    /// Where a motor is, asked now.
    ///
    /// # Errors
    /// As [`Self::read`], or what it says is no number.
    pub async fn motor_number(&self, mnemonic: &str, property: MotorProperty) -> Result<f64> {
        let data = self.read(&Property::motor(mnemonic, property)).await?;
        data.to_number().map_err(|error| Error::failed(format!("motor {mnemonic}: {}: {error}", property.name())))
    }
}

/// A start that spec may still refuse.
pub struct Refusal<'a> {
    waiting: Waiting<'a>,
    what: String,
}

impl Refusal<'_> {
    /// Why it was refused, or that the link is lost. It does not end when it is not refused.
    pub async fn refused(&mut self) -> Error {
        match self.waiting.reply().await.and_then(|reply| value(reply, &self.what)) {
            Err(error) => error,
            // A reply that refuses nothing: no spec sends one.
            Ok(_) => std::future::pending().await,
        }
    }
}

/// The value of a reply, or what spec said instead.
fn value(reply: Packet, what: &str) -> Result<Data> {
    match reply.failure() {
        Some(text) => Err(Error::failed(format!("spec refused {what}: {}", text.trim()))),
        None => Ok(reply.data),
    }
}
