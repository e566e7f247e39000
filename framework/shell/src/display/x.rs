//! An X server, seen through a connection of our own: what it can show, its monitors, where a window lies. It never
//! draws and never moves a window.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::ConnectError;
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::shm::ConnectionExt as _;
use x11rb::protocol::xproto::{self, AtomEnum, ConnectionExt as _, ImageOrder, VisualClass};
use x11rb::resource_manager;
use x11rb::rust_connection::{ReplyError, RustConnection};

use super::{DisplayError, Frame, Measured, Rect};

/// The scales at which a window can be used.
pub const SCALES: (f64, f64) = (0.5, 5.0);
/// How long a server may take to answer.
const LIMIT: Duration = Duration::from_secs(5);
/// The head of the request that brings a picture, in bytes.
const HEAD: usize = 28;
/// What the library that opens windows cannot do without.
const EXTENSIONS: [&str; 3] = ["RANDR", "XInputExtension", "XKEYBOARD"];

/// A server that can show our windows.
#[derive(Clone)]
pub struct X {
    connection: Arc<RustConnection>,
    root: xproto::Window,
    pub(super) most_pixels: Option<u64>,
}

impl X {
    /// Connects to it and looks whether it can show our windows.
    pub(super) fn look(name: &str) -> Result<Self, DisplayError> {
        let name = name.to_owned();
        let (connection, screen) = connect(&name)?;
        let lost = |error: ReplyError| DisplayError::NoServer { name: name.clone(), error: error.to_string() };
        for extension in EXTENSIONS {
            let found = connection.query_extension(extension.as_bytes()).map_err(ReplyError::from);
            if !found.and_then(|cookie| cookie.reply()).map_err(lost)?.present {
                return Err(DisplayError::Extension { name, extension });
            }
        }
        let Some(root) = connection.setup().roots.get(screen) else {
            return Err(DisplayError::NoServer { name, error: format!("it has no screen {screen}") });
        };
        if !shows_our_colours(connection.setup(), root) {
            return Err(DisplayError::Depth { name, depth: root.root_depth });
        }
        check_scale(&connection)?;
        let root = root.root;
        let most_pixels =
            (!shares_memory(&connection)).then(|| (connection.maximum_request_bytes().saturating_sub(HEAD) / 4) as u64);
        Ok(Self { connection: Arc::new(connection), root, most_pixels })
    }

    /// Where a window lies.
    pub(super) fn measure(&self, window: u32) -> Result<Measured, ReplyError> {
        let size = self.connection.get_geometry(window)?;
        let corner = self.connection.translate_coordinates(window, self.root, 0, 0)?;
        let (size, corner) = (size.reply()?, corner.reply()?);
        let (width, height) = (size.width.into(), size.height.into());
        let lies = Rect { x: corner.dst_x.into(), y: corner.dst_y.into(), width, height };
        let monitor = lies.most_of(&self.monitors()?).unwrap_or(lies);
        Ok(Measured { lies, frame: self.frame(window)?, monitor, most_pixels: self.most_pixels })
    }

    fn monitors(&self) -> Result<Vec<Rect>, ReplyError> {
        let monitors = self.connection.randr_get_monitors(self.root, true)?.reply();
        let rect = |m: &randr::MonitorInfo| Rect {
            x: m.x.into(),
            y: m.y.into(),
            width: m.width.into(),
            height: m.height.into(),
        };
        let found: Vec<_> = monitors.iter().flat_map(|reply| &reply.monitors).map(rect).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let whole = self.connection.get_geometry(self.root)?.reply()?;
        Ok(vec![Rect { x: 0, y: 0, width: whole.width.into(), height: whole.height.into() }])
    }

    fn frame(&self, window: u32) -> Result<Frame, ReplyError> {
        let name = self.connection.intern_atom(true, b"_NET_FRAME_EXTENTS")?.reply()?.atom;
        if name == x11rb::NONE {
            return Ok(Frame::default());
        }
        let frame = self.connection.get_property(false, window, name, AtomEnum::CARDINAL, 0, 4)?.reply()?;
        let sides: Vec<i32> = frame.value32().into_iter().flatten().filter_map(|side| side.try_into().ok()).collect();
        Ok(match *sides {
            [left, right, top, bottom] => Frame { left, right, top, bottom },
            _ => Frame::default(),
        })
    }

