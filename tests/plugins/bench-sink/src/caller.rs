//! `bench.caller`: runs the command `add` of a set of commands again and again, and says what each run took.

use std::time::Instant;

use brickwork_sdk::interfaces::command_set::{self, CommandSet};
use brickwork_sdk::{Call, Error, HardwareObject, ObjectContext, Result, Role, Value};
use serde::{Deserialize, Serialize};

/// How long commands took.
#[derive(Default, Serialize, Deserialize)]
pub struct Trips {
    /// From here and back, in microseconds.
    pub took_us: Vec<f64>,
    /// What of it the set itself says that its work took, in microseconds.
    pub work_us: Vec<f64>,
}

brickwork_sdk::interface! {
    /// Measures the commands of another object.
    pub bench_caller v1 {
        /// Runs `add` so many times, one after the other.
        command round_trips(count: i64) -> Trips;
    }
}

/// The calling end.
pub struct Caller {
    set: CommandSet,
}

impl HardwareObject for Caller {
    const KIND: &'static str = "bench.caller";
    const HELP: &'static str = "Measures how long the command `add` of a set takes.";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("set", command_set::NAME)]
    }

    fn new(_: (), ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { set: CommandSet::bind(ctx, "set")? })
    }
}

impl bench_caller::Serve for Caller {
    async fn round_trips(&self, _: &Call, count: i64) -> Result<Trips> {
        let mut trips = Trips::default();
        for number in 0..count {
            let (a, b) = (number as f64, 1.0);
            let arguments = Value::map([("a", Value::Float(a)), ("b", Value::Float(b))]);
            let begun = Instant::now();
            let sum = self.set.run("add".to_owned(), arguments).await?;
            trips.took_us.push(begun.elapsed().as_secs_f64() * 1e6);
            trips.work_us.extend(self.set.last().value().map(|last| last.seconds * 1e6));
            if sum.as_f64() != Some(a + b) {
                return Err(Error::failed(format!("{a} + {b} was said to be {sum:?}")));
            }
        }
        Ok(trips)
    }
}
