//! `cargo xtask`: every command that a developer or CI runs, as one small Rust program.
//! Each command is one file; people call them through the alias in `.cargo/config.toml`.
//! It never ships with Brickwork, and nothing in Brickwork depends on it.

// A command-line program: what it prints is its purpose.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod demo;
mod dev;
mod packages;
mod process;
mod project;
mod python;
mod screenshot;
mod servers;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a command ends with: nothing to say, or what went wrong and what to do about it.
type Outcome<T = ()> = Result<T, String>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, try, check and measure Brickwork", disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and open a window on a simulated beamline
    Demo(demo::Args),
    /// Run every check: fmt, clippy, tidy, build, tests (this is what CI runs)
    Test,
    /// Check the architecture's invariants and the house habits
    Tidy(tidy::Args),
    /// Rebuild one plugin each time its source is saved, beside a window that shows it
    Dev(dev::Args),
    /// Take a picture of a layout's window on a private display
    Screenshot(screenshot::Args),
    /// Measure: build in release and run one benchmark
    Bench(bench::Args),
    /// Run what takes too long for every test run: the fuzzer on each decoder
    Soak(soak::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Demo(args) => demo::run(&args),
        Task::Test => test::run(),
        Task::Tidy(args) => tidy::run(&args),
        Task::Dev(args) => dev::run(&args),
        Task::Screenshot(args) => screenshot::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Soak(args) => soak::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
