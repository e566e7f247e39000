//! What goes wrong on command, so that people and tests can see what a beamline does then.

use std::cell::Cell;

use brickwork_sdk::{Call, Clock, Error, Result, interface};
use tokio::sync::Notify;

interface! {
    /// The faults of simulated hardware.
    pub sim_fault v1 {
        /// The axis stands still whatever it is told; a motion does not end until it is stopped.
        always command stall();
        /// A limit switch closes: a motion fails there, and no other begins. Refused by what has none.
        always command limit();
        /// The controller is out of reach for so many seconds.
        always command disconnect(seconds: f64);
        /// Somebody moves the axis by hand, by so much. Refused by what has none, and while it moves.
        always command by_hand(by: f64);
        /// The driver's own code fails.
        always command panic();
        /// Everything is well again.
        always command clear();
    }
}

/// Simulated hardware that can be made to fail.
pub trait Faulty {
    /// Why it has no limit switch, if it has none.
    const NO_LIMIT: Option<&'static str> = None;

    /// What is wrong with it.
    fn faults(&self) -> &Faults;

    /// Says what it is doing, after a fault has come or gone.
    fn publish_state(&self);

    /// Moves its axis without a motion.
    ///
    /// # Errors
    /// Refused when it has none, or it moves.
    fn push(&self, _by: f64) -> Result<()> {
        Err(Error::refused("it has no axis that a hand could move"))
    }
}

/// The faults of one object.
#[derive(Default)]
pub struct Faults {
    stalled: Cell<bool>,
    limit: Cell<bool>,
    back_at_secs: Cell<f64>,
    changed: Notify,
}

impl Faults {
    /// Whether the axis stands still.
    pub fn stalled(&self) -> bool {
        self.stalled.get()
    }

    /// Whether a limit switch is closed.
    pub fn at_limit(&self) -> bool {
        self.limit.get()
    }

    /// Fails while the controller is out of reach.
    pub fn reach(&self, clock: Clock) -> Result<()> {
        let left_secs = self.back_at_secs.get() - clock.now_secs();
        match left_secs > 0.0 {
            true => {
                Err(Error::failed(format!("the simulated controller is out of reach for another {left_secs:.0} s")))
            }
            false => Ok(()),
        }
    }

    /// Waits until the controller goes out of reach.
    pub async fn lost(&self, clock: Clock) -> Error {
        loop {
            if let Err(error) = self.reach(clock) {
                return error;
            }
            self.changed.notified().await;
        }
    }
}

impl<T: Faulty> sim_fault::Serve for T {
    async fn stall(&self, _: &Call) -> Result<()> {
        self.faults().stalled.set(true);
        Ok(())
    }

    async fn limit(&self, _: &Call) -> Result<()> {
        if let Some(why) = T::NO_LIMIT {
            return Err(Error::refused(why));
        }
        self.faults().limit.set(true);
        self.publish_state();
        Ok(())
    }

    async fn disconnect(&self, call: &Call, seconds: f64) -> Result<()> {
        self.faults().back_at_secs.set(call.clock().now_secs() + seconds);
        self.faults().changed.notify_waiters();
        Ok(())
    }

    async fn by_hand(&self, _: &Call, by: f64) -> Result<()> {
        self.push(by)
    }

    async fn panic(&self, _: &Call) -> Result<()> {
        panic!("a simulated fault: the driver's code failed")
    }

    async fn clear(&self, _: &Call) -> Result<()> {
        let faults = self.faults();
        faults.stalled.set(false);
        faults.limit.set(false);
        faults.back_at_secs.set(0.0);
        self.publish_state();
        Ok(())
    }
}
