//! `torture.counter`: counts, keeps its count over reloads, and fails where the mark or a command says.

use std::cell::Cell;

use brickwork_sdk::{Call, ConfigProblem, HardwareObject, ObjectContext, Restored, Result, Role, State};

use crate::mark;

brickwork_sdk::interface! {
    /// Counts, or fails as it is told.
    pub torture v1 {
        /// How often it was told to count.
        channel count: i64;
        /// Counts one more, and answers the count.
        command bump() -> i64;
        /// Panics.
        command panic();
        /// Starts a thread of its own, which panics.
        command thread();
        /// Says something in every way that Rust programs have.
        command say();
        /// Does not return, and keeps the plugin's thread busy.
        command block();
    }
}

/// A count.
pub struct Counter {
    count: Cell<i64>,
    channels: torture::Channels,
}

impl HardwareObject for Counter {
    const KIND: &'static str = "torture.counter";
    const HELP: &'static str = "Counts, and fails as it is told; for tests.";
    type Config = ();

    fn roles() -> Vec<Role> {
        mark::may_panic("roles");
        mark::may_hang("hangrole");
        Vec::new()
    }

    fn check(_: &()) -> Vec<ConfigProblem> {
        mark::may_panic("check");
        Vec::new()
    }

    fn new(_: (), ctx: &ObjectContext) -> Result<Self> {
        mark::may_panic("new");
        mark::may_hang("hangnew");
        Ok(Self { count: Cell::new(0), channels: torture::Channels::new(ctx) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        mark::may_hang("hangrun");
        mark::may_panic("run");
        self.channels.count.publish(self.count.get());
        ctx.live();
        mark::may_panic("late");
        // What was said is heard first.
        ctx.clock().sleep(std::time::Duration::from_millis(100)).await;
        mark::may_hang("block");
        std::future::pending().await
    }

    fn save(&self) -> State {
        mark::may_panic("save");
        State::new(&mark::schema("torture"), &self.count.get())
    }

    fn restore(&mut self, state: &State) -> Restored {
        mark::may_panic("restore");
        match state.read(&mark::schema("torture")) {
            Ok(count) => {
                self.count.set(count);
                Restored::Complete
            }
            Err(error) => Restored::Refused(error.message),
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        mark::may_panic("drop");
    }
}

impl torture::Serve for Counter {
    async fn bump(&self, _: &Call) -> Result<i64> {
        mark::may_panic("bump");
        self.count.set(self.count.get() + 1);
        self.channels.count.publish(self.count.get());
        Ok(self.count.get())
    }

    async fn panic(&self, _: &Call) -> Result<()> {
        panic!("it was told to panic")
    }

    async fn thread(&self, _: &Call) -> Result<()> {
        let builder = std::thread::Builder::new().name("torture".into());
        builder.spawn(|| panic!("a thread was told to panic"))?;
        Ok(())
    }

    async fn say(&self, _: &Call) -> Result<()> {
        log::error!("said with the crate log");
        #[allow(clippy::print_stdout, clippy::print_stderr)]
        {
            println!("said on the standard output");
            eprintln!("said on the standard error");
        }
        Ok(())
    }

    async fn block(&self, _: &Call) -> Result<()> {
        loop {
            std::thread::sleep(std::time::Duration::from_secs(3600));
        }
    }
}
