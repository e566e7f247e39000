//! The readers of the benches: `bench.sink`, an object that measures what a `bench.source` in another
//! plugin sends it, and `bench.panel`, a brick that shows many of them. Built for the benches alone,
//! never shipped.

#![forbid(unsafe_code)]

#[path = "../../bench_source_v1.rs"]
pub mod contract;
mod panel;
mod sink;

use panel::Panel;
use sink::{Sink, bench_sink};

brickwork_sdk::plugin! {
    objects: [Sink: bench_sink],
    bricks: [Panel],
}
