//! The plugins in force: which library contributes which kind, and what the layout may know of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brickwork_layout::Kinds;
use brickwork_link::PluginFile;
use brickwork_sdk::Value;
use brickwork_sdk::interface::{CommandInfo, Interface};
use brickwork_sdk::protocol::{Answer, Ask, ConfigProblem, KindInfo, PluginInfo};

use crate::clock::Clock;
use crate::core::file_name;
use crate::left_off;
use crate::loader::Library;

/// One plugin with its present library.
#[derive(Clone)]
pub struct Entry {
    /// The present generation.
    pub library: Arc<Library>,
    /// Counts successful loads.
    pub generation: u64,
    /// When it was loaded, seconds since 1970.
    loaded_wall_secs: f64,
    /// Why the file as it is now is not in force, and when that was found; no words when it is.
    refused: (String, f64),
}

/// All plugins by name.
#[derive(Clone, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
    /// Threads that do not end, by the plugin, or by its file if that was never loaded.
    threads_left: BTreeMap<String, u64>,
}

impl Catalogue {
    /// Whether the library may come into force beside the others.
    ///
    /// # Errors
    /// Says which of its kinds or interfaces another plugin declares otherwise.
    pub fn accepts(&self, library: &Library) -> Result<(), String> {
        if let Some(Entry { library: other, .. }) = self.entries.get(&library.info.name)
            && other.source != library.source
            && other.source.exists()
            && (other.has_its_name() || !library.has_its_name())
        {
            let (name, source) = (&other.info.name, other.source.display());
            return Err(format!("it is another file of the plugin {name}, which {source} has"));
        }
        let others = self.entries.values().filter(|entry| entry.library.info.name != library.info.name);
        for other in others.map(|entry| &entry.library.info) {
            for kind in library.info.objects.iter().chain(&library.info.bricks) {
                if other.objects.iter().chain(&other.bricks).any(|k| k.kind == kind.kind) {
                    return Err(format!("the plugin {} has the kind {:?} already", other.name, kind.kind));
                }
            }
            for interface in &library.info.interfaces {
                let twin = other.interfaces.iter().find(|i| i.name == interface.name && i.version == interface.version);
                if twin.is_some_and(|twin| twin != interface) {
                    return Err(format!(
                        "it declares the interface {} v{} otherwise than the plugin {}: rebuild both with one sdk",
                        interface.name, interface.version, other.name
                    ));
                }
            }
        }
        Ok(())
    }

    /// So many threads of a plugin, or of a file, do not end.
    pub fn leave_threads(&mut self, whose: &str, count: u64) {
        *self.threads_left.entry(whose.into()).or_default() += count;
    }

    /// Puts a library into force; answers its generation and the library before it.
    pub fn insert(&mut self, library: Arc<Library>) -> (u64, Option<Arc<Library>>) {
        let name = library.info.name.clone();
        let generation = self.entries.get(&name).map_or(1, |entry| entry.generation + 1);
        let entry = Entry { library, generation, loaded_wall_secs: Clock::wall_secs(), refused: Default::default() };
        (generation, self.entries.insert(name, entry).map(|before| before.library))
    }

    /// The file of a plugin is not taken, and why; empty when it is again. True if that is news.
    pub fn refuse(&mut self, source: &Path, why: &str) -> bool {
        let Some(entry) = self.entries.values_mut().find(|entry| entry.library.source == source) else { return false };
        let is_news = entry.refused.0 != why;
        entry.refused = (why.into(), Clock::wall_secs());
        is_news
    }

