//! Where engine and shell of one layout meet: a socket (0600) in a private run folder (0700). Where the user's files
//! are, and that they are the user's.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use crate::holder::Holder;
use crate::trust::{Trust, Untrusted};

/// The bytes that the path of a socket may have.
const MAX_SOCKET: usize = 107;
/// The bytes of a layout's name that go into the names of its files.
const MAX_STEM: usize = 32;

/// Why a folder or socket cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The system refused.
    #[error("cannot use {path}: {error}")]
    Io {
        /// What was used.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another user could read or replace what is in it.
    #[error("{path} cannot be used: {why}. {cure}; or name a folder of yours: {VARIABLES}", cure = .why.cure)]
    NotPrivate {
        /// What was to be used.
        path: PathBuf,
        /// Who could, and what to type.
        why: Untrusted,
    },
    /// A socket in it would have too long a path.
    #[error(
        "the run folder {0} has {bytes} bytes in its path; the system allows no socket in more than {most}: set \
         XDG_RUNTIME_DIR to a shorter one, such as /run/user/{user}",
        bytes = .0.as_os_str().len(), most = MAX_SOCKET - END - 1, user = user()
    )]
    TooLong(PathBuf),
    /// An engine has it.
    #[error("an engine runs the layout {layout} already: {what}. Nothing was started")]
    Taken {
        /// The layout.
        layout: PathBuf,
        /// Which one, since when, where, and what to do.
        what: String,
    },
}

/// What says where folders are.
const VARIABLES: &str = "XDG_RUNTIME_DIR (sockets) or BRICKWORK_STATE (logs, copies of plugins)";
/// The bytes of a socket's name behind the layout's: `-01234567.sock`.
const END: usize = 14;

pub(crate) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> PlaceError {
    let path = path.to_owned();
    move |error| PlaceError::Io { path, error }
}

/// Makes sure of a folder that is ours alone, and that nobody else could put another in its place.
///
/// # Errors
/// When it cannot be made, or belongs to another user, or another user could replace a folder on the way to it.
pub fn private_folder(path: &Path) -> Result<(), PlaceError> {
    let judge = |path: &Path| {
        let judged = Trust::default().way(path);
        judged.map_err(|why| PlaceError::NotPrivate { path: path.to_owned(), why })
    };
    // Before anything is made there.
    if let Some(there) = path.ancestors().find(|folder| folder.symlink_metadata().is_ok()) {
        if there == path {
            close(path)?;
        }
        judge(there)?;
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io_error(path))?;
    judge(path).map(drop)
}

/// Takes from others what they may do in a folder of ours.
fn close(path: &Path) -> Result<(), PlaceError> {
    let found = fs::symlink_metadata(path).map_err(io_error(path))?;
    if found.is_symlink() || !found.is_dir() {
        return Err(io_error(path)(io::Error::other("it is no folder; remove it")));
    }
    if found.uid() == user() && found.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(io_error(path))?;
    }
    Ok(())
}

/// A number for a name, to tell two apart in a file's name.
pub(crate) fn hash_of(name: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The folder of what the user's Brickwork keeps: logs, copies of plugins.
pub fn state_folder() -> PathBuf {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    of("BRICKWORK_STATE")
        .or_else(|| of("XDG_STATE_HOME").map(|path| path.join("brickwork")))
        .or_else(|| of("HOME").map(|path| path.join(".local/state/brickwork")))
        .unwrap_or_else(|| std::env::temp_dir().join(format!("brickwork-state-{}", user())))
}

fn run_folder() -> PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute()) {
        Some(path) => path.join("brickwork"),
        None => std::env::temp_dir().join(format!("brickwork-{}", user())),
    }
}

/// A name for the files about one layout, which no other layout has: as it is called, and a number for its whole path.
pub fn layout_name(layout: &Path) -> String {
    let whole = whole(layout);
    format!("{}-{:08x}", stem(&whole, MAX_STEM), hash_of(&whole) as u32)
}

/// The whole path of a layout, also of one that is gone.
fn whole(layout: &Path) -> PathBuf {
    let there = layout.canonicalize().or_else(|_| {
        let path = std::path::absolute(layout)?;
        let folder = path.parent().unwrap_or(Path::new("/")).canonicalize()?;
        Ok::<_, io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    there.unwrap_or_else(|_| layout.to_owned())
}

/// The beginning of a file's name, in whole letters.
fn stem(path: &Path, most: usize) -> String {
    let mut stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    while stem.len() > most {
        stem.pop();
    }
    stem
}

/// Where engine and shells of one layout meet.
#[derive(Clone, Debug)]
pub struct Place {
    socket: PathBuf,
    layout: PathBuf,
}

impl Place {
    /// The place of the layout at this path.
    ///
    /// # Errors
    /// When the run folder is not ours, or too long for a socket.
    pub fn of(layout: &Path) -> Result<Self, PlaceError> {
        let folder = run_folder();
        let room = MAX_SOCKET.checked_sub(folder.as_os_str().as_bytes().len() + 1 + END);
        let room = room.ok_or_else(|| PlaceError::TooLong(folder.clone()))?;
        private_folder(&folder)?;
        let layout = whole(layout);
        let name = format!("{}-{:08x}.sock", stem(&layout, room.min(MAX_STEM)), hash_of(&layout) as u32);
        Ok(Self { socket: folder.join(name), layout })
    }

    /// The whole path of the layout.
    pub fn layout(&self) -> &Path {
        &self.layout
    }

    /// The name of the files about it.
    pub fn name(&self) -> String {
        layout_name(&self.layout)
    }

    /// The socket's path.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Connects to the engine that runs the layout, by whatever path and run folder it was started.
    ///
    /// # Errors
    /// When none does, or that of another user.
    pub fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect(&self.socket).or_else(|error| {
            let elsewhere = self.holder().and_then(|holder| holder.socket());
            elsewhere.map_or(Err(error), UnixStream::connect)
        })
    }

    /// The process that runs the layout on this computer, if the system tells it.
    pub fn holder(&self) -> Option<Holder> {
        Holder::of(&self.layout)
    }
}

#[cfg(test)]
mod tests;
