//! Loads plugin libraries, for the engine's objects and for the shell's bricks.
//!
//! A library is never loaded from the watched folder and never unmapped. Who could have written it, its ELF headers
//! and its protocol number are looked at before any of its code runs; it is copied into a private folder, and each
//! generation is loaded under a name of its own.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Read as _, Seek as _, Write};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use abi_stable::library::{LibraryError, RootModule as _, lib_header_from_path};
use brickwork_abi::{HostRef, PROTOCOL, PluginRef, Value, protocol_in};
use brickwork_link::{Trust, Untrusted};
use brickwork_sdk::protocol::{Answer, Ask, PluginInfo};
use brickwork_sdk::{from_value, to_value};
use object::{Object as _, ObjectSection, ObjectSegment as _, ObjectSymbol as _, ReadCache, SectionKind};

use crate::crumbs::Loading;
use crate::left_off;
use crate::mismatch::explain;
use crate::watch::Look;

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
    /// It changed while it was read: it will be looked at again.
    #[error("it is being written")]
    Moving,
    /// Another user could have written it.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// It is no library, or not all of one.
    #[error("{0}")]
    NotALibrary(String),
    /// It is a library, but no plugin.
    #[error("it is a library without Brickwork's mark: no plugin, or `plugin!` is missing in it")]
    NotAPlugin,
    /// It speaks another protocol.
    #[error("it was built for protocol {found}, this host speaks {PROTOCOL}")]
    Protocol {
        /// What it speaks.
        found: u32,
    },
    /// It says the protocol but its types differ.
    #[error("{0}")]
    Layout(String),
    /// It cannot be in force beside another file.
    #[error("{0}")]
    Clash(String),
    /// The processes that loaded it died of it.
    #[error("{0}")]
    Deadly(String),
    /// It does not work here.
    #[error("it refused to start: {0}")]
    Refused(String),
}

impl LoadError {
    /// What a person can do about it.
    pub fn cure(&self) -> &str {
        match self {
            Self::Io { .. } => "Look at its permissions and at the disk; it is tried again when the file changes.",
            Self::Moving => "It is taken once it stands still.",
            Self::Untrusted(untrusted) => &untrusted.cure,
            Self::NotALibrary(_) => "Build it again, or copy it anew.",
            Self::NotAPlugin => "Build the plugin again, or put it back; other libraries belong elsewhere.",
            Self::Protocol { found } if *found > PROTOCOL => {
                "Start the newer host, or build it again with the sdk of this one."
            }
            Self::Protocol { .. } | Self::Layout(_) => "Build it again with the sdk of this host.",
            Self::Clash(_) => "Remove one of the two, or name it so that it does not end in `.so`.",
            Self::Deadly(_) | Self::Refused(_) => "Mend it and build it again.",
        }
    }
}

/// What is read of a file at once.
const PIECE: usize = 1 << 16;

/// What the system maps at once.
const PAGE: u64 = 4096;
/// So many zeros in a row are a hole.
const HOLE: usize = 1024;

/// Counts the loads of this process.
static LOADS: AtomicU64 = AtomicU64::new(1);

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
    /// Names this load in this process.
    pub number: u64,
}

/// A plugin file, checked as far as that goes without running it.
pub struct Checked {
    /// The file.
    pub source: PathBuf,
    file: File,
    /// The hash of its content.
    pub hash: u64,
    /// Who may write it, in words.
    pub writers: Vec<String>,
}

/// Looks into a file and checks that nobody else wrote it, that it is a whole library, and that it has our protocol
/// number.
///
/// # Errors
/// Says what it is instead.
pub fn check(source: &Path, trust: &Trust) -> Result<Checked, LoadError> {
    let failed = |error| LoadError::Io { path: source.into(), error };
    let (mut file, opened) = open(source).map_err(failed)?;
    let protocol = protocol_of(&file, opened.len());
    if matches!(protocol, Err(LoadError::NotAPlugin)) {
        return Err(LoadError::NotAPlugin);
    }
    let writers = trust.judge(source, &opened)?;
    let hash = hash_of(&mut file, std::io::sink()).map_err(failed)?;
    if Look::of(source) != Some(Look::from(&opened)) {
        return Err(LoadError::Moving);
    }
    let protocol = protocol?;
    if protocol != PROTOCOL {
        return Err(LoadError::Protocol { found: protocol });
    }
    Ok(Checked { source: source.into(), hash, writers, file })
}

/// Opens a file, and says what it was then. Nothing but a file is waited for.
fn open(source: &Path) -> io::Result<(File, fs::Metadata)> {
    let no_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = fs::OpenOptions::new().read(true).custom_flags(no_wait).open(source)?;
    let opened = file.metadata()?;
    if opened.is_file() { Ok((file, opened)) } else { Err(io::Error::other("it is no file")) }
}

/// The hash of a file's content, which goes to `copy` meanwhile. Never all of it is in memory: what a process has
/// once taken for large pieces it does not give back.
fn hash_of(file: &mut File, mut copy: impl Write) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut piece = vec![0; PIECE];
    file.rewind()?;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finish()),
            length => {
                hasher.write(&piece[..length]);
                copy.write_all(&piece[..length])?;
            }
        }
    }
}

