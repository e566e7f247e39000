//! One running engine: its core, its bus, its threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use brickwork_layout::{self as layout, Beamline};
use brickwork_link::{NoticeLevel, ToShell, private_folder, state_folder};
use brickwork_sdk::{Value, to_value};
use parking_lot::{Mutex, MutexGuard};

use crate::bus::Bus;
use crate::catalogue::Entry;
use crate::clock::Clock;
use crate::core::{Core, file_name};
use crate::host::HostContext;
use crate::loader::{self, Library, LoadError};
use crate::log::Log;
use crate::memory;
use crate::trust::{self, Rights, Trust};
use crate::watch::Watch;

/// How an engine is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The layout.
    pub layout: PathBuf,
    /// The folders in which plugins lie; no other is looked into.
    pub plugins: Vec<PathBuf>,
    /// The groups whose members may write plugins, beside the user and root.
    pub trust_groups: Vec<String>,
    /// How many engine seconds pass in one real second; 1 at a beamline.
    pub time_scale: f64,
    /// The log of this process, for the shells.
    pub log: Arc<Log>,
}

/// A running engine.
pub struct Engine {
    options: Options,
    bus: Arc<Bus>,
    core: Mutex<Core>,
    layout: Mutex<LayoutState>,
    stopping: AtomicBool,
    ending: Mutex<()>,
    trust: Trust,
    /// Files that another user could have written, and the rights that say so.
    untrusted: Mutex<HashMap<PathBuf, Rights>>,
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
/// How long a plugin's file may be away before that is said.
const GONE_AFTER: Duration = Duration::from_secs(2);
/// How long a library's own code may take while it is loaded.
const LOAD_LIMIT: Duration = Duration::from_secs(10);
/// How long the threads of a library that is used no more may take to end.
const RETIRE_LIMIT: Duration = Duration::from_millis(200);
/// How often such libraries are looked for.
const RETIRE_LOOK: Duration = Duration::from_millis(100);
/// How long the copy of a replaced library stays: a shell may just be about to load it.
const COPY_KEPT: Duration = Duration::from_secs(5);
/// How long objects may take to stop when the engine ends.
const STOP_LIMIT: Duration = Duration::from_secs(3);

impl Engine {
    /// Starts an engine: plugins, layout, objects. A broken layout does not keep it from running.
    ///
    /// # Errors
    /// When its state folder cannot be used or a thread cannot be started.
    pub fn start(options: Options) -> std::io::Result<Arc<Self>> {
        let engine = Self::new(options)?;
        // Before anything is read: what changes from here on is seen.
        let mut watch = Watch::new();
        engine.options.plugins.iter().for_each(|folder| watch.folder(folder));
        watch.files(engine.plugin_files());
        for (subject, refusal) in engine.load_all() {
            engine.core().notice(NoticeLevel::Error, &subject, refusal);
        }
        watch.files(engine.load_layout());
        let watched = engine.clone();
        std::thread::Builder::new().name("watch".into()).spawn(move || watched.watch(watch))?;
        let ticking = engine.clone();
        std::thread::Builder::new().name("tick".into()).spawn(move || ticking.tick())?;
        let retiring = engine.clone();
        std::thread::Builder::new().name("retire".into()).spawn(move || retiring.retire_unused())?;
        Ok(engine)
    }

    fn tick(self: Arc<Self>) {
        while !self.is_stopping() {
            std::thread::sleep(TICK);
            self.core().tick();
        }
    }

    /// Ends what nothing uses any more; that may take a while, which no other thread should.
    fn retire_unused(self: Arc<Self>) {
        let mut copies: Vec<(PathBuf, Instant)> = Vec::new();
        while !self.is_stopping() {
            std::thread::sleep(RETIRE_LOOK);
            let unused = self.core().unused(false);
            if !unused.is_empty() {
                // A thread of its own: what the libraries keep for each thread goes with it, by code of theirs.
                let thread = std::thread::Builder::new().name("retired".into()).spawn(|| retire(unused));
                let retired = thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default();
                retired.iter().for_each(|copy| memory::release(copy));
                copies.extend(retired.into_iter().map(|copy| (copy, Instant::now())));
            }
            // What is loaded stays loaded without its name.
            copies.extract_if(.., |(_, since)| since.elapsed() > COPY_KEPT).for_each(|(copy, _)| remove(&copy));
        }
        copies.iter().for_each(|(copy, _)| remove(copy));
    }

    pub(crate) fn new(options: Options) -> std::io::Result<Arc<Self>> {
        private_folder(&copies_folder()).map_err(std::io::Error::other)?;
        forget_old_copies();
        let bus = Arc::new(Bus::new(Clock::new(options.time_scale)));
        let core = Mutex::new(Core::new(bus.clone()));
        let (stopping, ending) = (AtomicBool::new(false), Mutex::new(()));
        let (trust, untrusted) = (Trust::new(&options.trust_groups), Mutex::default());
        Ok(Arc::new(Self { options, bus, core, layout: Mutex::default(), stopping, ending, trust, untrusted }))
    }

