//! Looks at layouts and plugins without making an object: for `brickwork check` and `brickwork kinds`.

use std::path::PathBuf;
use std::sync::Arc;

use brickwork_layout::{self as layout, Loaded};

use crate::catalogue::Catalogue;
use crate::engine::{Engine, Options};

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
    pub fn kinds(plugins: Vec<PathBuf>) -> std::io::Result<Known> {
        Self::known(Options { layout: PathBuf::new(), plugins, time_scale: 1.0, log: Arc::default() })
    }

    fn known(options: Options) -> std::io::Result<Known> {
        let engine = Self::new(options)?;
        let refused = engine.load_all().into_iter().map(|(_, refusal)| refusal).collect();
        let catalogue = engine.core().catalogue.clone();
        engine.stop();
        Ok(Known { catalogue, refused })
    }
}
