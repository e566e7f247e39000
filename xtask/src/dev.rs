//! `cargo xtask dev PLUGIN`: `brickwork dev` on a plugin of the workspace, with a shipped layout that shows it.
//! A plugin's author runs it, alone or beside `cargo xtask demo`, whose window then takes up each library. It watches and
//! compiles nothing of the plugin itself.

use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::demo::build;
use crate::process::{Running, interrupted};
use crate::project::{Member, Project, layout, root};

#[derive(clap::Args)]
pub struct Args {
    /// A folder of `plugins/`: sim, motors, camera, ...
    plugin: String,
    /// A layout's name in `layouts/`, or a path
    #[arg(long, default_value = "demo")]
    layout: String,
}

/// Builds everything once, then lets `brickwork dev` go on until the window closes or Ctrl-C.
pub fn run(args: &Args) -> Outcome {
    let project = Project::read()?;
    let plugin = find(&project, &args.plugin)?;
    let file = layout(&args.layout)?;
    build(&project)?;
    let stop = interrupted()?;
    let mut command = Command::new(project.program());
    let mut dev = Running::start(command.arg("dev").arg(root().join(&plugin.folder)).arg(file))?;
    let status = dev.wait(Duration::MAX, &stop)?;
    match status {
        Some(status) if !status.success() => Err(format!("brickwork dev ended with {status}")),
        _ => Ok(()),
    }
}

fn find<'a>(project: &'a Project, name: &str) -> Outcome<&'a Member> {
    let folder = format!("plugins/{name}");
    project.plugins().find(|plugin| plugin.folder == folder || plugin.name == name).ok_or_else(|| {
        let known: Vec<&str> = project.plugins().filter_map(|plugin| plugin.folder.strip_prefix("plugins/")).collect();
        format!("no plugin {name}; there are: {}", known.join(", "))
    })
}
