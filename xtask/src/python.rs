//! A Python of our own in the target folder, with the foreign programs that the tests and benches talk to. `test` and
//! `bench spec` make it; it changes no other Python.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::{output, run};

/// The programs of other people, each at the version that the tests know.
const PROGRAMS: &[&str] = &["chess-pyspec==1.0.8"];

/// The interpreter, with everything in it.
pub fn ensure(target: &Path) -> Outcome<PathBuf> {
    let folder = target.join("peers/python");
    let python = folder.join("bin/python");
    if has_all(&python) {
        return Ok(python);
    }
    // On standard error: standard output belongs to the figures of a bench.
    eprintln!("making {} with {}", folder.display(), PROGRAMS.join(", "));
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
        .map_err(|why| format!("{why}; on Debian: sudo apt-get install python3-venv"))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PROGRAMS)
        .stdin(Stdio::null()))?;
    Ok(python)
}

fn has_all(python: &Path) -> bool {
    let list = output(Command::new(python).args(["-m", "pip", "list", "--format", "freeze"]).stderr(Stdio::null()));
    let is_there = |program: &str| list.as_ref().is_ok_and(|list| list.lines().any(|line| line.trim() == program));
    PROGRAMS.iter().all(|program| is_there(program))
}
