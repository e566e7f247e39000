//! A client that others wrote, chess-pyspec (Cornell), against the simulated spec. `BRICKWORK_SPEC_PYTHON` names a Python
//! that has it, as `cargo xtask test` makes one; without it the tests say that they are skipped, and in CI they fail.
#![allow(clippy::print_stderr)]

mod support;

use std::process::Command;

use support::beamline;

fn succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
}

/// Runs one function of `tests/peers/chess.py` against a simulator of its own.
fn run(scenario: &str) {
    let Some(python) = std::env::var_os("BRICKWORK_SPEC_PYTHON") else {
        let words = "BRICKWORK_SPEC_PYTHON names no Python with chess-pyspec; `cargo xtask test` makes one";
        assert!(std::env::var_os("CI").is_none(), "{words}");
        eprintln!("SKIPPED: {scenario}: {words}");
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
