//! One running engine: its core, its bus, its threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use brickwork_layout::{self as layout, Beamline};
use brickwork_link::{EngineInfo, NoticeLevel, ToShell, private_folder, state_folder};
use brickwork_sdk::{Value, to_value};
use parking_lot::{Mutex, MutexGuard};

use crate::bus::Bus;
use crate::clock::Clock;
use crate::core::Core;
use crate::host::HostContext;
use crate::loader::{self, Library, LoadError};
use crate::log::Log;
use crate::watch::Watch;

/// How an engine is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The layout.
    pub layout: PathBuf,
    /// The folders in which plugins lie.
    pub plugins: Vec<PathBuf>,
    /// How many engine seconds pass in one real second; 1 at a beamline.
    pub time_scale: f64,
    /// The log of this process, for the shells.
    pub log: Arc<Log>,
}

/// A running engine.
pub struct Engine {
    options: Options,
    info: EngineInfo,
    bus: Arc<Bus>,
    core: Mutex<Core>,
    layout: Mutex<LayoutState>,
    stopping: AtomicBool,
    ending: Mutex<()>,
}

/// The layout in force, and what is wrong with the file as it is now.
#[derive(Default)]
struct LayoutState {
    revision: u64,
    beamline: Option<Beamline>,
    diagnostics: String,
}

/// How often what is due is done.
const TICK: Duration = Duration::from_millis(50);
/// How long objects may take to stop when the engine ends.
const STOP_LIMIT: Duration = Duration::from_secs(3);

impl Engine {
    /// Starts an engine: plugins, layout, objects. A broken layout does not keep it from running.
    ///
    /// # Errors
    /// When its state folder cannot be used or a thread cannot be started.
    pub fn start(options: Options) -> std::io::Result<Arc<Self>> {
        let engine = Self::new(options)?;
        for (subject, refusal) in engine.load_all() {
            engine.core().notice(NoticeLevel::Error, &subject, refusal);
        }
        let files = engine.load_layout();
        let mut watch = Watch::new();
        watch.files(engine.plugin_files());
        watch.files(files);
        let watched = engine.clone();
        std::thread::Builder::new().name("watch".into()).spawn(move || watched.watch(watch))?;
        let ticking = engine.clone();
        std::thread::Builder::new().name("tick".into()).spawn(move || {
            while !ticking.is_stopping() {
                std::thread::sleep(TICK);
                ticking.core().tick();
            }
        })?;
        Ok(engine)
    }

    pub(crate) fn new(options: Options) -> std::io::Result<Arc<Self>> {
        private_folder(&copies_folder()).map_err(std::io::Error::other)?;
        forget_old_copies();
        let bus = Arc::new(Bus::new(Clock::new(options.time_scale)));
        let core = Mutex::new(Core::new(bus.clone()));
        let (stopping, ending) = (AtomicBool::new(false), Mutex::new(()));
        let info = EngineInfo {
            version: env!("CARGO_PKG_VERSION").into(),
            abi_protocol: brickwork_abi::PROTOCOL,
            started_wall_secs: Clock::wall_secs(),
        };
        Ok(Arc::new(Self { options, info, bus, core, layout: Mutex::default(), stopping, ending }))
    }

