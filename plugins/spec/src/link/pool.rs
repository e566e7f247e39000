//! The connections of this library, by address. `Connection::to` asks it; objects never do.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use brickwork_sdk::Clock;
use brickwork_spec_protocol::Dialect;
use tokio::sync::{Notify, watch};

use super::trouble::{Cause, wall_time};
use super::{Connection, Handle, LinkState, Shared, Trouble, driver};
use crate::address::Address;

thread_local! {
    /// All objects of a library are on one thread.
    static POOL: RefCell<HashMap<Address, Weak<Handle>>> = RefCell::default();
}

/// The connection to this address: one that lives, else a new one.
pub fn get(address: &Address, clock: Clock) -> Connection {
    POOL.with_borrow_mut(|pool| {
        pool.retain(|_, handle| handle.strong_count() > 0);
        let living = pool.get(address).and_then(Weak::upgrade).filter(|handle| !handle.shared.dead.get());
        let handle = living.unwrap_or_else(|| {
            let handle = open(address, clock);
            pool.insert(address.clone(), Rc::downgrade(&handle));
            handle
        });
        Connection { handle }
    })
}

fn open(address: &Address, clock: Clock) -> Rc<Handle> {
    let begins = Trouble::new(address, &wall_time(), &Cause::Begins);
    let shared = Rc::new(Shared {
        address: address.clone(),
        clock,
        state: watch::Sender::new(LinkState::Down(begins)),
        dialect: Cell::new(Dialect::default()),
        generation: Cell::new(0),
        outgoing: Default::default(),
        requests: Default::default(),
        registry: Default::default(),
        starts: Default::default(),
        aborts: watch::Sender::new(0),
        wake: Notify::new(),
        closing: Cell::new(false),
        dead: Cell::new(false),
    });
    tokio::task::spawn_local(driver::drive(shared.clone()));
    Rc::new(Handle { shared })
}
