//! Finds the programs and plugins that the tests run, and ends what was started.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};

/// The folder of the built program and plugins: that of this bench, or of this test without `deps`.
pub fn built_folder() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let folder = own.parent().expect("a program lies in a folder");
    let whole = if folder.ends_with("deps") { folder.parent() } else { Some(folder) };
    whole.expect("tests lie in `deps` of the folder").into()
}

/// One built file; the test fails with what to type when it is not there.
pub fn built(name: &str) -> PathBuf {
    let path = built_folder().join(name);
    assert!(path.is_file(), "{} is missing: run `cargo build --workspace` first", path.display());
    path
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").into()
}

/// Whether the foreign programs are there. In CI a missing one is a failure, elsewhere the test is skipped.
pub fn have(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing: Vec<&str> = programs
        .iter()
        .copied()
        .filter(|program| !std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
        .collect();
    if missing.is_empty() {
        return true;
    }
    let words = format!("{} not installed; `cargo xtask test` installs them", missing.join(", "));
    assert!(std::env::var_os("CI").is_none(), "{words}");
    eprintln!("SKIPPED: {words}");
    false
}

/// A program that is killed when this value goes.
pub struct Program(Child);

impl Program {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        match command.spawn() {
            Ok(child) => Self(child),
            Err(error) => panic!("{command:?} does not start: {error}"),
        }
    }

    /// Its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Ends it with SIGKILL, and with it what it keeps, and waits until both are gone. What it has started on its own,
    /// such as the engine of a window, goes on.
    pub fn kill(&mut self) {
        let kept = kept_by(self.0.id());
        // Not yet waited for, so the id is still this child's and nobody else's. First the keeper, which would start it
        // again.
        let _ = self.0.kill();
        let _ = self.0.wait();
        for id in kept {
            end(id);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ends a process that is not our child with SIGKILL, such as an engine that a shell has started.
pub fn kill(id: u32) {
    signal(id, Signal::KILL);
}

/// Ends an engine or a window with SIGKILL, and first who would start it again.
pub fn kill_with_keeper(id: u32) {
    if let Some(keeper) = parent_of(id) {
        kill(keeper);
    }
    end(id);
}

/// Ends a process, which may have ended by itself, and waits until it is gone.
fn end(id: u32) {
    let pid = Pid::from_raw(id.cast_signed()).expect("a process has an id above 0");
    let _ = kill_process(pid, Signal::KILL);
    crate::poll(crate::PATIENCE, || is_dead(id).then_some(())).expect("a killed process ends");
}

/// Whether all threads of a process have ended, the last of which closes its sockets. Its parent may not have noticed.
fn is_dead(id: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count);
    threads <= 1 && figure_of(id, "State").is_none_or(|state| state.starts_with('Z'))
}

/// The processes that a process keeps: its children in its own group.
pub fn kept_by(id: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| child.parse().ok());
    children.filter(|child| group_of(*child) == group_of(id)).collect()
}

fn group_of(id: u32) -> Option<Pid> {
    rustix::process::getpgid(Pid::from_raw(id.cast_signed())).ok()
}

/// The parent of a process.
pub fn parent_of(id: u32) -> Option<u32> {
    figure_of(id, "PPid")?.parse().ok()
}

/// What the system says of a process.
fn figure_of(id: u32, what: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

/// Asks a process to end, with SIGTERM.
pub fn ask_to_end(id: u32) {
    signal(id, Signal::TERM);
}

/// A figure of a process's memory in KB, such as `Rss` or `Anonymous`; none when it has ended.
pub fn memory_kb(process: u32, what: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Stops a process until the value is dropped: it neither answers nor closes its connections.
pub struct Paused(u32);

impl Paused {
    /// Pauses it with SIGSTOP.
    pub fn pause(id: u32) -> Self {
        signal(id, Signal::STOP);
        Self(id)
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        signal(self.0, Signal::CONT);
    }
}

/// Sends a process a signal.
pub fn signal(id: u32, signal: Signal) {
    let pid = Pid::from_raw(id.cast_signed()).expect("a process has an id above 0");
    kill_process(pid, signal).expect("the process runs");
}
