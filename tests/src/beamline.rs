//! A beamline of the test's own: private folders, a display, `brickwork run` on it, and the engine's word.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use crate::display::{Display, Picture};
use crate::engine::EngineClient;
use crate::folder::Folder;
use crate::new_plugin::NewPlugin;
use crate::programs::{Program, ask_to_end, built, kept_by, kill_with_keeper, root};
use crate::window::{Seen, describe, look};
use crate::{PATIENCE, poll};

/// The plugins of the project, as they are built.
pub const PLUGINS: &[&str] = &[
    "libbrickwork_actuators.so",
    "libbrickwork_beamline.so",
    "libbrickwork_camera.so",
    "libbrickwork_commands.so",
    "libbrickwork_gallery.so",
    "libbrickwork_minidiff.so",
    "libbrickwork_motors.so",
    "libbrickwork_shared.so",
    "libbrickwork_sim.so",
    "libbrickwork_spec.so",
];

/// What has not moved for so long stands still.
const STILL: Duration = Duration::from_millis(150);

/// Two windows at once on two cores would make each other late.
static TURN: Mutex<()> = Mutex::new(());

/// A running beamline. Dropping it ends everything that belongs to it.
pub struct Beamline {
    /// The display that the shell is on.
    pub display: Display,
    shell: Option<Program>,
    folder: Folder,
    _turn: MutexGuard<'static, ()>,
}

impl Beamline {
    /// Opens a layout with the project's plugins and waits until its window shows something.
    pub fn open(layout: &str) -> Self {
        let mut beamline = Self::prepare(layout);
        for plugin in PLUGINS {
            beamline.put_plugin(&built(plugin), plugin);
        }
        beamline.run();
        beamline
    }

    /// Makes the folders and the display; nothing runs yet and there is no plugin.
    pub fn prepare(layout: &str) -> Self {
        Self::prepare_on(Display::start(), layout)
    }

    /// The same on a display that is there.
    pub fn prepare_on(display: Display, layout: &str) -> Self {
        let turn = TURN.lock();
        let folder = Folder::new();
        std::fs::write(folder.layout(), layout).expect("the folder is ours");
        Self { display, shell: None, folder, _turn: turn }
    }

    /// Puts a library into the watched folder as an installer does: written beside, then renamed.
    pub fn put_plugin(&self, library: &Path, name: &str) {
        self.folder.put_plugin(library, name);
    }

    /// Where a plugin lies that is watched.
    pub fn plugin(&self, name: &str) -> PathBuf {
        self.folder.plugins().join(name)
    }

    /// A folder of what the user's Brickwork keeps, such as `log`.
    pub fn state(&self, name: &str) -> PathBuf {
        self.folder.path().join("state").join(name)
    }

    /// Writes the layout anew.
    pub fn write_layout(&self, text: &str) {
        std::fs::write(self.folder.layout(), text).expect("the folder is ours");
    }

