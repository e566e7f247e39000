//! What a window remembers from one day to the next: its size, its tabs, the borders that were moved, its theme, how
//! large its content is drawn.
//!
//! One small file for each layout, in the user's state folder. It is read once, before the window opens, and written
//! by a thread of its own, whole or not at all; a file that cannot be read is as good as none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use brickwork_link::{Place, private_folder, state_folder, write_private};
use serde::{Deserialize, Serialize};

/// What is remembered of the windows of one layout.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The light theme; unknown if nobody chose.
    pub is_light: Option<bool>,
    /// How large the content is drawn; unknown if nobody chose.
    pub scale: Option<f32>,
    /// Width and height of each window, in logical pixels at a scale of 1.
    pub sizes: BTreeMap<usize, (f32, f32)>,
    /// The page that is seen, by the place of its tabs.
    pub tabs: BTreeMap<String, usize>,
    /// What the first part takes, by the place of its split.
    pub splits: BTreeMap<String, f32>,
}

/// What the width and height of a window may be, in logical pixels: more has no screen, nor the window system.
const MIN_LENGTH: f32 = 64.0;
const MAX_LENGTH: f32 = 16_384.0;

/// Keeps a [`Memory`] on disk.
#[derive(Clone)]
pub struct Keeper {
    writer: SyncSender<Memory>,
}

fn file_of(place: &Place) -> PathBuf {
    state_folder().join("windows").join(format!("{}.json", place.name()))
}

/// Reads what was remembered of a layout, and starts the thread that writes it from now on.
///
/// # Errors
/// When the thread cannot be started.
pub fn start(place: &Place) -> std::io::Result<(Memory, Keeper)> {
    let file = file_of(place);
    let memory = read(&file);
    let (writer, queue) = sync_channel::<Memory>(1);
    std::thread::Builder::new().name("memory".into()).spawn(move || {
        while let Ok(memory) = queue.recv() {
            if let Err(error) = write(&file, &memory) {
                tracing::warn!("the window's size and tabs are not kept: {}: {error}", file.display());
            }
        }
    })?;
    Ok((memory, Keeper { writer }))
}

impl Keeper {
    /// Writes it soon; false if the disk does not keep up, then try again later.
    pub fn keep(&self, memory: &Memory) -> bool {
        self.writer.try_send(memory.clone()).is_ok()
    }
}

fn read(file: &Path) -> Memory {
    let Ok(text) = std::fs::read_to_string(file) else { return Memory::default() };
    let mut memory: Memory = serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::warn!("{} is not understood, the window opens as the layout says: {error}", file.display());
        Memory::default()
    });
    memory.sizes.retain(|_, (width, height)| is_size(*width) && is_size(*height));
    memory
}

/// Whether a window can be so wide or high; the toolkit ends the process over others.
fn is_size(length: f32) -> bool {
    (MIN_LENGTH..=MAX_LENGTH).contains(&length)
}

fn write(file: &Path, memory: &Memory) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        private_folder(folder).map_err(std::io::Error::other)?;
    }
    let text = serde_json::to_string_pretty(memory).map_err(std::io::Error::other)?;
    write_private(file, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_rubbish_is_as_good_as_nothing() {
        let folder = std::env::temp_dir().join(format!("brickwork-memory-{}", std::process::id()));
        let file = folder.join("demo.json");
        let memory = Memory {
            is_light: Some(true),
            scale: Some(1.25),
            sizes: BTreeMap::from([(0, (1920.0, 1200.0))]),
            tabs: BTreeMap::from([("window 0/".into(), 1)]),
            splits: BTreeMap::from([("window 0/0".into(), 0.4)]),
        };
        write(&file, &memory).expect("the folder is ours");
        assert_eq!(read(&file), memory);
        std::fs::write(&file, "{\"tabs\": 7").expect("the folder is ours");
        assert_eq!(read(&file), Memory::default());
        assert_eq!(read(&folder.join("none.json")), Memory::default());
        for length in ["1e9", "1e39", "-1", "0"] {
            std::fs::write(&file, format!("{{\"sizes\": {{\"0\": [{length}, 800], \"1\": [1280, 800]}}}}"))
                .expect("it is ours");
            assert_eq!(read(&file).sizes, BTreeMap::from([(1, (1280.0, 800.0))]), "{length} is no width of a window");
        }
        std::fs::remove_dir_all(folder).expect("the folder is ours");
    }
}
