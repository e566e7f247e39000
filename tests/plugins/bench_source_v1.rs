//! The contract between the two bench plugins. Both compile this file, as plugins of two houses would
//! copy it: the host takes equal declarations for one interface.

brickwork_sdk::interface! {
    /// Counts on one channel, as fast or as evenly as it is asked to.
    pub bench_source v1 {
        /// 0, 1, 2 … within a run; -1 before the first.
        channel value: f64;
        /// Publishes `count` values without a pause; answers what one cost it on average, in microseconds.
        command flood(count: i64) -> f64;
        /// Publishes `count` values, one each `period_us`; answers what each of them cost it, in microseconds.
        command pace(count: i64, period_us: i64) -> Vec<f64>;
        /// Answers at once.
        command ping();
    }
}
