//! The commands that wait, and the one that runs: spec does one at a time. Clients put them there through the server;
//! each ends with a reply, if its client wants one.

use std::sync::Arc;

use brickwork_spec_protocol::Packet;
use tokio::sync::watch;

use crate::context::{Context, Spec};
use crate::error::SpecError;
use crate::language;
use crate::value::Value;
use crate::world::ClientId;

/// A command that waits.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// Who wants it.
    pub client: ClientId,
    /// What to run, in spec's language.
    pub text: String,
    /// The serial number of the reply that is wanted.
    pub reply: Option<u32>,
}

impl Job {
    /// A command without a reply.
    pub fn silent(client: ClientId, text: impl Into<String>) -> Self {
        Self { client, text: text.into(), reply: None }
    }
}

/// Runs what is in the queue, for ever.
pub(crate) async fn run(spec: Arc<Spec>) {
    loop {
        // Before the command leaves the queue: a `^C` ends it there or here.
        let aborts = spec.aborts.subscribe();
        let next = spec.world().jobs.pop_front();
        match next {
            Some(job) => run_job(&spec, job, aborts).await,
            None => {
                spec.world().set_busy(false);
                spec.queued.notified().await;
            }
        }
    }
}

async fn run_job(spec: &Arc<Spec>, job: Job, mut aborts: watch::Receiver<u64>) {
    {
        let mut world = spec.world();
        let line = format!("{}{}\n", world.prompt(), job.text);
        world.say(&line);
        world.line += 1;
    }
    let context = Context { spec: spec.clone() };
    let result = tokio::select! {
        _ = aborts.changed() => Err(SpecError::aborted()),
        result = language::run(&context, &job.text) => result,
    };
    finish(spec, &job, result);
}

fn finish(spec: &Spec, job: &Job, result: Result<Value, SpecError>) {
    let mut world = spec.world();
    if let Err(error) = &result {
        world.complain(error);
    }
    if let Some(serial) = job.reply {
        let packet = match result {
            Ok(value) => Packet::reply(serial, "", value.to_data()),
            Err(error) => Packet::error_reply(serial, "", error.number, &error.text),
        };
        world.audience.send(job.client, packet);
    }
}
