//! `cargo xtask demo`: from a fresh checkout to a window with a simulated beamline in it.
//! A person calls it. When the window closes, it ends the engine too, which an operator's `brickwork run` never does.

use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::packages::{WINDOW, ensure};
use crate::process::{Running, cargo, interrupted, run as run_to_end};
use crate::project::{Project, layout};
use crate::servers;

#[derive(clap::Args)]
pub struct Args {
    /// A layout's name in `layouts/`, or a path
    #[arg(long, default_value = "demo")]
    layout: String,
    /// `dark` or `light`
    #[arg(long)]
    theme: Option<String>,
}

/// Builds, opens the window, and waits until it closes.
pub fn run(args: &Args) -> Outcome {
    let file = layout(&args.layout)?;
    if !has_display() {
        return Err(no_display(&args.layout));
    }
    ensure(&[WINDOW])?;
    let project = Project::read()?;
    build(&project)?;

    println!("opening {} (Ctrl-C or closing the window ends it)", file.display());
    let stop = interrupted()?;
    let _servers = servers::start(&project, &file)?;
    let mut command = Command::new(project.program());
    command.arg("run").arg(&file);
    if let Some(theme) = &args.theme {
        command.args(["--theme", theme]);
    }
    let mut window = Running::start(&mut command)?;
    let status = window.wait(Duration::MAX, &stop)?;
    drop(window);

    println!("ending the engine");
    run_to_end(Command::new(project.program()).arg("stop").arg(&file))?;
    match status {
        Some(status) if !status.success() => Err(format!("brickwork ended with {status}")),
        _ => Ok(()),
    }
}

/// Builds the program and every plugin in the dev profile, which `test` uses as well.
pub fn build(project: &Project) -> Outcome {
    println!("building brickwork and its plugins (the first time takes some minutes)");
    run_to_end(cargo().arg("build").args(project.product()))
}

fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn no_display(layout: &str) -> String {
    format!(
        "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). A picture of the window, or a window \
         on a display without a screen:\n    cargo xtask screenshot {layout}\n    \
         xvfb-run -s '-screen 0 1280x1024x24' cargo xtask demo --layout {layout}"
    )
}
