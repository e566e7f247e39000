//! The engine's clock: monotonic, and faster than the wall's when a night is simulated.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Time as every object and every age sees it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    scale: f64,
}

impl Clock {
    /// A clock that begins at 0 and runs `scale` times as fast as the wall's.
    pub fn new(scale: f64) -> Self {
        Self { start: Instant::now(), scale }
    }

    /// Nanoseconds since the engine started.
    pub fn now_ns(&self) -> u64 {
        let elapsed = self.start.elapsed().as_nanos() as u64;
        if self.scale == 1.0 { elapsed } else { (elapsed as f64 * self.scale) as u64 }
    }

    /// How many engine seconds pass in one real second.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The wall's clock, seconds since 1970, for showing only.
    pub fn wall_secs() -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64()
    }
}
