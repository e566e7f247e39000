//! The counters, and the count that is under way. The world tells it the time and how much light there is.

use crate::CounterSetup;

/// All counters, in the order of their numbers.
#[derive(Debug, Clone)]
pub(crate) struct Counters {
    pub all: Vec<Counter>,
    count: Option<Count>,
}

/// One counter.
#[derive(Debug, Clone)]
pub(crate) struct Counter {
    pub setup: CounterSetup,
    pub value: f64,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    /// Until when the counts are in the values.
    counted: f64,
    end: f64,
}

/// The part of its rate that a counter shows in the dark.
const DARK: f64 = 1e-4;

impl Counters {
    pub fn new(setups: &[CounterSetup]) -> Self {
        let counter = |setup: &CounterSetup| Counter { setup: setup.clone(), value: 0.0 };
        Self { all: setups.iter().map(counter).collect(), count: None }
    }

    pub fn find(&self, mnemonic: &str) -> Option<usize> {
        self.all.iter().position(|counter| counter.setup.mnemonic == mnemonic)
    }

    pub fn is_counting(&self) -> bool {
        self.count.is_some()
    }

    /// Begins to count for so many seconds or, below 0, so many counts of the monitor.
    pub fn start(&mut self, preset: f64, now: f64) {
        let monitor = self.find("mon").map_or(1.0, |monitor| self.all[monitor].setup.rate);
        let secs = if preset < 0.0 { -preset / monitor } else { preset };
        self.all.iter_mut().for_each(|counter| counter.value = 0.0);
        self.count = Some(Count { counted: now, end: now + secs });
    }

    /// Counts up to this time; `Some(true)`: it has ended. `light` is the part of the beam that comes through.
    pub fn advance(&mut self, now: f64, light: f64) -> Option<bool> {
        let count = self.count.as_mut()?;
        let until = now.min(count.end);
        let secs = until - count.counted;
        count.counted = until;
        let ended = now >= count.end;
        for counter in &mut self.all {
            let seen = if counter.setup.sees_beam { light.max(DARK) } else { 1.0 };
            counter.value += counter.setup.rate * seen * secs;
        }
        if ended {
            self.count = None;
        }
        Some(ended)
    }

    /// Ends the count that is under way; whether there was one.
    pub fn stop(&mut self) -> bool {
        self.count.take().is_some()
    }
}
