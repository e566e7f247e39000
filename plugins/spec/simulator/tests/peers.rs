//! A client that others wrote, chess-pyspec (Cornell), against the simulated spec. `BRICKWORK_SPEC_PYTHON` names a Python
//! that has it; in CI one is made under `target/`; else the tests say that they are skipped.
#![allow(clippy::print_stderr)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use support::beamline;

const PACKAGE: &str = "chess-pyspec==1.0.8";

/// The Python to use; `None`: none is there, and none is wanted.
static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    if let Some(python) = std::env::var_os("BRICKWORK_SPEC_PYTHON") {
        return Some(python.into());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chess-pyspec-1.0.8");
    let (python, done) = (folder.join("bin/python"), folder.join("installed"));
    if !done.exists() {
        std::env::var_os("CI")?;
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]));
        std::fs::write(&done, PACKAGE).expect("the folder was made");
    }
    Some(python)
});

fn succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
}

/// Runs one function of `tests/peers/chess.py` against a simulator of its own.
fn run(scenario: &str) {
    let Some(python) = PYTHON.as_ref() else {
        eprintln!("SKIPPED {scenario}: set BRICKWORK_SPEC_PYTHON to a Python with {PACKAGE}, or CI to have one made");
        return;
    };
    let simulator = beamline();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/chess.py");
    succeed(Command::new(python).args([script, &simulator.port.to_string(), scenario]));
}

#[test]
fn chess_reads_sets_and_follows_variables() {
    run("variables");
}

#[test]
fn chess_reads_sets_and_follows_elements() {
    run("associative");
}

#[test]
fn chess_reads_and_sets_arrays_of_each_type() {
    run("arrays");
}

#[test]
fn chess_moves_motors_alone_and_together_and_sets_their_numbers() {
    run("motors");
}

#[test]
fn chess_calls_functions_and_reads_the_screen() {
    run("functions");
}

#[test]
fn chess_is_told_of_errors() {
    run("errors");
}

#[test]
fn chess_follows_status_and_counting() {
    run("status");
}

#[test]
fn chess_aborts_and_goes_on() {
    run("abort");
}

#[test]
fn chess_finds_a_spec_that_began_again() {
    run("reconnect");
}