/// The protocol that a whole library speaks.
fn protocol_of(file: &File, length: u64) -> Result<u32, LoadError> {
    let broken = |what: String| LoadError::NotALibrary(what);
    if length == 0 {
        return Err(broken("the file is empty".into()));
    }
    let pieces = ReadCache::new(file);
    let elf = object::File::parse(&pieces).map_err(|error| broken(format!("it is no whole ELF library: {error}")))?;
    // A truncated file still parses where its headers are whole. What the system would map and does not find ends
    // the process; so does a section that the loader reads.
    let segments = elf.segments().map(|segment| segment.file_range());
    let ranges = segments.chain(elf.sections().filter_map(|section| section.file_range()));
    if ranges.into_iter().any(|(at, size)| at.checked_add(size).is_none_or(|end| end > length)) {
        return Err(broken(format!("it is cut short: {length} bytes are not all of it")));
    }
    let read = elf.sections().filter(is_read_blindly).filter_map(|section| section.file_range());
    if read.into_iter().any(|range| has_hole(file, range)) {
        return Err(broken("a piece of it is missing, with zeros in its place: it was not written whole".into()));
    }
    let symbol = elf.dynamic_symbols().find(|s| s.name() == Ok("BRICKWORK_PROTOCOL")).ok_or(LoadError::NotAPlugin)?;
    let section = symbol.section_index().and_then(|index| elf.section_by_index(index).ok());
    let mark = section.and_then(|s| s.data_range(symbol.address(), 24).ok().flatten());
    mark.and_then(protocol_in).ok_or(LoadError::NotAPlugin)
}

/// Whether a section holds what the system runs, or believes when it loads; none of it has many zeros in a row.
fn is_read_blindly<'data>(section: &impl ObjectSection<'data>) -> bool {
    let tables = [".dynamic", ".dynsym", ".dynstr", ".gnu.hash", ".rela.dyn", ".rela.plt", ".eh_frame"];
    section.kind() == SectionKind::Text || section.name().is_ok_and(|name| tables.contains(&name))
}

/// Whether a page of the file has nothing in it, as after a full disk or a broken copy, or all of the range.
fn has_hole(file: &File, (at, size): (u64, u64)) -> bool {
    let mut page = [0; PAGE as usize];
    let (mut from, end, mut is_empty) = (at, at.saturating_add(size), size > 0);
    while from < end {
        let next = (from / PAGE + 1).saturating_mul(PAGE).min(end);
        let part = &mut page[..(next - from) as usize];
        // What cannot be read is said by whoever reads all of it.
        if file.read_exact_at(part, from).is_err() {
            return false;
        }
        let is_zero = part.iter().all(|byte| *byte == 0);
        if is_zero && part.len() >= HOLE {
            return true;
        }
        is_empty &= is_zero;
        from = next;
    }
    is_empty
}

impl Checked {
    /// Writes the private copy that will be loaded.
    ///
    /// # Errors
    /// When the private folder cannot be written, or the file was written over since it was checked.
    pub fn copy_to(&mut self, folder: &Path) -> Result<PathBuf, LoadError> {
        static COPIES: AtomicU64 = AtomicU64::new(0);
        let stem = self.source.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{stem}-{}-{number}-{:016x}.so", std::process::id(), self.hash));
        let copy = fs::OpenOptions::new().write(true).create_new(true).mode(0o700).open(&path);
        let written = copy.and_then(|copy| hash_of(&mut self.file, copy));
        let refused = match written {
            Ok(hash) if hash == self.hash => return Ok(path),
            Ok(_) => LoadError::Moving,
            Err(error) => LoadError::Io { path: path.clone(), error },
        };
        // What is wrong with it is told; a rest of it helps nobody.
        let _ = fs::remove_file(path);
        Err(refused)
    }
}

impl Library {
    /// Loads a private copy and lets it meet the host.
    ///
    /// # Errors
    /// When its types differ from ours or it refuses to start.
    pub fn load(source: &Path, copy: PathBuf, hash: u64, host: HostRef) -> Result<Self, LoadError> {
        let name = source.to_string_lossy();
        if let Some(why) = left_off::file(&name, hash) {
            return Err(LoadError::Deadly(why));
        }
        let _loading = Loading::of(&name, hash);
        let header = lib_header_from_path(&copy).map_err(|error| LoadError::NotALibrary(short(&error)))?;
        // Not `load_from_file`: that gives the first library of a type for ever.
        let root = header.init_root_module::<PluginRef>().map_err(|error| {
            let (theirs, ours) = (header.version_strings(), PluginRef::VERSION_STRINGS);
            LoadError::Layout(explain(&error.to_string(), &theirs.to_string(), &ours.to_string()))
        })?;
        if let Value::Text(why) = (root.init())(host) {
            return Err(LoadError::Refused(why.into()));
        }
        let info = match (root.describe())() {
            Value::Text(why) => return Err(LoadError::Refused(why.into())),
            info => from_value(info).map_err(|error| LoadError::Refused(error.to_string()))?,
        };
        let number = LOADS.fetch_add(1, Ordering::Relaxed);
        Ok(Self { root, info, source: source.into(), copy, hash, number })
    }

    /// Whether its file is called as cargo calls it; a copy of it usually is not.
    pub fn has_its_name(&self) -> bool {
        let name = format!("lib{}.so", self.info.name.replace('-', "_"));
        self.source.file_name().is_some_and(|file| file == name.as_str())
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

/// The end of a message, which is nearest to the cause.
fn short(error: &LibraryError) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" / ")
}
