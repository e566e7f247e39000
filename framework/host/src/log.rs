//! Where the processes write what happens: files of the user's that rotate each day, the terminal, and the memory
//! that shells look into.

mod daily;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use brickwork_engine::log::{Layer, Log};
use brickwork_link::{layout_name, private_folder, state_folder};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use daily::Daily;

/// Where a process speaks whose own standard error is for what plugins print.
static TERMINAL: OnceLock<File> = OnceLock::new();

/// Has all that this process says go here from now on.
pub fn speak_to(terminal: File) {
    // Once for a process.
    let _ = TERMINAL.set(terminal);
}

/// Says something at the terminal. Where nobody reads there is nobody to tell.
pub fn say(text: &str) {
    let _ = terminal().write_all(format!("{text}\n").as_bytes());
}

/// Says what a process had printed when it ended well: there is no log any more that would take it.
pub fn say_rest(text: &str) {
    if !text.trim().is_empty() {
        say(text.trim_end());
    }
}

fn terminal() -> Box<dyn Write> {
    match TERMINAL.get() {
        Some(terminal) => Box::new(terminal),
        None => Box::new(io::stderr()),
    }
}

/// Prints the result of a command. Whoever closes the pipe early has read enough.
pub fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// The folder of the logs.
pub fn folder() -> PathBuf {
    state_folder().join("log")
}

fn name(layout: &Path, process: &str) -> String {
    format!("{}.{process}", layout_name(layout))
}

/// The file of what an engine says outside of its log: why it could not start, a panic of its own.
pub fn open_stderr(layout: &Path) -> io::Result<(File, PathBuf)> {
    private_folder(&folder()).map_err(io::Error::other)?;
    let path = folder().join(name(layout, "engine.stderr"));
    Ok((OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?, path))
}

/// Sends the `tracing` events of this process to its log, and to the terminal too unless `quiet`. The last lines are
/// written when the guard is dropped.
pub fn start(layout: &Path, process: &str, quiet: bool) -> io::Result<(Arc<Log>, WorkerGuard)> {
    private_folder(&folder()).map_err(io::Error::other)?;
    let files = Daily::open(&folder(), &name(layout, process))?;
    // A thread of its own writes: a slow file system holds up nothing.
    let (writer, guard) = tracing_appender::non_blocking(files);
    let log = Arc::new(Log::to(writer));
    let filter = EnvFilter::try_from_env("BRICKWORK_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,wgpu=warn,naga=warn,winit=error"));
    let terminal = (!quiet).then(|| fmt::layer().with_ansi(false).with_target(false).with_writer(terminal));
    tracing_subscriber::registry().with(filter).with(Layer::new(log.clone())).with(terminal).init();
    Ok((log, guard))
}
