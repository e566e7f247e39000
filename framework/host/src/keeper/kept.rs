//! The child's side: what it is told when it starts, what it does when its keeper is gone, and what plugins print.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_engine::Engine;
use brickwork_engine::crumbs::{self, Running};
use brickwork_engine::left_off::{self, LeftOff};
use brickwork_link::NoticeLevel;
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
use serde_json::{Value, json};

use crate::log;

/// What the engine's own notices are about.
const ENGINE: &str = "engine";
/// How long it is shown that the engine before died.
const SHOWN: Duration = Duration::from_secs(600);
/// How often it is looked whether the keeper is there.
const LOOK: Duration = Duration::from_secs(1);
/// Lines of what plugins print that one second has room for in the log.
const LINES: u32 = 100;

/// What a child is told.
#[derive(Clone)]
pub struct Kept {
    /// The process that keeps it.
    pub keeper: u32,
    /// The number of the file in which it notes what runs.
    pub memory: i32,
    /// What became of the process before it.
    pub died: Option<String>,
    /// What it is to leave off.
    pub left_off: Vec<LeftOff>,
}

impl Kept {
    /// As it crosses.
    pub fn to_text(&self) -> String {
        let left_off: Vec<Value> = self.left_off.iter().map(left_off_to_json).collect();
        json!({"keeper": self.keeper, "memory": self.memory, "died": self.died, "left_off": left_off}).to_string()
    }

    /// Reads it. It is for nobody but our own child.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let read = || {
            let value: Value = serde_json::from_str(text).ok()?;
            Some(Self {
                keeper: value["keeper"].as_u64()?.try_into().ok()?,
                memory: value["memory"].as_i64()?.try_into().ok()?,
                died: value["died"].as_str().map(str::to_owned),
                left_off: value["left_off"].as_array()?.iter().map(left_off_from_json).collect(),
            })
        };
        read().ok_or_else(|| "only `brickwork` itself says this".into())
    }

    /// From now on this process is kept.
    pub fn begin(&self) -> io::Result<()> {
        let memory = File::options().read(true).write(true).open(format!("/proc/self/fd/{}", self.memory))?;
        crumbs::note_in(&memory, self.died.is_some())?;
        left_off::leave(self.left_off.clone(), self.died.clone());
        Ok(())
    }

    /// What this process says goes from now on where its keeper's words go: its own standard error is for what plugins
    /// print.
    pub fn speak(&self) -> io::Result<()> {
        log::speak_to(File::from(io::stdin().as_fd().try_clone_to_owned()?));
        Ok(())
    }

    fn is_alone(&self) -> bool {
        getppid().map(Pid::as_raw_nonzero).map(std::num::NonZero::get) != Some(self.keeper.cast_signed())
    }
}

fn left_off_to_json(LeftOff { what, why }: &LeftOff) -> Value {
    let Running { plugin, name, kind, entry } = what;
    json!({"plugin": plugin, "name": name, "kind": kind, "entry": entry, "why": why})
}

fn left_off_from_json(value: &Value) -> LeftOff {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let what = Running { plugin: text("plugin"), name: text("name"), kind: text("kind"), entry: text("entry") };
    LeftOff { what, why: text("why") }
}

/// A window holds no truth: it ends with its keeper.
pub fn watch_for_window(kept: &Kept) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::TERM))?;
    if kept.is_alone() {
        return Err(io::Error::other("whoever started this window is gone"));
    }
    Ok(())
}

/// An engine says what the one before it died of, and goes on without its keeper; that is said too, for as long as it is
/// so.
pub fn watch_for_engine(kept: Kept, engine: &Arc<Engine>) -> io::Result<()> {
    let told = Instant::now();
    if let Some(died) = &kept.died {
        engine.core().notice(NoticeLevel::Error, ENGINE, died.clone());
    }
    let engine = Arc::downgrade(engine);
    std::thread::Builder::new().name("keeper".into()).spawn(move || {
        let mut shown = kept.died.is_some();
        while let Some(engine) = engine.upgrade().filter(|engine| !engine.is_stopping()) {
            if kept.is_alone() {
                let text = format!(
                    "The process that starts the engine again should it die was ended (process {})\nThe engine goes on, and nobody starts it again. When nothing runs: `brickwork stop` it and run it anew.",
                    kept.keeper
                );
                return engine.core().notice(NoticeLevel::Warning, ENGINE, text);
            }
            if shown && told.elapsed() > SHOWN {
                shown = false;
                engine.core().notice(NoticeLevel::Info, ENGINE, "");
            }
            drop(engine);
            std::thread::sleep(LOOK);
        }
    })?;
    Ok(())
}

/// What plugins print goes into the log, with the plugin as far as that can be known: a pipe does not say who wrote.
pub fn listen_to_plugins() -> io::Result<()> {
    let printed = BufReader::new(File::open("/proc/self/fd/1")?);
    std::thread::Builder::new().name("printed".into()).spawn(move || {
        let (mut second, mut lines) = (Instant::now(), 0);
        for line in printed.split(b'\n').map_while(Result::ok) {
            if second.elapsed() > Duration::from_secs(1) {
                if lines > LINES {
                    tracing::warn!("{} more lines were printed in one second and are not in the log", lines - LINES);
                }
                (second, lines) = (Instant::now(), 0);
            }
            lines += 1;
            if lines <= LINES {
                log_printed(String::from_utf8_lossy(&line).trim_end());
            }
        }
    })?;
    Ok(())
}

fn log_printed(line: &str) {
    if line.is_empty() {
        return;
    }
    match crumbs::likely_plugins().as_slice() {
        [] => tracing::info!("printed: {line}"),
        [plugin] => tracing::info!(plugin, "printed: {line}"),
        several => tracing::info!("printed, by {}: {line}", several.join(" or ")),
    }
}
