//! A bench's own connection to an engine: it calls commands and waits for their ends, as a shell would.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use brickwork_link::{LINK_PROTOCOL, Reader, ToEngine, ToShell, Writer, split};
use brickwork_sdk::protocol::Outcome as CallEnd;
use brickwork_sdk::{Value, from_value};
use serde::de::DeserializeOwned;

use crate::Outcome;

/// How long an engine may take to answer at all.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long an object may take to be live.
const LIVE_LIMIT: Duration = Duration::from_secs(5);

/// One connection.
pub struct Client {
    reader: Reader,
    writer: Writer,
    next: u64,
}

impl Client {
    /// Meets the one engine that has its socket in this run folder, once it is there.
    pub fn connect(run_folder: &Path) -> Outcome<Self> {
        let begun = Instant::now();
        let stream = loop {
            match meet(run_folder) {
                Ok(stream) => break stream,
                Err(error) if begun.elapsed() > START_LIMIT => return Err(error.into()),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let (reader, mut writer) = split(stream)?;
        writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: "bench".into() })?;
        Ok(Self { reader, writer, next: 1 })
    }

    /// The engine's process.
    pub fn process(mut self) -> Outcome<u32> {
        loop {
            match self.reader.receive()? {
                ToShell::Welcome { engine_pid, .. } => return Ok(engine_pid),
                ToShell::Refused { reason } => return Err(reason.into()),
                _ => {}
            }
        }
    }

    /// How often a plugin was loaded.
    pub fn generation(mut self, plugin: &str) -> Outcome<u64> {
        loop {
            match self.reader.receive()? {
                ToShell::Plugins(files) => {
                    let file = files.into_iter().find(|file| file.name == plugin);
                    return Ok(file.ok_or_else(|| format!("{plugin} is not in force"))?.generation);
                }
                ToShell::Refused { reason } => return Err(reason.into()),
                _ => {}
            }
        }
    }

    /// Calls a command and waits for its end. One that is refused is tried again for a while: objects
    /// become live in their own time.
    pub fn call<T: DeserializeOwned>(
        &mut self,
        object: &str,
        interface: &str,
        command: &str,
        arguments: &[(&str, i64)],
    ) -> Outcome<T> {
        let begun = Instant::now();
        loop {
            match self.call_once(object, interface, command, arguments)? {
                CallEnd::Finished(value) => return Ok(from_value(value)?),
                CallEnd::Ended(error) if begun.elapsed() > LIVE_LIMIT => return Err(error.message.into()),
                CallEnd::Ended(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn call_once(
        &mut self,
        object: &str,
        interface: &str,
        command: &str,
        arguments: &[(&str, i64)],
    ) -> Outcome<CallEnd> {
        let id = self.next;
        self.next += 1;
        self.writer.send(&ToEngine::Call {
            id,
            object: object.into(),
            interface: interface.into(),
            command: command.into(),
            arguments: Value::map(arguments.iter().map(|(name, number)| (*name, Value::from(*number)))),
            brick: String::new(),
            given_ns: brickwork_link::uptime_ns(),
        })?;
        loop {
            match self.reader.receive()? {
                ToShell::CallEnd { id: ended, outcome } if ended == id => return Ok(outcome),
                ToShell::Refused { reason } => return Err(reason.into()),
                _ => {}
            }
        }
    }
}

fn meet(run_folder: &Path) -> std::io::Result<UnixStream> {
    let sockets = std::fs::read_dir(run_folder.join("brickwork"))?;
    let socket = sockets.filter_map(Result::ok).map(|entry| entry.path()).next();
    UnixStream::connect(socket.ok_or(std::io::ErrorKind::NotFound)?)
}
