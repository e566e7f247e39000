//! An X server without a screen: a display of the test's own, with mouse and keyboard.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, EventMask};

use crate::programs::Program;

/// The foreign programs that a display needs.
pub const PROGRAMS: &[&str] = &["Xvfb", "xdotool", "import"];
/// Width and height of the screen, in pixels.
pub const SIZE: (u32, u32) = (1280, 1024);

/// A running X server.
pub struct Display {
    server: Program,
    name: String,
}

/// The pixels of a screen.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Red, green and blue of each pixel, line by line.
    pub rgb: Vec<u8>,
}

impl Display {
    /// Starts one on a free number.
    pub fn start() -> Self {
        Self::with((SIZE.0, SIZE.1, 24), &[])
    }

    /// Starts one with a screen of this width, height and depth, and with more arguments for the server.
    pub fn with((width, height, depth): (u32, u32, u32), arguments: &[&str]) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"]);
        command.arg(format!("{width}x{height}x{depth}")).args(arguments);
        command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        let mut server = Program::start(&mut command);
        let mut number = String::new();
        let pipe = server.child().stdout.take().expect("its output is piped");
        BufReader::new(pipe).read_line(&mut number).expect("Xvfb says its number");
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// What `DISPLAY` must be.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Kills the server, as a crashed VNC server would end.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Lets a person act: the words of xdotool.
    pub fn act(&self, words: &[&str]) {
        let status = Command::new("xdotool").env("DISPLAY", &self.name).args(words).status();
        assert!(status.is_ok_and(|status| status.success()), "xdotool {words:?} failed");
    }

    /// The windows of this name that are in sight, with `x y width height` of each without its frame.
    pub fn windows(&self, name: &str) -> Vec<(u32, (i32, i32, i32, i32))> {
        let (x, screen) = x11rb::connect(Some(&self.name)).expect("the server runs");
        let root = x.setup().roots[screen].root;
        let words = ["search", "--onlyvisible", "--name", name];
        let found = Command::new("xdotool").env("DISPLAY", &self.name).args(words).output().expect("xdotool runs");
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let place = |id: u32| {
            let size = x.get_geometry(id).ok()?.reply().ok()?;
            let corner = x.translate_coordinates(id, root, 0, 0).ok()?.reply().ok()?;
            Some((id, (corner.dst_x.into(), corner.dst_y.into(), size.width.into(), size.height.into())))
        };
        found.lines().filter_map(|line| place(line.parse().ok()?)).collect()
    }

    /// Asks the window manager to give a window the whole screen, as a key of its own does.
    pub fn fill_screen(&self, window: u32) {
        let (x, screen) = x11rb::connect(Some(&self.name)).expect("the server runs");
        let atom = |name: &str| Some(x.intern_atom(false, name.as_bytes()).ok()?.reply().ok()?.atom);
        let atoms = atom("_NET_WM_STATE").zip(atom("_NET_WM_STATE_FULLSCREEN"));
        let (state, full) = atoms.expect("the server keeps names");
        let event = ClientMessageEvent::new(32, window, state, [1, full, 0, 1, 0]);
        let mask = EventMask::SUBSTRUCTURE_NOTIFY | EventMask::SUBSTRUCTURE_REDIRECT;
        let sent = x.send_event(false, x.setup().roots[screen].root, mask, event);
        sent.expect("the server runs").check().expect("the window is there");
    }

    /// Presses the left button at a place of the screen.
    pub fn click(&self, (x, y): (i32, i32)) {
        self.act(&["mousemove", &x.to_string(), &y.to_string(), "sleep", "0.05", "click", "1"]);
    }

    /// The screen as it is now.
    pub fn picture(&self) -> Picture {
        let import = Command::new("import")
            .env("DISPLAY", &self.name)
            .args(["-window", "root", "-depth", "8", "png24:-"])
            .output()
            .expect("import runs");
        assert!(import.status.success(), "import: {}", String::from_utf8_lossy(&import.stderr));
        decode(&import.stdout)
    }
}

/// Gives a window of a display this size, again and again, until it is gone.
pub fn insist(display: &str, window: u32, width: u32, height: u32) {
    let (x, _) = x11rb::connect(Some(display)).expect("the server runs");
    let size = ConfigureWindowAux::new().width(width).height(height);
    while x.configure_window(window, &size).is_ok_and(|sent| sent.check().is_ok()) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn decode(png: &[u8]) -> Picture {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("it is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a screen fits into memory")];
    let info = reader.next_frame(&mut pixels).expect("it is a whole PNG");
    let rgb = match info.color_type {
        png::ColorType::Rgb => pixels,
        png::ColorType::Rgba => pixels.chunks(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect(),
        other => panic!("{other:?} is a colour type that nobody here writes"),
    };
    Picture { width: info.width as usize, height: info.height as usize, rgb }
}

impl Picture {
    /// A PNG file.
    pub fn open(path: &Path) -> Self {
        decode(&std::fs::read(path).expect("the file is there"))
    }

    /// The part at `x y width height`, in pixels.
    pub fn part(&self, (x, y, width, height): (usize, usize, usize, usize)) -> Self {
        let rows = (y..(y + height).min(self.height)).map(|row| {
            let from = (row * self.width + x) * 3;
            let to = (row * self.width + (x + width).min(self.width)) * 3;
            &self.rgb[from..to]
        });
        let rgb = rows.flatten().copied().collect();
        Self { width: width.min(self.width - x), height: height.min(self.height - y), rgb }
    }

    /// The share of pixels that differ visibly from those of `other`, 0 to 1, where both have some.
    pub fn difference(&self, other: &Self) -> f64 {
        let common = (0, 0, self.width.min(other.width), self.height.min(other.height));
        let (this, other) = (self.part(common), other.part(common));
        this.share_of_other_pixels(&other)
    }

    fn share_of_other_pixels(&self, other: &Self) -> f64 {
        let pairs = self.rgb.chunks_exact(3).zip(other.rgb.chunks_exact(3));
        let differing = pairs.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 12)).count();
        differing as f64 / (self.rgb.len() / 3).max(1) as f64
    }

    /// How colourful it is: the mean distance between a pixel's largest and smallest part, 0 to 255.
    pub fn colour(&self) -> f64 {
        let spread = |pixel: &[u8]| pixel.iter().max().zip(pixel.iter().min()).map_or(0, |(max, min)| max - min);
        let sum: u64 = self.rgb.chunks_exact(3).map(|pixel| u64::from(spread(pixel))).sum();
        sum as f64 / (self.rgb.len() / 3).max(1) as f64
    }
}
