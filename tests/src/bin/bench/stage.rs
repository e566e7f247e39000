//! Where a bench runs Brickwork: a private folder with the layout and copies of the plugins, an engine and
//! a shell as processes of their own. All of it ends with the value; only what was started here is ended.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use brickwork_tests::new_plugin::NewPlugin;
use brickwork_tests::programs::{Program, kept_by, memory_kb, parent_of};
use brickwork_tests::{PATIENCE, poll};

use crate::Outcome;
use crate::client::Client;
use crate::screen::Screen;

/// The size of every bench's window.
pub const SIZE: (usize, usize) = (1280, 1024);

/// One layout being run.
pub struct Stage {
    shell: Option<Program>,
    screen: Option<Screen>,
    engine: Option<Program>,
    /// The ids of what was started here.
    processes: Vec<u32>,
    folder: PathBuf,
}

impl Stage {
    /// Makes the folder with the layout and the named plugins, and starts the engine.
    pub fn new(layout: &str, plugins: &[&str]) -> Outcome<Self> {
        let mut stage = Self::prepare(layout, plugins)?;
        let mut engine = stage.run(&["--headless"])?;
        let mut engine = Program::start(engine.stderr(stage.log("engine")?));
        stage.processes.push(engine.child().id());
        stage.engine = Some(engine);
        Ok(stage)
    }

