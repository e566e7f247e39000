//! Tests find what a person would see: every text and control of the windows, with its place.
//!
//! With `BRICKWORK_PROBE=PATH` the shell answers one line on each connection to the Unix socket
//! PATH (0600). It only looks; what is done is done by mouse and keyboard. Without the variable
//! nothing is started.
//!
//! * `texts`: one line for each thing in sight: window, kind (`text`, `input`, `control`, `area`),
//!   widget id, `x y width height` in logical pixels of the window, words; parted by tabs, with
//!   `\n`, `\t` and `\\` for those in the words. The word of a control that has the focus is `focused`.
//! * `frames`: `views N pictures N age_ms N drawn_ms_ago N live_ms_ago N`: how often a window was built, how many
//!   pictures it was given, how old the newest was then; and how long ago everything in sight was first drawn with
//!   what was known of it, and first with live values alone, -1 for not yet.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use iced::advanced::widget::operation::{Focusable, Outcome, Scrollable, TextInput};
use iced::advanced::widget::{Id, Operation, operate};
use iced::{Rectangle, Task, Vector};

use crate::inbox::{Happened, Inbox};

const VARIABLE: &str = "BRICKWORK_PROBE";
/// How long the window may take to answer, and a test to ask.
const LIMIT: Duration = Duration::from_secs(5);

/// What a test wants to know.
#[derive(Clone, Debug)]
pub enum Question {
    /// What is in sight.
    Texts(SyncSender<String>),
    /// What was drawn.
    Frames(SyncSender<String>),
}

/// Listens, if somebody asked for it.
///
/// # Errors
/// When the socket cannot be made.
pub fn start(inbox: Arc<Inbox>) -> io::Result<()> {
    let Some(path) = std::env::var_os(VARIABLE).map(PathBuf::from) else { return Ok(()) };
    let listener = listen(&path)?;
    std::thread::Builder::new().name("probe".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Err(error) = serve(&stream, &inbox) {
                tracing::warn!("the probe: {error}");
            }
        }
    })?;
    Ok(())
}

fn listen(path: &Path) -> io::Result<UnixListener> {
    // A killed shell leaves its own behind.
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn serve(mut stream: &UnixStream, inbox: &Inbox) -> io::Result<()> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let (sender, answer) = sync_channel(1);
    let question = match line.trim() {
        "texts" => Question::Texts(sender),
        "frames" => Question::Frames(sender),
        other => return writeln!(stream, "error: {other:?} is neither texts nor frames"),
    };
    inbox.happened(Happened::Probe(question));
    let answer = answer.recv_timeout(LIMIT).map_err(|_| io::Error::other("the window does not answer"))?;
    stream.write_all(answer.as_bytes())
}

/// The task that looks through all windows and answers.
pub fn look<M: Send + 'static>(answer: SyncSender<String>) -> Task<M> {
    operate(Survey::default()).then(move |lines| {
        // Who asked may have gone.
        let _ = answer.try_send(lines);
        Task::none()
    })
}

/// Writes down everything in sight.
#[derive(Default)]
struct Survey {
    lines: String,
    window: String,
    sight: Sight,
    /// The sight of each widget that is being traversed.
    outer: Vec<Sight>,
}

/// What has been scrolled by, and the room that it is seen through.
#[derive(Clone, Copy, Default)]
struct Sight {
    by: Vector,
    through: Option<Rectangle>,
}

impl Sight {
    fn of(self, bounds: Rectangle) -> Option<Rectangle> {
        let bounds = bounds - self.by;
        self.through.map_or(Some(bounds), |room| room.intersection(&bounds))
    }
}

impl Survey {
    fn note(&mut self, kind: &str, id: Option<&Id>, bounds: Rectangle, words: &str) {
        let Some(Rectangle { x, y, width, height }) = self.sight.of(bounds) else { return };
        let words = words.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
        let (window, id) = (&self.window, id.map(name).unwrap_or_default());
        self.lines += &format!("{window}\t{kind}\t{id}\t{x:.0} {y:.0} {width:.0} {height:.0}\t{words}\n");
    }
}

/// An id of iced's shows its words only for debugging.
fn name(id: &Id) -> String {
    let words = format!("{id:?}");
    words.strip_prefix("Id(Custom(\"").and_then(|rest| rest.strip_suffix("\"))")).unwrap_or(&words).into()
}

impl Operation<String> for Survey {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<String>)) {
        self.outer.push(self.sight);
        operate(self);
        self.outer.pop();
        // A scrolled widget says so before it is traversed: what comes after it is not scrolled.
        self.sight = self.outer.last().copied().unwrap_or_default();
    }

    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        let Some(id) = id else { return };
        // The root of each window is called "window N/".
        if let Some(window) = name(id).strip_prefix("window ").and_then(|rest| rest.strip_suffix('/')) {
            self.window = window.into();
        }
        self.note("area", Some(id), bounds, "");
    }

    fn scrollable(&mut self, _: Option<&Id>, room: Rectangle, _: Rectangle, by: Vector, _: &mut dyn Scrollable) {
        self.sight = Sight { by: self.sight.by + by, through: Some(self.sight.of(room).unwrap_or_default()) };
    }

    fn focusable(&mut self, id: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        self.note("control", id, bounds, if state.is_focused() { "focused" } else { "" });
    }

    fn text_input(&mut self, id: Option<&Id>, bounds: Rectangle, state: &mut dyn TextInput) {
        self.note("input", id, bounds, state.text());
    }

    fn text(&mut self, id: Option<&Id>, bounds: Rectangle, text: &str) {
        self.note("text", id, bounds, text);
    }

    fn finish(&self) -> Outcome<String> {
        Outcome::Some(self.lines.clone())
    }
}
