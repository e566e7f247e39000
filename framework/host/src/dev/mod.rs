//! `brickwork dev`: builds a plugin's crate each time a source is saved, beside a window that takes up each library; what
//! does not build is said in that window too. A plugin's author runs it, and `cargo xtask dev` does. It loads nothing
//! itself: the engine finds the built library as it finds any other.

mod build;
mod crate_folder;
mod host;
mod json;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use brickwork_engine::Watch;

use crate::log;
use crate::run::{Outcome, existing};
use crate::{Plugins, ThemeChoice};
use build::Verdict;
use crate_folder::CrateFolder;
use host::Host;

/// What `dev` takes.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the plugin's crate.
    path: PathBuf,
    /// The layout file. Without it, the one in that folder which is called like the crate.
    layout: Option<PathBuf>,
    /// How the window looks. Without it as it was left, at first dark.
    #[arg(long, value_enum)]
    theme: Option<ThemeChoice>,
    #[command(flatten)]
    plugins: Plugins,
}

/// Builds and opens the window, then builds after each save until the window closes or Ctrl-C.
pub fn run(arguments: Arguments) -> Outcome {
    let stop = interrupted()?;
    let plugin = CrateFolder::read(&arguments.path)?;
    let layout = existing(arguments.layout.map_or_else(|| plugin.layout(), Ok)?)?;
    let mut watch = Watch::new();
    watch.files(plugin.sources());
    log::say(&format!("building {} (the first time compiles the sdk too)", plugin.name));
    let mut verdict = build(&plugin, build::Talk::Whole)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(ExitCode::SUCCESS);
    }
    let mut host = Host::open(layout, &plugin, arguments.plugins, arguments.theme)?;
    log::say(&format!("watching {} (Ctrl-C ends)", plugin.folder.display()));
    loop {
        host.tell(&plugin, &verdict);
        while watch.wait(|| plugin.sources()).is_empty() {
            if stop.load(Ordering::Relaxed) || host.is_closed()? {
                return host.end();
            }
        }
        verdict = build(&plugin, build::Talk::Errors)?;
    }
}

/// Builds it once and says how that went.
fn build(plugin: &CrateFolder, talk: build::Talk) -> Result<Verdict, String> {
    let begun = Instant::now();
    let verdict = build::build(plugin, talk)?;
    let word = if matches!(verdict, Verdict::Built) { "built" } else { "FAILED:" };
    log::say(&format!("{word} {} ({:.1} s)", plugin.name, begun.elapsed().as_secs_f64()));
    Ok(verdict)
}

/// A flag that Ctrl-C raises instead of ending us, so that what we started is ended in good order.
fn interrupted() -> std::io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, flag.clone())?;
    }
    Ok(flag)
}
