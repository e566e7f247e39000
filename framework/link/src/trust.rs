//! Who could have written a plugin, or what this user keeps: what is read from there runs, or is believed, with all the
//! rights of its user.
//!
//! A file or folder is trusted when nobody but this user, root and the groups that were named could have written it, or
//! put it where it lies: every folder and link on the way counts. Nothing is changed here.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Links that are followed to a file.
const MAX_LINKS: usize = 16;
/// How long the system may take to say who is in a group.
const NAMES_LIMIT: Duration = Duration::from_secs(2);

const ROOT: &str = "root";
const WORLD_WRITES: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;
/// In such a folder nobody can replace what belongs to another.
const STICKY: u32 = 0o1000;

/// Why a file is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("another user could have written it: {what}")]
pub struct Untrusted {
    what: String,
    /// What to type.
    pub cure: String,
}

/// Whom this process trusts beside its own user and root.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    groups: Vec<String>,
}

impl Trust {
    /// Also what members of these groups have written.
    pub fn new(groups: &[String]) -> Self {
        Self { groups: groups.to_vec() }
    }

    /// Who may write the file and what leads to it, in words; `opened` is the file as it was opened.
    ///
    /// # Errors
    /// Names the file or folder that somebody else could have written, who that is, and the cure.
    pub fn judge(&self, file: &Path, opened: &Metadata) -> Result<Vec<String>, Untrusted> {
        let mut writers = self.entry(file, opened)?;
        writers.extend(self.way(file)?);
        // Root may write everything; that is worth a word where it is the owner.
        writers.retain(|writer| writer != ROOT || opened.uid() == 0);
        writers.sort();
        writers.dedup();
        Ok(writers)
    }

    /// Judges a folder, or a file, by its path: itself and every folder and link on the way to it. Answers who may write
    /// them, in words.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn way(&self, path: &Path) -> Result<Vec<String>, Untrusted> {
        let unknown = |error: io::Error| Untrusted {
            what: format!("who may write {} cannot be found out: {error}", path.display()),
            cure: "Put it into a folder that you can read.".into(),
        };
        let mut writers = Vec::new();
        for (path, metadata) in places(path).map_err(unknown)? {
            writers.extend(self.entry(&path, &metadata)?);
        }
        Ok(writers)
    }

    /// Who may write one file, folder or link.
    fn entry(&self, path: &Path, metadata: &Metadata) -> Result<Vec<String>, Untrusted> {
        let mut writers = vec![self.owner(path, metadata.uid())?];
        let (mode, gid) = (metadata.mode(), metadata.gid());
        if metadata.is_symlink() || (metadata.is_dir() && mode & STICKY != 0) {
            return Ok(writers);
        }
        let shown = path.display();
        if mode & WORLD_WRITES != 0 {
            let what = format!("everybody may write {shown}");
            return Err(Untrusted { what, cure: format!("Take that right away: chmod o-w {shown}") });
        }
        if mode & GROUP_WRITES != 0 {
            // The bit is the mask of the list then: it says that somebody may write, not who.
            if has_access_list(path) {
                let what = format!("{shown} has an access list that lets others write");
                return Err(Untrusted { what, cure: format!("Remove the list: setfacl -b {shown}") });
            }
            let group = name_of("group", gid);
            if self.groups.contains(&group) {
                writers.push(format!("group {group}"));
            } else if !is_private(&group, gid, metadata.uid()) {
                let what = format!("the group {group} may write {shown}");
                let cure = format!("chmod g-w {shown}, or trust the group: --trust-group {group}");
                return Err(Untrusted { what, cure });
            }
        }
        Ok(writers)
    }

    fn owner(&self, path: &Path, uid: u32) -> Result<String, Untrusted> {
        if uid == 0 {
            return Ok(ROOT.into());
        }
        if uid == user() {
            return Ok(own_name().into());
        }
        let name = name_of("passwd", uid);
        if let Some(group) = self.groups.iter().find(|group| is_member(group, &name)) {
            return Ok(format!("{name} of group {group}"));
        }
        let shown = path.display();
        let what = format!("{shown} belongs to {name}");
        let cure = format!("If it is right, make it yours: chown {} {shown}", own_name());
        Err(Untrusted { what, cure })
    }
}

