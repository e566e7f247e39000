//! `cargo xtask soak`: what takes too long for every test run. A coverage-guided fuzzer (libFuzzer) looks for bytes that any
//! decoder answers with a panic, a hang or too much memory; the targets are those of `tests/fuzz`. A person calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::process::{Running, cargo, interrupted, output, run as run_to_end};
use crate::project::{Project, host_platform};

/// What the compiler adds so that the fuzzer sees which ways were gone; the same that cargo-fuzz uses.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";
/// One input may take so long and so much memory, and be so large.
const LIMITS: [&str; 4] = ["-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=256", "-max_len=262144"];
/// How long the fuzzer may take to end after its time.
const GRACE: Duration = Duration::from_secs(60);

#[derive(clap::Args)]
pub struct Args {
    /// The targets; all of them without one
    targets: Vec<String>,
    /// How long it takes in all
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// How many targets run at a time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
}

/// Builds the fuzzer and runs each target for its share of the time.
pub fn run(args: &Args) -> Outcome {
    let folder = Project::read()?.target.join("soak");
    let fuzzer = build(&folder)?;
    let targets = if args.targets.is_empty() { listed(&fuzzer)? } else { args.targets.clone() };
    let at_a_time = usize::from(args.jobs);
    let share = Duration::from_secs(args.minutes * 60 / targets.len().div_ceil(at_a_time) as u64);
    let stop = interrupted()?;
    println!("{:<12} {:>12} {:>9} {:>9} {:>8}  result", "target", "inputs", "per s", "coverage", "peak MB");
    let mut findings = Vec::new();
    for several in targets.chunks(at_a_time) {
        let begun: Vec<Fuzzing> =
            several.iter().map(|target| Fuzzing::start(&fuzzer, &folder, target, share)).collect::<Outcome<_>>()?;
        for fuzzing in begun {
            findings.extend(fuzzing.finish(share, &stop)?);
        }
        if stop.load(Ordering::Relaxed) {
            return Err("interrupted".into());
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("findings:\n{}", findings.join("\n"))) }
}

/// In a folder of its own, since it is compiled with other flags than all else.
fn build(folder: &Path) -> Outcome<PathBuf> {
    println!("building the fuzzer (the first time takes some minutes)");
    let platform = host_platform()?;
    let mut command = cargo();
    command.args(["build", "--quiet", "--release", "-p", "brickwork-fuzz", "--features", "libfuzzer"]);
    command.args(["--target", &platform]).arg("--target-dir").arg(folder);
    run_to_end(command.env("RUSTFLAGS", COVERAGE))?;
    Ok(folder.join(platform).join("release/fuzz"))
}

fn listed(fuzzer: &Path) -> Outcome<Vec<String>> {
    let names = output(Command::new(fuzzer).env("BRICKWORK_FUZZ_TARGET", "list"))?;
    Ok(names.split_whitespace().map(str::to_owned).collect())
}

/// One target at work.
struct Fuzzing {
    target: String,
    running: Running,
    said: PathBuf,
    begun: Instant,
}

impl Fuzzing {
    fn start(fuzzer: &Path, folder: &Path, target: &str, share: Duration) -> Outcome<Self> {
        let (corpus, findings) = (folder.join("corpus").join(target), folder.join("findings"));
        for needed in [&corpus, &findings] {
            fs::create_dir_all(needed).map_err(|error| format!("{}: {error}", needed.display()))?;
        }
        let said = folder.join(format!("{target}.log"));
        let log = fs::File::create(&said).map_err(|error| format!("{}: {error}", said.display()))?;
        let mut command = Command::new(fuzzer);
        command.env("BRICKWORK_FUZZ_TARGET", target).env("BRICKWORK_FUZZ_SEEDS", &corpus).args(LIMITS);
        command.arg(format!("-max_total_time={}", share.as_secs())).arg("-print_final_stats=1");
        command.arg(format!("-artifact_prefix={}/{target}-", findings.display())).arg(&corpus);
        let running = Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log))?;
        Ok(Self { target: target.into(), running, said, begun: Instant::now() })
    }

    /// Waits for its end and prints its line; what it found, if anything.
    fn finish(mut self, share: Duration, stop: &AtomicBool) -> Outcome<Option<String>> {
        let limit = (share + GRACE).saturating_sub(self.begun.elapsed());
        let status = self.running.wait(limit, stop)?;
        let said = fs::read(&self.said).map_err(|error| format!("{}: {error}", self.said.display()))?;
        let said = String::from_utf8_lossy(&said);
        let passed = status.is_some_and(|status| status.success());
        let figure = |name: &str| {
            let line = said.lines().rev().find_map(|line| line.strip_prefix(&format!("stat::{name}:")));
            line.map_or("?", str::trim).to_owned()
        };
        let coverage = said.lines().rev().find_map(|line| line.split_once(" cov: ")?.1.split_whitespace().next());
        println!(
            "{:<12} {:>12} {:>9} {:>9} {:>8}  {}",
            self.target,
            figure("number_of_executed_units"),
            figure("average_exec_per_sec"),
            coverage.unwrap_or("?"),
            figure("peak_rss_mb"),
            if passed { "nothing found" } else { "FOUND" },
        );
        if passed {
            return Ok(None);
        }
        let cause = said.lines().find(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
        Ok(Some(format!("{}: {} (all of it in {})", self.target, cause.unwrap_or("it ended"), self.said.display())))
    }
}
