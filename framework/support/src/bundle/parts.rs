//! The files of the archive, one method for each, and the list of them. Every text passes the secrets' filter here.

use std::path::{Path, PathBuf};

use brickwork_engine::log::in_one_line;
use brickwork_layout::Loaded;
use brickwork_link::LogLine;

use super::{Window, logs};
use crate::archive::Entry;
use crate::connections::{connections, connections_text};
use crate::environment::environment;
use crate::secrets::Secrets;
use crate::versions::{Versions, plugins_text};
use crate::word_of_engine::{AskError, EngineWord};

/// The files so far.
pub struct Parts {
    secrets: Secrets,
    entries: Vec<Entry>,
    /// What each file is, and what is missing.
    contents: Vec<(String, String)>,
}

impl Parts {
    pub fn new(secrets: Secrets) -> Self {
        Self { secrets, entries: Vec::new(), contents: Vec::new() }
    }

    fn text(&mut self, path: &str, what: &str, text: &str) {
        // An empty file looks like a mistake.
        let text = if text.is_empty() { "(nothing)\n" } else { text };
        let bytes = self.secrets.remove(text).into_bytes();
        self.bytes(path, what, bytes);
    }

    fn bytes(&mut self, path: &str, what: &str, bytes: Vec<u8>) {
        self.entries.push(Entry { path: path.into(), bytes });
        self.contents.push((path.into(), what.into()));
    }

    fn missing(&mut self, path: &str, why: impl Into<String>) {
        self.contents.push((path.into(), format!("missing: {}", why.into())));
    }

    /// The layout and all its includes, below the folder that they have in common.
    pub fn layout(&mut self, layout: &Path, loaded: &Loaded) {
        let common = common_folder(&loaded.files);
        for file in &loaded.files {
            let path = format!("layout/{}", file.strip_prefix(&common).unwrap_or(file).display());
            let what = if file == layout { "the layout" } else { "a file that it includes" };
            match loaded.sources.get(file) {
                Some(source) => self.text(&path, what, source.text()),
                None => self.missing(&path, format!("{} cannot be read", file.display())),
            }
        }
    }

    /// What is wrong with the layout; `refused` tells that plugins were asked.
    pub fn diagnostics(&mut self, loaded: &Loaded, refused: Option<&[String]>, word: Option<&EngineWord>) {
        let mut text = String::new();
        if let Some(refused) = refused {
            refused.iter().for_each(|refusal| text += &format!("plugins: {refusal}\n\n"));
            text += &counted("`brickwork check` says", &loaded.render(), loaded.error_count());
        }
        match word {
            Some(word) => text += &counted("The running engine says", &word.diagnostics, 0),
            None if refused.is_none() => {
                text += &counted("Without plugins, the check says", &loaded.render(), loaded.error_count());
            }
            None => {}
        }
        self.text("diagnostics.txt", "what is wrong with the layout", &text);
    }

    /// All that a running engine says, or that there is none.
    pub fn engine(&mut self, layout: &Path, loaded: &Loaded, word: &Result<EngineWord, AskError>, wall_secs: f64) {
        let known = word.as_ref().ok();
        let beamline = known.and_then(|word| word.beamline.as_ref()).or(loaded.beamline.as_ref());
        let versions = Versions {
            beamline: beamline.map(|beamline| beamline.name.clone()).unwrap_or_default(),
            layout: (layout.display().to_string(), known.map_or(0, |word| word.revision)),
            engine: known.map(|word| (word.info.clone(), word.process, word.memory_bytes)),
            plugins: known.map(|word| word.plugins.clone()).unwrap_or_default(),
            wall_secs,
        };
        self.text("versions.txt", "host, time, versions", &versions.header("Brickwork"));
        let word = match word {
            Ok(word) => word,
            Err(why) => {
                for path in ["plugins.txt", "connections.txt", "engine.log"] {
                    self.missing(path, why.to_string());
                }
                return;
            }
        };
        self.text("plugins.txt", "the plugins in force", &plugins_text(&word.plugins));
        if let Some(beamline) = &word.beamline {
            let all = connections(beamline, |name| word.statuses.get(name));
            let head = versions.header("Connections");
            let text = format!("{head}\n{}", connections_text(&all, word.now));
            self.text("connections.txt", "every object, its state, and what depends on it", &text);
        } else {
            self.missing("connections.txt", "no layout is in force");
        }
        let running = word
            .running
            .iter()
            .map(|call| format!("runs: {} {} for {} {}\n", call.object, call.command, call.caller, call.message));
        let notices = word.notices.iter().map(|notice| format!("{}: {}\n", notice.level.word(), notice.text));
        let now: String = running.chain(notices).collect();
        self.text("now.txt", "what runs, and what persons are told", &now);
        self.text("engine.log", "the last lines of the engine's log, from its memory", &lines(&word.log));
    }

    /// What a window adds.
    pub fn window(&mut self, window: Option<Window>) {
        let Some(Window { log, about, pictures }) = window else {
            return self.missing("window/", "it was not asked for from a window");
        };
        self.text("window/about.txt", "what the window says of versions and plugins", &about);
        self.text("window/shell.log", "the last lines of the window's log, from its memory", &lines(&log));
        for (index, picture) in pictures.into_iter().enumerate() {
            self.bytes(&format!("window/window-{index}.png"), "a window when this was asked for", picture);
        }
    }

    /// The newest log files.
    pub fn logs(&mut self, layout: &Path) {
        let found = logs::newest(layout);
        if found.is_empty() {
            self.missing("log/", "there are no log files of this layout");
        }
        for (name, text) in found {
            self.text(&format!("log/{name}"), "the end of a log file", &text);
        }
    }

    /// The machine.
    pub fn environment(&mut self, folders: &[(&str, &Path)]) {
        self.text("environment.txt", "the machine", &environment(folders));
    }

    /// All files, and first the list of them.
    pub fn with_contents(mut self, layout: &Path) -> Vec<Entry> {
        let width = self.contents.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
        let list: String = self.contents.iter().map(|(path, what)| format!("{path:<width$}  {what}\n")).collect();
        let head = format!(
            "What Brickwork knows of {}. Passwords and logins are removed; nothing of a password file is in it.\n\n",
            layout.display()
        );
        let bytes = self.secrets.remove(&(head + &list)).into_bytes();
        self.entries.insert(0, Entry { path: "CONTENTS.txt".into(), bytes });
        self.entries
    }
}

fn counted(who: &str, diagnostics: &str, errors: usize) -> String {
    match diagnostics.trim_end() {
        "" => format!("{who}: nothing is wrong.\n\n"),
        text if errors > 0 => format!("{who}: {errors} errors.\n\n{text}\n\n"),
        text => format!("{who}:\n\n{text}\n\n"),
    }
}

fn lines(log: &[LogLine]) -> String {
    log.iter().map(in_one_line).collect()
}

/// The deepest folder that all files lie in.
fn common_folder(files: &[PathBuf]) -> PathBuf {
    let mut folders = files.iter().map(|file| file.parent().unwrap_or(Path::new("")).to_owned());
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |common, folder| {
        common.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_way_below_what_they_have_in_common() {
        let files = ["/b/layouts/a.ron", "/b/layouts/parts/c.ron", "/b/shared/d.ron"].map(PathBuf::from);
        assert_eq!(common_folder(&files), Path::new("/b"));
        assert_eq!(common_folder(&files[..1]), Path::new("/b/layouts"));
        assert_eq!(common_folder(&[]), Path::new(""));
    }
}