    /// The plugin that came from this file.
    pub fn of_source(&self, source: &Path) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.library.source == source)
    }

    /// The plugin of a kind of object.
    pub fn of_object(&self, kind: &str) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.library.info.objects.iter().any(|k| k.kind == kind))
    }

    fn of_brick(&self, kind: &str) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.library.info.bricks.iter().any(|k| k.kind == kind))
    }

    /// The command of an interface that a kind of object serves.
    pub fn command(&self, kind: &str, interface: &str, command: &str) -> Option<&CommandInfo> {
        self.interface(kind, interface)?.command(command)
    }

    /// The interface of this name that a kind of object serves.
    pub fn interface(&self, kind: &str, interface: &str) -> Option<&Interface> {
        let info = &self.of_object(kind)?.library.info;
        let (name, version) =
            info.objects.iter().find(|k| k.kind == kind)?.serves.iter().find(|(name, _)| name == interface)?;
        info.interfaces.iter().find(|i| i.name == *name && i.version == *version)
    }

    /// The channels of a kind of object that declare a period, with its seconds.
    pub fn periods(&self, kind: &str) -> Vec<(String, f64)> {
        let Some(entry) = self.of_object(kind) else { return Vec::new() };
        let info = &entry.library.info;
        let Some(object) = info.objects.iter().find(|k| k.kind == kind) else { return Vec::new() };
        let interfaces = object.serves.iter().filter_map(|(interface, _)| self.interface(kind, interface));
        let channels = interfaces.flat_map(|interface| &interface.channels);
        channels.filter_map(|channel| Some((channel.name.clone(), channel.period_secs?))).collect()
    }

    /// The commands that always work on a kind of object and take nothing: its stops.
    pub fn stops(&self, kind: &str) -> Vec<(String, String)> {
        let Some(entry) = self.of_object(kind) else { return Vec::new() };
        let info = &entry.library.info;
        let Some(object) = info.objects.iter().find(|k| k.kind == kind) else { return Vec::new() };
        let serves = object.serves.iter().filter_map(|(interface, _)| self.interface(kind, interface));
        let stop = |interface: &Interface| {
            let name = interface.name.clone();
            let always = interface.commands.iter().filter(|c| c.always && c.arguments.is_empty());
            always
                .filter(|c| matches!(c.name.as_str(), "stop" | "abort"))
                .map(move |c| (name.clone(), c.name.clone()))
                .collect::<Vec<_>>()
        };
        serves.flat_map(stop).collect()
    }

    /// What the shells load.
    pub fn files(&self) -> Vec<PluginFile> {
        let left = |name: &str| self.threads_left.get(name).copied().unwrap_or(0);
        let file = |entry: &Entry| PluginFile {
            threads_left: left(&entry.library.info.name) + left(&file_name(&entry.library.source)),
            name: entry.library.info.name.clone(),
            version: entry.library.info.version.clone(),
            source: entry.library.source.to_string_lossy().into_owned(),
            copy: entry.library.copy.to_string_lossy().into_owned(),
            objects: entry.library.info.objects.iter().map(|k| k.kind.clone()).collect(),
            bricks: entry.library.info.bricks.iter().map(|k| k.kind.clone()).collect(),
            generation: entry.generation,
            hash: format!("{:016x}", entry.library.hash),
            loaded_wall_secs: entry.loaded_wall_secs,
            refused: entry.refused.0.clone(),
            refused_wall_secs: entry.refused.1,
        };
        self.entries.values().map(file).collect()
    }

    /// What each plugin says of itself.
    pub fn plugins(&self) -> Vec<PluginInfo> {
        self.libraries().map(|library| library.info.clone()).collect()
    }

    /// Every library.
    pub fn libraries(&self) -> impl Iterator<Item = &Arc<Library>> {
        self.entries.values().map(|entry| &entry.library)
    }

    /// The files that the libraries came from.
    pub fn sources(&self) -> Vec<PathBuf> {
        self.entries.values().map(|entry| entry.library.source.clone()).collect()
    }
}

impl Kinds for Catalogue {
    fn object(&self, kind: &str) -> Option<KindInfo> {
        self.of_object(kind)?.library.info.objects.iter().find(|k| k.kind == kind).cloned()
    }

    fn brick(&self, kind: &str) -> Option<KindInfo> {
        self.of_brick(kind)?.library.info.bricks.iter().find(|k| k.kind == kind).cloned()
    }

    fn object_kinds(&self) -> Vec<String> {
        self.libraries().flat_map(|library| library.info.objects.iter().map(|k| k.kind.clone())).collect()
    }

    fn brick_kinds(&self) -> Vec<String> {
        self.libraries().flat_map(|library| library.info.bricks.iter().map(|k| k.kind.clone())).collect()
    }

    fn missing(&self) -> Option<String> {
        left_off::any_file()
    }

    fn check_config(&self, kind: &str, config: &Value) -> Vec<ConfigProblem> {
        let Some(entry) = self.of_object(kind).or_else(|| self.of_brick(kind)) else { return Vec::new() };
        if left_off::is_unchecked(kind) {
            return Vec::new();
        }
        match entry.library.ask(0, &Ask::Check { kind: kind.into(), config: config.clone() }) {
            Answer::Problems(problems) => problems,
            Answer::Panicked(failure) => {
                let message = format!("its plugin panicked over it at {}: {}", failure.place, failure.message);
                vec![ConfigProblem { message, ..ConfigProblem::default() }]
            }
            _ => Vec::new(),
        }
    }
}
