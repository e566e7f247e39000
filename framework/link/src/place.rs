//! Where engine and shell of one layout meet: a socket (0600) in a private run folder (0700).

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a killed engine may hold its place.
const DYING: Duration = Duration::from_secs(2);

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
    #[error("{0} belongs to another user or is open to others: remove it, or set XDG_RUNTIME_DIR to a folder of yours")]
    NotPrivate(PathBuf),
    /// An engine has it.
    #[error("an engine already runs this layout (socket {0})")]
    Taken(PathBuf),
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> PlaceError {
    let path = path.to_owned();
    move |error| PlaceError::Io { path, error }
}

/// Makes sure of a folder that is ours alone.
///
/// # Errors
/// When it cannot be made, or belongs to another user.
pub fn private_folder(path: &Path) -> Result<(), PlaceError> {
    if let Err(error) = DirBuilder::new().recursive(true).mode(0o700).create(path) {
        return Err(io_error(path)(error));
    }
    let found = fs::symlink_metadata(path).map_err(io_error(path))?;
    if !found.is_dir() || found.uid() != user() {
        return Err(PlaceError::NotPrivate(path.to_owned()));
    }
    if found.mode() & 0o077 != 0 {
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
    rustix::process::getuid().as_raw()
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
    /// When the run folder is not ours.
    pub fn of(layout: &Path) -> Result<Self, PlaceError> {
        let folder = run_folder();
        private_folder(&folder)?;
        let full = layout.canonicalize().unwrap_or_else(|_| layout.to_owned());
        let stem = full.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let stem: String = stem.chars().take(32).collect();
        Ok(Self { socket: folder.join(format!("{stem}-{:08x}.sock", hash_of(&full) as u32)), layout: full })
    }

    /// The whole path of the layout.
    pub fn layout(&self) -> &Path {
        &self.layout
    }

    /// The socket's path.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// What the files of this layout in the state folder are called after.
    pub fn name(&self) -> String {
        self.socket.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Connects to the engine that runs the layout, if one does.
    ///
    /// # Errors
    /// When none does.
    pub fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect(&self.socket)
    }

    /// Takes the place for an engine.
    ///
    /// # Errors
    /// When a living engine has it.
    pub fn listen(&self) -> Result<UnixListener, PlaceError> {
        // One that was killed a moment ago still takes connections until the system has cleared it away.
        let begun = Instant::now();
        while self.connect().is_ok() {
            if begun.elapsed() > DYING {
                return Err(PlaceError::Taken(self.socket.clone()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Nobody answers: it is what a killed engine left.
        let _ = fs::remove_file(&self.socket);
        let listener = UnixListener::bind(&self.socket).map_err(io_error(&self.socket))?;
        fs::set_permissions(&self.socket, fs::Permissions::from_mode(0o600)).map_err(io_error(&self.socket))?;
        Ok(listener)
    }

    /// Leaves the place.
    pub fn leave(&self) {
        let _ = fs::remove_file(&self.socket);
    }
}
