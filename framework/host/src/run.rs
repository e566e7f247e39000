//! Starts, finds and ends the two processes of a layout.

use std::error::Error;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_engine::{Engine, Options, left_off, raise_descriptors, serve};
use brickwork_link::{Door, LINK_PROTOCOL, Lock, Place, ToEngine, ToShell, split, uptime_ns};
use brickwork_shell::Appearance;
use brickwork_shell::display::{self, Display};
use signal_hook::iterator::Signals;

use crate::keeper::{self, Kept};
use crate::{RunArguments, ThemeChoice, log};

/// How a command ends.
pub type Outcome = Result<ExitCode, Box<dyn Error>>;

/// How long a new engine may take until it can be met.
pub const START_LIMIT: Duration = Duration::from_secs(20);
/// How long a running engine may be silent to a command of this program; it beats twice a second.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How long an engine may take to make a socket again that was removed.
const SOCKET_LIMIT: Duration = Duration::from_secs(3);
/// How long an engine may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// The engine in this process, until it is asked to end. Another process keeps it.
pub fn headless(arguments: RunArguments, kept: Option<Kept>) -> Outcome {
    // Whatever comes from here on ends it in order, also while it starts.
    let signals = keeper::ending()?;
    raise_descriptors();
    let layout = asked(arguments.layout)?;
    let lock = Lock::take(&layout)?;
    let mut door = Door::open(&Place::of(&layout)?)?;
    let (log, _written) = log::start(&layout, "engine", arguments.log_to_file_only)?;
    keeper::listen_to_plugins()?;
    let (plugins, trust_groups) = arguments.plugins.unpack();
    let options = Options {
        layout,
        plugins,
        trust_groups,
        time_scale: arguments.time_scale,
        after_death: left_off::died().is_some(),
        log,
    };
    let engine = Engine::start(options)?;
    engine.hold(lock);
    if let Some(kept) = kept {
        keeper::watch_for_engine(kept, &engine)?;
    }
    end_on_signal(signals, engine.clone())?;
    let result = serve(&engine, &mut door);
    engine.stop();
    result?;
    Ok(ExitCode::SUCCESS)
}

/// Ends the engine of this process in good order when the system asks, as `brickwork stop` does. It needs no socket.
fn end_on_signal(mut signals: Signals, engine: Arc<Engine>) -> std::io::Result<()> {
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            tracing::info!(signal, "asked to end by a signal");
            engine.stop();
        }
    })?;
    Ok(())
}

