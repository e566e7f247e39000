//! Panics stay inside the library: they become a [`Failure`] with message and source place.
//!
//! A panic while another unwinds cannot be caught by anyone and ends the process.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll};

use brickwork_abi::HostRef;

use super::scene::Entry;
use crate::protocol::{Failure, UNCAUGHT_PANIC};

thread_local! {
    static LAST: RefCell<Option<Failure>> = const { RefCell::new(None) };
    /// Whether this thread is within [`catch`], so that somebody will hear of a panic.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// The host that this thread works for: a test process has many.
    static HOST: Cell<Option<HostRef>> = const { Cell::new(None) };
}

/// Says for which host this thread works from now on.
pub(super) fn set_host(host: HostRef) {
    HOST.set(Some(host));
}

/// The host of this thread, else the first of the process.
pub(super) fn host_here(first: HostRef) -> HostRef {
    HOST.get().unwrap_or(first)
}

/// Notes every panic of this library and tells the host; one that nobody catches also goes to the terminal,
/// such as the failed assertion of a test.
pub(super) fn install_hook(host: HostRef) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                previous(info);
            }
            let payload = info.payload();
            let message = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a panic without message".into());
            let place = info.location().map(|place| authors(place.file(), place.line())).unwrap_or_default();
            let text = format!("panic at {place}: {message}");
            // Nobody else will hear of the panic of a thread that the author has started.
            let target = if GUARDED.get() { "panic" } else { UNCAUGHT_PANIC };
            host_here(host).log(1, 0, target.into(), text.as_str().into());
            LAST.set(Some(Failure { message, place }));
        }));
    });
}

/// The place of a panic: where it was said, or, if that is no code of the author's, where the author's code has called
/// it. Without line numbers in the library it stays what it is.
fn authors(file: &str, line: u32) -> String {
    let said = format!("{file}:{line}");
    if !is_foreign(file) {
        return said;
    }
    let trace = std::backtrace::Backtrace::force_capture().to_string();
    let places = trace.lines().filter_map(|line| line.trim_start().strip_prefix("at "));
    // What lies in the present folder is told without it.
    let here = std::env::current_dir().unwrap_or_default();
    let whole = |place: &str| here.join(place.trim_start_matches("./")).to_string_lossy().into_owned();
    let own = places.map(whole).find(|place| !is_foreign(place));
    // Each is `file:line:column`.
    own.and_then(|place| Some(place.rsplit_once(':')?.0.to_owned())).unwrap_or(said)
}

/// Whether a source file is of the sdk, of Rust itself or of a crate from elsewhere.
fn is_foreign(file: &str) -> bool {
    // As the compiler names it: a path within the workspace, or from the root.
    let sdk = file!().trim_end_matches("glue/panics.rs");
    file.contains(sdk) || ["/rustc/", "/registry/src/"].iter().any(|part| file.contains(part))
}

/// Runs the author's code; a panic becomes an error.
pub(super) fn catch<T>(code: impl FnOnce() -> T) -> Result<T, Failure> {
    LAST.set(None);
    let outer = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(code));
    GUARDED.set(outer);
    done.map_err(|payload| {
        // The payload's own drop may panic too; it is small, so it is rather kept for ever.
        std::mem::forget(payload);
        LAST.take().unwrap_or_else(|| Failure { message: "a panic without message".into(), place: String::new() })
    })
}

/// A future whose panics become errors, also the panics of its drop.
pub struct CatchPanic<F> {
    entry: Entry,
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> CatchPanic<F> {
    /// Guards a future of this entry.
    pub fn new(entry: Entry, future: F) -> Self {
        Self { entry, future: Some(Box::pin(future)) }
    }
}

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Failure>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { entry, future } = &mut *self;
        let Some(future) = future else {
            return Poll::Ready(Err(Failure { message: "polled after its end".into(), place: String::new() }));
        };
        match entry.run(|| future.as_mut().poll(task)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(failure) => Poll::Ready(Err(failure)),
        }
    }
}

impl<F> Drop for CatchPanic<F> {
    fn drop(&mut self) {
        let future = self.future.take();
        // The hook has told the host; the rest of the library lives on.
        if future.is_some() {
            let _ = self.entry.run(|| drop(future));
        }
    }
}
