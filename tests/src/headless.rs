//! An engine alone, as `brickwork run --headless` is it: no display, a client that asks it, and its plugin folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::engine::EngineClient;
use crate::folder::Folder;
use crate::programs::{Program, built, memory_kb};
use crate::{PATIENCE, poll};

/// A running engine. Dropping it ends it.
pub struct Headless {
    /// Its client.
    pub engine: EngineClient,
    program: Program,
    folder: Folder,
}

impl Headless {
    /// Starts an engine on a layout with these plugins, each a library and the name that it gets.
    pub fn start(layout: &str, plugins: &[(&Path, &str)]) -> Self {
        let folder = Folder::new();
        for (library, name) in plugins {
            folder.put_plugin(library, name);
        }
        Self::start_in(folder, layout, &[])
    }

    /// Starts an engine in a folder that is prepared, with more arguments.
    pub fn start_in(folder: Folder, layout: &str, arguments: &[&str]) -> Self {
        std::fs::write(folder.layout(), layout).expect("the folder is ours");
        let mut command = Command::new(built("brickwork"));
        command.args(["run", "--headless", "--plugins"]).arg(folder.plugins()).args(arguments).arg(folder.layout());
        folder.apply(&mut command);
        let said = std::fs::File::create(folder.path().join("engine.said")).expect("the folder is ours");
        let mut program = Program::start(command.stdin(Stdio::null()).stderr(said));
        let socket = poll(PATIENCE, || folder.socket().filter(|_| program.runs()));
        let engine = EngineClient::connect(&socket.expect("the engine listens"));
        Self { engine, program, folder }
    }

    /// Its private folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Where a plugin lies that is watched.
    pub fn plugin(&self, name: &str) -> PathBuf {
        self.folder.plugins().join(name)
    }

    /// Whether the process still runs.
    pub fn runs(&mut self) -> bool {
        self.program.runs()
    }

    /// The process that keeps the engine.
    pub fn keeper(&mut self) -> &mut std::process::Child {
        self.program.child()
    }

    /// Waits until an engine has said this of a subject, whichever it is by then, and goes on with that one.
    pub fn hears(&mut self, subject: &str, words: &str) -> String {
        let limit = Duration::from_millis(500);
        let heard = poll(PATIENCE, || {
            let client = EngineClient::try_connect(&self.folder.socket()?)?;
            let text =
                poll(limit, || client.notice_about(subject).map(|n| n.text).filter(|text| text.contains(words)))?;
            self.engine = client;
            Some(text)
        });
        heard.unwrap_or_else(|| panic!("nothing is said of {subject} with {words:?}; it printed\n{}", self.said()))
    }

    /// Waits until another engine answers than the one of before, and goes on with that one.
    pub fn comes_back(&mut self, before: u32) {
        let other = poll(PATIENCE, || {
            let client = EngineClient::try_connect(&self.folder.socket()?)?;
            poll(Duration::from_millis(500), || client.met().filter(|process| *process != before))?;
            Some(client)
        });
        self.engine = other.unwrap_or_else(|| panic!("no engine came back; it printed\n{}", self.said()));
    }

    /// What is in the engine's log, of all engines so far.
    pub fn log(&self) -> String {
        let files = std::fs::read_dir(self.folder.path().join("state/log")).into_iter().flatten().flatten();
        let logs = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "log"));
        logs.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
    }

    /// What the engine has written to its terminal.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("engine.said")).unwrap_or_default()
    }

    /// Runs a command of `brickwork` on its layout.
    pub fn brickwork(&self, command: &str, arguments: &[&str]) -> Output {
        let mut brickwork = Command::new(built("brickwork"));
        brickwork.arg(command).arg(self.folder.layout()).args(arguments);
        self.folder.apply(&mut brickwork);
        brickwork.output().expect("the program starts")
    }

    /// A figure of its memory in KB, such as `Rss` or `Anonymous`.
    pub fn memory_kb(&self, what: &str) -> u64 {
        memory_kb(self.engine.process(), what).unwrap_or_else(|| panic!("the system tells {what} of a living process"))
    }
}