/// All that leads to a path and the path itself: folders, links, and where these lead.
fn places(path: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let root = Path::new("/");
    let mut places = vec![(root.to_owned(), root.symlink_metadata()?)];
    let mut ahead = parts(&std::path::absolute(path)?);
    let mut here = root.to_owned();
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == Path::new("..") {
            here.pop();
            continue;
        }
        let next = here.join(part);
        let found = next.symlink_metadata()?;
        if found.is_symlink() {
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("it is a link to a link, too often"));
            }
            let target = next.read_link()?;
            if target.is_absolute() {
                here = root.to_owned();
            }
            ahead.extend(parts(&target));
        } else {
            here.clone_from(&next);
        }
        places.push((next, found));
    }
    Ok(places)
}

/// The parts of a path, the last one first.
fn parts(path: &Path) -> Vec<PathBuf> {
    let named = path.components().filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let mut parts: Vec<PathBuf> = named.map(|part| PathBuf::from(part.as_os_str())).collect();
    parts.reverse();
    parts
}

/// The modes, users and groups that a judgement rests on.
pub type Rights = Vec<(u32, u32, u32)>;

/// What would change the judgement of a file that was not trusted, cheaply found out.
pub fn rights(file: &Path) -> Rights {
    let found = places(file).unwrap_or_default();
    let all = found.into_iter().map(|(_, metadata)| metadata).chain(file.metadata());
    all.map(|metadata| (metadata.mode(), metadata.uid(), metadata.gid())).collect()
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The name of this process's user, asked for once.
fn own_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| name_of("passwd", user()))
}

fn has_access_list(path: &Path) -> bool {
    let mut list = [0_u8; 1];
    match rustix::fs::getxattr(path, "system.posix_acl_access", &mut list[..]) {
        Ok(_) | Err(rustix::io::Errno::RANGE) => true,
        // The file system knows no lists, or there is none.
        Err(_) => false,
    }
}

/// Whether a group is that of one user alone, as distributions make one with each user.
fn is_private(group: &str, gid: u32, owner: u32) -> bool {
    let Some(fields) = entry_of("group", &gid.to_string()) else { return false };
    let members = fields.get(3).map_or("", String::as_str);
    let owner = name_of("passwd", owner);
    group == owner && members.split(',').all(|member| member.is_empty() || member == owner)
}

fn is_member(group: &str, user: &str) -> bool {
    let Some(fields) = entry_of("group", group) else { return false };
    let listed = fields.get(3).is_some_and(|members| members.split(',').any(|member| member == user));
    let first = entry_of("passwd", user).and_then(|fields| fields.get(3).cloned());
    listed || (first.is_some() && first.as_ref() == fields.get(2))
}

/// The name of a user or group, or its number where it has none.
pub(crate) fn name_of(database: &str, id: u32) -> String {
    let name = entry_of(database, &id.to_string()).and_then(|fields| fields.into_iter().next());
    name.unwrap_or_else(|| id.to_string())
}

/// What the system knows of a user or group, wherever it knows it from: files, LDAP, SSSD.
fn entry_of(database: &str, key: &str) -> Option<Vec<String>> {
    let mut command = Command::new("getent");
    command.args([database, key]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    if !ends_in_time(&mut child) {
        // It is ours and not yet waited for: a name service that hangs must not hold up the engine.
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let said = io::read_to_string(child.stdout.take()?).ok()?;
    let fields: Vec<String> = said.trim_end().split(':').map(str::to_owned).collect();
    (fields.len() >= 4).then_some(fields)
}

fn ends_in_time(child: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < NAMES_LIMIT {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

#[cfg(test)]
mod tests;
