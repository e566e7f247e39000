//! Starting other programs and ending them again, each by its own id.
//! All commands start programs through here. It never ends a program that it did not start.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;
use crate::project::root;

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(20);

/// The cargo that runs us, in the root, without the variables that it sets for us alone.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let ours =
            name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// Runs to the end; what it prints goes to the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|e| format!("{}: {e}", name(command)))?;
    check(command, status)
}

/// Runs to the end and returns what it printed on standard output.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{}: {e}", name(command)))?;
    check(command, output.status)
        .map_err(|why| format!("{why}\n{}", String::from_utf8_lossy(&output.stderr).trim_end()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn check(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", line(command))) }
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name(command)).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A flag that Ctrl-C raises instead of ending us, so that what we started can be ended first.
pub fn interrupted() -> Outcome<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&flag)).map_err(|e| format!("cannot watch for Ctrl-C: {e}"))?;
    }
    Ok(flag)
}

/// A program that ends with this value: first asked, after a while killed.
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Outcome<Self> {
        let child = command.spawn().map_err(|e| format!("{}: {e}", name(command)))?;
        Ok(Self { child, name: name(command) })
    }

    /// The child itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until it ends, or `limit` is over, or `stop` is raised; says how it ended if it did.
    pub fn wait(&mut self, limit: Duration, stop: &AtomicBool) -> Outcome<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            let status = self.child.try_wait().map_err(|e| format!("{}: {e}", self.name))?;
            if status.is_some() || start.elapsed() >= limit || stop.load(Ordering::Relaxed) {
                return Ok(status);
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let never = AtomicBool::new(false);
        if !matches!(self.wait(Duration::ZERO, &never), Ok(None)) {
            return;
        }
        // Not yet waited for, so the id is still this child's and nobody else's.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        if matches!(self.wait(GRACE, &never), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A private place for one run of Brickwork: its run folder and state folder, removed at the end.
pub struct Sandbox {
    folder: PathBuf,
}

impl Sandbox {
    /// Makes it, in a short path: a Unix socket's path has at most 107 bytes.
    pub fn new() -> Outcome<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = std::env::temp_dir().join(format!("brickwork-xtask-{}", std::process::id()));
        for part in [folder.clone(), folder.join("run"), folder.join("state")] {
            let made = std::fs::DirBuilder::new().mode(0o700).create(&part);
            made.map_err(|e| format!("{}: {e}", part.display()))?;
        }
        Ok(Self { folder })
    }

    /// Sends a program's Brickwork to this place.
    pub fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("XDG_RUNTIME_DIR", self.folder.join("run")).env("BRICKWORK_STATE", self.folder.join("state"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
