//! The signals by which the system or a person asks a process to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How often a pause looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(20);

/// The signals that ask to end. A hang-up that is ignored from the start, as `nohup` has it, stays ignored.
pub fn ending() -> std::io::Result<Signals> {
    if ignores_hangup() { Signals::new([SIGTERM, SIGINT]) } else { Signals::new([SIGTERM, SIGINT, SIGHUP]) }
}

fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & (1 << (SIGHUP - 1)) != 0)
}

/// Whether we were asked to end, and the child that hears of it.
#[derive(Clone, Default)]
pub struct Asked {
    asked: Arc<AtomicBool>,
    /// Only one that is not reaped yet: its id is its own.
    child: Arc<Mutex<Option<Pid>>>,
}

impl Asked {
    /// Hears the signals from now on.
    pub fn listen() -> std::io::Result<Self> {
        let asked = Self::default();
        let mut signals = ending()?;
        let heard = asked.clone();
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            for signal in signals.forever() {
                heard.asked.store(true, Ordering::Release);
                heard.tell(match signal {
                    SIGINT => Signal::INT,
                    SIGHUP => Signal::HUP,
                    _ => Signal::TERM,
                });
            }
        })?;
        Ok(asked)
    }

    /// Whether we were.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    /// Waits so long, or until we are asked.
    pub fn within(&self, pause: Duration) -> bool {
        let begun = Instant::now();
        while !self.is_asked() && begun.elapsed() < pause {
            std::thread::sleep(LOOK);
        }
        self.is_asked()
    }

    /// Signals go to this child, until it is taken back.
    pub fn pass_to(&self, child: Option<Pid>) {
        *self.child.lock() = child;
        // It may have been asked before the child was there.
        if self.is_asked() {
            self.tell(Signal::TERM);
        }
    }

    /// Sends the child a signal, if there is one.
    pub fn tell(&self, signal: Signal) {
        if let Some(child) = *self.child.lock() {
            // One that has ended by itself has no use for it.
            let _ = kill_process(child, signal);
        }
    }
}
