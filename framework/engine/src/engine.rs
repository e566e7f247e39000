//! One running engine: its core, its bus, its threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use brickwork_layout::{self as layout, Beamline};
use brickwork_link::{EngineInfo, Kept, NoticeLevel, Place, Rights, ToShell, Trust, private_folder, state_folder};
use brickwork_sdk::{Value, to_value};
use parking_lot::{Mutex, MutexGuard};

use crate::bus::Bus;
use crate::clock::Clock;
use crate::core::Core;
use crate::loader::Library;
use crate::log::Log;
use crate::own_file::OwnFile;
use crate::retire::{remove, retire};
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
    /// Whether the engine before this one died: then objects get all that it last saved, not only what is to last.
    pub after_death: bool,
    /// The log of this process, for the shells.
    pub log: Arc<Log>,
}

/// A running engine.
pub struct Engine {
    pub(crate) options: Options,
    info: EngineInfo,
    bus: Arc<Bus>,
    core: Mutex<Core>,
    layout: Mutex<LayoutState>,
    pub(crate) own_file: Mutex<OwnFile>,
    stopping: AtomicBool,
    ending: Mutex<()>,
    pub(crate) trust: Trust,
    /// Files that another user could have written, and the rights that say so.
    pub(crate) untrusted: Mutex<HashMap<PathBuf, Rights>>,
}

/// The layout in force, and what is wrong with the file as it is now.
#[derive(Default)]
struct LayoutState {
    revision: u64,
    beamline: Option<Beamline>,
    is_in_force: bool,
    diagnostics: String,
}

/// How often what is due is done.
const TICK: Duration = Duration::from_millis(50);
/// How long objects may take to stop when the engine ends.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// How long the disk may take for what they saved.
const WRITE_LIMIT: Duration = Duration::from_secs(3);

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
        engine.core().keep_states(engine.open_kept()?, engine.options.after_death);
        watch.files(engine.load_layout());
        let watched = engine.clone();
        std::thread::Builder::new().name("watch".into()).spawn(move || watched.watch(watch))?;
        let ticking = engine.clone();
        std::thread::Builder::new().name("tick".into()).spawn(move || ticking.tick())?;
        let retiring = engine.clone();
        std::thread::Builder::new().name("retire".into()).spawn(move || retiring.retire_unused())?;
        Ok(engine)
    }

    /// What is on disk of the objects' states.
    fn open_kept(&self) -> std::io::Result<Kept> {
        let place = Place::of(&self.options.layout).map_err(std::io::Error::other)?;
        Kept::open(&place, "objects")
    }

    fn tick(self: Arc<Self>) {
        while !self.is_stopping() {
            std::thread::sleep(TICK);
            self.core().tick();
        }
    }

    pub(crate) fn new(options: Options) -> std::io::Result<Arc<Self>> {
        private_folder(&copies_folder()).map_err(std::io::Error::other)?;
        forget_old_copies();
        let bus = Arc::new(Bus::new(Clock::new(options.time_scale)));
        let core = Mutex::new(Core::new(bus.clone()));
        let (stopping, ending) = (AtomicBool::new(false), Mutex::new(()));
        let (trust, untrusted) = (Trust::new(&options.trust_groups), Mutex::default());
        let info = EngineInfo {
            version: env!("CARGO_PKG_VERSION").into(),
            abi_protocol: brickwork_abi::PROTOCOL,
            started_wall_secs: Clock::wall_secs(),
        };
        let (layout, own_file) = (Mutex::default(), Mutex::default());
        Ok(Arc::new(Self { options, info, bus, core, layout, own_file, stopping, ending, trust, untrusted }))
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
        let mut core = self.core();
        let mut libraries: Vec<Arc<Library>> = core.catalogue.libraries().cloned().collect();
        libraries.extend(core.unused(true));
        let kept = core.take_kept();
        drop(core);
        if kept.is_some_and(|kept| !kept.flush(WRITE_LIMIT)) {
            tracing::warn!("not everything that the objects saved is on disk: it takes too long");
        }
        retire(libraries).iter().for_each(|retired| remove(&retired.copy));
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

    /// Whether the file as it is now is what runs.
    pub(crate) fn is_layout_in_force(&self) -> bool {
        self.layout.lock().is_in_force
    }

    /// Loads the layout; what is wrong with it changes nothing that runs. Answers the files to watch.
    pub(crate) fn load_layout(&self) -> Vec<PathBuf> {
        let catalogue = self.core().catalogue.clone();
        // The layout may be a link that is led elsewhere; what it includes lies beside the file that it leads to.
        let asked = &self.options.layout;
        let loaded = layout::load(&asked.canonicalize().unwrap_or_else(|_| asked.clone()), Some(&catalogue));
        let mut state = self.layout.lock();
        state.diagnostics = loaded.render();
        state.is_in_force = loaded.beamline.is_some();
        if let Some(beamline) = loaded.beamline {
            // Also when it is the same: a plugin that was missing may be there.
            self.core().apply(&beamline);
            if state.beamline.as_ref() != Some(&beamline) {
                state.revision += 1;
                state.beamline = Some(beamline);
            }
            tracing::info!(revision = state.revision, "layout in force");
        } else {
            tracing::error!(subject = "layout", "the layout is not in force:\n{}", state.diagnostics);
        }
        drop(state);
        let message = self.beamline_message();
        self.core().broadcast(&message);
        let mut files = loaded.files;
        files.push(asked.clone());
        files
    }
}

pub(crate) fn copies_folder() -> PathBuf {
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
