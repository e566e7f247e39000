//! Motors that are started at the same time are started together: `prestart_all`, a `start_one` for each, `start_all`.
//! Connections add motors, and the first of a batch sends it a moment later. A single one is started by `start_one`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use brickwork_sdk::{Error, Result};
use brickwork_spec_protocol::{AllMotors, Command, Data, MotorProperty, Packet, Property};
use tokio::sync::oneshot;

use super::asking::Refusal;
use super::{Handle, Shared};

/// How long a motor waits for others that are to start with it.
const GATHER: Duration = Duration::from_millis(20);

/// The motors that are about to be started.
#[derive(Default)]
pub struct Starts {
    last: Cell<u64>,
    waiting: RefCell<Vec<Start>>,
}

struct Start {
    id: u64,
    serial: u32,
    motor: String,
    position: f64,
    sent: oneshot::Sender<Result<()>>,
}

impl Starts {
    /// Starts none of them: they end as aborted.
    pub fn clear(&self) {
        for start in self.waiting.take() {
            // Whoever waited may just have gone.
            let _ = start.sent.send(Err(Error::aborted()));
        }
    }
}

/// A start that is not sent when nobody waits for it any more.
struct Wanted<'a>(&'a Starts, u64);

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.waiting.borrow_mut().retain(|start| start.id != self.1);
    }
}

/// Starts a motor with all that are started within a moment; finishes when it was sent.
pub async fn start<'a>(handle: &'a Rc<Handle>, motor: &str, position: f64) -> Result<Refusal<'a>> {
    let starts = &handle.shared.starts;
    let (sent, was_sent) = oneshot::channel();
    let (id, waiting) = (starts.last.get() + 1, handle.shared.requests.add());
    starts.last.set(id);
    let is_first = starts.waiting.borrow().is_empty();
    let start = Start { id, serial: waiting.serial, motor: motor.to_owned(), position, sent };
    starts.waiting.borrow_mut().push(start);
    if is_first {
        // A task of its own: the first one may be aborted, and the others are to start all the same.
        tokio::task::spawn_local(gather(Rc::downgrade(handle), handle.shared.clock));
    }
    let _wanted = Wanted(starts, id);
    was_sent.await.unwrap_or_else(|_| Err(Error::failed("the connection to spec has ended")))?;
    Ok(Refusal { waiting, what: format!("to move {motor} to {position}") })
}

async fn gather(handle: Weak<Handle>, clock: brickwork_sdk::Clock) {
    clock.sleep(GATHER).await;
    if let Some(handle) = handle.upgrade() {
        let batch = handle.shared.starts.waiting.take();
        let sent = send(&handle.shared, &batch);
        for start in batch {
            let _ = start.sent.send(sent.clone());
        }
    }
}

fn send(shared: &Shared, batch: &[Start]) -> Result<()> {
    let all = |property| Packet::write(&Property::AllMotors(property), Data::flag(true));
    let is_many = batch.len() > 1;
    // Without the last of them, spec would hold every later start back.
    if is_many && !shared.outgoing.has_room(batch.len() + 2) {
        return Err(Error::refused("spec does not read what it is sent: no motor was started"));
    }
    if is_many {
        shared.send(all(AllMotors::Prestart))?;
    }
    for Start { serial, motor, position, .. } in batch {
        let start_one = Property::motor(motor, MotorProperty::StartOne).to_string();
        shared.send(Packet::new(Command::ChanSend, *serial, &start_one, Data::number(*position)))?;
    }
    if is_many { shared.send(all(AllMotors::Start)) } else { Ok(()) }
}