/// The shell in this process, and the engine in another that outlives it.
pub fn with_window(mut arguments: RunArguments, kept: Option<Kept>) -> Outcome {
    if let Some(kept) = &kept {
        keeper::watch_for_window(kept)?;
    }
    arguments.layout = asked(arguments.layout)?;
    let place = Place::of(&arguments.layout)?;
    let display = find_display(&place, &arguments.layout)?;
    if place.connect().is_err() {
        start_engine(&arguments, &place)?;
    }
    let (log, _written) = log::start(&arguments.layout, "shell", false)?;
    keeper::listen_to_plugins()?;
    let is_light = arguments.theme.map(|theme| matches!(theme, ThemeChoice::Light));
    let appearance = Appearance { is_light, size: arguments.size, scale: arguments.scale };
    if let Err(error) = brickwork_shell::run(place, user(), display, appearance, log) {
        return Err(format!("{error}. {}", engine_goes_on(&arguments.layout)).into());
    }
    log::say(&format!(
        "The window is closed; the engine goes on. `brickwork run` opens it again, `brickwork stop {}` ends it.",
        arguments.layout.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The display for the windows; where there is none, says also what becomes of the engine.
fn find_display(place: &Place, layout: &Path) -> Result<Display, Box<dyn Error>> {
    match display::look() {
        Ok(Display::BesideDeadWayland) => {
            // The same once more, without what would lead it astray.
            let mut again = Command::new(std::env::current_exe()?);
            Err(again.args(std::env::args_os().skip(1)).env_remove("WAYLAND_DISPLAY").exec().into())
        }
        Ok(display) => Ok(display),
        Err(error) if place.connect().is_ok() => Err(format!("{error}. {}", engine_goes_on(layout)).into()),
        Err(error) => Err(format!("{error}. The engine was not started").into()),
    }
}

fn engine_goes_on(layout: &Path) -> String {
    format!("The engine goes on; `brickwork stop {}` ends it", layout.display())
}

fn start_engine(arguments: &RunArguments, place: &Place) -> Result<(), Box<dyn Error>> {
    let (stderr, path) = log::open_stderr(&arguments.layout)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["run", "--headless", "--log-to-file-only"]).arg(&arguments.layout);
    command.arg("--time-scale").arg(arguments.time_scale.to_string());
    for folder in &arguments.plugins.folders {
        command.arg("--plugins").arg(folder);
    }
    for group in &arguments.plugins.groups {
        command.arg("--trust-group").arg(group);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
    // Its own group: Ctrl-C at the terminal ends the shell alone.
    let mut engine = command.process_group(0).spawn()?;
    let begun = Instant::now();
    while place.connect().is_err() {
        if let Some(status) = engine.try_wait()? {
            let said = std::fs::read_to_string(&path).unwrap_or_default();
            return Err(format!("the engine ended at once ({status}): {}", said.trim()).into());
        }
        if begun.elapsed() > START_LIMIT {
            return Err(format!("the engine does not answer; its logs are in {}", log::folder().display()).into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Ends the engine of a layout and waits until it has ended.
pub fn stop(layout: &Path) -> Outcome {
    let place = Place::of(layout)?;
    let begun = Instant::now();
    // Its socket may have been removed a moment ago: it makes it again.
    while place.connect().is_err() {
        let Some(holder) = place.holder() else {
            log::say("no engine runs this layout");
            return Ok(ExitCode::SUCCESS);
        };
        if !holder.is_ours() {
            let (path, user) = (layout.display(), holder.user());
            return Err(format!("{path} is run by {}. Have {user} end it", holder.words()).into());
        }
        if begun.elapsed() > SOCKET_LIMIT {
            let (words, process) = (holder.words(), holder.process);
            let what = "has the layout, but cannot be asked to end: its socket is gone. `kill";
            return Err(format!("{words} {what} {process}` ends it in order").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    ask_to_end(&place)?;
    Ok(ExitCode::SUCCESS)
}

/// Has the engine of a layout make an object anew.
pub fn restart(layout: &Path, object: &str) -> Outcome {
    let stream = Place::of(layout)?.connect().map_err(|_| "no engine runs this layout")?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    let (mut reader, mut writer) = split(stream)?;
    writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: user() })?;
    let (interface, command) = ("object".into(), "restart".into());
    let arguments = brickwork_sdk::Value::map::<&str>([]);
    writer.send(&ToEngine::Call {
        id: 1,
        object: object.into(),
        interface,
        command,
        arguments,
        brick: String::new(),
        given_ns: uptime_ns(),
    })?;
    loop {
        match reader.receive()? {
            ToShell::CallEnd { id: 1, outcome } => {
                outcome.into_result().map_err(|error| error.message)?;
                log::say(&format!("{object} is made anew"));
                return Ok(ExitCode::SUCCESS);
            }
            ToShell::Refused { reason } => return Err(reason.into()),
            _ => {}
        }
    }
}

/// Asks the engine at a place to end, and waits until it has.
fn ask_to_end(place: &Place) -> Result<(), Box<dyn Error>> {
    let (mut reader, mut writer) = split(place.connect()?)?;
    writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: user() })?;
    writer.send(&ToEngine::Shutdown)?;
    // Reads on, so that the engine is not held up by what it still has to say to us.
    let name = std::thread::Builder::new().name("from engine".into());
    name.spawn(move || while reader.receive::<brickwork_sdk::Value>().is_ok() {})?;
    let begun = Instant::now();
    // The lock goes with the process, the socket a little before.
    while place.holder().is_some() || place.connect().is_ok() {
        if begun.elapsed() > STOP_LIMIT {
            let who = place.holder().map_or_else(String::new, |holder| format!(": {}", holder.words()));
            return Err(format!("the engine does not end{who}").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The path of a layout that exists, as it was given: an engine follows a link that is led elsewhere.
fn asked(layout: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    existing(layout.clone())?;
    Ok(std::path::absolute(layout)?)
}

/// The whole path of a layout that exists.
pub fn existing(layout: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    layout.canonicalize().map_err(|error| format!("cannot open the layout {}: {error}", layout.display()).into())
}

/// Who sits here.
pub fn user() -> String {
    std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "local user".into())
}
