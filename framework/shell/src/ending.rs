//! The end of the shell's process in good order: its windows are closed, or the system asks it to end, as a logout does. The
//! bricks are saved first.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::manager::ToManager;

/// How long the process may stay after its end was asked for, to keep what is to last.
const LIMIT: Duration = Duration::from_secs(2);

/// Ends the bricks' manager.
#[derive(Clone)]
pub struct Ending {
    manager: SyncSender<ToManager>,
    bricks: Arc<JoinHandle<()>>,
}

impl Ending {
    /// For the manager with this queue and thread.
    pub fn new(manager: SyncSender<ToManager>, bricks: JoinHandle<()>) -> Self {
        Self { manager, bricks: Arc::new(bricks) }
    }

    /// Has the bricks saved and what is to last written, within a limit.
    pub fn keep_all(&self) {
        let deadline = Instant::now() + LIMIT;
        // A full queue has other work, and what was kept last stays.
        let asked = self.manager.try_send(ToManager::End).is_ok();
        while asked && !self.bricks.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends the process so when the system asks.
    ///
    /// # Errors
    /// When the thread that waits for it cannot be started.
    pub fn on_signal(&self) -> std::io::Result<()> {
        let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])?;
        let ending = self.clone();
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            if signals.forever().next().is_some() {
                ending.keep_all();
                brickwork_engine::crumbs::ends(0);
                std::process::exit(0);
            }
        })?;
        Ok(())
    }
}
