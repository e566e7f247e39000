//! The requests that wait for their reply, by serial number. Connections add them, the driver settles them; each is
//! settled at most once, and forgotten when nobody waits any more.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use brickwork_sdk::{Error, Result};
use brickwork_spec_protocol::Packet;
use tokio::sync::oneshot;

/// The requests that wait.
#[derive(Default)]
pub struct Requests {
    last: Cell<u32>,
    waiting: RefCell<HashMap<u32, oneshot::Sender<Result<Packet>>>>,
}

/// A request that waits. Dropped, it is forgotten, and a late reply falls to the ground.
pub struct Waiting<'a> {
    /// The number that the reply will have.
    pub serial: u32,
    receiver: oneshot::Receiver<Result<Packet>>,
    requests: &'a Requests,
}

impl Requests {
    /// A new one, with a number that no other has now.
    pub fn add(&self) -> Waiting<'_> {
        let mut waiting = self.waiting.borrow_mut();
        let mut serial = self.last.get();
        loop {
            // 0 stands for "no reply is awaited".
            serial = serial.wrapping_add(1).max(1);
            if !waiting.contains_key(&serial) {
                break;
            }
        }
        self.last.set(serial);
        let (sender, receiver) = oneshot::channel();
        waiting.insert(serial, sender);
        Waiting { serial, receiver, requests: self }
    }

    /// Brings a reply, or why there is none, to who waits for it.
    pub fn settle(&self, serial: u32, reply: Result<Packet>) {
        if let Some(sender) = self.waiting.borrow_mut().remove(&serial) {
            // Whoever waited may just have gone.
            let _ = sender.send(reply);
        }
    }

    /// Ends all of them with this error.
    pub fn fail(&self, error: &Error) {
        for (_, sender) in self.waiting.take() {
            let _ = sender.send(Err(error.clone()));
        }
    }
}

impl Waiting<'_> {
    /// The reply. May be awaited again when it was dropped before it came.
    ///
    /// # Errors
    /// The connection was lost, or the reply cannot be read.
    pub async fn reply(&mut self) -> Result<Packet> {
        let ended = |_| Err(Error::failed("the connection to spec has ended"));
        (&mut self.receiver).await.unwrap_or_else(ended)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.requests.waiting.borrow_mut().remove(&self.serial);
    }
}
