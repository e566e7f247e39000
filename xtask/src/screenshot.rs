//! `cargo xtask screenshot LAYOUT`: a picture of a layout's window, taken on a private X server.
//! A person calls it, also to renew the pictures in `docs/`. It never touches the user's display, running engine or
//! state.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::Outcome;
use crate::demo::build;
use crate::packages::{DISPLAY, WINDOW, ensure};
use crate::process::{Running, Sandbox, interrupted, output};
use crate::project::{Project, layout, root};

#[derive(clap::Args)]
pub struct Args {
    /// A layout's name in `layouts/`, or a path
    layout: String,
    /// Where the picture goes [default: docs/NAME-THEME-WxH.png]
    #[arg(long)]
    out: Option<PathBuf>,
    /// The window's size in pixels
    #[arg(long, default_value = "1280x1024")]
    size: String,
    /// `dark` or `light`
    #[arg(long, default_value = "dark")]
    theme: String,
    /// Seconds from the start to the picture
    #[arg(long, default_value_t = 5.0)]
    wait: f64,
}

/// Builds, starts a display and Brickwork on it, takes the picture, ends all three.
pub fn run(args: &Args) -> Outcome {
    let file = layout(&args.layout)?;
    let wait = Duration::try_from_secs_f64(args.wait).map_err(|e| format!("--wait {}: {e}", args.wait))?;
    let picture = args.out.clone().unwrap_or_else(|| default_picture(&file, args));
    ensure(&[WINDOW, DISPLAY])?;
    let project = Project::read()?;
    build(&project)?;
    if let Some(folder) = picture.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }

    let stop = interrupted()?;
    let sandbox = Sandbox::new()?;
    let (_server, display) = start_display(&args.size)?;
    println!("opening {} on display {display}", file.display());
    let _engine = EngineEnd { program: project.program(), file: file.clone(), sandbox: &sandbox };
    let mut window = Command::new(project.program());
    window.arg("run").arg(&file).args(["--size", &args.size, "--theme", &args.theme]);
    let mut window = Running::start(sandbox.apply(&mut window).env("DISPLAY", &display).env_remove("WAYLAND_DISPLAY"))?;
    if let Some(status) = window.wait(wait, &stop)? {
        return Err(format!("brickwork ended before the picture, with {status}"));
    }
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Err("interrupted".to_owned());
    }
    output(Command::new("import").args(["-window", "root", "-display", &display]).arg(&picture))?;
    println!("wrote {}", picture.display());
    Ok(())
}

fn default_picture(file: &Path, args: &Args) -> PathBuf {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    root().join("docs").join(format!("{name}-{}-{}.png", args.theme, args.size))
}

/// Starts Xvfb on a display that is free; it writes the number it took once it is ready.
fn start_display(size: &str) -> Outcome<(Running, String)> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{size}x24")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Running::start(&mut command)?;
    let pipe = server.child().stdout.take().expect("standard output is piped");
    let mut number = String::new();
    BufReader::new(pipe).read_line(&mut number).map_err(|e| format!("Xvfb: {e}"))?;
    match number.trim() {
        "" => Err(format!("Xvfb did not start; is --size {size} a size such as 1280x1024?")),
        number => Ok((server, format!(":{number}"))),
    }
}

/// Ends the engine at the end of the run, also after an error.
struct EngineEnd<'a> {
    program: PathBuf,
    file: PathBuf,
    sandbox: &'a Sandbox,
}

impl Drop for EngineEnd<'_> {
    fn drop(&mut self) {
        let mut stop = Command::new(&self.program);
        stop.arg("stop").arg(&self.file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Ok(mut stop) = Running::start(self.sandbox.apply(&mut stop)) {
            let _ = stop.wait(Duration::from_secs(10), &AtomicBool::new(false));
        }
    }
}
