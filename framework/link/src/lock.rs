//! The lock that lets one engine run a layout. It belongs to the layout file itself, so that every path to it, every user
//! and every run folder meet the same one, and it ends with the process that holds it, however that dies.
//!
//! An editor puts a new file in the place of the old one: the engine asks for the lock of the new one too
//! ([`Lock::follow`]) before it takes it. Other computers that share the file see the lock and no process; for them a
//! small note lies beside the file, on file systems of the network only.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::files::write_whole;
use crate::holder::{Holder, moment, plain};
use crate::place::{PlaceError, io_error};

/// How long a killed engine may hold what it had.
pub(crate) const DYING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);
/// How often a file may be replaced while it is locked.
const TRIES: usize = 20;
const MAX_NOTE: usize = 300;
/// NFS, SMB, CIFS, SMB2, AFS, Ceph, FUSE, GPFS, Lustre.
const OF_THE_NETWORK: [u32; 9] =
    [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x00c3_6400, 0x6573_5546, 0x4750_4653, 0x0bd0_0bd0];

/// A layout that this process runs, and no other.
#[derive(Debug)]
pub struct Lock {
    layout: PathBuf,
    file: File,
    /// Why it keeps nobody off, where the file system has no locks.
    trouble: Option<String>,
    note: Option<PathBuf>,
}

impl Lock {
    /// Takes the lock of a layout; a process that was killed a moment ago is waited for.
    ///
    /// # Errors
    /// When another process runs it: says which, since when, and what to do; or when the file cannot be opened.
    pub fn take(layout: &Path) -> Result<Self, PlaceError> {
        let begun = Instant::now();
        loop {
            if let Some((file, trouble)) = lock(layout)? {
                let mut lock = Self { layout: layout.into(), file, trouble, note: None };
                lock.write_note();
                return Ok(lock);
            }
            if begun.elapsed() > DYING {
                return Err(taken(layout));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the lock of the file that lies there now, if it is another one than before.
    ///
    /// # Errors
    /// When another process runs it, or it is gone; then the lock of the file before is kept.
    pub fn follow(&mut self) -> Result<(), PlaceError> {
        let io = io_error(&self.layout);
        if fs::metadata(&self.layout).map(|found| same(&found, &self.file)).map_err(io)? {
            return Ok(());
        }
        let Some((file, trouble)) = lock(&self.layout)? else { return Err(taken(&self.layout)) };
        (self.file, self.trouble) = (file, trouble);
        self.write_note();
        Ok(())
    }

    /// Why it keeps nobody off, in words; only where the file system has no locks.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Tells other computers who has it.
    fn write_note(&mut self) {
        let statistics = rustix::fs::fstatfs(&self.file);
        if !statistics.is_ok_and(|found| OF_THE_NETWORK.contains(&(found.f_type as u32))) {
            return;
        }
        let Some(note) = note_of(&self.layout) else { return };
        let now = moment(jiff::Timestamp::now().as_second()).unwrap_or_default();
        let system = rustix::system::uname();
        let host = system.nodename().to_string_lossy();
        let me = Holder::new(std::process::id());
        let text = format!("process {} of {} on {host}, since {now}", me.process, me.user());
        // Where it cannot be written, less is said; the lock holds all the same.
        if write_whole(&note, text.as_bytes(), 0o644).is_ok() {
            self.note = Some(note);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(note) = &self.note {
            // A note that stays misleads nobody: it is read only while somebody has the lock.
            let _ = fs::remove_file(note);
        }
    }
}

fn note_of(layout: &Path) -> Option<PathBuf> {
    let whole = layout.canonicalize().ok()?;
    let name = whole.file_name()?.to_string_lossy().into_owned();
    Some(whole.with_file_name(format!(".{name}.engine")))
}

fn same(found: &Metadata, file: &File) -> bool {
    file.metadata().is_ok_and(|held| (held.dev(), held.ino()) == (found.dev(), found.ino()))
}

/// The locked file, and why the lock is worth nothing if so; none while another process has it.
fn lock(layout: &Path) -> Result<Option<(File, Option<String>)>, PlaceError> {
    for _ in 0..TRIES {
        let file = open(layout).map_err(io_error(layout))?;
        let trouble = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => None,
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(error) => Some(format!("{} cannot be locked there: {error}", layout.display())),
        };
        // Another file may have come in its place meanwhile.
        if fs::metadata(layout).is_ok_and(|found| same(&found, &file)) {
            return Ok(Some((file, trouble)));
        }
    }
    Err(io_error(layout)(io::Error::other("it is replaced all the time")))
}

/// Opens a layout without waiting; for writing where that is allowed, since a server of files wants it so for a lock.
/// Nothing is written.
fn open(layout: &Path) -> io::Result<File> {
    if !fs::metadata(layout)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let no_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let with = |write| OpenOptions::new().read(true).write(write).custom_flags(no_wait).open(layout);
    with(true).or_else(|_| with(false))
}

/// Who has it and what to do, in words.
fn taken(layout: &Path) -> PlaceError {
    let path = layout.display();
    let holder = Holder::of(layout).filter(|holder| holder.process != std::process::id());
    let what = match holder {
        Some(holder) if holder.is_ours() => {
            format!("{}. `brickwork run {path}` opens its windows, `brickwork stop {path}` ends it", holder.words())
        }
        Some(holder) => format!("{}. Have {} end it: `brickwork stop {path}`", holder.words(), holder.user()),
        None => format!("{}. It has to be ended there: `brickwork stop {path}`", elsewhere(layout)),
    };
    PlaceError::Taken { layout: layout.into(), what }
}

/// Who has it when no process of this computer is known to.
fn elsewhere(layout: &Path) -> String {
    let note = note_of(layout).and_then(|note| {
        let found = fs::symlink_metadata(&note).ok().filter(|found| found.is_file() && found.len() < 4096)?;
        let text = fs::read_to_string(&note).ok()?;
        Some((plain(&text, MAX_NOTE), name_of_user(found.uid())))
    });
    match note {
        Some((text, writer)) => format!("{text} (says a note of {writer})"),
        None => "a process that this computer does not show: of another user, in a container, or on another computer \
                 that shares the file"
            .into(),
    }
}

fn name_of_user(user: u32) -> String {
    crate::trust::name_of("passwd", user)
}

#[cfg(test)]
mod tests;
