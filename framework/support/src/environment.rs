//! Facts of the machine that explain a failure: system, memory, disks, displays. Never the environment as a whole, in
//! which secrets may stand.

use std::fs;
use std::path::Path;

use crate::text::facts;
use crate::versions::host;
use crate::words::bytes;

/// The facts, one a line; `folders` are those whose disks matter, each with its name.
pub fn environment(folders: &[(&str, &Path)]) -> String {
    let system = rustix::system::uname();
    let words = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    let kernel = [system.sysname(), system.release(), system.version(), system.machine()].map(words).join(" ");
    let cores = std::thread::available_parallelism().map_or_else(|_| String::new(), |cores| cores.to_string());
    let mut all = vec![
        ("host", host()),
        ("system", first_value("/etc/os-release", "PRETTY_NAME=").trim_matches('"').to_owned()),
        ("uname", kernel),
        ("cores", cores),
        ("load", fs::read_to_string("/proc/loadavg").unwrap_or_default()),
        ("up for", seconds("/proc/uptime")),
        ("memory", memory("MemTotal:")),
        ("available", memory("MemAvailable:")),
        ("swap free", memory("SwapFree:")),
        ("DISPLAY", is_set("DISPLAY")),
        ("WAYLAND_DISPLAY", is_set("WAYLAND_DISPLAY")),
        ("SSH_CONNECTION", is_set("SSH_CONNECTION")),
    ];
    all.extend(folders.iter().map(|(name, folder)| (*name, disk(folder))));
    facts(&all)
}

fn first_value(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
}

fn memory(name: &str) -> String {
    let value = first_value("/proc/meminfo", name);
    let kilobytes = value.strip_suffix("kB").and_then(|value| value.trim().parse::<u64>().ok());
    kilobytes.map_or(value, |kilobytes| bytes(kilobytes * 1024))
}

fn seconds(file: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let seconds = text.split('.').next().and_then(|seconds| seconds.parse::<u64>().ok());
    seconds.map_or_else(String::new, |seconds| crate::words::lasted(seconds * 1_000_000_000))
}

/// Whether a variable is set, never what it holds.
fn is_set(name: &str) -> String {
    if std::env::var_os(name).is_some_and(|value| !value.is_empty()) { "set".into() } else { "not set".into() }
}

fn disk(folder: &Path) -> String {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let (free, all) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
            let files = if disk.f_files > 0 { format!(", {} files free", disk.f_favail) } else { String::new() };
            format!("{}: {} free of {}{files}", folder.display(), bytes(free), bytes(all))
        }
        Err(error) => format!("{}: {error}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_described_without_the_values_of_its_environment() {
        let text = environment(&[("disk", Path::new("/"))]);
        for wanted in ["host", "uname", "memory", "disk", "free of", "WAYLAND_DISPLAY"] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        let path = std::env::var("PATH").expect("tests run with a PATH");
        assert!(!text.contains(&path));
        assert!(environment(&[("disk", Path::new("/there/is/none"))]).contains("/there/is/none: "));
    }
}
