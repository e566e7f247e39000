//! The layout's own file while an engine runs it: locked, followed when another file takes its place, missed when it is
//! gone. The watching thread looks after it; without a lock (`brickwork check`) nothing is done.

use std::time::{Duration, Instant};

use brickwork_link::{Lock, NoticeLevel, PlaceError};

use crate::core::file_name;
use crate::engine::Engine;

/// How long the file may be away before that is said: an editor puts it back in less.
const GONE_AFTER: Duration = Duration::from_secs(2);

/// What is known of the file.
#[derive(Default)]
pub(crate) struct OwnFile {
    lock: Option<Lock>,
    /// Another engine has the file that lies there now.
    is_taken: bool,
    gone_since: Option<Instant>,
    /// What is said of it holds.
    is_said: bool,
}

impl Engine {
    /// Runs the layout under this lock, which is held as long as the engine.
    pub fn hold(&self, lock: Lock) {
        if let Some(trouble) = lock.trouble() {
            let text = format!(
                "no lock: a second engine of this layout would not be noticed\n{trouble}\nSee to it that nobody else runs it."
            );
            tracing::warn!("{}", text.replace('\n', ": "));
            self.core().notice(NoticeLevel::Warning, "lock of the layout", text);
        }
        self.own_file.lock().lock = Some(lock);
    }

    /// Whether the file that lies there now is this engine's to take.
    pub(crate) fn owns_layout(&self) -> bool {
        !self.own_file.lock().is_taken
    }

    /// Looks whether the file is there and still ours. True when one may be taken that could not before.
    pub(crate) fn look_after_layout(&self) -> bool {
        let mut own = self.own_file.lock();
        let Some(lock) = &mut own.lock else { return false };
        match lock.follow() {
            Ok(()) => {
                own.gone_since = None;
                if std::mem::take(&mut own.is_said) {
                    self.say(NoticeLevel::Info, "");
                }
                std::mem::take(&mut own.is_taken)
            }
            Err(error @ PlaceError::Taken { .. }) => {
                if !std::mem::replace(&mut own.is_taken, true) {
                    own.is_said = true;
                    self.say(NoticeLevel::Error, &format!("the file was replaced, and the new one is not taken\n{error}\nThis engine goes on with what it had; end one of the two."));
                }
                false
            }
            Err(_) => {
                let since = *own.gone_since.get_or_insert_with(Instant::now);
                if since.elapsed() > GONE_AFTER
                    && !self.options.layout.exists()
                    && !std::mem::replace(&mut own.is_said, true)
                {
                    self.say(NoticeLevel::Warning, "the file is gone\nThe beamline goes on as it is. Without the file no engine starts again: put it back.");
                }
                false
            }
        }
    }

    fn say(&self, level: NoticeLevel, what: &str) {
        let path = &self.options.layout;
        let text = if what.is_empty() { String::new() } else { format!("layout {}: {what}", path.display()) };
        self.core().notice(level, &file_name(path), text);
    }
}
