//! The simulated servers that a shipped layout talks to. `demo` and `screenshot` start them beside the window; they end
//! with the value, or with this program.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::Running;
use crate::project::Project;

/// A layout by its name, the program and its arguments.
const SERVERS: &[(&str, &str, &[&str])] = &[("id14-4", "mxspecsim", &["--name", "eh4sim", "--until-stdin-closes"])];

/// Starts those of a layout.
pub fn start(project: &Project, layout: &Path) -> Outcome<Vec<Running>> {
    let name = layout.file_stem().unwrap_or_default();
    let own = SERVERS.iter().filter(|(layout, ..)| name == *layout);
    own.map(|(_, program, arguments)| {
        println!("starting {program}, a simulator");
        let mut command = Command::new(project.built(program));
        // Its standard input is closed when this program ends, however it does.
        Running::start(command.args(*arguments).stdin(Stdio::piped()))
    })
    .collect()
}
