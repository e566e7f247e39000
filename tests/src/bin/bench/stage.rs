//! Where a bench runs Brickwork: a private folder with the layout and copies of the plugins, an engine and
//! a shell as processes of their own. All of it ends with the value; only what was started here is ended.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use brickwork_tests::programs::Program;

use crate::Outcome;
use crate::client::Client;
use crate::screen::Screen;

/// The size of every bench's window.
pub const SIZE: (usize, usize) = (1280, 1024);

/// One layout being run.
pub struct Stage {
    shell: Option<(Program, Screen)>,
    engine: Option<Program>,
    /// The ids of engine and shell.
    processes: Vec<u32>,
    folder: PathBuf,
}

impl Stage {
    /// Makes the folder with the layout and the named plugins, and starts the engine.
    pub fn new(layout: &str, plugins: &[&str]) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("brickwork-bench-{}", std::process::id()));
        for part in ["", "run", "state", "plugins", "screen"] {
            std::fs::DirBuilder::new().mode(0o700).create(folder.join(part))?;
        }
        let mut stage = Self { shell: None, engine: None, processes: Vec::new(), folder };
        stage.write_layout(layout)?;
        for plugin in plugins {
            std::fs::copy(built(&library(plugin))?, stage.plugin(plugin))?;
        }
        let mut engine = stage.brickwork()?;
        engine.arg("run").arg("--headless").arg(stage.layout()).arg("--plugins").arg(stage.folder.join("plugins"));
        let mut engine = Program::start(engine.stderr(stage.log("engine")?));
        stage.processes.push(engine.child().id());
        stage.engine = Some(engine);
        Ok(stage)
    }

    /// Opens the window on a private display, as large as the display.
    pub fn open_window(&mut self) -> Outcome<&Screen> {
        let screen = Screen::start(&self.folder.join("screen"), SIZE)?;
        // The engine's socket comes a moment after its process; a shell that finds none would start another.
        drop(self.client()?);
        let mut shell = self.brickwork()?;
        shell.arg("run").arg(self.layout()).args(["--size", &format!("{}x{}", SIZE.0, SIZE.1)]);
        shell.env("DISPLAY", screen.display()).env_remove("WAYLAND_DISPLAY");
        let mut shell = Program::start(shell.stderr(self.log("shell")?));
        self.processes.push(shell.child().id());
        let (_, screen) = self.shell.insert((shell, screen));
        Ok(screen)
    }

    /// The screen of the window.
    pub fn screen(&self) -> &Screen {
        &self.shell.as_ref().expect("the window was opened").1
    }

    /// What shell and engine use of one core while `work` runs, in percent.
    pub fn cpu_percent<T>(&self, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, f64)> {
        let used = || self.processes.iter().map(|process| cpu_secs(*process)).sum::<Outcome<f64>>();
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
        Ok(std::fs::File::create(self.folder.join(format!("{name}.log")))?)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shell = None;
        self.engine = None;
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
