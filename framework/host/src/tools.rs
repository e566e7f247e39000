//! The commands that look at layouts and plugins and start nothing: `check`, `kinds`, `plugins`, `support`, `format`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use brickwork_engine::{Catalogue, Checked, Engine, Known, Listed, Listing, Options};
use brickwork_layout::document::{self, Style};
use brickwork_layout::{FormatError, load_from, to_json};
use brickwork_link::Place;
use brickwork_support::Request;

use crate::run::{Outcome, existing};
use crate::{Plugins, log};

/// What was asked for could not be looked at.
const UNUSABLE: u8 = 2;

/// Says everything that is wrong with a layout.
pub fn check(layout: PathBuf, plugins: Plugins, is_json: bool) -> Outcome {
    let layout = match existing(layout) {
        Ok(layout) => layout,
        Err(error) => return unusable(&error.to_string()),
    };
    if let Err(error) = brickwork_layout::read_text(&layout) {
        return unusable(&format!("cannot read the layout {}: {error}", layout.display()));
    }
    let Checked { loaded, refused } = Engine::check(options(&layout, plugins))?;
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
pub fn support(layout: PathBuf, out: Option<PathBuf>, plugins: Plugins) -> Outcome {
    let layout = match existing(layout) {
        Ok(layout) => layout,
        Err(error) => return unusable(&error.to_string()),
    };
    let Checked { loaded, refused } = Engine::check(options(&layout, plugins))?;
    let checked = Some(brickwork_support::Checked { loaded, refused });
    let place = Place::of(&layout)?;
    let path = brickwork_support::write(Request { place, layout, checked, window: None, out })?;
    log::print(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// An engine that is only asked.
fn options(layout: &Path, plugins: Plugins) -> Options {
    let (plugins, trust_groups) = plugins.unpack();
    Options { layout: layout.into(), plugins, trust_groups, time_scale: 1.0, after_death: false, log: Arc::default() }
}

/// Lists all kinds, or says all about one.
pub fn kinds(kind: Option<&str>, plugins: Plugins, style: Style) -> Outcome {
    let (folders, trust_groups) = plugins.unpack();
    let Known { catalogue, refused } = Engine::kinds(folders, trust_groups)?;
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

/// Lists plugin files.
pub fn plugins(plugins: Plugins) -> Outcome {
    let (folders, trust_groups) = plugins.unpack();
    let looked_into = folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ");
    let Listing { files, folders } = Engine::plugins(folders, trust_groups)?;
    folders.iter().for_each(|folder| log::say(&format!("plugins: {folder}")));
    if files.is_empty() {
        log::print(&format!("no plugins in {looked_into}"));
    }
    files.iter().for_each(|listed| log::print(&page(listed)));
    let is_well = folders.is_empty() && files.iter().all(|listed| listed.refused.is_none());
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is known of one plugin file.
fn page(listed: &Listed) -> String {
    let mut rows = Vec::new();
    if let Some(info) = &listed.info {
        let named = |names: Vec<String>| if names.is_empty() { "none".into() } else { names.join(", ") };
        let kinds = info.objects.iter().chain(&info.bricks).map(|kind| kind.kind.clone()).collect();
        let mut serves: Vec<String> = info.interfaces.iter().map(|i| format!("{} v{}", i.name, i.version)).collect();
        serves.sort();
        serves.dedup();
        rows.push(("plugin", format!("{} {}", info.name, info.version)));
        rows.push(("kinds", named(kinds)));
        rows.push(("interfaces", named(serves)));
    }
    rows.extend(listed.hash.map(|hash| ("content", format!("{hash:016x}"))));
    if !listed.writers.is_empty() {
        rows.push(("written by", listed.writers.join(", ")));
    }
    let taken =
        listed.refused.as_ref().map_or_else(|| "yes".into(), |why| format!("no: {}", why.replace('\n', "\n    ")));
    rows.push(("in force", taken));
    let rows: String = rows.into_iter().map(|(name, value)| format!("  {name:<11} {value}\n")).collect();
    format!("{}\n{rows}", listed.file.display())
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
    let text = match brickwork_layout::read_text(&layout) {
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