    /// Makes the folder with the layout and the named plugins; nothing runs yet.
    pub fn prepare(layout: &str, plugins: &[&str]) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("brickwork-bench-{}", std::process::id()));
        for part in ["", "run", "state", "plugins", "screen"] {
            std::fs::DirBuilder::new().mode(0o700).create(folder.join(part))?;
        }
        let stage = Self { screen: None, shell: None, engine: None, processes: Vec::new(), folder };
        stage.write_layout(layout)?;
        for plugin in plugins {
            std::fs::copy(built(&library(plugin))?, stage.plugin(plugin))?;
        }
        Ok(stage)
    }

    /// Starts a private display.
    pub fn open_screen(&mut self) -> Outcome<&Screen> {
        let screen = Screen::start(&self.folder.join("screen"), SIZE)?;
        Ok(self.screen.insert(screen))
    }

    /// Opens the window on a private display, as large as the display.
    pub fn open_window(&mut self) -> Outcome<&Screen> {
        self.open_screen()?;
        // The engine's socket comes a moment after its process; a shell that finds none would start another.
        drop(self.client()?);
        self.start_shell()?;
        Ok(self.screen())
    }

    /// `brickwork run` as a person types it: a window, and an engine that it starts.
    pub fn run_whole(&mut self) -> Outcome {
        self.start_shell()
    }

    /// `brickwork dev` on a new plugin, with a window that it opens on a private display.
    pub fn run_dev(&mut self, plugin: &NewPlugin) -> Outcome {
        self.open_screen()?;
        let mut dev = self.brickwork()?;
        dev.arg("dev").arg(&plugin.folder).arg(self.layout()).arg("--plugins").arg(self.folder.join("plugins"));
        plugin.prepare(&mut dev);
        self.start_window(dev)
    }

    fn start_shell(&mut self) -> Outcome {
        let shell = self.run(&["--size", &format!("{}x{}", SIZE.0, SIZE.1)])?;
        self.start_window(shell)
    }

    fn start_window(&mut self, mut shell: Command) -> Outcome {
        shell.env("DISPLAY", self.screen().display()).env_remove("WAYLAND_DISPLAY");
        shell.env("BRICKWORK_PROBE", self.probe());
        let mut shell = Program::start(shell.stderr(self.log("shell")?));
        self.processes.push(shell.child().id());
        self.shell = Some(shell);
        Ok(())
    }

    fn run(&self, arguments: &[&str]) -> Outcome<Command> {
        let mut command = self.brickwork()?;
        command.arg("run").arg(self.layout()).arg("--plugins").arg(self.folder.join("plugins")).args(arguments);
        Ok(command)
    }

    /// The socket at which the shell answers what it shows.
    pub fn probe(&self) -> PathBuf {
        self.folder.join("probe.sock")
    }

    /// The ids of those that keep shell and engine, whoever started the engine.
    fn keepers(&self) -> Outcome<Vec<u32>> {
        let mut keepers = self.processes.clone();
        if self.engine.is_none() {
            keepers.extend(parent_of(self.client()?.process()?));
        }
        Ok(keepers)
    }

    /// The ids of shell and engine.
    fn kept(&self) -> Outcome<Vec<u32>> {
        Ok(self.keepers()?.into_iter().flat_map(kept_by).collect())
    }

    /// What shell and engine keep in memory, in MB.
    pub fn rss_mb(&self) -> Outcome<f64> {
        Ok(self.memory_kb()?.iter().map(|memory| memory.rss).sum::<f64>() / 1024.0)
    }

    /// What the shell and the engine have of memory, each. Those that keep them are the same program, most of whose pages
    /// all of them share.
    pub fn memory_kb(&self) -> Outcome<Vec<Memory>> {
        let memory = |process| {
            let kb = |what| memory_kb(process, what).map(|kb| kb as f64).ok_or("a process has ended");
            Ok(Memory { rss: kb("Rss")?, anonymous: kb("Anonymous")? })
        };
        self.kept()?.into_iter().map(memory).collect()
    }

    /// The screen of the window.
    pub fn screen(&self) -> &Screen {
        self.screen.as_ref().expect("the screen was opened")
    }

    /// What shell and engine use of one core while `work` runs, in percent.
    pub fn cpu_percent<T>(&self, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, f64)> {
        let processes = [self.keepers()?, self.kept()?].concat();
        let used = || processes.iter().map(|process| cpu_secs(*process)).sum::<Outcome<f64>>();
        let (begun, before) = (Instant::now(), used()?);
        let done = work()?;
        Ok((done, (used()? - before) / begun.elapsed().as_secs_f64() * 100.0))
    }

    /// The layout's file.
    pub fn layout(&self) -> PathBuf {
        self.folder.join("bench.ron")
    }

    /// Saves the layout.
    pub fn write_layout(&self, layout: &str) -> Outcome {
        Ok(std::fs::write(self.layout(), layout)?)
    }

    /// The watched file of a plugin.
    pub fn plugin(&self, plugin: &str) -> PathBuf {
        self.folder.join("plugins").join(library(plugin))
    }

    /// A connection to the engine.
    pub fn client(&self) -> Outcome<Client> {
        Client::connect(&self.run_folder())
    }

    /// The engine's socket, once it is there.
    pub fn socket(&self) -> Outcome<PathBuf> {
        let sockets = self.run_folder().join("brickwork");
        let found = poll(PATIENCE, || std::fs::read_dir(&sockets).ok()?.flatten().next().map(|file| file.path()));
        Ok(found.ok_or("the engine has no socket")?)
    }

    fn run_folder(&self) -> PathBuf {
        self.folder.join("run")
    }

    fn brickwork(&self) -> Outcome<Command> {
        let mut command = Command::new(built("brickwork")?);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.env("XDG_RUNTIME_DIR", self.run_folder()).env("BRICKWORK_STATE", self.folder.join("state"));
        Ok(command)
    }

    fn log(&self, name: &str) -> Outcome<std::fs::File> {
        // Not beside the layout: the engine watches that folder, and would look at it at each line.
        Ok(std::fs::File::create(self.folder.join("state").join(format!("{name}.log")))?)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shell = None;
        self.screen = None;
        if self.engine.take().is_none()
            && let Ok(mut command) = self.brickwork()
        {
            // The engine was started by the shell and outlives it; its layout is its name.
            let _ = command.arg("stop").arg(self.layout()).stderr(Stdio::null()).status();
        }
        if std::env::var_os("BRICKWORK_BENCH_KEEP").is_none() {
            // What cannot be removed lies in the system's folder for such things.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The file name of a plugin's library.
fn library(plugin: &str) -> String {
    format!("libbrickwork_{}.so", plugin.replace('-', "_"))
}

/// A file that was built beside this program.
fn built(name: &str) -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let file = own.parent().unwrap_or(Path::new("/")).join(name);
    if file.exists() {
        Ok(file)
    } else {
        Err(format!("{} is not built: use `cargo xtask bench`", file.display()).into())
    }
}

/// What a process has of memory, in KB.
#[derive(Clone, Copy)]
pub struct Memory {
    /// All that is not swapped out, also what files have.
    pub rss: f64,
    /// What no file has.
    pub anonymous: f64,
}

impl Memory {
    /// What was added since to the process that grew most.
    pub fn growth(before: &[Self], after: &[Self]) -> Self {
        let most = |part: fn(&Self) -> f64| {
            let grown = before.iter().zip(after).map(|(before, after)| part(after) - part(before));
            grown.fold(f64::MIN, f64::max)
        };
        Self { rss: most(|memory| memory.rss), anonymous: most(|memory| memory.anonymous) }
    }
}

/// What a process has used of the processors until now, in seconds.
fn cpu_secs(process: u32) -> Outcome<f64> {
    /// Clock ticks in one second, on every Linux that Rust runs on.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = |number: usize| fields.split(' ').nth(number - 3).and_then(|field| field.parse::<f64>().ok());
    let (user, system) = ticks(14).zip(ticks(15)).ok_or("/proc/PID/stat is not as it was")?;
    Ok((user + system) / TICKS)
}