    /// A command of `brickwork` on the layout.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(built("brickwork"));
        command.args(arguments).arg(self.folder.layout());
        self.folder.apply(&mut command);
        command.env("DISPLAY", self.display.name()).env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        command.env("BRICKWORK_PROBE", self.folder.probe()).stdin(Stdio::null());
        command
    }

    /// `brickwork run`: a shell on the display, and an engine if none runs. Waits until it shows something.
    pub fn run(&mut self) {
        self.run_with(&[], &[]);
    }

    /// The same with more arguments and variables of the environment.
    pub fn run_with(&mut self, arguments: &[&str], variables: &[(&str, &str)]) {
        let mut command = self.command(&["run"]);
        command.args(arguments).arg("--plugins").arg(self.folder.plugins()).envs(variables.iter().copied());
        self.open_window(&mut command);
    }

    /// `brickwork dev` on a new plugin, which opens the window. Waits until it shows something.
    pub fn run_dev(&mut self, plugin: &NewPlugin) {
        let mut command = self.command_dev(plugin);
        self.open_window(&mut command);
    }

    /// `brickwork dev` on a new plugin with this layout.
    pub fn command_dev(&self, plugin: &NewPlugin) -> Command {
        let mut command = self.command(&["dev", &plugin.folder.to_string_lossy()]);
        plugin.prepare(&mut command).arg("--plugins").arg(self.folder.plugins());
        command
    }

    /// Asks `brickwork dev` to end, as Ctrl-C does, and waits until it has.
    pub fn end_dev(&mut self) {
        let mut dev = self.shell.take().expect("it runs");
        ask_to_end(dev.child().id());
        poll(PATIENCE, || (!dev.runs()).then_some(())).expect("it ends when it is asked to");
    }

    /// Whether an engine runs the layout.
    pub fn has_engine(&self) -> bool {
        self.folder.socket().is_some()
    }

    fn open_window(&mut self, command: &mut Command) {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("shell.log"));
        command.stderr(log.expect("the folder is ours"));
        self.shell = Some(Program::start(command));
        self.wait("window", PATIENCE, |seen| seen.iter().any(|seen| seen.kind == "text"));
        // There is no window manager that would give it the keyboard.
        self.display.act(&["search", "--sync", "--onlyvisible", "--name", "Brickwork", "windowfocus", "--sync"]);
    }

    /// `brickwork run --headless`: an engine alone, as a supervisor starts it.
    pub fn run_engine(&self) -> Program {
        self.run_engine_with(&[&self.folder.plugins()])
    }

    /// The same with other folders of plugins.
    pub fn run_engine_with(&self, folders: &[&Path]) -> Program {
        let mut command = self.command(&["run", "--headless"]);
        for folder in folders {
            command.arg("--plugins").arg(folder);
        }
        Program::start(command.stderr(Stdio::null()))
    }

    /// The shell's process: not the one that keeps it.
    pub fn shell_process(&mut self) -> u32 {
        let keeper = self.shell.as_mut().expect("a shell runs").child().id();
        poll(PATIENCE, || kept_by(keeper).pop()).expect("the window is kept")
    }

    /// `brickwork support`: answers where the archive lies.
    pub fn support(&self) -> PathBuf {
        let mut command = self.command(&["support"]);
        let output = command.arg("--plugins").arg(self.folder.plugins()).output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().into()
    }

    /// Has the shell end in good order, as a logout does, and waits until it has.
    pub fn end_shell(&mut self) {
        ask_to_end(self.shell_process());
        let mut shell = self.shell.take().expect("a shell runs");
        poll(PATIENCE, || (!shell.runs()).then_some(())).expect("the shell ends when it is asked to");
    }

    /// `brickwork stop`: ends the engine in good order.
    pub fn stop_engine(&self) {
        assert!(self.command(&["stop"]).status().expect("the program starts").success());
    }

    /// Kills the shell with SIGKILL.
    pub fn kill_shell(&mut self) {
        self.shell.take().expect("a shell runs").kill();
    }

    /// Kills the X server; the shell dies of it.
    pub fn kill_display(&mut self) {
        self.display.kill();
        let shell = self.shell.as_mut().expect("a shell runs");
        poll(PATIENCE, || (!shell.runs()).then_some(())).expect("the shell ends with its display");
        self.shell = None;
    }

    /// Waits until the shell has ended by itself, and answers what it said at its terminal.
    pub fn shell_ends(&mut self) -> String {
        let mut shell = self.shell.take().expect("a shell runs");
        poll(PATIENCE, || (!shell.runs()).then_some(())).expect("it ends by itself");
        std::fs::read_to_string(self.folder.path().join("shell.log")).unwrap_or_default()
    }

    /// A new display in place of one that was killed.
    pub fn new_display(&mut self) {
        self.display = Display::start();
    }

    /// A client of the engine.
    pub fn engine(&self) -> EngineClient {
        let socket = poll(PATIENCE, || self.folder.socket()).expect("an engine runs");
        EngineClient::connect(&socket)
    }

    /// Everything in sight.
    pub fn look(&self) -> Option<Vec<Seen>> {
        look(&self.folder.probe())
    }

    /// Waits until what is in sight is as it should be; fails with all that is there instead.
    pub fn wait(&self, what: &str, limit: Duration, mut is_so: impl FnMut(&[Seen]) -> bool) -> Vec<Seen> {
        let mut last = None;
        let found = poll(limit, || {
            last = self.look();
            last.as_deref().is_some_and(&mut is_so).then_some(())
        });
        if found.is_none() {
            let log = std::fs::read_to_string(self.folder.path().join("shell.log")).unwrap_or_default();
            let seconds = limit.as_secs_f64();
            panic!("no {what} within {seconds} s; in sight is\n{}the shell said\n{log}", describe(last.as_deref()));
        }
        last.expect("it was just found")
    }

    /// Waits until these words are in sight, also as part of more.
    pub fn sees(&self, words: &str) {
        self.wait(&format!("{words:?}"), PATIENCE, |seen| seen.iter().any(|seen| seen.words.contains(words)));
    }

    /// Waits until these words are in sight no more.
    pub fn no_longer_sees(&self, words: &str) {
        let what = format!("sight without {words:?}");
        self.wait(&what, PATIENCE, |seen| !seen.iter().any(|seen| seen.words.contains(words)));
    }

    /// Waits until these words are in sight, which must be no later than so long after `event`.
    pub fn sees_after(&self, event: Instant, limit: Duration, words: &str) {
        self.sees(words);
        let took = event.elapsed();
        assert!(took <= limit, "{words:?} came into sight after {took:?}; {limit:?} are promised");
    }

    /// Waits for the thing of this kind and id, such as `control` and `motors.one(motor=omega)/stop`.
    pub fn find(&self, kind: &str, id: &str) -> Seen {
        let is_it = |seen: &&Seen| seen.kind == kind && seen.id == id;
        let all = self.wait(&format!("{kind} {id:?}"), PATIENCE, |seen| seen.iter().any(|seen| is_it(&seen)));
        all.into_iter().find(|seen| is_it(&seen)).expect("it was just seen")
    }

    /// Clicks it once it stands still; a person does not hit what is moving either.
    fn click_on(&self, kind: &str, id: &str) {
        let mut before = self.find(kind, id);
        let still = poll(PATIENCE, || {
            std::thread::sleep(STILL);
            let now = self.find(kind, id);
            std::mem::replace(&mut before, now.clone()).place.eq(&now.place).then_some(())
        });
        assert!(still.is_some(), "{id} does not stand still");
        self.display.click(before.middle());
    }

    /// Clicks a control by its id.
    pub fn click(&self, id: &str) {
        self.click_on("control", id);
    }

    /// Clicks into an input and types; nothing is sent yet.
    pub fn type_into(&self, id: &str, words: &str) {
        self.click_on("input", id);
        self.display.act(&["type", "--delay", "20", words]);
        self.wait(&format!("{words:?} typed"), PATIENCE, |seen| {
            seen.iter().any(|seen| seen.kind == "input" && seen.id == id && seen.words == words)
        });
    }

    /// Types into an input and presses Enter.
    pub fn enter(&self, id: &str, words: &str) {
        self.type_into(id, words);
        self.display.act(&["key", "Return"]);
    }

    /// The screen where the thing of this kind and id is.
    pub fn picture_of(&self, kind: &str, id: &str) -> Picture {
        let (x, y, width, height) = self.find(kind, id).place;
        let part = [x, y, width, height].map(|pixels| usize::try_from(pixels).unwrap_or(0));
        self.display.picture().part((part[0], part[1], part[2], part[3]))
    }
}

impl Drop for Beamline {
    fn drop(&mut self) {
        self.shell = None;
        let stopped = self.command(&["stop"]).stderr(Stdio::null()).status();
        // An engine that does not end when it is asked is killed, so that no test leaves one behind.
        if !stopped.is_ok_and(|status| status.success())
            && let Some(socket) = self.folder.socket()
        {
            kill_with_keeper(EngineClient::connect(&socket).process());
        }
    }
}

/// The text of a shipped layout.
pub fn shipped(name: &str) -> String {
    std::fs::read_to_string(root().join("layouts").join(name)).expect("the layout is shipped")
}
