//! The parent of a process that runs plugins. It starts this program again as its child, reaps it, says what it died of,
//! and starts it anew; what it dies of three times in a row is left off. It loads nothing itself.
//!
//! A child that ends by its own will, well or with an error that it told, is not started again: its exit status is ours.
//! Signals that ask us to end are passed on. Should we be killed, a window ends with us, and an engine goes on and says
//! that nobody starts it again.

mod child;
mod deaths;
mod kept;
mod signals;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use brickwork_engine::crumbs;

use crate::log;
use crate::run::Outcome;

use child::Child;
pub use deaths::What;
use deaths::{Death, Deaths};
pub use kept::{Kept, listen_to_plugins, watch_for_engine, watch_for_window};
use signals::Asked;
pub use signals::ending;

/// How long a process that only looks into plugins may be in their code.
const LOOK_LIMIT: Duration = Duration::from_secs(30);
/// How long a process lives that has said that it ends: a plugin's thread may keep it from that.
const END_LIMIT: Duration = Duration::from_secs(3);

/// The number that stands for an exit status.
pub fn number_of(status: ExitCode) -> u8 {
    (0..=u8::MAX).find(|number| ExitCode::from(*number) == status).unwrap_or(1)
}

/// Runs what this process was asked for in a child, until that ends.
pub fn keep(what: What) -> Outcome {
    let memory = crumbs::memory()?;
    let asked = Asked::listen()?;
    let mut deaths = Deaths::new(what);
    let mut died = None;
    loop {
        crumbs::wipe(&memory)?;
        let begun = Instant::now();
        let child = Child::start(what, &memory, died.as_deref(), deaths.left_off())?;
        let (status, words) = child.wait(&asked, &memory, move |lived, left| match left.ended {
            Some(_) => lived > END_LIMIT,
            None => what == What::Look && lived > LOOK_LIMIT && !left.running.is_empty(),
        })?;
        let left = crumbs::read(&memory)?;
        if let Some(status) = left.ended {
            log::say_rest(&words);
            return Ok(deaths.exit_code(status));
        }
        let death = Death { status, running: left.running, words, lived: begun.elapsed() };
        deaths.use_again(left.used_again);
        if asked.is_asked() && death.is_by_request() {
            return Ok(ExitCode::SUCCESS);
        }
        if asked.is_asked() {
            return Err(format!("{}, when it was asked to end", death.said(what)).into());
        }
        let text = deaths.add(&death);
        if deaths.gives_up(&death) {
            return Err(text.into());
        }
        if what != What::Look {
            log::say(&format!("brickwork: {text}"));
            if asked.within(deaths.pause()) {
                return Ok(ExitCode::SUCCESS);
            }
        }
        died = Some(text);
    }
}
