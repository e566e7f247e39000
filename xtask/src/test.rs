//! `cargo xtask test`: every check in one go, at home and in CI: fmt, tidy, clippy, build, feature sets, tests.
//! `.ci/run` calls nothing else. It goes on after a failed part where that makes sense, and ends with what each part
//! cost. It never changes the work tree, and fails when a test did.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::packages::{COMPILER, DISPLAY, PEERS, WINDOW, ensure};
use crate::process::{Running, Sandbox, cargo, output, run as run_to_end};
use crate::project::{Project, root};
use crate::python;
use crate::tidy;

/// Runs all parts.
pub fn run() -> Outcome {
    let before = WorkTree::read();
    let mut parts = Parts::default();
    let mut peers = None;
    parts.run("packages", || {
        if let Err(why) = ensure(&[COMPILER]) {
            println!("no second compiler: {why}");
        }
        ensure(&[WINDOW, DISPLAY, PEERS])?;
        peers = Some(python::ensure(&Project::read()?.target)?);
        Ok(())
    });
    parts
        .run("fmt", || run_to_end(cargo().args(["fmt", "--all", "--check"])).map_err(|_| "run `cargo fmt`".to_owned()));
    parts.run("tidy", || tidy::run(&tidy::Args { features: false }));
    parts.run("clippy", || {
        run_to_end(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    });
    // The tests load the plugins and start the program from here.
    if parts.run("build", || run_to_end(cargo().args(["build", "--workspace", "--quiet"]))) {
        parts.run("features", tidy::features);
        parts.run("tests", || tests(peers.as_deref()));
    }
    parts.run("work tree", || unchanged(&before));
    parts.finish()
}

/// The parts done so far, with their costs.
#[derive(Default)]
struct Parts {
    done: Vec<(&'static str, Duration, Outcome)>,
}

impl Parts {
    fn run(&mut self, name: &'static str, part: impl FnOnce() -> Outcome) -> bool {
        println!("== {name}");
        let start = Instant::now();
        let outcome = part();
        if let Err(why) = &outcome {
            println!("{name} FAILED: {why}");
        }
        let passed = outcome.is_ok();
        self.done.push((name, start.elapsed(), outcome));
        passed
    }

    fn finish(self) -> Outcome {
        println!("\n{:<12} {:>9}", "part", "seconds");
        for (name, cost, outcome) in &self.done {
            println!("{name:<12} {:>9.1}  {}", cost.as_secs_f64(), if outcome.is_ok() { "ok" } else { "FAILED" });
        }
        let total: Duration = self.done.iter().map(|(_, cost, _)| *cost).sum();
        println!("{:<12} {:>9.1}", "together", total.as_secs_f64());
        let failed: Vec<&str> = self.done.iter().filter(|part| part.2.is_err()).map(|part| part.0).collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }
}

/// Runs all tests, doc-tests too, in a private run folder, so that a running beamline of the user is left alone.
/// `python` has the foreign programs.
fn tests(python: Option<&Path>) -> Outcome {
    let sandbox = Sandbox::new()?;
    let mut command = cargo();
    if let Some(python) = python {
        command.env("BRICKWORK_SPEC_PYTHON", python);
    }
    command.args(["test", "--workspace", "--no-fail-fast", "--", "--show-output"]);
    let mut tests = Running::start(sandbox.apply(&mut command).stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let pipe = tests.child().stdout.take().expect("standard output is piped");
    let mut filter = Filter::default();
    for line in BufReader::new(pipe).split(b'\n') {
        let line = line.map_err(|e| format!("reading the tests' output: {e}"))?;
        let line = String::from_utf8_lossy(&line);
        if filter.shows(&line) {
            println!("{line}");
        }
    }
    let status = tests.child().wait().map_err(|e| format!("cargo test: {e}"))?;
    if !status.success() {
        return Err(format!("cargo test ended with {status}"));
    }
    if filter.skipped.is_empty() || !may_not_skip() {
        return Ok(());
    }
    Err(format!("in CI nothing may be skipped:\n{}", filter.skipped.join("\n")))
}

/// In CI, with the reference data at hand, a skipped test is a failed one.
fn may_not_skip() -> bool {
    let vectors = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| root().join("../shared/vectors"), Into::into);
    std::env::var_os("CI").is_some() && vectors.is_dir()
}

/// Hides what passing tests printed, but never that one was skipped.
#[derive(Default)]
struct Filter {
    inside_successes: bool,
    skipped: Vec<String>,
}

impl Filter {
    fn shows(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.inside_successes = true;
        } else if line == "failures:" || line.starts_with("test result:") {
            self.inside_successes = false;
        }
        let skipped = line.contains("SKIPPED:");
        if skipped {
            self.skipped.push(line.to_owned());
        }
        skipped || !self.inside_successes
    }
}

/// The files that differ from the last commit, with a hash of what is in them.
struct WorkTree(Option<BTreeMap<String, u64>>);

impl WorkTree {
    /// `None` inside when this is no git checkout.
    fn read() -> Self {
        let mut git = Command::new("git");
        git.current_dir(root()).args(["ls-files", "-z", "--modified", "--deleted", "--others", "--exclude-standard"]);
        Self(
            output(&mut git)
                .ok()
                .map(|names| names.split_terminator('\0').map(|name| (name.to_owned(), content_hash(name))).collect()),
        )
    }

    fn changed_since(&self, before: &Self) -> Vec<String> {
        let (Some(now), Some(before)) = (&self.0, &before.0) else { return Vec::new() };
        let differs = |name: &&String| now.get(*name) != before.get(*name);
        let mut names: Vec<String> = now.keys().chain(before.keys()).filter(differs).cloned().collect();
        names.sort();
        names.dedup();
        names
    }
}

fn content_hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::fs::read(root().join(name)).ok().hash(&mut hasher);
    hasher.finish()
}

fn unchanged(before: &WorkTree) -> Outcome {
    let changed = WorkTree::read().changed_since(before);
    if changed.is_empty() {
        return Ok(());
    }
    Err(format!("these files were made or changed meanwhile; commit them or correct the test:\n{}", changed.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::{Filter, WorkTree};

    #[test]
    fn what_a_passing_test_printed_is_hidden_but_a_skip_is_kept() {
        let lines = ["test a ... ok", "successes:", "noise", "SKIPPED: no vectors", "test result: ok. 1 passed"];
        let mut filter = Filter::default();
        let shown: Vec<&str> = lines.into_iter().filter(|line| filter.shows(line)).collect();
        assert_eq!(shown, ["test a ... ok", "SKIPPED: no vectors", "test result: ok. 1 passed"]);
        assert_eq!(filter.skipped, ["SKIPPED: no vectors"]);
    }

    #[test]
    fn what_a_failing_test_printed_is_shown() {
        let lines = ["successes:", "noise", "failures:", "---- b stdout ----", "panicked"];
        let mut filter = Filter::default();
        let shown = lines.into_iter().filter(|line| filter.shows(line)).count();
        assert_eq!(shown, 3);
    }

    #[test]
    fn only_what_differs_between_two_looks_at_the_work_tree_is_named() {
        let look = |files: &[(&str, u64)]| WorkTree(Some(files.iter().map(|(n, h)| ((*n).to_owned(), *h)).collect()));
        let before = look(&[("edited.rs", 1), ("touched.rs", 1)]);
        let after = look(&[("edited.rs", 1), ("touched.rs", 2), ("new.png", 3)]);
        assert_eq!(after.changed_since(&before), ["new.png", "touched.rs"]);
        assert!(after.changed_since(&WorkTree(None)).is_empty());
    }
}