    /// The core, locked for one short step.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock()
    }

    /// The core, if it is free within the limit: for whoever may not wait for it.
    pub fn core_within(&self, limit: Duration) -> Option<MutexGuard<'_, Core>> {
        self.core.try_lock_for(limit)
    }

    /// The bus.
    pub fn bus(&self) -> &Arc<Bus> {
        &self.bus
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
        let mut core = self.core();
        let mut libraries: Vec<Arc<Library>> = core.catalogue.libraries().cloned().collect();
        libraries.extend(core.unused(true));
        drop(core);
        retire(libraries).iter().for_each(|copy| remove(copy));
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

    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }

    pub(crate) fn plugin_files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self
            .options
            .plugins
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| is_plugin_name(path))
            .collect();
        files.sort();
        files
    }

    /// The plugin folders that cannot be read, and why.
    pub(crate) fn unreadable(&self) -> Vec<(String, String)> {
        let error = |folder: &PathBuf| std::fs::read_dir(folder).err().map(|error| (folder.clone(), error));
        let told = |(folder, error): (PathBuf, std::io::Error)| {
            (file_name(&folder), format!("cannot read the plugin folder {}: {error}", folder.display()))
        };
        self.options.plugins.iter().filter_map(error).map(told).collect()
    }

    /// Loads every plugin, side by side; they come into force in the order of their names. Answers what is not in
    /// force, by subject, and why.
    pub(crate) fn load_all(self: &Arc<Self>) -> Vec<(String, String)> {
        let mut refused = self.unreadable();
        let files = self.plugin_files();
        let prepared = self.prepare_all(&files);
        for (file, prepared) in files.iter().zip(prepared) {
            match prepared.and_then(|library| library.map(|library| self.put_into_force(library)).transpose()) {
                // A library of something else may lie beside the plugins; what is being written is looked at again.
                Ok(_) | Err(LoadError::NotAPlugin | LoadError::Moving) => {}
                Err(error) => refused.push((file_name(file), refusal(file, &error, None))),
            }
        }
        refused
    }

    /// Loads a file and puts it into force; `None` when its content is in force already.
    fn load(self: &Arc<Self>, file: &Path) -> Result<Option<Arc<Library>>, LoadError> {
        let prepared = self.prepare_all(&[file.to_owned()]).pop();
        prepared.unwrap_or(Ok(None))?.map(|library| self.put_into_force(library)).transpose()
    }

    /// Loads files, each on a thread of its own: code of theirs runs, and may not return.
    fn prepare_all(self: &Arc<Self>, files: &[PathBuf]) -> Vec<Prepared> {
        let (sender, receiver) = sync_channel(files.len());
        for (at, file) in files.iter().enumerate() {
            let (engine, file, answer) = (self.clone(), file.clone(), sender.clone());
            let builder = std::thread::Builder::new().name("load".into());
            let path = file.clone();
            // Whoever waited too long hears no more.
            let spawned = builder.spawn(move || _ = answer.send((at, engine.prepare(&file))));
            if let Err(error) = spawned {
                let _ = sender.send((at, Err(LoadError::Io { path, error })));
            }
        }
        drop(sender);
        let deadline = Instant::now() + LOAD_LIMIT;
        let mut prepared: Vec<Option<Prepared>> = files.iter().map(|_| None).collect();
        while let Ok((at, answer)) = receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            prepared[at] = Some(answer);
        }
        let limit = LOAD_LIMIT.as_secs();
        let unanswered = if Instant::now() < deadline {
            "it panicked while it was loaded".to_owned()
        } else {
            format!("it did not return within {limit} s while it was loaded; its thread cannot be stopped")
        };
        prepared.into_iter().map(|p| p.unwrap_or_else(|| Err(LoadError::Refused(unanswered.clone())))).collect()
    }

    /// Loads a file; `None` when its content is in force already.
    fn prepare(self: &Arc<Self>, file: &Path) -> Prepared {
        let rights = trust::rights(file);
        let checked = loader::check(file, &self.trust);
        let mut untrusted = self.untrusted.lock();
        match checked {
            Err(LoadError::Untrusted(_)) => _ = untrusted.insert(file.into(), rights),
            _ => _ = untrusted.remove(file),
        }
        drop(untrusted);
        let mut checked = checked?;
        if self.core().catalogue.of_source(file).is_some_and(|entry| entry.library.hash == checked.hash) {
            return Ok(None);
        }
        let copy = checked.copy_to(&copies_folder())?;
        let (context, host) = HostContext::leak(self, &file_name(file));
        let library = Library::load(file, copy.clone(), checked.hash, host).inspect_err(|_| {
            let _ = std::fs::remove_file(&copy);
        })?;
        context.loaded(&library);
        Ok(Some(library))
    }

    fn put_into_force(&self, library: Library) -> Result<Arc<Library>, LoadError> {
        let mut core = self.core();
        core.catalogue.accepts(&library).map_err(LoadError::Refused)?;
        let library = Arc::new(library);
        let generation = core.put_into_force(library.clone());
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
        let mut gone = Gone::default();
        while !self.is_stopping() {
            let changed = watch.wait(|| self.plugin_files());
            self.mark_gone(&mut gone);
            let (mut plugins, layouts): (Vec<_>, Vec<_>) = changed.into_iter().partition(|path| is_plugin_name(path));
            plugins.extend(self.judged_otherwise());
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
                core.notice(NoticeLevel::Info, &file_name(file), "");
                core.notice(NoticeLevel::Info, &library.info.name, "");
                core.reload_plugin(&library);
                let files = core.catalogue.files();
                core.broadcast(&ToShell::Plugins(files));
                true
            }
            Ok(None) => {
                // What is in force lies there again, perhaps after something that was refused.
                self.take_back(file);
                false
            }
            // It changes again, and that is seen.
            Err(LoadError::Moving) => false,
            Err(LoadError::NotAPlugin) if self.core().catalogue.of_source(file).is_none() => false,
            Err(error) => {
                let mut core = self.core();
                let text = refusal(file, &error, core.catalogue.of_source(file));
                core.notice(NoticeLevel::Error, &file_name(file), text);
                drop(core);
                self.tell_refused(file, &error.to_string());
                false
            }
        }
    }

    /// What was said of a file holds no more, unless its objects do not work with it.
    fn take_back(&self, file: &Path) {
        let mut core = self.core();
        let number = core.catalogue.of_source(file).map(|entry| entry.library.number);
        if !number.is_some_and(|number| core.has_given_up(number)) {
            core.notice(NoticeLevel::Info, &file_name(file), "");
            drop(core);
            self.tell_refused(file, "");
        }
    }

    /// The files that were not trusted and whose rights, or those of their folders, have changed since.
    fn judged_otherwise(&self) -> Vec<PathBuf> {
        let untrusted = self.untrusted.lock();
        untrusted.iter().filter(|(file, seen)| trust::rights(file) != **seen).map(|(file, _)| file.clone()).collect()
    }

    /// A plugin whose file was removed goes on; that is said while it holds. Whoever builds replaces a file in less
    /// time than [`GONE_AFTER`].
    fn mark_gone(&self, gone: &mut Gone) {
        let files = self.core().catalogue.sources();
        for file in files {
            if file.exists() {
                if gone.remove(&file).is_some_and(|(_, told)| told) {
                    self.take_back(&file);
                }
                continue;
            }
            let (since, told) = gone.entry(file.clone()).or_insert_with(|| (Instant::now(), false));
            if since.elapsed() > GONE_AFTER && !std::mem::replace(told, true) {
                let mut core = self.core();
                let generation = core.catalogue.of_source(&file).map_or(0, |entry| entry.generation);
                let text = format!(
                    "{} is gone\nGeneration {generation} goes on; it is not there after a restart of the engine. Put the file back.",
                    file.display()
                );
                core.notice(NoticeLevel::Warning, &file_name(&file), text);
                drop(core);
                self.tell_refused(&file, "its file is gone");
            }
        }
    }

    /// Has the shells know whether the file of a plugin, as it is now, is in force.
    fn tell_refused(&self, file: &Path, reason: &str) {
        let mut core = self.core();
        core.catalogue.refuse(file, reason);
        let files = core.catalogue.files();
        core.broadcast(&ToShell::Plugins(files));
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

/// The files of plugins that are not there: since when, and whether that was said.
type Gone = HashMap<PathBuf, (Instant, bool)>;

/// What came of a file; `None` when its content is in force already.
type Prepared = Result<Option<Library>, LoadError>;

/// The banner of a file that is not taken.
fn refusal(file: &Path, error: &LoadError, running: Option<&Entry>) -> String {
    let (plugin, goes_on) = match running {
        Some(entry) => {
            let Entry { library, generation, .. } = entry;
            (format!("{}: ", library.info.name), format!("Generation {generation} goes on."))
        }
        None => (String::new(), "Its kinds are not available.".into()),
    };
    format!("{plugin}{} was not loaded\n{error}\n{}\n{goes_on}", file.display(), error.cure())
}

/// Whether a file may be a plugin by its name; hidden ones are what programs write before they rename it.
fn is_plugin_name(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !is_hidden && path.extension().is_some_and(|extension| extension == "so")
}

/// Ends the threads of libraries that nothing uses any more. Answers their copies: what is loaded stays mapped.
fn retire(libraries: Vec<Arc<Library>>) -> Vec<PathBuf> {
    let ended = libraries.into_iter().map(|library| {
        let left = library.shutdown(RETIRE_LIMIT);
        if left > 0 {
            let (plugin, number) = (&library.info.name, library.number);
            tracing::warn!(plugin, "{left} thread of load {number} does not end; it stays until the engine does");
        }
        let copy = library.copy.clone();
        // What it said of itself is freed here, by code of its own: before its pages are given back.
        drop(library);
        copy
    });
    ended.collect()
}

/// Removes a copy; it was ours alone.
fn remove(copy: &Path) {
    let _ = std::fs::remove_file(copy);
}
