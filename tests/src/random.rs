//! Pauses of irregular length, the same for the same seed: a bench that waits evenly would meet the
//! product's own periods always at the same place.

use std::time::Duration;

/// A small generator (SplitMix64).
pub struct Random(u64);

impl Random {
    /// Starts at a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A pause between two lengths.
    pub fn pause(&mut self, least: Duration, most: Duration) -> Duration {
        least + (most - least).mul_f64(self.part())
    }

    /// From 0 to 1.
    pub fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        bits as f64 / u64::MAX as f64
    }

    /// As far as `limit` to either side.
    pub fn within(&mut self, limit: f64) -> f64 {
        (self.part() * 2.0 - 1.0) * limit
    }

    /// Of mean 0 and standard deviation 1: the sum of twelve.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }
}
