//! The running Brickwork in which a plugin is tried: its window and engine, which are started unless an engine runs the
//! layout already, and the words that go to it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use brickwork_link::{LINK_PROTOCOL, NoticeLevel, Place, Reader, ToEngine, ToShell, Writer, split};
use clap::ValueEnum as _;

use super::build::Verdict;
use super::crate_folder::CrateFolder;
use crate::run::{self, Outcome, START_LIMIT, user};
use crate::{Plugins, ThemeChoice, log};

/// How long an engine may take to load what lies in its folders.
const LOAD_LIMIT: Duration = Duration::from_secs(3);

/// What runs the layout.
pub struct Host {
    layout: PathBuf,
    place: Place,
    /// The window, if it was opened here; then the engine was started here too.
    window: Option<Child>,
    /// Held open: what was said holds as long as it.
    link: Option<Writer>,
}

impl Host {
    /// Opens the layout in a window, or finds the engine that runs it.
    pub fn open(
        layout: PathBuf,
        plugin: &CrateFolder,
        plugins: Plugins,
        theme: Option<ThemeChoice>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let place = Place::of(&layout)?;
        let mut host = Self { layout, place, window: None, link: None };
        if host.place.connect().is_ok() {
            host.check_watched(plugin)?;
            log::say("an engine runs this layout: its windows take up what is built");
        } else {
            host.open_window(plugin, plugins, theme)?;
        }
        Ok(host)
    }

    fn open_window(
        &mut self,
        plugin: &CrateFolder,
        plugins: Plugins,
        theme: Option<ThemeChoice>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        brickwork_shell::display::look()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("run").arg(&self.layout).stdin(Stdio::null());
        if let Some(word) = theme.and_then(|theme| theme.to_possible_value()) {
            command.arg("--theme").arg(word.get_name());
        }
        // Before anything was built it may not be there; an engine cannot watch what is not there.
        std::fs::create_dir_all(plugin.library_folder())?;
        let (folders, groups) = plugins.unpack();
        for folder in all_folders(folders, plugin.library_folder()) {
            command.arg("--plugins").arg(folder);
        }
        for group in groups {
            command.arg("--trust-group").arg(group);
        }
        let window = self.window.insert(command.spawn()?);
        let begun = Instant::now();
        while self.place.connect().is_err() {
            if let Some(status) = window.try_wait()? {
                return Err(format!("`brickwork run` ended at once ({status})").into());
            }
            if begun.elapsed() > START_LIMIT {
                return Err(format!("no engine runs; its logs are in {}", log::folder().display()).into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Whether the engine that runs already looks where the plugin is built.
    fn check_watched(&self, plugin: &CrateFolder) -> Result<(), Box<dyn std::error::Error>> {
        let (mut reader, _writer) = self.meet()?;
        let begun = Instant::now();
        // It beats every half second: this ends.
        while begun.elapsed() < LOAD_LIMIT {
            if let ToShell::Plugins(files) = reader.receive()?
                && files.iter().any(|file| same(Path::new(&file.source).parent(), Some(plugin.library_folder())))
            {
                return Ok(());
            }
        }
        Err(format!(
            "an engine runs {layout} already and does not look into {}: end it with `brickwork stop {layout}`",
            plugin.library_folder().display(),
            layout = self.layout.display(),
        )
        .into())
    }

    fn meet(&self) -> std::io::Result<(Reader, Writer)> {
        let (reader, mut writer) = split(self.place.connect()?)?;
        let hello = ToEngine::Hello { protocol: LINK_PROTOCOL, user: format!("{} (brickwork dev)", user()) };
        writer.send(&hello).map_err(std::io::Error::other)?;
        Ok((reader, writer))
    }

    /// Says in the window how the last build went: an error until the next good one.
    pub fn tell(&mut self, plugin: &CrateFolder, verdict: &Verdict) {
        let (level, text) = match verdict {
            Verdict::Built => (NoticeLevel::Info, String::new()),
            Verdict::Failed(report) => {
                let goes_on = if plugin.library.is_file() {
                    "The generation before goes on."
                } else {
                    "It was never built, so its kinds are not there."
                };
                (NoticeLevel::Error, report.notice(&plugin.name, goes_on))
            }
        };
        let notice = ToEngine::Notice { level, subject: format!("build of {}", plugin.name), text };
        let heard = self.link.as_mut().is_some_and(|link| link.send(&notice).is_ok());
        // A new engine has heard nothing of it; where all is well there is nothing to hear.
        if !heard
            && level == NoticeLevel::Error
            && let Err(error) = self.tell_anew(&notice)
        {
            log::say(&format!("the window is not told: {error}"));
        }
    }

    fn tell_anew(&mut self, notice: &ToEngine) -> Result<(), Box<dyn std::error::Error>> {
        let (mut reader, writer) = self.meet()?;
        self.link.insert(writer).send(notice)?;
        // Reads on, so that the engine is not held up by what it has to say to us.
        let name = std::thread::Builder::new().name("from engine".into());
        name.spawn(move || while reader.receive::<brickwork_sdk::Value>().is_ok() {})?;
        Ok(())
    }

    /// Whether the window that was opened here has closed.
    ///
    /// # Errors
    /// When it ended as a window does not.
    pub fn is_closed(&mut self) -> std::io::Result<bool> {
        let Some(window) = &mut self.window else { return Ok(false) };
        Ok(window.try_wait()?.is_some())
    }

    /// Ends what was started here.
    pub fn end(mut self) -> Outcome {
        if let Some(link) = &self.link {
            link.close();
        }
        let Some(mut window) = self.window.take() else { return Ok(ExitCode::SUCCESS) };
        let status = match window.try_wait()? {
            Some(status) => Some(status),
            None => {
                // It holds no truth: nothing is lost with it.
                window.kill()?;
                window.wait()?;
                None
            }
        };
        run::stop(&self.layout)?;
        match status {
            Some(status) if !status.success() => Err(format!("the window ended with {status}").into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// The folders of plugins with that of the developed one, none twice: its kinds would be there twice.
fn all_folders(mut folders: Vec<PathBuf>, own: &Path) -> Vec<PathBuf> {
    if !folders.iter().any(|folder| same(Some(folder), Some(own))) {
        folders.push(own.into());
    }
    folders
}

fn same(one: Option<&Path>, other: Option<&Path>) -> bool {
    let whole = |path: Option<&Path>| path.and_then(|path| path.canonicalize().ok());
    whole(one).is_some() && whole(one) == whole(other)
}
