//! The same faults in MXCuBE's own channels, where `BRICKWORK_PEERS` has its benchmark: what a rival shows of a dead
//! server, on the same machine and in the same run. `bench faults` calls it; nothing of MXCuBE is kept here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Outcome;
use crate::report::{Aim, Report};

/// The version that was measured when the goals were set.
const PACKAGE: &str = "mxcubecore==2.149.0";
/// Figures of one sort of channel: whether a dead server is told to the GUI, whether the channel is met again when the
/// server returns with nobody doing anything, and whether one that was absent at the start is met when it is asked again.
type Keys = [&'static str; 3];
const EXPORTER: Keys =
    ["mxcube_exporter_server_dead_seen", "mxcube_exporter_server_back_heals", "mxcube_exporter_absent_heals"];
const TANGO: Keys = ["mxcube_tango_server_dead_seen", "mxcube_tango_server_back_heals", "mxcube_tango_absent_heals"];

/// Adds MXCuBE's figures, or says why there are none.
pub fn run(report: &mut Report) {
    for (kind, keys) in [("exporter", EXPORTER), ("tango", TANGO)] {
        match measure(kind) {
            Ok(found) => tell(report, keys, &found),
            Err(error) => eprintln!("MXCuBE's {kind} channel is not measured: {error}"),
        }
    }
}

fn measure(kind: &str) -> Outcome<Value> {
    let peers =
        std::env::var_os("BRICKWORK_PEERS").ok_or("BRICKWORK_PEERS does not name the folder of its benchmark")?;
    let script = Path::new(&peers).join("mxcube/fault_bench.py");
    if !script.is_file() {
        return Err(format!("there is no {}", script.display()).into());
    }
    let output = Command::new(python()?).arg(script).arg(kind).stdin(Stdio::null()).output()?;
    // What it logs stands before its word.
    let text = String::from_utf8(output.stdout)?;
    let word = text.find("{\n").map(|at| &text[at..]).ok_or_else(|| {
        format!("it said nothing ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
    })?;
    Ok(serde_json::from_str(word)?)
}

/// A private Python with MXCuBE in it, made once.
fn python() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(2).unwrap_or(Path::new("target")).join("mxcube");
    let python = folder.join("bin/python");
    let has = |module: &str| Command::new(&python).args(["-c", module]).stderr(Stdio::null()).status();
    if has("import mxcubecore").is_ok_and(|status| status.success()) {
        return Ok(python);
    }
    eprintln!("installing {PACKAGE} into {}", folder.display());
    finish(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    finish(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE])).map_err(|error| {
        format!("{error}; it takes Python 3.10 or 3.11, and apt-get install gcc libldap2-dev libsasl2-dev")
    })?;
    Ok(python)
}

fn finish(command: &mut Command) -> Outcome {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}

fn tell(report: &mut Report, [dead, back, absent]: Keys, found: &Value) {
    let flag = |is_so: bool| f64::from(u8::from(is_so));
    let told = found["after_kill"]["signal_to_gui"].as_str().is_some_and(|words| words.starts_with("valueChanged"));
    report.figure(dead, flag(told), Aim::None);
    report.figure(back, flag(found["after_server_restart_untouched"]["recovered"] == true), Aim::None);
    report.figure(absent, flag(!found["absent_then_started_asked_again"].is_null()), Aim::None);
    report.samples(dead, found);
}
