//! One run of cargo: what it says goes to the terminal, and the first error is kept for the window.

use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read};
use std::process::Stdio;
use std::thread;

use serde_json::Value;

use super::crate_folder::{CrateFolder, cargo};
use super::report::Report;
use crate::log;

/// How a build ended.
pub enum Verdict {
    /// The library is there.
    Built,
    /// Why it is not.
    Failed(Report),
}

/// What cargo tells besides errors and warnings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// Each crate that it compiles.
    Whole,
    /// Nothing.
    Errors,
}

/// Builds the plugin in the dev profile.
pub fn build(plugin: &CrateFolder, talk: Talk) -> Result<Verdict, String> {
    let mut command = cargo();
    command.current_dir(&plugin.folder).arg("build");
    // As JSON, and not `json-render-diagnostics`: of those cargo keeps the compiler's errors to itself.
    if io::stderr().is_terminal() {
        command.args(["--message-format=json-diagnostic-rendered-ansi", "--color=always"]);
    } else {
        command.arg("--message-format=json");
    }
    if talk == Talk::Errors {
        command.arg("--quiet");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: io::Error| format!("cannot run cargo: {error}");
    let mut child = command.spawn().map_err(failed)?;
    let (said, messages) = (child.stderr.take(), child.stdout.take());
    // Both are read at once: cargo waits while one of its pipes is full.
    let said = thread::Builder::new().name("cargo".into()).spawn(move || said.map(pass_on)).map_err(failed)?;
    let mut report = Report::default();
    for line in messages.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).map_while(Result::ok) {
        if let Ok(message) = serde_json::from_str(&line) {
            hear(&message, &mut report);
        }
    }
    let status = child.wait().map_err(failed)?;
    let said = said.join().ok().flatten().unwrap_or_default();
    if !status.success() {
        report.cargo = said;
        return Ok(Verdict::Failed(report));
    }
    if !plugin.library.is_file() {
        let library = plugin.library.display();
        return Err(format!("cargo built it, but {library} is not there: `dev` works without `build.target`"));
    }
    Ok(Verdict::Built)
}

fn hear(message: &Value, report: &mut Report) {
    if message["reason"] == "compiler-message" {
        let message = &message["message"];
        if let Some(rendered) = message["rendered"].as_str() {
            log::say(rendered.trim_end());
        }
        report.take(message);
    }
}

/// Shows what cargo itself says, line by line, and keeps it.
fn pass_on(pipe: impl Read) -> Vec<String> {
    let lines = BufReader::new(pipe).lines().map_while(Result::ok);
    lines.inspect(|line| log::say(line)).collect()
}
