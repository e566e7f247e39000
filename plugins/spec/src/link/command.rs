//! What spec executes: calls and commands, which may take hours, and have one end whatever happens to spec. A
//! connection's `call` and `command` come here.

use std::time::Duration;

use brickwork_sdk::{Error, Result};
use brickwork_spec_protocol::{Data, Packet, Property, Status};

use super::asking::answer;
use super::{Connection, Dispatch, Watch};

/// How long spec may take to answer what was aborted: it need not answer that at all.
const ABORT_LIMIT: Duration = Duration::from_secs(1);
/// How long spec may stand at its prompt again before what it executed is taken for ended at its own console.
const PROMPT_LIMIT: Duration = Duration::from_secs(2);

impl Connection {
    /// Sends what spec is to execute and waits for its one end.
    pub(super) async fn execute(
        &self,
        make: impl FnOnce(u32) -> Packet,
        what: &str,
        limit: Option<Duration>,
    ) -> Result<Data> {
        self.check()?;
        let clock = self.shared().clock;
        let mut aborts = self.shared().aborts.subscribe();
        let ready = self.watch([(Property::Status(Status::Ready), Dispatch::Every)]);
        let mut waiting = self.shared().requests.add();
        self.send(make(waiting.serial))?;
        let late = async {
            match limit {
                Some(limit) => clock.sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            reply = waiting.reply() => return answer(reply?, what),
            // The sender is in `shared`, which this connection holds.
            _ = aborts.changed() => {}
            () = self.prompt_again(&ready) => {
                let why = format!("spec is at its prompt again and did not answer to {what}");
                return Err(Error::failed(why).remedy("It was ended at the console of spec, if spec was not restarted."));
            }
            () = late => {
                let secs = limit.unwrap_or_default().as_secs_f64();
                let why = format!("{what} took longer than {secs} s; spec still executes it");
                return Err(Error::failed(why).remedy("Abort it, or wait until spec is ready."));
            }
        }
        // An answer that comes all the same is that of something that was ended half-way.
        let _ = clock.limit(ABORT_LIMIT, waiting.reply()).await;
        Err(Error::aborted())
    }

    /// Waits until spec was busy, and is at its prompt for a while.
    async fn prompt_again(&self, ready: &Watch) {
        let mut was_busy = false;
        let mut is_ready = false;
        loop {
            let next = ready.next();
            let seen = if was_busy && is_ready {
                match self.shared().clock.limit(PROMPT_LIMIT, next).await {
                    Ok(seen) => seen,
                    Err(_) => return,
                }
            } else {
                next.await
            };
            is_ready = seen.data.to_flag().unwrap_or(false);
            was_busy |= !is_ready;
        }
    }
}
