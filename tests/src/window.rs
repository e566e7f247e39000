//! What a person sees in a window: the words and controls in sight, as the shell's probe lists them.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// One thing in sight.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The window, from 0.
    pub window: usize,
    /// `text`, `input`, `control` or `area`.
    pub kind: String,
    /// The brick's identity and the node's id, with a slash between; empty for mere words.
    pub id: String,
    /// `x y width height`, in pixels of the window.
    pub place: (i32, i32, i32, i32),
    /// What it says.
    pub words: String,
}

impl Seen {
    /// Where to click it.
    pub fn middle(&self) -> (i32, i32) {
        let (x, y, width, height) = self.place;
        (x + width / 2, y + height / 2)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let (window, kind, id) = (parts.next()?, parts.next()?, parts.next()?);
        let numbers: Vec<i32> = parts.next()?.split(' ').filter_map(|number| number.parse().ok()).collect();
        let &[x, y, width, height] = numbers.as_slice() else { return None };
        let words = parts.next()?.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
        let window = window.parse().ok()?;
        Some(Self { window, kind: kind.into(), id: id.into(), place: (x, y, width, height), words })
    }
}

/// Everything in sight; `None` while no shell answers at the probe's socket.
pub fn look(probe: &Path) -> Option<Vec<Seen>> {
    let mut stream = UnixStream::connect(probe).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(6))).ok()?;
    stream.write_all(b"texts\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let seen: Vec<Seen> = answer.lines().filter_map(Seen::parse).collect();
    (!seen.is_empty()).then_some(seen)
}

/// Everything in sight, for a failed test's message.
pub fn describe(seen: Option<&[Seen]>) -> String {
    let Some(seen) = seen else { return "no window answers".into() };
    let line = |seen: &Seen| format!("  {:8} {:40} {:?} {:?}\n", seen.kind, seen.id, seen.place, seen.words);
    seen.iter().filter(|seen| seen.kind != "area").map(line).collect()
}
