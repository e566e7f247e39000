//! What all parts of one simulated spec share, and how macros use it: the world behind its lock, and ways to wait. Only
//! macros wait; whoever locks the world lets go before.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use brickwork_spec_protocol::{MotorProperty, Packet};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, watch};

use crate::error::SpecError;
use crate::world::{ClientId, World};
use crate::{Faults, Setup};

/// How often motors and counters are looked at, and their events are sent.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// The seconds that spec needs to talk to its controllers before a motor moves: as in a recording of a genuine spec.
const CONTROLLERS_SECS: f64 = 0.12;

/// How one life of the simulated spec ends.
#[derive(Debug, Clone)]
pub(crate) enum End {
    /// It is gone.
    Die,
    /// It begins again.
    Restart(Box<Setup>),
}

/// What all parts of a simulated spec share.
pub(crate) struct Spec {
    world: Mutex<World>,
    /// Counts the looks at motors and counters, and what clients set: who waits for a state looks again.
    pub changes: watch::Sender<u64>,
    /// Counts the `^C`.
    pub aborts: watch::Sender<u64>,
    /// There is something in the queue.
    pub queued: Notify,
    pub faults: watch::Sender<Faults>,
    pub end: watch::Sender<Option<End>>,
}

impl Spec {
    pub fn new(setup: Setup) -> Self {
        let faults = watch::Sender::new(setup.faults);
        Self {
            world: Mutex::new(World::new(setup)),
            changes: watch::Sender::new(0),
            aborts: watch::Sender::new(0),
            queued: Notify::new(),
            faults,
            end: watch::Sender::new(None),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    /// Begins again with another setup; all clients are gone.
    pub fn begin_again(&self, setup: Setup) {
        self.faults.send_replace(setup.faults);
        *self.world() = World::new(setup);
        self.end.send_replace(None);
    }

    /// Who waits for a state looks again.
    pub fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// `^C`: motors and counters stop, what runs ends, and what this client has in the queue is dropped.
    pub fn abort(&self, client: ClientId) {
        {
            let mut world = self.world();
            let jobs = std::mem::take(&mut world.jobs);
            let (dropped, kept) = jobs.into_iter().partition::<VecDeque<_>, _>(|job| job.client == client);
            world.jobs = kept;
            let error = SpecError::aborted();
            for serial in dropped.iter().filter_map(|job| job.reply) {
                world.audience.send(client, Packet::error_reply(serial, "", error.number, &error.text));
            }
            world.stop_motors();
            world.stop_counting();
            world.say("^C\n");
            world.close_after_abort();
        }
        self.aborts.send_modify(|count| *count += 1);
        self.queued.notify_one();
        self.changed();
    }

    /// Waits until it does not hang.
    pub async fn awake(&self) {
        let mut faults = self.faults.subscribe();
        // The sender is `self`: it cannot be gone.
        let _ = faults.wait_for(|faults| !faults.hangs).await;
    }
}

/// What a macro has.
pub(crate) struct Context {
    pub spec: Arc<Spec>,
}

impl Context {
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.spec.world()
    }

    /// Writes to the screen.
    pub fn say(&self, text: &str) {
        self.world().say(text);
    }

    /// Waits so many seconds of the simulated beamline.
    pub async fn pause(&self, secs: f64) {
        let scale = self.world().setup.time_scale;
        let secs = (secs / scale).clamp(0.0, 1e9);
        tokio::time::sleep(Duration::from_secs_f64(secs)).await;
    }

    /// Waits until something is true.
    pub async fn until(&self, condition: impl Fn(&World) -> bool) {
        let mut changes = self.spec.changes.subscribe();
        while !condition(&self.world()) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until all motors stand.
    pub async fn motors_stand(&self) {
        self.until(|world| !world.is_moving()).await;
    }

    /// Does what `move_em` does: asks about motors the controllers of which are elsewhere, then starts them.
    pub async fn move_em(&self) -> Result<(), SpecError> {
        self.pause(CONTROLLERS_SECS).await;
        let wanted: Vec<usize> = {
            let world = self.world();
            let all = 0..world.motors.len();
            all.filter(|motor| world.motors[*motor].is_elsewhere(world.angles[*motor])).collect()
        };
        for motor in wanted {
            self.ask(motor).await;
        }
        self.world().move_em()
    }

    /// Moves motors and waits until they are there.
    pub async fn move_and_wait(&self, moves: &[(&str, f64)]) -> Result<(), SpecError> {
        self.motors_stand().await;
        {
            let mut world = self.world();
            world.get_angles();
            for (mnemonic, user) in moves {
                let motor = world.motor(mnemonic)?;
                world.angles[motor] = *user;
            }
        }
        self.move_em().await?;
        self.motors_stand().await;
        Ok(())
    }

    /// If spec and the controller disagree, asks all clients, and waits for an answer.
    async fn ask(&self, motor: usize) {
        {
            let mut world = self.world();
            let Some(steps) = world.motors[motor].controller else { return };
            let (name, own) = (world.motors[motor].setup.name.clone(), world.motors[motor].steps());
            world.say(&format!("{name}: spec has {own} steps, the controller {steps}. Take the controller's?\n"));
            world.tell(motor, &[MotorProperty::SyncCheck]);
        }
        self.until(|world| world.motors.get(motor).is_none_or(|motor| motor.controller.is_none())).await;
    }
}
