//! How many may be connected at a time, and how often a shortage is said. The server asks here before it takes a
//! connection, so that connections leave descriptors for what moves.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The seats of an engine with as many descriptors as it could want.
const MOST: u64 = 64;
/// One connection for so many descriptors: it takes two.
const DESCRIPTORS_EACH: u64 = 8;
/// How often the same shortage is said.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Allows this process as many descriptors as the system lets it have; answers how many.
pub fn raise_descriptors() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!("the limit of open files cannot be raised: {error}");
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// The seats that are left.
pub struct Seats {
    all: usize,
    taken: Arc<()>,
}

/// A connection's right to be there; dropping it makes room.
pub struct Seat(#[expect(dead_code, reason = "it is counted, not read")] Arc<()>);

impl Seats {
    /// As many as a process with this many descriptors can bear.
    pub fn of(descriptors: u64) -> Self {
        let all = (descriptors / DESCRIPTORS_EACH).clamp(4, MOST) as usize;
        Self { all, taken: Arc::default() }
    }

    /// A seat, or how many are taken.
    pub fn take(&self) -> Result<Seat, usize> {
        // One is held by the seats themselves.
        if Arc::strong_count(&self.taken) > self.all { Err(self.all) } else { Ok(Seat(self.taken.clone())) }
    }
}

/// Says a trouble once in a while, with how often it was met since.
#[derive(Default)]
pub struct OnceInAWhile {
    state: Mutex<(Option<Instant>, usize)>,
}

impl OnceInAWhile {
    /// One more time.
    pub fn say(&self, trouble: &str) {
        let mut state = self.state.lock();
        state.1 += 1;
        if state.0.is_none_or(|last| last.elapsed() > SAY_EVERY) {
            tracing::warn!("{trouble} (met {} times since this was last said)", state.1);
            *state = (Some(Instant::now()), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_leave_descriptors_for_the_engine_and_come_back() {
        let seats = Seats::of(80);
        let taken: Vec<Seat> = std::iter::from_fn(|| seats.take().ok()).collect();
        assert_eq!(taken.len(), 10);
        assert_eq!(seats.take().err(), Some(10));
        drop(taken);
        assert!(seats.take().is_ok());
        assert_eq!((Seats::of(u64::MAX).all, Seats::of(0).all), (64, 4));
    }
}
