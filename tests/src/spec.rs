//! Specs for tests: the simulated one as a process of its own, which is killed and paused as a real one is, and layouts
//! that talk to it.

use std::process::{Command, Stdio};

use crate::headless::Headless;
use crate::programs::{Program, built};

/// Starts the simulated spec at a port.
pub fn simulator(port: u16) -> Program {
    let mut command = Command::new(built("mxspecsim"));
    command.args(["--port", &port.to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
    Program::start(&mut command)
}

/// A layout with the session `spec` at a port, and a motor for each name, mnemonic and unit.
pub fn layout(port: u16, session: &str, motors: &[(&str, &str, &str)], more: &str) -> String {
    let motors = motors.iter().map(|(name, mnemonic, unit)| {
        let config = format!(r#"config: (motor: "{mnemonic}", unit: "{unit}")"#);
        format!(r#""{name}": (kind: "spec.motor", uses: {{"session": "spec"}}, {config}),"#)
    });
    let motors = motors.collect::<String>();
    format!(
        r#"Beamline(format: 1, name: "SPEC", objects: {{
            "spec": (kind: "spec.session", config: (at: "127.0.0.1:{port}", {session})),
            {motors}
            {more}
        }})"#
    )
}

/// An engine alone on such a layout.
pub fn engine(layout: &str) -> Headless {
    Headless::start(layout, &[(&built("libbrickwork_spec.so"), "libspec.so")])
}
