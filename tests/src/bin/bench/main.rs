//! `bench bus|camera|centring|faults|reload|spec|startup [--json]`: measures a running Brickwork from outside, in release.
//! `cargo xtask bench` builds and calls it. It drives the shipped program with plugins of its own, looks at
//! the screen of a private X server, and asserts nothing: it prints what it found, beside the aim.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bus;
mod camera;
mod centring;
mod client;
mod faults;
mod mxcube;
mod overlays;
mod pyspec;
mod relay;
mod reload;
mod report;
mod screen;
mod spec;
mod stage;
mod startup;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Measures Brickwork.
#[derive(Parser)]
struct Arguments {
    /// What to measure.
    bench: Bench,
    /// End with one line `{"bench": NAME, "figures": {KEY: NUMBER}}`.
    #[arg(long)]
    json: bool,
    /// Where the irregular pauses start from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Repetitions of `reload`, and samples of `centring`.
    #[arg(long, default_value_t = 50)]
    times: usize,
    /// Seconds over which `camera`, the screen part of `bus` and rest are watched.
    #[arg(long, default_value_t = 10.0)]
    secs: f64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Values and commands between two plugins, and 200 channels on screen.
    Bus,
    /// A live picture from ffmpeg, also below everything that is drawn on a sample.
    Camera,
    /// The solver, the finder, and samples that are centred without anybody.
    Centring,
    /// Servers that die and return, plugins that panic, commands that end.
    Faults,
    /// A saved layout and a replaced plugin.
    Reload,
    /// Events and calls of a spec beside those of a client of others, and a spec that comes back.
    Spec,
    /// From the start to the first complete frame; memory; what rest costs.
    Startup,
}

impl Bench {
    const fn name(self) -> &'static str {
        match self {
            Self::Bus => "bus",
            Self::Camera => "camera",
            Self::Centring => "centring",
            Self::Faults => "faults",
            Self::Reload => "reload",
            Self::Spec => "spec",
            Self::Startup => "startup",
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut report = report::Report::new(arguments.bench.name(), arguments.seed);
    let result = match arguments.bench {
        Bench::Bus => bus::run(&mut report, arguments.secs),
        Bench::Camera => camera::run(&mut report, arguments.secs),
        Bench::Centring => centring::run(&mut report, arguments.times, arguments.seed),
        Bench::Faults => faults::run(&mut report),
        Bench::Reload => reload::run(&mut report, arguments.times, arguments.seed),
        Bench::Spec => spec::run(&mut report, arguments.seed),
        Bench::Startup => startup::run(&mut report, arguments.secs),
    };
    match result.and_then(|()| report.finish(arguments.json)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench {}: {error}", arguments.bench.name());
            ExitCode::FAILURE
        }
    }
}
