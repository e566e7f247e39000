//! A window that breaks says so in words. The libraries that draw it panic where a display is odd; [`run`] turns that
//! into an error with its place, and the log has it too.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Mutex};

use crate::ShellError;

/// Runs the window on this thread, until it is closed or breaks. Panics of other threads are told as before.
pub fn run(window: impl FnOnce() -> Result<(), ShellError>) -> Result<(), ShellError> {
    let (own, words) = (std::thread::current().id(), Arc::new(Mutex::new(String::new())));
    let (before, told) = (take_hook(), words.clone());
    set_hook(Box::new(move |panic| {
        if std::thread::current().id() != own {
            return before(panic);
        }
        let what = panic.payload();
        let what = what.downcast_ref::<&str>().copied().or(what.downcast_ref::<String>().map(String::as_str));
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        if let Ok(mut told) = told.lock() {
            *told = format!("{}{place}", what.unwrap_or_default().lines().collect::<Vec<_>>().join(" "));
        }
    }));
    let ended = catch_unwind(AssertUnwindSafe(window));
    let _ = take_hook();
    ended.unwrap_or_else(|_| {
        let words = words.lock().map(|words| words.clone()).unwrap_or_default();
        tracing::error!("the window broke: {words}");
        Err(ShellError::Broken(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_window_becomes_a_sentence_with_its_place() {
        let broken = run(|| panic!("no such\nvisual")).expect_err("it broke").to_string();
        assert!(broken.contains("no such visual (") && broken.contains("broken.rs:"), "{broken}");
        assert!(run(|| Ok(())).is_ok());
    }
}