    /// Calls `changed` whenever the monitors change, on a thread of its own.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn watch(&self, changed: impl Fn() + Send + 'static) -> std::io::Result<()> {
        let (connection, root) = (self.connection.clone(), self.root);
        std::thread::Builder::new().name("display".into()).spawn(move || {
            let mask = randr::NotifyMask::SCREEN_CHANGE | randr::NotifyMask::CRTC_CHANGE;
            if connection.randr_select_input(root, mask).is_err() || connection.flush().is_err() {
                return;
            }
            // It ends with the server, and the window with it.
            while connection.wait_for_event().is_ok() {
                changed();
            }
        })?;
        Ok(())
    }
}

/// Connects, but waits no longer than [`LIMIT`]: a host that is switched off does not even refuse.
fn connect(name: &str) -> Result<(RustConnection, usize), DisplayError> {
    let (sender, answer) = sync_channel(1);
    let unreachable = |error: String| DisplayError::NoServer { name: name.to_owned(), error };
    let asked = name.to_owned();
    std::thread::Builder::new()
        .name("display".into())
        .spawn(move || drop(sender.send(RustConnection::connect(Some(&asked)))))
        .map_err(|error| unreachable(error.to_string()))?;
    match answer.recv_timeout(LIMIT) {
        Ok(Ok(connected)) => Ok(connected),
        Ok(Err(ConnectError::SetupFailed(refusal))) => Err(DisplayError::Refused {
            name: name.to_owned(),
            error: String::from_utf8_lossy(&refusal.reason).trim().to_owned(),
        }),
        Ok(Err(ConnectError::SetupAuthenticate(_))) => {
            Err(DisplayError::Refused { name: name.to_owned(), error: "it wants more than a cookie".into() })
        }
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!("not within {} s", LIMIT.as_secs()))),
    }
}

/// Whether the pixels of a screen are laid out as we draw them: eight bits each of red, green and blue in 32.
fn shows_our_colours(setup: &xproto::Setup, screen: &xproto::Screen) -> bool {
    let ours = if cfg!(target_endian = "little") { ImageOrder::LSB_FIRST } else { ImageOrder::MSB_FIRST };
    let masks = match setup.image_byte_order == ours {
        true => (0xff_0000, 0xff00, 0xff),
        false => (0xff00, 0xff_0000, 0xff00_0000),
    };
    let is_padded = |depth| setup.pixmap_formats.iter().any(|f| f.depth == depth && f.bits_per_pixel == 32);
    let depths = screen.allowed_depths.iter().filter(|depth| matches!(depth.depth, 24 | 32) && is_padded(depth.depth));
    depths.flat_map(|depth| &depth.visuals).any(|visual| {
        visual.visual_id == screen.root_visual
            && matches!(visual.class, VisualClass::TRUE_COLOR | VisualClass::DIRECT_COLOR)
            && (visual.red_mask, visual.green_mask, visual.blue_mask) == masks
    })
}

/// Whether pictures go by shared memory. A server behind a network says so too, but cannot take any.
fn shares_memory(connection: &RustConnection) -> bool {
    let attached = || {
        let memory = memfd_create("brickwork-probe", MemfdFlags::CLOEXEC).ok()?;
        ftruncate(&memory, 4096).ok()?;
        let segment = connection.generate_id().ok()?;
        connection.shm_attach_fd(segment, memory, false).ok()?.check().ok()?;
        connection.shm_detach(segment).ok()?.check().ok()
    };
    attached().is_some()
}

/// Whether the windows would be scaled by a number that can be used.
fn check_scale(connection: &RustConnection) -> Result<(), DisplayError> {
    let can_be = |scale: f64| (SCALES.0..=SCALES.1).contains(&scale);
    if let Some(words) = super::variable("WINIT_X11_SCALE_FACTOR") {
        let words = words.to_string_lossy().into_owned();
        if words.eq_ignore_ascii_case("randr") || words.parse().is_ok_and(can_be) {
            return Ok(());
        }
        let cure = "Set it to a number such as 1.5, or unset it";
        return Err(DisplayError::Scale { source_of_it: "WINIT_X11_SCALE_FACTOR", words, cure });
    }
    let resources = resource_manager::new_from_default(connection).ok();
    let dpi = resources.as_ref().and_then(|all| all.get_string("Xft.dpi", "")).and_then(|dpi| dpi.parse::<f64>().ok());
    match dpi.map(|dpi| dpi / 96.0) {
        Some(scale) if !can_be(scale) => Err(DisplayError::Scale {
            source_of_it: "the X resource Xft.dpi",
            words: format!("{scale:.2}"),
            cure: "`echo 'Xft.dpi: 96' | xrdb -merge` makes it 1, and so does WINIT_X11_SCALE_FACTOR=1",
        }),
        _ => Ok(()),
    }
}
