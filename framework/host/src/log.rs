//! Where the processes write what happens: the engine to a file of the user's, all errors to the terminal.
#![allow(clippy::print_stderr)]

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Mutex;

use brickwork_link::{private_folder, state_folder};
use tracing_subscriber::EnvFilter;

/// Says something at the terminal.
pub fn say(text: &str) {
    eprintln!("{text}");
}

/// Prints the result of a command. Whoever closes the pipe early has read enough.
pub fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The log file of a layout's engine.
pub fn engine_log(layout: &std::path::Path) -> PathBuf {
    let name = layout.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    state_folder().join("log").join(format!("{name}.engine.log"))
}

/// Opens a log file for appending, readable by its owner alone. One that has grown large is set aside.
pub fn open(path: &std::path::Path) -> std::io::Result<File> {
    const LARGE: u64 = 10 << 20;
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(std::io::Error::other)?;
    }
    if std::fs::metadata(path).is_ok_and(|found| found.len() > LARGE) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// Sends `tracing` events to a file, or to the terminal.
pub fn start(file: Option<File>) {
    let filter =
        || EnvFilter::try_from_env("BRICKWORK_LOG").unwrap_or_else(|_| EnvFilter::new("info,wgpu=warn,naga=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter()).with_ansi(false).with_target(false);
    // A second start in one process keeps the first.
    let _ = match file {
        Some(file) => builder.with_writer(Mutex::new(file)).try_init(),
        None => builder.with_writer(std::io::stderr).try_init(),
    };
}
