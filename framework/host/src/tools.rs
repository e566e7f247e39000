//! The commands that look at layouts and plugins and start nothing: `check`, `kinds`, `support`, `format`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use brickwork_engine::{Catalogue, Checked, Engine, Known, Options};
use brickwork_layout::document::{self, Style};
use brickwork_layout::{FormatError, load_from, to_json};
use brickwork_link::Place;
use brickwork_support::Request;

use crate::log;
use crate::run::{Outcome, existing};

/// What was asked for could not be looked at.
const UNUSABLE: u8 = 2;

/// Says everything that is wrong with a layout.
pub fn check(layout: PathBuf, plugins: Vec<PathBuf>, is_json: bool) -> Outcome {
    let layout = match existing(layout) {
        Ok(layout) => layout,
        Err(error) => return unusable(&error.to_string()),
    };
    let options = Options { layout: layout.clone(), plugins, time_scale: 1.0, log: Arc::default() };
    let Checked { loaded, refused } = Engine::check(options)?;
    let errors = loaded.error_count();
    if is_json {
        log::print(&to_json(&layout, &loaded, &refused));
    } else {
        refused.iter().for_each(|refusal| log::print(&format!("plugins: {refusal}\n")));
        if !loaded.diagnostics.is_empty() {
            log::print(&loaded.render());
        }
        log::print(&format!("{errors} errors, {} warnings", loaded.diagnostics.len() - errors));
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the archive for the person on call, and says where it lies.
pub fn support(layout: PathBuf, out: Option<PathBuf>, plugins: Vec<PathBuf>) -> Outcome {
    let layout = match existing(layout) {
        Ok(layout) => layout,
        Err(error) => return unusable(&error.to_string()),
    };
    let options = Options { layout: layout.clone(), plugins, time_scale: 1.0, log: Arc::default() };
    let Checked { loaded, refused } = Engine::check(options)?;
    let checked = Some(brickwork_support::Checked { loaded, refused });
    let place = Place::of(&layout)?;
    let path = brickwork_support::write(Request { place, layout, checked, window: None, out })?;
    log::print(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// Lists all kinds, or says all about one.
pub fn kinds(kind: Option<&str>, plugins: Vec<PathBuf>, style: Style) -> Outcome {
    let Known { catalogue, refused } = Engine::kinds(plugins)?;
    // Not part of the documentation, which may go to a file.
    refused.iter().for_each(|refusal| log::say(&format!("plugins: {refusal}")));
    let plugins = catalogue.plugins();
    if plugins.is_empty() {
        return Err("there are no plugins here: name their folder with --plugins FOLDER".into());
    }
    let Some(kind) = kind else {
        log::print(document::kinds(&plugins, style).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let mut page = document::kind(&plugins, kind, style)?;
    match document::example(&plugins, kind) {
        Ok(example) => document::with_example(&mut page, style, &example, &remark(&example, &catalogue)),
        Err(why) => page += &format!("\nThere is no example: {why}.\n"),
    }
    log::print(page.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// What a plugin still wants of an example that only its schema made.
fn remark(example: &str, catalogue: &Catalogue) -> String {
    let read = |_: &Path| Ok(example.to_owned());
    let loaded = load_from(&read, Path::new("example.ron"), Some(catalogue));
    if loaded.error_count() == 0 {
        return String::new();
    }
    let messages = loaded.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str());
    format!("It needs values of yours: {}.", messages.collect::<Vec<_>>().join("; "))
}

/// Writes a layout in the house style, or says whether that would change it.
pub fn format(layout: PathBuf, is_check: bool) -> Outcome {
    // A link stays a link: what it leads to is written.
    let (layout, shown) = match existing(layout.clone()) {
        Ok(whole) => (whole, layout),
        Err(error) => return unusable(&error.to_string()),
    };
    let text = match fs::read_to_string(&layout) {
        Ok(text) => text,
        Err(error) => return unusable(&format!("cannot read the layout {}: {error}", shown.display())),
    };
    let formatted = match brickwork_layout::format(&shown, &text) {
        Ok(formatted) => formatted,
        Err(FormatError::Syntax(mistakes)) => {
            log::say(&format!("{mistakes}\n{} is not formatted: its syntax must be mended first", shown.display()));
            return Ok(ExitCode::FAILURE);
        }
        Err(error @ FormatError::Changed) => return Err(error.into()),
    };
    if formatted == text {
        return Ok(ExitCode::SUCCESS);
    }
    if is_check {
        log::print(&format!("{} is not formatted", shown.display()));
        return Ok(ExitCode::FAILURE);
    }
    replace(&layout, &formatted).map_err(|error| format!("cannot write {}: {error}", shown.display()))?;
    log::print(&format!("formatted {}", shown.display()));
    Ok(ExitCode::SUCCESS)
}

fn unusable(why: &str) -> Outcome {
    log::say(&format!("brickwork: {why}"));
    Ok(ExitCode::from(UNUSABLE))
}

/// Writes a file anew in one step: whoever reads it meanwhile sees the old text or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = write_new(&beside, text, permissions).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What failed is told; a rest of it helps nobody.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, text: &str, permissions: fs::Permissions) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.set_permissions(permissions)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A folder of this test's own, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("brickwork-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).expect("the temporary folder can be written");
            Self(folder)
        }

        fn file(&self, text: &str) -> PathBuf {
            let path = self.0.join("a.ron");
            fs::write(&path, text).expect("the folder can be written");
            path
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).expect("the folder can be read");
            entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn run(outcome: Outcome) -> ExitCode {
        outcome.expect("the command can be run")
    }

    #[test]
    fn a_layout_is_written_in_place_with_its_permissions_and_through_a_link() {
        let folder = Folder::new("format");
        let path = folder.file("(a:1)");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        let link = folder.0.join("link.ron");
        std::os::unix::fs::symlink(&path, &link).expect("the folder can be written");
        assert_eq!(run(format(link.clone(), false)), ExitCode::SUCCESS);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "(a: 1)\n");
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(folder.names().len(), 2, "nothing else is left: {:?}", folder.names());
    }

    #[test]
    fn checking_the_format_changes_nothing() {
        let folder = Folder::new("format-check");
        let path = folder.file("(a:1)");
        assert_eq!(run(format(path.clone(), true)), ExitCode::FAILURE);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "(a:1)");
        assert_eq!(run(format(folder.file("(a: 1)\n"), true)), ExitCode::SUCCESS);
    }

    #[test]
    fn a_broken_layout_is_left_alone() {
        let folder = Folder::new("format-broken");
        let path = folder.file("(a:1");
        assert_eq!(run(format(path.clone(), false)), ExitCode::FAILURE);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "(a:1");
        assert_eq!(run(format(folder.0.join("none.ron"), false)), ExitCode::from(UNUSABLE));
    }
}
