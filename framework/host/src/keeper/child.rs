//! The child: this program once more, with what it should know of those before it, and a pipe for what plugins print.

use std::fs::File;
use std::io::{self, PipeReader, Read as _};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use brickwork_engine::crumbs::{self, Left};
use brickwork_engine::left_off::LeftOff;
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

use super::deaths::What;
use super::kept::Kept;
use super::signals::Asked;

/// How often a child's memory is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// A running child.
pub struct Child {
    process: std::process::Child,
    /// Where its last words are, once it is dead: while it lives it reads them itself.
    words: Option<PipeReader>,
}

impl Child {
    /// Starts it with the arguments of this process.
    pub fn start(what: What, memory: &File, died: Option<&str>, left_off: &[LeftOff]) -> io::Result<Self> {
        let kept = Kept {
            keeper: std::process::id(),
            memory: memory.as_raw_fd(),
            died: died.map(str::to_owned),
            left_off: left_off.to_vec(),
        };
        let mut command = Command::new(own_program()?);
        command.arg0("brickwork").arg("--kept").arg(kept.to_text()).args(std::env::args_os().skip(1));
        let mut words = None;
        if what != What::Look {
            let (reader, writer) = io::pipe()?;
            fcntl_setfl(&reader, OFlags::NONBLOCK)?;
            // Its way to the terminal: what plugins print does not go there but into the log.
            let terminal = io::stderr().as_fd().try_clone_to_owned().map_or_else(|_| Stdio::null(), Stdio::from);
            command.stdin(terminal).stdout(writer.try_clone()?).stderr(writer);
            words = Some(reader);
        }
        Ok(Self { process: command.spawn()?, words })
    }

    /// Waits for its end; how it was, and what it said last. The end comes by force once it `is_over`, with how long it
    /// has lived, or how long ago it said that it ends, and what it has noted so far.
    pub fn wait(
        mut self,
        asked: &Asked,
        memory: &File,
        is_over: impl Fn(Duration, &Left) -> bool + Send + 'static,
    ) -> io::Result<(ExitStatus, String)> {
        let pid = Pid::from_child(&self.process);
        asked.pass_to(Some(pid));
        let (ended, hears) = sync_channel::<()>(1);
        let (looked_at, telling) = (memory.try_clone()?, asked.clone());
        std::thread::Builder::new().name("limit".into()).spawn(move || {
            let mut since = Instant::now();
            let mut has_ended = false;
            while hears.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                let left = crumbs::read(&looked_at).unwrap_or_default();
                if left.ended.is_some() && !std::mem::replace(&mut has_ended, true) {
                    since = Instant::now();
                }
                if is_over(since.elapsed(), &left) {
                    return telling.tell(Signal::KILL);
                }
            }
        })?;
        // It is not reaped yet, so that its id stays its own until nobody sends it a signal any more.
        while let Err(error) = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            if error != rustix::io::Errno::INTR {
                break;
            }
        }
        asked.pass_to(None);
        drop(ended);
        let status = self.process.wait()?;
        let mut words = Vec::new();
        if let Some(reader) = &mut self.words {
            // It ends with "would block" where a program that the child started still has the other end.
            let _ = reader.read_to_end(&mut words);
        }
        Ok((status, String::from_utf8_lossy(&words).into_owned()))
    }
}

/// This program: by its name while that leads to it, else the very file that runs, which may have been replaced.
fn own_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    let same = |a: &std::fs::Metadata, b: &std::fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    let named = std::env::current_exe()?;
    let is_it = match (named.metadata(), running.metadata()) {
        (Ok(named), Ok(running)) => same(&named, &running),
        _ => false,
    };
    Ok(if is_it { named } else { running.into() })
}
