//! The `brickwork` command: starts the engine and the shell of a layout, ends engines, checks and
//! formats layouts, documents kinds, lists plugins, helps to write them, writes support archives.

mod dev;
mod keeper;
mod log;
mod new_plugin;
mod run;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use brickwork_layout::document::Style;
use clap::{Parser, Subcommand, ValueEnum};
use keeper::{Kept, What};

/// An empty window that becomes a beamline.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// What a process is told by the one that keeps it.
    #[arg(long, hide = true, value_parser = Kept::from_text)]
    kept: Option<Kept>,
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
    /// Says everything that is wrong with a layout and its includes.
    ///
    /// Exit status: 0 without errors, 1 with errors, 2 if the layout cannot be opened.
    Check {
        /// The layout file.
        layout: PathBuf,
        /// Prints one JSON document, for editors.
        ///
        /// {"layout", "errors": n, "warnings": n, "plugins": [text, ...], "diagnostics": [{"severity": "error" or
        /// "warning", "file", "line", "column", "end_line", "end_column", "message", "help": text or null, "related":
        /// {"file", "line", "column", "end_line", "end_column", "message"} or null}, ...]}. Lines and columns count
        /// from 1, columns in characters, and an end is one past the last character. "plugins" tells which plugin
        /// files could not be loaded.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Lists all kinds of objects and bricks, or says all about one: interfaces, roles, config, an example.
    Kinds {
        /// The kind, such as `sim.motor`.
        kind: Option<String>,
        /// Prints Markdown.
        #[arg(long)]
        markdown: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Lists the plugin files that are looked into: what each is, who may write it, whether it is taken.
    ///
    /// Exit status: 0 if all are taken, 1 if one is not.
    Plugins(Plugins),
    /// Makes an object anew that failed or stays off; its running commands end.
    Restart {
        /// The layout file.
        layout: PathBuf,
        /// The object's name in the layout.
        object: String,
    },
    /// Writes one archive for the person on call: layout, mistakes, versions, connections, logs, facts of the machine.
    ///
    /// It is for you alone (0600) and has no password in it. Without an engine that runs the layout it says so and has
    /// the rest. Ctrl+B in the window does the same, with pictures of the windows.
    Support {
        /// The layout file.
        layout: PathBuf,
        /// Where it goes. Without it, into the user's state folder.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Writes a layout in the house style; its comments and its meaning stay. Includes are not touched.
    ///
    /// Exit status: 0 if it is formatted, 1 if its syntax is broken, 2 if it cannot be opened.
    Format {
        /// The layout file.
        layout: PathBuf,
        /// Changes nothing; exit status 1 if it would.
        #[arg(long)]
        check: bool,
    },
    /// Writes a small plugin crate to go on from: an object, a brick, their test, a layout to try it.
    NewPlugin(new_plugin::Arguments),
    /// Builds a plugin on each save beside a window that shows it, with the compiler's errors.
    ///
    /// The window has the plugins of this program's folder too. It is opened unless an engine runs the layout already;
    /// the engine ends with it.
    Dev(dev::Arguments),
}

impl Command {
    /// What it is as a child, if it loads plugins: they may end the process.
    fn is_kept(&self) -> Option<What> {
        match self {
            Self::Run(arguments) if arguments.headless => Some(What::Engine),
            Self::Run(_) => Some(What::Window),
            Self::Check { .. } | Self::Kinds { .. } | Self::Plugins(_) | Self::Support { .. } => Some(What::Look),
            _ => None,
        }
    }
}

/// What `run` takes.
#[derive(clap::Args)]
struct RunArguments {
    /// The layout file.
    layout: PathBuf,
    /// Runs the engine alone, without a window.
    #[arg(long)]
    headless: bool,
    /// How the window looks. Without it as it was left, at first dark.
    #[arg(long, value_enum)]
    theme: Option<ThemeChoice>,
    /// The size of each window, as far as its monitor has room. Without it as it was left, at first 1280x1024.
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(f32, f32)>,
    /// How large everything in it is drawn, such as 1.25. Without it as it was left, at first 1.
    #[arg(long, value_name = "FACTOR", value_parser = scale)]
    scale: Option<f32>,
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
    /// A folder of plugins; may be given again. Without it, the folder of this program. No other is looked into.
    #[arg(long = "plugins", value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// A group whose members may write plugins; may be given again.
    ///
    /// A plugin is code that runs with your rights. A file that somebody else could have written, or put there, is
    /// not loaded: it must be yours or root's, and so must its folder, and no group may write them but your private
    /// one and those named here.
    #[arg(long = "trust-group", value_name = "GROUP")]
    groups: Vec<String>,
}

impl Plugins {
    /// The folders and the trusted groups.
    fn unpack(self) -> (Vec<PathBuf>, Vec<String>) {
        if !self.folders.is_empty() {
            return (self.folders, self.groups);
        }
        let own = std::env::current_exe().ok().and_then(|path| path.parent().map(PathBuf::from));
        (own.into_iter().collect(), self.groups)
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

fn scale(text: &str) -> Result<f32, String> {
    let parsed = text.parse().ok().filter(|scale| (0.7..=3.0).contains(scale));
    parsed.ok_or_else(|| "a scale is a number from 0.7 to 3, such as 1.25".into())
}

fn time_scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "a number such as 60")?;
    if (0.1..=10_000.0).contains(&scale) { Ok(scale) } else { Err("between 0.1 and 10000".into()) }
}

fn main() -> ExitCode {
    let Arguments { kept, command } = Arguments::parse();
    match (kept, command.is_kept()) {
        (None, Some(what)) => report(keeper::keep(what)),
        (Some(kept), Some(what)) => {
            let status = report(run_kept(kept, what, command));
            // Whatever it was, it has been told: it is not to be tried again.
            brickwork_engine::crumbs::ends(keeper::number_of(status));
            status
        }
        (_, None) => report(run_command(command, None)),
    }
}

/// In a child of the process that keeps us.
fn run_kept(kept: Kept, what: What, command: Command) -> run::Outcome {
    kept.begin()?;
    if what != What::Look {
        kept.speak()?;
    }
    run_command(command, Some(kept))
}

fn run_command(command: Command, kept: Option<Kept>) -> run::Outcome {
    match command {
        Command::Run(arguments) if arguments.headless => run::headless(arguments, kept),
        Command::Run(arguments) => run::with_window(arguments, kept),
        Command::Stop { layout } => run::stop(&layout),
        Command::Check { layout, json, plugins } => tools::check(layout, plugins, json),
        Command::Kinds { kind, markdown, plugins } => {
            tools::kinds(kind.as_deref(), plugins, if markdown { Style::Markdown } else { Style::Plain })
        }
        Command::Plugins(plugins) => tools::plugins(plugins),
        Command::Restart { layout, object } => run::restart(&layout, &object),
        Command::Support { layout, out, plugins } => tools::support(layout, out, plugins),
        Command::Format { layout, check } => tools::format(layout, check),
        Command::NewPlugin(arguments) => new_plugin::run(&arguments),
        Command::Dev(arguments) => dev::run(arguments),
    }
}

fn report(result: run::Outcome) -> ExitCode {
    result.unwrap_or_else(|error| {
        log::say(&format!("brickwork: {error}"));
        ExitCode::FAILURE
    })
}
