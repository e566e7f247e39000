//! `cargo xtask bench NAME`: builds what is measured in release and runs one benchmark of the tests crate.
//! A person calls it. It measures nothing itself: the benchmark prints its figures, which pass through.

use std::process::Command;

use crate::Outcome;
use crate::packages::{DISPLAY, PEERS, WINDOW, ensure};
use crate::process::{cargo, run as run_to_end};
use crate::project::{Project, root};
use crate::python;

#[derive(clap::Args)]
pub struct Args {
    /// Which benchmark: bus, camera, centring, faults, reload, spec, startup
    name: String,
    /// End with one line `{"bench": NAME, "figures": {KEY: NUMBER}}`
    #[arg(long)]
    json: bool,
    /// Passed to the benchmark as it is
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds and runs.
pub fn run(args: &Args) -> Outcome {
    ensure(&[WINDOW, DISPLAY, PEERS])?;
    let project = Project::read()?;
    // On standard error: standard output belongs to the figures.
    eprintln!("building in release (the first time takes some minutes)");
    let own = ["-p", "brickwork-tests", "-p", "brickwork-bench-source", "-p", "brickwork-bench-sink"];
    run_to_end(cargo().args(["build", "--release"]).args(own).args(project.product()))?;
    let mut bench = Command::new(project.target.join("release/bench"));
    bench.current_dir(root()).arg(&args.name);
    if args.name == "spec" {
        bench.env("BRICKWORK_SPEC_PYTHON", python::ensure(&project.target)?);
    }
    if args.json {
        bench.arg("--json");
    }
    run_to_end(bench.args(&args.rest))
}
