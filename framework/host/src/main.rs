//! The `brickwork` command: starts the engine and the shell of a layout, checks layouts, ends engines.

mod log;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// An empty window that becomes a beamline.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Opens the windows of a layout; starts its engine if none runs.
    Run(RunArguments),
    /// Ends the engine of a layout.
    Stop {
        /// The layout file.
        layout: PathBuf,
    },
    /// Says everything that is wrong with a layout; exit status 1 if anything is.
    Check {
        /// The layout file.
        layout: PathBuf,
        #[command(flatten)]
        plugins: Plugins,
    },
}

/// What `run` takes.
#[derive(clap::Args)]
struct RunArguments {
    /// The layout file.
    layout: PathBuf,
    /// Runs the engine alone, in this process, without a window.
    #[arg(long)]
    headless: bool,
    /// How the window looks. Without it as it was left, at first dark.
    #[arg(long, value_enum)]
    theme: Option<ThemeChoice>,
    /// The size of each window. Without it as it was left, at first 1280x1024.
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(f32, f32)>,
    /// Keeps the terminal free of what goes to the log.
    #[arg(long, hide = true)]
    log_to_file_only: bool,
    /// Engine seconds that pass in one real second, to simulate a night in minutes.
    #[arg(long, default_value_t = 1.0, value_parser = time_scale)]
    time_scale: f64,
    #[command(flatten)]
    plugins: Plugins,
}

#[derive(clap::Args)]
struct Plugins {
    /// A folder of plugins; may be given again. Without it, the folder of this program.
    #[arg(long = "plugins", value_name = "FOLDER")]
    folders: Vec<PathBuf>,
}

impl Plugins {
    fn folders(self) -> Vec<PathBuf> {
        if !self.folders.is_empty() {
            return self.folders;
        }
        let own = std::env::current_exe().ok().and_then(|path| path.parent().map(PathBuf::from));
        own.into_iter().collect()
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ThemeChoice {
    Dark,
    Light,
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some((w.parse::<u16>().ok()?, h.parse::<u16>().ok()?)));
    let (width, height) = parsed.ok_or("a size is written like 1280x1024")?;
    Ok((f32::from(width), f32::from(height)))
}

fn time_scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "a number such as 60")?;
    if (0.1..=10_000.0).contains(&scale) { Ok(scale) } else { Err("between 0.1 and 10000".into()) }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) if arguments.headless => run::headless(arguments),
        Command::Run(arguments) => run::with_window(arguments),
        Command::Stop { layout } => run::stop(&layout),
        Command::Check { layout, plugins } => run::check(layout, plugins.folders()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            log::say(&format!("brickwork: {error}"));
            ExitCode::FAILURE
        }
    }
}
