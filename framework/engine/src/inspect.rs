//! Looks at layouts and plugins without making an object: for `brickwork check`, `kinds` and `plugins`.

use std::path::PathBuf;
use std::sync::Arc;

use brickwork_layout::{self as layout, Loaded};

use brickwork_sdk::protocol::PluginInfo;

use crate::catalogue::Catalogue;
use crate::core::file_name;
use crate::engine::{Engine, Options};
use crate::loader::{self, LoadError};

/// What is wrong with a layout.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The layout, its diagnostics and its texts.
    pub loaded: Loaded,
    /// The plugin files and folders that are not in force, and why.
    pub refused: Vec<String>,
}

/// What a set of plugins contributes.
#[derive(Clone)]
pub struct Known {
    /// The plugins; they judge configs too.
    pub catalogue: Catalogue,
    /// The plugin files and folders that are not in force, and why.
    pub refused: Vec<String>,
}

/// What lies in plugin folders.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The plugin files, in order.
    pub files: Vec<Listed>,
    /// The folders that cannot be read, and why.
    pub folders: Vec<String>,
}

/// One plugin file.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where it lies.
    pub file: PathBuf,
    /// What it says of itself, if it was loaded.
    pub info: Option<PluginInfo>,
    /// Names its content, if that may be used.
    pub hash: Option<u64>,
    /// Who may write it, if that is nobody else than should.
    pub writers: Vec<String>,
    /// Why it is not taken, and the cure.
    pub refused: Option<String>,
}

fn only(plugins: Vec<PathBuf>, trust_groups: Vec<String>) -> Options {
    Options { layout: PathBuf::new(), plugins, trust_groups, time_scale: 1.0, after_death: false, log: Arc::default() }
}

impl Engine {
    /// All mistakes of a layout, without starting anything.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn check(options: Options) -> std::io::Result<Checked> {
        let layout = options.layout.clone();
        let Known { catalogue, refused } = Self::known(options)?;
        Ok(Checked { loaded: layout::load(&layout, Some(&catalogue)), refused })
    }

    /// All that the plugins in these folders contribute, without starting anything.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn kinds(plugins: Vec<PathBuf>, trust_groups: Vec<String>) -> std::io::Result<Known> {
        Self::known(only(plugins, trust_groups))
    }

    /// Every plugin file in these folders: what it is, who may write it, whether an engine takes it. Starts nothing.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn plugins(plugins: Vec<PathBuf>, trust_groups: Vec<String>) -> std::io::Result<Listing> {
        let engine = Self::new(only(plugins, trust_groups))?;
        let refused = engine.load_all();
        let core = engine.core();
        let files = engine.plugin_files().into_iter();
        let listed = files.filter_map(|file| {
            let library = core.catalogue.of_source(&file).map(|entry| entry.library.clone());
            let writers = loader::check(&file, &engine.trust);
            let refused = match (&library, &writers) {
                // A library of something else.
                (None, Err(LoadError::NotAPlugin)) => return None,
                (Some(_), _) => None,
                (None, Err(error)) => Some(format!("{error}. {}", error.cure())),
                (None, Ok(_)) => {
                    let said = refused.iter().find(|(subject, _)| *subject == file_name(&file));
                    Some(said.map_or_else(|| "another file has its plugin".into(), |(_, text)| text.clone()))
                }
            };
            let (hash, writers) = writers.map_or_else(|_| (None, Vec::new()), |c| (Some(c.hash), c.writers));
            Some(Listed { file, info: library.map(|library| library.info.clone()), hash, writers, refused })
        });
        let files = listed.collect();
        drop(core);
        let folders = engine.unreadable().into_iter().map(|(_, text)| text).collect();
        engine.stop();
        Ok(Listing { files, folders })
    }

    fn known(options: Options) -> std::io::Result<Known> {
        let engine = Self::new(options)?;
        let refused = engine.load_all().into_iter().map(|(_, refusal)| refusal).collect();
        let catalogue = engine.core().catalogue.clone();
        engine.stop();
        Ok(Known { catalogue, refused })
    }
}