    /// The core, locked for one short step.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock()
    }

    /// The bus.
    pub fn bus(&self) -> &Arc<Bus> {
        &self.bus
    }

    /// What it is.
    pub fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// The log of its process.
    pub fn log(&self) -> &Arc<Log> {
        &self.options.log
    }

    /// The layout that it runs.
    pub fn layout_path(&self) -> &Path {
        &self.options.layout
    }

    /// Whether it is ending.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Ends every object, within a limit, and every plugin's thread. Returns when that is done, whoever began it.
    pub fn stop(&self) {
        let _ending = self.ending.lock();
        if self.stopping.swap(true, Ordering::AcqRel) {
            return;
        }
        self.core().stop_all();
        let deadline = std::time::Instant::now() + STOP_LIMIT;
        while !self.core().is_empty() && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        let libraries: Vec<Arc<Library>> = self.core().catalogue.libraries().cloned().collect();
        for library in libraries {
            library.shutdown(Duration::from_millis(200));
            // The copy was ours; what is loaded stays loaded without its name.
            let _ = std::fs::remove_file(&library.copy);
        }
    }

    /// The beamline as shells hear of it.
    pub fn beamline_message(&self) -> ToShell {
        let layout = self.layout.lock();
        ToShell::Beamline {
            revision: layout.revision,
            beamline: layout.beamline.as_ref().and_then(|b| to_value(b).ok()).unwrap_or(Value::Null),
            diagnostics: layout.diagnostics.clone(),
            objects: self.core().object_infos(),
        }
    }

    fn plugin_files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self
            .options
            .plugins
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "so"))
            .collect();
        files.sort();
        files
    }

    /// Loads every plugin, side by side; they come into force in the order of their names. Answers what is not in
    /// force, by subject, and why.
    pub(crate) fn load_all(self: &Arc<Self>) -> Vec<(String, String)> {
        let mut refused = Vec::new();
        for folder in &self.options.plugins {
            if let Err(error) = std::fs::read_dir(folder) {
                refused.push((subject(folder), format!("cannot read the plugin folder {}: {error}", folder.display())));
            }
        }
        let files = self.plugin_files();
        let prepared: Vec<_> = std::thread::scope(|scope| {
            let mut threads = Vec::new();
            for file in &files {
                let builder = std::thread::Builder::new().name("load".into());
                threads.push(builder.spawn_scoped(scope, move || self.prepare(file)));
            }
            threads.into_iter().zip(&files).map(|(thread, file)| joined(thread, file)).collect()
        });
        for (file, prepared) in files.iter().zip(prepared) {
            match prepared.and_then(|library| library.map(|library| self.put_into_force(library)).transpose()) {
                // A library of something else may lie beside the plugins.
                Ok(_) | Err(LoadError::NotAPlugin) => {}
                Err(error) => refused.push((subject(file), refusal(file, &error, None))),
            }
        }
        refused
    }

    /// Loads a file and puts it into force; `None` when its content is in force already.
    fn load(self: &Arc<Self>, file: &Path) -> Result<Option<Arc<Library>>, LoadError> {
        self.prepare(file)?.map(|library| self.put_into_force(library)).transpose()
    }

    /// Loads a file; `None` when its content is in force already.
    fn prepare(self: &Arc<Self>, file: &Path) -> Result<Option<Library>, LoadError> {
        let checked = loader::check(file)?;
        if self.core().catalogue.of_source(file).is_some_and(|entry| entry.library.hash == checked.hash) {
            return Ok(None);
        }
        let copy = checked.copy_to(&copies_folder())?;
        let (context, host) = HostContext::leak(self, &subject(file));
        let library = Library::load(file, copy.clone(), checked.hash, host).inspect_err(|_| {
            let _ = std::fs::remove_file(&copy);
        })?;
        // Set once, on this thread, right after it was made.
        let _ = context.plugin.set(library.info.name.clone());
        let _ = context.wake.set(library.wake());
        Ok(Some(library))
    }

    fn put_into_force(&self, library: Library) -> Result<Arc<Library>, LoadError> {
        let mut core = self.core();
        core.catalogue.accepts(&library).map_err(LoadError::Refused)?;
        let library = Arc::new(library);
        let generation = core.catalogue.insert(library.clone());
        tracing::info!(plugin = library.info.name, generation, file = %library.source.display(), "loaded");
        Ok(library)
    }

    /// Loads the layout; what is wrong with it changes nothing that runs. Answers the files to watch.
    fn load_layout(&self) -> Vec<PathBuf> {
        let catalogue = self.core().catalogue.clone();
        let loaded = layout::load(&self.options.layout, Some(&catalogue));
        let mut state = self.layout.lock();
        state.diagnostics = loaded.render();
        if let Some(beamline) = loaded.beamline {
            if state.beamline.as_ref() != Some(&beamline) {
                self.core().apply(&beamline);
                state.revision += 1;
                state.beamline = Some(beamline);
            }
            tracing::info!(revision = state.revision, "layout in force");
        } else {
            tracing::error!("the layout is not in force:\n{}", state.diagnostics);
        }
        drop(state);
        let message = self.beamline_message();
        self.core().broadcast(&message);
        loaded.files
    }

    fn watch(self: Arc<Self>, mut watch: Watch) {
        while !self.is_stopping() {
            let changed = watch.wait(|| self.plugin_files());
            let (plugins, layouts): (Vec<_>, Vec<_>) =
                changed.into_iter().partition(|path| path.extension().is_some_and(|extension| extension == "so"));
            let mut loaded = false;
            for file in &plugins {
                loaded |= self.reload(file);
            }
            // New kinds may make good what was unknown before.
            if !layouts.is_empty() || loaded {
                watch.files(self.load_layout());
            }
        }
    }

    /// A plugin's file has changed.
    fn reload(self: &Arc<Self>, file: &Path) -> bool {
        match self.load(file) {
            Ok(Some(library)) => {
                let mut core = self.core();
                core.notice(NoticeLevel::Info, &subject(file), "");
                core.reload_plugin(&library);
                let files = core.catalogue.files();
                core.broadcast(&ToShell::Plugins(files));
                true
            }
            Ok(None) => {
                // What is in force lies there again, perhaps after something that was refused.
                let mut core = self.core();
                core.notice(NoticeLevel::Info, &subject(file), "");
                core.refuse(file, "");
                false
            }
            Err(LoadError::NotAPlugin) if self.core().catalogue.of_source(file).is_none() => false,
            Err(error) => {
                let mut core = self.core();
                let running = core.catalogue.of_source(file).map(|entry| entry.generation);
                core.notice(NoticeLevel::Error, &subject(file), refusal(file, &error, running));
                core.refuse(file, &error.to_string());
                false
            }
        }
    }
}

fn copies_folder() -> PathBuf {
    state_folder().join("plugins")
}

/// Removes what engines left that were killed; a copy's name carries the process that made it.
fn forget_old_copies() {
    for entry in std::fs::read_dir(copies_folder()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.rsplit('-').nth(2).filter(|owner| owner.parse::<u32>().is_ok());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            // Another engine may be doing the same.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

type Loading<'s> = std::io::Result<std::thread::ScopedJoinHandle<'s, Result<Option<Library>, LoadError>>>;

/// What came of a thread that loaded a file.
fn joined(thread: Loading<'_>, file: &Path) -> Result<Option<Library>, LoadError> {
    let thread = thread.map_err(|error| LoadError::Io { path: file.to_owned(), error })?;
    thread.join().unwrap_or_else(|_| Err(LoadError::Refused("it panicked while it was loaded".into())))
}

/// What notices of a plugin's file are about.
fn subject(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The banner of a file that is not taken.
fn refusal(file: &Path, error: &LoadError, running: Option<u64>) -> String {
    let goes_on = match running {
        Some(generation) => format!("Generation {generation} goes on."),
        None => "Its kinds are not available.".into(),
    };
    format!("{} was not loaded: {error}\n{goes_on}", file.display())
}
