//! Which process holds the lock of a file, as the system tells it: whose it is, since when it runs, where it is met. For
//! words to a person, and to find an engine by any path to its layout; it needs no note, so none can be out of date.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::trust::name_of;

/// Ticks in a second, in the system's figures about processes.
const TICKS: i64 = 100;
/// More of a command line says nothing.
const MAX_COMMAND: usize = 200;
/// What a listening socket has among its flags in `/proc/net/unix`.
const LISTENS: &str = "00010000";

/// The process that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub process: u32,
    /// Whose it is, if the system says.
    user: Option<u32>,
}

impl Holder {
    /// The process that surely holds the lock of this file. That of another user is not always told apart.
    pub fn of(file: &Path) -> Option<Self> {
        let found = fs::metadata(file).ok()?;
        let locks = fs::read_to_string("/proc/locks").ok()?;
        let mut holders = locks.lines().filter_map(locked).filter(|lock| lock.inode == found.ino());
        let (major, minor) = (rustix::fs::major(found.dev()), rustix::fs::minor(found.dev()));
        let is_it = |lock: &Lock| lock.device == (major, minor) || has_open(lock.process, (found.dev(), found.ino()));
        holders.find(is_it).map(|lock| Self::new(lock.process))
    }

    /// A process.
    pub fn new(process: u32) -> Self {
        Self { process, user: fs::metadata(format!("/proc/{process}")).ok().map(|found| found.uid()) }
    }

    /// Whether it is a process of this user.
    pub fn is_ours(&self) -> bool {
        self.user == Some(rustix::process::geteuid().as_raw())
    }

    /// The name of its user.
    pub fn user(&self) -> String {
        self.user.map_or_else(|| "another user".into(), |user| name_of("passwd", user))
    }

    /// Where shells meet it, as long as that file is there; only of a process of this user.
    pub fn socket(&self) -> Option<PathBuf> {
        if !self.is_ours() {
            return None;
        }
        let sockets: HashSet<String> = open_files(self.process)
            .filter_map(|path| {
                let target = fs::read_link(path).ok()?.into_os_string().into_string().ok()?;
                Some(target.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
            })
            .collect();
        let known = fs::read_to_string("/proc/net/unix").ok()?;
        let ours = known.lines().filter_map(|line| {
            // Num RefCount Protocol Flags Type St Inode Path
            let mut words = line.splitn(8, ' ');
            let (flags, inode, path) = (words.nth(3)?, words.nth(2)?, words.next());
            // The number is padded, so it may stand in the last piece.
            let rest = format!("{inode} {}", path.unwrap_or_default());
            let (inode, path) = rest.trim_start().split_once(' ')?;
            (flags == LISTENS && sockets.contains(inode)).then(|| PathBuf::from(path))
        });
        ours.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "sock"))
    }

    /// Who it is, since when, and what was typed, in words.
    pub fn words(&self) -> String {
        let mut words = format!("process {} of {} on this computer", self.process, self.user());
        if let Some(since) = started(self.process) {
            words += &format!(", since {since}");
        }
        let typed = fs::read(format!("/proc/{}/cmdline", self.process)).unwrap_or_default();
        let typed = plain(&as_typed(&String::from_utf8_lossy(&typed)), MAX_COMMAND);
        if !typed.is_empty() {
            words += &format!(" ({typed})");
        }
        words
    }
}

/// A command as a person typed it, from its arguments with a NUL behind each: without what its parent put before.
fn as_typed(arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split_terminator('\0').collect();
    match arguments.as_slice() {
        [program, "--kept", _, rest @ ..] => [&[*program], rest].concat().join(" "),
        all => all.join(" "),
    }
}

/// A text of others without what moves a terminal, on one line.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let safe: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    safe.trim().to_owned()
}

struct Lock {
    process: u32,
    device: (u32, u32),
    inode: u64,
}

/// A line such as `1: FLOCK  ADVISORY  WRITE 1234 fd:00:567 0 EOF`; who waits for a lock has `->` in it.
fn locked(line: &str) -> Option<Lock> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, "FLOCK" | "POSIX" | "OFDLCK", _, "WRITE", process, file, ..] = words[..] else { return None };
    let mut parts = file.split(':');
    let mut device = || u32::from_str_radix(parts.next()?, 16).ok();
    let device = (device()?, device()?);
    Some(Lock { process: process.parse().ok()?, device, inode: parts.next()?.parse().ok()? })
}

fn open_files(process: u32) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Whether it has the file open, whatever the file system calls its device.
fn has_open(process: u32, file: (u64, u64)) -> bool {
    open_files(process).any(|path| fs::metadata(path).is_ok_and(|found| (found.dev(), found.ino()) == file))
}

/// When a process was started, in local time.
fn started(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before may have blanks and brackets in it.
    let ticks: i64 = stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()?;
    let system = fs::read_to_string("/proc/stat").ok()?;
    let booted: i64 = system.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    moment(booted + ticks / TICKS).ok()
}

/// A moment, seconds since 1970, in local time.
pub(crate) fn moment(secs: i64) -> io::Result<String> {
    let at = jiff::Timestamp::from_second(secs).map_err(io::Error::other)?;
    Ok(at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string())
}
