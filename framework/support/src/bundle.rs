//! The support archive: all that the person on call needs to know of one beamline, in one file for them alone.
//!
//! `brickwork support` and the window ask for it, each on a thread that may wait. What cannot be had is said in the
//! archive and keeps nothing else out of it.

mod logs;
mod parts;

use std::io;
use std::path::{Path, PathBuf};

use brickwork_engine::Clock;
use brickwork_layout::Loaded;
use brickwork_link::{LogLine, Place, PlaceError, private_folder, state_folder, write_private};

use crate::archive;
use crate::secrets::Secrets;
use crate::word_of_engine::{AskError, EngineWord, ask};
use crate::words::stamp;

use parts::Parts;

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum SupportError {
    /// It could not be written.
    #[error("the support archive cannot be written to {path}: {error}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Where it belongs is not ours.
    #[error(transparent)]
    Place(#[from] PlaceError),
}

/// What `brickwork check` says of a layout.
pub struct Checked {
    /// The layout with its diagnostics.
    pub loaded: Loaded,
    /// The plugin files that are not in force, and why.
    pub refused: Vec<String>,
}

/// What a window adds.
#[derive(Default)]
pub struct Window {
    /// The log of its process.
    pub log: Vec<LogLine>,
    /// What it says of versions, plugins and their times.
    pub about: String,
    /// A picture of each window, as PNG.
    pub pictures: Vec<Vec<u8>>,
}

/// What an archive is to be made of.
pub struct Request {
    /// Where the engine of the layout is met.
    pub place: Place,
    /// The layout.
    pub layout: PathBuf,
    /// What plugins say of the layout, if they were asked; else the engine's word counts.
    pub checked: Option<Checked>,
    /// What a window adds, if one asks.
    pub window: Option<Window>,
    /// Where it goes; without, into the user's state folder.
    pub out: Option<PathBuf>,
}

/// Collects everything and writes the archive (0600); answers its path.
///
/// # Errors
/// When it cannot be written.
pub fn write(request: Request) -> Result<PathBuf, SupportError> {
    let wall_secs = Clock::wall_secs();
    let word = ask(&request.place);
    let name = file_name("brickwork-support", &beamline_name(&request, &word), wall_secs);
    let path = match &request.out {
        Some(path) => path.clone(),
        None => {
            let folder = state_folder().join("support");
            private_folder(&folder)?;
            folder.join(format!("{name}.tar.gz"))
        }
    };
    let entries = collect(request, word, wall_secs);
    let written = archive::pack(&name, &entries, wall_secs).and_then(|bytes| write_private(&path, &bytes));
    written.map_err(|error| SupportError::Io { path: path.clone(), error })?;
    Ok(path)
}

/// A name for a file about one beamline: `PREFIX-NAME-YYYYMMDD-HHMMSS`.
pub fn file_name(prefix: &str, beamline: &str, wall_secs: f64) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = beamline.chars().map(plain).take(40).collect();
    format!("{prefix}-{name}-{}", stamp(wall_secs))
}

fn beamline_name(request: &Request, word: &Result<EngineWord, AskError>) -> String {
    let engines = word.as_ref().ok().and_then(|word| word.beamline.as_ref());
    let checked = request.checked.as_ref().and_then(|checked| checked.loaded.beamline.as_ref());
    let name = engines.or(checked).map(|beamline| beamline.name.clone()).filter(|name| !name.is_empty());
    let stem = || request.layout.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    name.or_else(stem).unwrap_or_default()
}

fn collect(request: Request, word: Result<EngineWord, AskError>, wall_secs: f64) -> Vec<archive::Entry> {
    let Request { layout, checked, window, .. } = request;
    // Without plugins it still gives the files; their mistakes are then the engine's to tell.
    let (loaded, refused) = match checked {
        Some(Checked { loaded, refused }) => (loaded, Some(refused)),
        None => (brickwork_layout::load(&layout, None), None),
    };
    let in_force = word.as_ref().ok().and_then(|word| word.beamline.as_ref());
    let secrets = Secrets::of(loaded.beamline.iter().chain(in_force));
    let mut parts = Parts::new(secrets);
    parts.layout(&layout, &loaded);
    parts.diagnostics(&loaded, refused.as_deref(), word.as_ref().ok());
    parts.engine(&layout, &loaded, &word, wall_secs);
    parts.window(window);
    parts.logs(&layout);
    let folder = layout.parent().unwrap_or(Path::new("/")).to_owned();
    parts.environment(&[("disk of the layout", &folder), ("disk of the logs", &state_folder())]);
    parts.with_contents(&layout)
}
