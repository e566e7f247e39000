//! The plugin files of a running engine: looked for, checked, loaded, taken into force, or refused in words.
//!
//! What is wrong with a file changes nothing that runs. The watching thread is the one that calls it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use brickwork_link::{NoticeLevel, ToShell, rights};

use crate::catalogue::Entry;
use crate::core::file_name;
use crate::engine::{Engine, copies_folder};
use crate::host::HostContext;
use crate::left_off;
use crate::loader::{self, Library, LoadError};
use crate::watch::Watch;

/// How long a plugin's file may be away before that is said.
const GONE_AFTER: Duration = Duration::from_secs(2);
/// How long a library's own code may take while it is loaded.
const LOAD_LIMIT: Duration = Duration::from_secs(10);

impl Engine {
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
        let mut prepared: Vec<_> = files.iter().zip(prepared).collect();
        // Before a copy of it, whatever that is called.
        prepared.sort_by_key(|(file, prepared)| {
            let is_well_named = matches!(prepared, Ok(Some(library)) if library.has_its_name());
            (!is_well_named, file.as_os_str().len())
        });
        for (file, prepared) in prepared {
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
        for (file, _) in files.iter().zip(&prepared).filter(|(_, prepared)| prepared.is_none()) {
            self.core().catalogue.leave_threads(&file_name(file), 1);
        }
        prepared.into_iter().map(|p| p.unwrap_or_else(|| Err(LoadError::Refused(unanswered.clone())))).collect()
    }

    /// Loads a file; `None` when its content is in force already.
    fn prepare(self: &Arc<Self>, file: &Path) -> Prepared {
        let seen = rights(file);
        let checked = loader::check(file, &self.trust);
        let mut untrusted = self.untrusted.lock();
        match checked {
            Err(LoadError::Untrusted(_)) => _ = untrusted.insert(file.into(), seen),
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
        core.catalogue.accepts(&library).map_err(LoadError::Clash)?;
        let library = Arc::new(library);
        left_off::use_file(&library.source.to_string_lossy());
        let generation = core.put_into_force(library.clone());
        tracing::info!(plugin = library.info.name, generation, file = %library.source.display(), "loaded");
        Ok(library)
    }

    pub(crate) fn watch(self: Arc<Self>, mut watch: Watch) {
        let mut gone = Gone::default();
        while !self.is_stopping() {
            let changed = watch.wait(|| self.plugin_files());
            self.mark_gone(&mut gone);
            self.forget_removed();
            let (mut plugins, layouts): (Vec<_>, Vec<_>) = changed.into_iter().partition(|path| is_plugin_name(path));
            plugins.extend(self.judged_otherwise());
            let mut loaded = false;
            for file in &plugins {
                loaded |= self.reload(file);
            }
            let is_free = self.look_after_layout();
            // New kinds may make good what was unknown before.
            if (!layouts.is_empty() || loaded || is_free) && self.owns_layout() {
                watch.files(self.load_layout());
            }
            if !layouts.is_empty() && self.is_layout_in_force() {
                self.core().try_again();
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
                core.refuse(file, &error.to_string());
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
            core.refuse(file, "");
        }
    }

    /// The files that were not trusted and whose rights, or those of their folders, have changed since.
    fn judged_otherwise(&self) -> Vec<PathBuf> {
        let untrusted = self.untrusted.lock();
        untrusted.iter().filter(|(file, seen)| rights(file) != **seen).map(|(file, _)| file.clone()).collect()
    }

    /// Nothing is said any more of a file that was refused and is there no more. One whose plugin goes on is missed.
    fn forget_removed(&self) {
        let mut files = self.plugin_files();
        let mut core = self.core();
        files.extend(core.catalogue.sources());
        let names: Vec<String> = files.iter().map(|file| file_name(file)).collect();
        core.take_back(|subject| is_plugin_name(Path::new(subject)) && !names.iter().any(|name| name == subject));
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
                core.refuse(&file, "its file is gone");
            }
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
        None if matches!(error, LoadError::Clash(_)) => (String::new(), "What is in force goes on.".into()),
        None => (String::new(), "Its kinds are not available.".into()),
    };
    format!("{plugin}{} was not loaded\n{error}\n{}\n{goes_on}", file.display(), error.cure())
}

/// Whether a file may be a plugin by its name; hidden ones are what programs write before they rename it.
fn is_plugin_name(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !is_hidden && path.extension().is_some_and(|extension| extension == "so")
}
