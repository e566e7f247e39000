//! A private X server, and its screen as a file that can be read at any moment: what stands there was drawn.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_tests::programs::Program;

use crate::Outcome;

/// How long the screen must stand still to count as settled.
const STILL: Duration = Duration::from_millis(1500);
/// How long that may take.
const SETTLE_LIMIT: Duration = Duration::from_secs(30);
/// How often the screen is looked at while something is waited for.
pub const LOOK: Duration = Duration::from_micros(500);
/// Blue, green, red and an unused byte.
const PIXEL: usize = 4;

/// A rectangle of the screen, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// The leftmost column.
    pub x: usize,
    /// The topmost row.
    pub y: usize,
    /// Its columns.
    pub width: usize,
    /// Its rows.
    pub height: usize,
}

/// The X server's screen.
pub struct Screen {
    _server: Program,
    display: String,
    file: File,
    begin: u64,
    line: usize,
    size: (usize, usize),
}

impl Screen {
    /// Starts a server on a free display; its screen lies in `folder`.
    pub fn start(folder: &Path, size: (usize, usize)) -> Outcome<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{}x{}x24", size.0, size.1)]);
        command.arg("-fbdir").arg(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Program::start(&mut command);
        let mut number = String::new();
        let pipe = server.child().stdout.take().expect("its output is piped");
        BufReader::new(pipe).read_line(&mut number)?;
        let file = File::open(folder.join("Xvfb_screen0"))?;
        // The format of `xwd`: big-endian words, then the colour table of 12 bytes an entry, then the pixels.
        let word = |index: u64| -> Outcome<usize> {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4)?;
            Ok(u32::from_be_bytes(bytes) as usize)
        };
        let (header, bits, line, colours) = (word(0)?, word(11)?, word(12)?, word(19)?);
        if bits != PIXEL * 8 {
            return Err(format!("the screen has {bits} bits a pixel").into());
        }
        let begin = (header + colours * 12) as u64;
        Ok(Self { _server: server, display: format!(":{}", number.trim()), file, begin, line, size })
    }

    /// Its name for `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// All of it.
    pub fn whole(&self) -> Area {
        Area { x: 0, y: 0, width: self.size.0, height: self.size.1 }
    }

    /// What stands in an area now, row by row, blue, green, red and an unused byte for each pixel.
    pub fn pixels(&self, area: Area) -> Outcome<Vec<u8>> {
        let mut pixels = vec![0; area.width * area.height * PIXEL];
        for (row, part) in pixels.chunks_exact_mut((area.width * PIXEL).max(1)).enumerate() {
            let at = (area.y + row) * self.line + area.x * PIXEL;
            self.file.read_exact_at(part, self.begin + at as u64)?;
        }
        Ok(pixels)
    }

    /// Waits until the whole screen stands still and something is on it.
    pub fn settled(&self) -> Outcome<Vec<u8>> {
        let begun = Instant::now();
        let (mut seen, mut since) = (self.pixels(self.whole())?, Instant::now());
        while since.elapsed() < STILL || is_plain(&seen) {
            if begun.elapsed() > SETTLE_LIMIT {
                return Err("the window does not come to rest".into());
            }
            std::thread::sleep(Duration::from_millis(50));
            let now = self.pixels(self.whole())?;
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
        }
        Ok(seen)
    }

    /// Waits until an area looks like `expected` and no more like `other`; how long after `begun` it did.
    ///
    /// Not to the last pixel: where the renderer draws a part anew, a smoothed edge may come out a shade
    /// different.
    pub fn wait(
        &self,
        area: Area,
        expected: &[u8],
        other: &[u8],
        begun: Instant,
        limit: Duration,
    ) -> Outcome<Duration> {
        let tolerance = differing(expected, other) / 10;
        loop {
            let now = self.pixels(area)?;
            let elapsed = begun.elapsed();
            if differing(&now, expected) <= tolerance {
                return Ok(elapsed);
            }
            if elapsed > limit {
                return Err(format!("the new view is not on screen after {} s", limit.as_secs()).into());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// The smallest area in which two pictures of the whole screen differ.
    pub fn difference(&self, one: &[u8], other: &[u8]) -> Option<Area> {
        let differs = one.chunks_exact(PIXEL).zip(other.chunks_exact(PIXEL)).map(|(a, b)| a != b);
        self.bounds(differs)
    }

    /// The smallest area with every pixel for which `is_wanted` says so of its red, green and blue.
    pub fn find(&self, is_wanted: impl Fn(u8, u8, u8) -> bool) -> Outcome<Option<Area>> {
        let pixels = self.pixels(self.whole())?;
        Ok(self.bounds(pixels.chunks_exact(PIXEL).map(|pixel| is_wanted(pixel[2], pixel[1], pixel[0]))))
    }

    fn bounds(&self, marked: impl Iterator<Item = bool>) -> Option<Area> {
        let places = marked.enumerate().filter(|(_, marked)| *marked);
        let places = places.map(|(index, _)| (index % self.size.0, index / self.size.0));
        let (least, most) = places.fold(None, |found: Option<((usize, usize), (usize, usize))>, (x, y)| {
            let (least, most) = found.unwrap_or(((x, y), (x, y)));
            Some(((least.0.min(x), least.1.min(y)), (most.0.max(x), most.1.max(y))))
        })?;
        Some(Area { x: least.0, y: least.1, width: most.0 - least.0 + 1, height: most.1 - least.1 + 1 })
    }

    /// The part of a picture of the whole screen that lies in an area.
    pub fn part(&self, whole: &[u8], area: Area) -> Vec<u8> {
        let rows = area.y..area.y + area.height;
        rows.flat_map(|row| {
            let begin = (row * self.size.0 + area.x) * PIXEL;
            &whole[begin..begin + area.width * PIXEL]
        })
        .copied()
        .collect()
    }
}

/// Whether there is one colour only: no window yet.
fn is_plain(pixels: &[u8]) -> bool {
    pixels.chunks_exact(PIXEL).all(|pixel| pixel == &pixels[..PIXEL])
}

/// How many pixels differ.
fn differing(one: &[u8], other: &[u8]) -> usize {
    one.chunks_exact(PIXEL).zip(other.chunks_exact(PIXEL)).filter(|(a, b)| a != b).count()
}
