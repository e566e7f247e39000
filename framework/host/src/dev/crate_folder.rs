//! The crate that is developed: what cargo says of it, and which of its files are sources.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::json::{list, text};

/// A plugin's crate.
pub struct CrateFolder {
    /// Its whole path.
    pub folder: PathBuf,
    /// The package's name.
    pub name: String,
    /// Where cargo puts the library of the dev profile.
    pub library: PathBuf,
}

impl CrateFolder {
    /// Asks cargo for a crate that makes a plugin library.
    pub fn read(path: &Path) -> Result<Self, String> {
        let no_crate = |what: &str| {
            format!(
                "{} {what}: give the folder of a plugin's crate; `brickwork new-plugin NAME` writes one",
                path.display()
            )
        };
        let manifest = path.join("Cargo.toml").canonicalize().map_err(|_| no_crate("has no Cargo.toml"))?;
        let output = cargo()
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(&manifest)
            .output()
            .map_err(|error| format!("cannot start cargo: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata is no JSON: {error}"))?;
        let package =
            list(&metadata["packages"]).find(|package| Path::new(text(&package["manifest_path"])) == manifest);
        let package = package.ok_or_else(|| no_crate("is a workspace and no crate"))?;
        let is_library = |target: &&Value| list(&target["kind"]).any(|kind| text(kind) == "cdylib");
        let library = list(&package["targets"]).find(is_library).ok_or_else(|| {
            no_crate("makes no plugin library, for which Cargo.toml has `crate-type = [\"cdylib\"]` in `[lib]`")
        })?;
        let file = format!("lib{}.so", text(&library["name"]).replace('-', "_"));
        let library = Path::new(text(&metadata["target_directory"])).join("debug").join(file);
        let folder = manifest.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Self { folder, name: text(&package["name"]).to_owned(), library })
    }

    /// The layout that lies beside the manifest and is called like the crate.
    pub fn layout(&self) -> Result<PathBuf, String> {
        let layout = self.folder.join(format!("{}.ron", self.name));
        if layout.is_file() {
            return Ok(layout);
        }
        Err(format!(
            "there is no {}: name a layout that shows the plugin, `brickwork dev PATH LAYOUT`",
            layout.display()
        ))
    }

    /// The folder that an engine must watch.
    pub fn library_folder(&self) -> &Path {
        self.library.parent().unwrap_or(Path::new("/"))
    }

    /// Every file whose change is worth a build.
    pub fn sources(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(&self.folder, false, &mut found);
        found
    }
}

fn collect(folder: &Path, is_within_src: bool, found: &mut Vec<PathBuf>) {
    // A folder may vanish while we look; then nothing in it has to be built.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        if is_folder(&entry) {
            if !path.join("CACHEDIR.TAG").exists() {
                collect(&path, is_within_src || name == "src", found);
            }
        } else if is_within_src || name.ends_with(".rs") || name == "Cargo.toml" {
            found.push(path);
        }
    }
}

/// Links are not followed: they may lead in a circle.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir())
}

/// The cargo that runs us or is found, without the variables that it sets for those whom it runs.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_of_the_project_is_read_with_its_sources_alone() {
        let motors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/motors");
        let plugin = CrateFolder::read(&motors).expect("it is a plugin");
        assert_eq!(plugin.name, "brickwork-motors");
        assert!(plugin.library.ends_with("debug/libbrickwork_motors.so"), "{}", plugin.library.display());
        let sources = plugin.sources();
        let has = |file: &str| sources.iter().any(|source| source.ends_with(file));
        assert!(has("motors/Cargo.toml") && has("motors/src/one.rs"), "{sources:?}");
        assert!(plugin.layout().is_err_and(|why| why.contains("brickwork-motors.ron")), "it has no layout of its own");
    }

    #[test]
    fn what_is_no_plugin_is_refused_with_what_is_missing() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (folder, reason) in [
            ("layouts", "has no Cargo.toml"),
            (".", "is a workspace and no crate"),
            ("framework/link", "crate-type = [\"cdylib\"]"),
        ] {
            let why = CrateFolder::read(&root.join(folder)).map(|plugin| plugin.name).expect_err(folder);
            assert!(why.contains(reason), "{folder}: {why}");
        }
    }
}
