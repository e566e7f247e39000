//! Loads plugin libraries, for the engine's objects and for the shell's bricks.
//!
//! A library is never loaded from the watched folder and never unmapped. It is copied into a private
//! folder, its ELF headers and protocol number are read before any of its code runs, and each
//! generation is loaded under a name of its own.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use abi_stable::library::{LibraryError, lib_header_from_path};
use brickwork_abi::{HostRef, PROTOCOL, PluginRef, Value, protocol_in};
use brickwork_sdk::protocol::{Answer, Ask, PluginInfo};
use brickwork_sdk::{from_value, to_value};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

/// Why a file is not in force.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read or copied.
    #[error("cannot read {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is no library, or not all of one.
    #[error("{0}")]
    NotALibrary(String),
    /// It is a library, but no plugin.
    #[error("it is a library without Brickwork's mark: no plugin, or `plugin!` is missing in it")]
    NotAPlugin,
    /// It speaks another protocol.
    #[error("it was built for protocol {found}, this host speaks {PROTOCOL}: rebuild it with the sdk of this host")]
    Protocol {
        /// What it speaks.
        found: u32,
    },
    /// It says the protocol but its types differ.
    #[error("its types differ from the host's, rebuild it with the sdk of this host: {0}")]
    Layout(String),
    /// It does not work here.
    #[error("it refused to start: {0}")]
    Refused(String),
}

/// One loaded generation of a plugin.
pub struct Library {
    root: PluginRef,
    /// What it contributes.
    pub info: PluginInfo,
    /// The file that was asked for.
    pub source: PathBuf,
    /// The copy that is loaded.
    pub copy: PathBuf,
    /// The hash of its content.
    pub hash: u64,
}

/// The content of a plugin file, checked as far as that goes without running it.
pub struct Checked {
    /// The file.
    pub source: PathBuf,
    bytes: Vec<u8>,
    /// The hash of its content.
    pub hash: u64,
}

/// Reads a file and checks that it is a whole library with our protocol number.
///
/// # Errors
/// Says what it is instead.
pub fn check(source: &Path) -> Result<Checked, LoadError> {
    let bytes = fs::read(source).map_err(|error| LoadError::Io { path: source.into(), error })?;
    let protocol = protocol_of(&bytes)?;
    if protocol != PROTOCOL {
        return Err(LoadError::Protocol { found: protocol });
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    Ok(Checked { source: source.into(), hash: hasher.finish(), bytes })
}

fn protocol_of(bytes: &[u8]) -> Result<u32, LoadError> {
    let broken = |what: String| LoadError::NotALibrary(what);
    if bytes.is_empty() {
        return Err(broken("the file is empty".into()));
    }
    let file = object::File::parse(bytes).map_err(|error| broken(format!("it is no ELF library: {error}")))?;
    // A truncated file still parses where its headers are whole: each section must lie inside.
    for section in file.sections() {
        if section.data().is_err() {
            return Err(broken(format!("it is cut short: {} bytes are not all of it", bytes.len())));
        }
    }
    let symbol = file.dynamic_symbols().find(|s| s.name() == Ok("BRICKWORK_PROTOCOL")).ok_or(LoadError::NotAPlugin)?;
    let section = symbol.section_index().and_then(|index| file.section_by_index(index).ok());
    let mark = section.and_then(|s| s.data_range(symbol.address(), 24).ok().flatten());
    mark.and_then(protocol_in).ok_or(LoadError::NotAPlugin)
}

impl Checked {
    /// Writes the private copy that will be loaded.
    ///
    /// # Errors
    /// When the private folder cannot be written.
    pub fn copy_to(&self, folder: &Path) -> Result<PathBuf, LoadError> {
        static COPIES: AtomicU64 = AtomicU64::new(0);
        let stem = self.source.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{stem}-{}-{number}-{:016x}.so", std::process::id(), self.hash));
        let failed = |error| LoadError::Io { path: path.clone(), error };
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o700).open(&path).map_err(failed)?;
        file.write_all(&self.bytes).map_err(failed)?;
        Ok(path)
    }
}

impl Library {
    /// Loads a private copy and lets it meet the host.
    ///
    /// # Errors
    /// When its types differ from ours or it refuses to start.
    pub fn load(source: &Path, copy: PathBuf, hash: u64, host: HostRef) -> Result<Self, LoadError> {
        let header = lib_header_from_path(&copy).map_err(|error| LoadError::NotALibrary(short(&error)))?;
        // Not `load_from_file`: that gives the first library of a type for ever.
        let root = header.init_root_module::<PluginRef>().map_err(|error| LoadError::Layout(short(&error)))?;
        let refused = (root.init())(host);
        if let Value::Text(why) = refused {
            return Err(LoadError::Refused(why.into()));
        }
        let info = from_value((root.describe())()).map_err(|error| LoadError::Refused(error.to_string()))?;
        Ok(Self { root, info, source: source.into(), copy, hash })
    }

    /// Sends a request to one of its objects.
    pub fn send(&self, instance: u64, request: &brickwork_sdk::protocol::ObjectRequest) {
        if let Ok(request) = to_value(request) {
            (self.root.send())(instance, request);
        }
    }

    /// Asks for something that is answered on this thread, however long that takes.
    pub fn ask(&self, instance: u64, ask: &Ask) -> Answer {
        let request = to_value(ask).unwrap_or_default();
        from_value((self.root.ask())(instance, request))
            .unwrap_or_else(|error| Answer::Refused(format!("its answer is not understood: {error}")))
    }

    /// What wakes it for a subscription.
    pub fn wake(&self) -> extern "C" fn(u64) {
        self.root.wake()
    }

    /// Ends its threads within the limit; answers how many stay.
    pub fn shutdown(&self, limit: std::time::Duration) -> u64 {
        (self.root.shutdown())(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The part of abi_stable's message that a person can use: its last lines.
fn short(error: &LibraryError) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let from = lines.len().saturating_sub(6);
    lines[from..].join("\n")
}
