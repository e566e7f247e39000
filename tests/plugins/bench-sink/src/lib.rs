//! The readers of the benches: `bench.sink`, an object that measures what a `bench.source` in another
//! plugin sends it, `bench.panel`, a brick that shows many of them, and `bench.caller`, an object that runs
//! a command of another plugin. Built for the benches alone, never shipped.

#![forbid(unsafe_code)]

mod caller;
#[path = "../../bench_source_v1.rs"]
pub mod contract;
mod panel;
mod sink;

use caller::{Caller, bench_caller};
use panel::Panel;
use sink::{Sink, bench_sink};

brickwork_sdk::plugin! {
    objects: [Sink: bench_sink, Caller: bench_caller],
    bricks: [Panel],
}
