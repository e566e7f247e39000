//! Connections to spec servers: one for each address, shared by every object of this library that names it. Objects
//! read, set, follow and call through a [`Connection`]; a task of its own, the [`driver`], holds the socket, so that it
//! survives whatever happens to one object and ends with its last user.

mod asking;
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

use brickwork_sdk::{Clock, Result};
use brickwork_spec_protocol::{Command, Data, Dialect, Packet};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use crate::address::Address;
use outgoing::Outgoing;
pub use registry::{Dispatch, Seen};
use registry::{Queue, Registry};
use requests::Requests;
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
}
