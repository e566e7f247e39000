//! The private folder of one test: layout, plugins, state and run folder, and the engine's socket in it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// A private folder, short in its path: that of a Unix socket has at most 107 bytes.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "it makes folders")]
    pub fn new() -> Self {
        static FOLDERS: AtomicU64 = AtomicU64::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brickwork-e2e-{}-{number}", std::process::id()));
        for part in ["", "run", "state", "plugins"] {
            DirBuilder::new().mode(0o700).recursive(true).create(folder.join(part)).expect("the folder is new");
        }
        Self(folder)
    }

    /// The whole of it.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The layout file.
    pub fn layout(&self) -> PathBuf {
        self.0.join("beamline.ron")
    }

    /// The folder of plugins that is watched.
    pub fn plugins(&self) -> PathBuf {
        self.0.join("plugins")
    }

    /// The socket of the shell's probe.
    pub fn probe(&self) -> PathBuf {
        self.0.join("probe.sock")
    }

    /// Puts a library among the plugins as an installer does: written beside, then renamed.
    pub fn put_plugin(&self, library: &Path, name: &str) {
        let (part, whole) = (self.plugins().join(format!("{name}.part")), self.plugins().join(name));
        std::fs::copy(library, &part).expect("a built library can be copied");
        std::fs::rename(part, whole).expect("the folder is ours");
    }

    /// Has a program keep everything of the user's in here.
    pub fn apply(&self, command: &mut Command) {
        command.env("XDG_RUNTIME_DIR", self.0.join("run")).env("BRICKWORK_STATE", self.0.join("state"));
    }

    /// The socket of a living engine.
    pub fn socket(&self) -> Option<PathBuf> {
        let files = std::fs::read_dir(self.0.join("run/brickwork")).ok()?;
        let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
        let socket = paths.find(|path| path.extension().is_some_and(|extension| extension == "sock"))?;
        std::os::unix::net::UnixStream::connect(&socket).ok().map(|_| socket)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // What is in it may explain the failure.
            return;
        }
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
