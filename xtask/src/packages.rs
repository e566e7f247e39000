//! System packages that a command needs: says what is missing and installs it where it may.
//! `demo`, `test`, `screenshot` and `bench` call it first. It never asks for a password: as an ordinary user it
//! prints the line to type and stops.

use std::path::Path;
use std::process::Command;

use rustix::process::geteuid;

use crate::Outcome;
use crate::process::{output, run};

/// Something of the system, and the Debian package that has it.
pub enum Need {
    /// A shared library, by the name under which it is loaded.
    Library(&'static str, &'static str),
    /// A program on the search path.
    Program(&'static str, &'static str),
}

use Need::{Library, Program};

/// What the window loads while it starts; the linker does not know about these.
pub const WINDOW: &[Need] = &[
    Library("libX11.so.6", "libx11-6"),
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxcb.so.1", "libxcb1"),
    Library("libXcursor.so.1", "libxcursor1"),
    Library("libXi.so.6", "libxi6"),
    Library("libXrandr.so.2", "libxrandr2"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libwayland-client.so.0", "libwayland-client0"),
];

/// A display without a screen, and a picture of it.
pub const DISPLAY: &[Need] = &[Program("Xvfb", "xvfb"), Program("import", "imagemagick")];

/// What the tests and benches drive and compare with.
pub const PEERS: &[Need] = &[
    Program("ffmpeg", "ffmpeg"),
    Program("xdotool", "xdotool"),
    Program("openbox", "openbox"),
    Program("setxkbmap", "x11-xkb-utils"),
    Program("cc", "gcc"),
    Program("readelf", "binutils"),
    Program("rsync", "rsync"),
    Program("python3", "python3-venv"),
    // The program alone: the package `apache2` would start it at every boot.
    Program("/usr/sbin/apache2", "apache2-bin"),
];

/// A compiler that is not ours; not every distribution has it. The test that uses it says when it is not there.
pub const COMPILER: &[Need] = &[Program("/usr/bin/rustc", "rustc-web")];

/// Returns when everything of `groups` is there.
pub fn ensure(groups: &[&[Need]]) -> Outcome {
    let mut packages = missing(groups)?;
    if packages.is_empty() {
        return Ok(());
    }
    packages.sort_unstable();
    packages.dedup();
    let list = packages.join(" ");
    if !geteuid().is_root() || !on_path("apt-get") {
        return Err(format!("these packages are missing:\n    sudo apt-get install {list}"));
    }
    println!("installing {list}");
    run(apt().args(["update", "-qq"]))?;
    run(apt()
        .args(["install", "-qq", "--yes", "--no-install-recommends"])
        .args(&packages)
        .stdout(std::process::Stdio::null()))?;
    let still = missing(groups)?;
    if still.is_empty() { Ok(()) } else { Err(format!("still missing after the installation: {}", still.join(" "))) }
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(std::process::Stdio::null());
    command
}

fn missing(groups: &[&[Need]]) -> Outcome<Vec<&'static str>> {
    let libraries = known_libraries()?;
    let needs = groups.iter().copied().flatten();
    Ok(needs
        .filter_map(|need| match *need {
            Library(file, package) => (!lists(&libraries, file)).then_some(package),
            Program(file, package) => (!on_path(file)).then_some(package),
        })
        .collect())
}

/// `ldconfig -p`: what the loader would find. Its folder is not on everyone's search path.
fn known_libraries() -> Outcome<String> {
    let program = if on_path("ldconfig") { "ldconfig" } else { "/sbin/ldconfig" };
    output(Command::new(program).arg("-p"))
}

fn lists(libraries: &str, file: &str) -> bool {
    libraries.lines().any(|line| line.split_whitespace().next() == Some(file))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::lists;

    #[test]
    fn a_library_is_known_by_its_whole_name_only() {
        let known = "\tlibX11.so.6 (libc6,x86-64) => /lib/libX11.so.6\n\tlibXi.so.60 (libc6) => /lib/libXi.so.60\n";
        assert!(lists(known, "libX11.so.6"));
        assert!(!lists(known, "libXi.so.6"));
    }
}
