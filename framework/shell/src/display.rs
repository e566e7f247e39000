//! The display: looked at before an engine is started or a window opened, so that what cannot be shown is said in
//! words. The libraries that open windows panic instead.
//!
//! Wayland places and scales windows itself; of an X server we look at the depth, the extensions and the scale, and
//! know how large its monitors are and how large a picture it takes.

mod fit;
mod x;

use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

pub use fit::{Frame, Rect};
pub use x::X;

/// Where windows open.
#[derive(Clone)]
pub enum Display {
    /// A Wayland compositor.
    Wayland,
    /// An X server.
    X(X),
    /// An X server, beside a Wayland that is named and does not answer: a process that still has `WAYLAND_DISPLAY` in
    /// its environment would fail at that.
    BesideDeadWayland,
}

/// Where a window lies, in pixels of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// It itself.
    pub lies: Rect,
    /// What the window manager has drawn round it.
    pub frame: Frame,
    /// The monitor that has most of it.
    pub monitor: Rect,
    /// So many pixels it may have; any number if there is none.
    pub most_pixels: Option<u64>,
}

impl Display {
    /// Where the window of this number lies; none where that is no concern of ours, or where it is gone.
    pub fn measure(&self, window: u64) -> Option<Measured> {
        let Self::X(x) = self else { return None };
        x.measure(u32::try_from(window).ok()?).ok()
    }

    /// How many pixels a window may have: without shared memory a picture must fit into one request. `None` for any.
    pub fn most_pixels(&self) -> Option<u64> {
        let Self::X(x) = self else { return None };
        x.most_pixels
    }
}

/// Why no window can open.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// Nothing is set.
    #[error("there is no display for a window: DISPLAY and WAYLAND_DISPLAY are not set. {DISPLAYS}")]
    Unset,
    /// Only Wayland is set, and it is not there.
    #[error("no window can open: no Wayland compositor answers at {} ({error}). {DISPLAYS}", path.display())]
    NoWayland {
        /// Its socket.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Nobody answers.
    #[error("no window can open: no X server answers at DISPLAY={name} ({error}). {DISPLAYS}")]
    NoServer {
        /// The value of DISPLAY.
        name: String,
        /// What the system says.
        error: String,
    },
    /// It knows nothing of us.
    #[error(
        "no window can open: the X server at DISPLAY={name} refuses this user ({error}). Set XAUTHORITY to the file of \
         who owns the display, or have the owner type `xhost +si:localuser:$USER`"
    )]
    Refused {
        /// The value of DISPLAY.
        name: String,
        /// What the server says.
        error: String,
    },
    /// Its colours are not ours.
    #[error(
        "no window can open: the X server at DISPLAY={name} has a screen of {depth} bits a pixel, and a window needs 24 \
         in red, green and blue. Start it with `-depth 24` (Xvfb with `-screen 0 1280x1024x24`)"
    )]
    Depth {
        /// The value of DISPLAY.
        name: String,
        /// Bits of a pixel.
        depth: u8,
    },
    /// It is too simple.
    #[error(
        "no window can open: the X server at DISPLAY={name} lacks the extension {extension}. Start it without \
         `-extension {extension}`, or use one that has it, such as Xorg, Xvfb or Xvnc"
    )]
    Extension {
        /// The value of DISPLAY.
        name: String,
        /// What is missing.
        extension: &'static str,
    },
    /// A window cannot be scaled so.
    #[error(
        "no window can open: {source_of_it} scales it by {words}, and only {from} to {to} can be used. {cure}",
        from = x::SCALES.0, to = x::SCALES.1
    )]
    Scale {
        /// Who says so.
        source_of_it: &'static str,
        /// What it says.
        words: String,
        /// What to do.
        cure: &'static str,
    },
}

const DISPLAYS: &str = "`ssh -X` sets DISPLAY; on a machine without a screen, `xvfb-run brickwork ...` makes a display; \
                        `brickwork run --headless` needs none";

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Looks whether a window can open, and where.
///
/// # Errors
/// When none can, with the cure.
pub fn look() -> Result<Display, DisplayError> {
    let dead = match wayland() {
        Some(Ok(())) => return Ok(Display::Wayland),
        Some(Err(error)) => Some(error),
        None => None,
    };
    match (variable("DISPLAY"), dead) {
        (None, None) => Err(DisplayError::Unset),
        (None, Some(dead)) => Err(dead),
        (Some(name), dead) => {
            let x = X::look(&name.to_string_lossy())?;
            Ok(if dead.is_some() { Display::BesideDeadWayland } else { Display::X(x) })
        }
    }
}

/// Whether a Wayland compositor answers, where one is named.
fn wayland() -> Option<Result<(), DisplayError>> {
    // A connection that somebody else has made for us.
    if variable("WAYLAND_DISPLAY").is_none() {
        return variable("WAYLAND_SOCKET").map(|_| Ok(()));
    }
    let folder = variable("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
    let path = folder.join(variable("WAYLAND_DISPLAY")?);
    Some(UnixStream::connect(&path).map(drop).map_err(|error| DisplayError::NoWayland { path, error }))
}
