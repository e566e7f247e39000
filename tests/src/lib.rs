//! What the end-to-end tests are made of: a display of their own, a beamline on it, and eyes and hands.
//!
//! A test acts as a person does, by mouse and keyboard, and sees what a person sees: words on the
//! screen and the screen itself. What really happened it asks the engine. Everything runs in a private
//! folder on a private display, and each program is ended by its own id.

#![allow(clippy::print_stderr)]

pub mod beamline;
pub mod centring;
pub mod copies;
pub mod display;
pub mod engine;
pub mod folder;
pub mod golden;
pub mod headless;
pub mod mjpeg;
pub mod new_plugin;
pub mod programs;
pub mod random;
pub mod spec;
pub mod torture;
pub mod window;

use std::time::{Duration, Instant};

/// What nobody promised a time for may take so long on a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer; `None` when there was none within the limit.
pub fn poll<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if begun.elapsed() > limit {
            return None;
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}
