//! `cargo xtask screenshot LAYOUT`: a picture of a layout's window, taken on a private X server; `--all` renews those in
//! `docs/`. A person calls it. It never touches the user's display, running engine or
//! state.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::Outcome;
use crate::demo::build;
use crate::packages::{DISPLAY, WINDOW, ensure};
use crate::process::{Running, Sandbox, interrupted, output};
use crate::project::{Project, layout, root};
use crate::servers;

/// The layouts, themes and sizes of the pictures in `docs/`.
const SHOWN: [&str; 2] = ["demo", "gallery"];
const THEMES: [&str; 2] = ["dark", "light"];
const SIZES: [&str; 2] = ["1280x1024", "1920x1200"];

#[derive(clap::Args)]
pub struct Args {
    /// A layout's name in `layouts/`, or a path
    #[arg(required_unless_present = "all")]
    layout: Option<String>,
    /// Renews every picture in docs/: demo and gallery, both themes, both sizes
    #[arg(long, conflicts_with_all = ["layout", "out", "size", "theme"])]
    all: bool,
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

/// One picture to be taken.
struct Shot {
    file: PathBuf,
    size: String,
    theme: String,
    picture: PathBuf,
}

impl Shot {
    fn new(name: &str, size: &str, theme: &str, out: Option<PathBuf>) -> Outcome<Self> {
        let file = layout(name)?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let picture = out.unwrap_or_else(|| root().join("docs").join(format!("{stem}-{theme}-{size}.png")));
        Ok(Self { file, size: size.into(), theme: theme.into(), picture })
    }
}

/// Builds, and takes the picture or all of them.
pub fn run(args: &Args) -> Outcome {
    let wait = Duration::try_from_secs_f64(args.wait).map_err(|e| format!("--wait {}: {e}", args.wait))?;
    let shots: Vec<Shot> = match &args.layout {
        Some(name) => vec![Shot::new(name, &args.size, &args.theme, args.out.clone())?],
        None => {
            let pairs = THEMES.iter().flat_map(|theme| SIZES.iter().map(move |size| (theme, size)));
            let all = SHOWN.iter().flat_map(|name| pairs.clone().map(move |(theme, size)| (name, theme, size)));
            all.map(|(name, theme, size)| Shot::new(name, size, theme, None)).collect::<Outcome<_>>()?
        }
    };
    ensure(&[WINDOW, DISPLAY])?;
    let project = Project::read()?;
    build(&project)?;
    shots.iter().try_for_each(|shot| take(&project, shot, wait))
}

/// Starts a display and Brickwork on it, takes the picture, ends both.
fn take(project: &Project, Shot { file, size, theme, picture }: &Shot, wait: Duration) -> Outcome {
    if let Some(folder) = picture.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let stop = interrupted()?;
    let sandbox = Sandbox::new()?;
    let (_server, display) = start_display(size)?;
    let _servers = servers::start(project, file)?;
    println!("opening {} on display {display}", file.display());
    let _engine = EngineEnd { program: project.program(), file: file.clone(), sandbox: &sandbox };
    let mut window = Command::new(project.program());
    window.arg("run").arg(file).args(["--size", size, "--theme", theme]);
    let mut window = Running::start(sandbox.apply(&mut window).env("DISPLAY", &display).env_remove("WAYLAND_DISPLAY"))?;
    if let Some(status) = window.wait(wait, &stop)? {
        return Err(format!("brickwork ended before the picture, with {status}"));
    }
    if stop.load(std::sync::atomic::Ordering::Relaxed) {
        return Err("interrupted".to_owned());
    }
    output(Command::new("import").args(["-window", "root", "-display", &display]).arg(picture))?;
    println!("wrote {}", picture.display());
    Ok(())
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
