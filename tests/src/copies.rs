//! Copies of plugins that a test edits and builds with cargo, as their author does.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::{built_folder, root};

/// A copy of one of the project's plugins, under `target`.
pub struct PluginCopy {
    folder: PathBuf,
    name: String,
}

impl PluginCopy {
    /// Copies the sources of `plugins/PLUGIN`; `name` is that of the test, so that no two share a copy.
    pub fn of(plugin: &str, name: &str) -> Self {
        let name = format!("e2e-{name}");
        let folder = built_folder().parent().expect("profiles lie in `target`").join("e2e").join(&name);
        let _ = std::fs::remove_dir_all(&folder);
        copy_folder(&root().join("plugins").join(plugin).join("src"), &folder.join("src"));
        std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace is locked");
        std::fs::write(folder.join("Cargo.toml"), manifest(plugin, &name, &root(), "")).expect("the copy is ours");
        Self { folder, name }
    }

    /// The same with a copy of the sdk, as one who has another version of it.
    pub fn with_sdk(plugin: &str, name: &str) -> Self {
        let copy = Self::of(plugin, name);
        copy_folder(&root().join("sdk"), &copy.folder.join("sdk"));
        let ours = std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
        let heads =
            ["[workspace.package]", "[workspace.dependencies]", "[workspace.lints.rust]", "[workspace.lints.clippy]"];
        let shared: String = heads.iter().map(|head| format!("{head}\n{}\n", section(&ours, head))).collect();
        let members = r#"members = ["sdk", "sdk/abi", "sdk/features", "sdk/macros"]"#;
        let text = manifest(plugin, &copy.name, &copy.folder, &format!("{members}\n\n{shared}"));
        std::fs::write(copy.folder.join("Cargo.toml"), text).expect("the copy is ours");
        copy
    }

    /// Replaces every `old` in one source by `new`.
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        self.edit_at(&Path::new("src").join(file), old, new);
    }

    /// Replaces every `old` in one file of the copy by `new`.
    pub fn edit_at(&self, file: &Path, old: &str, new: &str) {
        let path = self.folder.join(file);
        let text = std::fs::read_to_string(&path).expect("the copy is whole");
        assert!(text.contains(old), "{} has {old:?} no more: adapt the test", file.display());
        std::fs::write(path, text.replace(old, new)).expect("the copy is ours");
    }

    /// Builds it and answers the library.
    pub fn build(&self) -> PathBuf {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
                command.env_remove(name);
            }
        }
        let profile = if built_folder().ends_with("release") { "release" } else { "dev" };
        command.args(["build", "--offline", "--quiet", "--profile", profile, "--example", &self.name]);
        // What the workspace's build has compiled is used again.
        command.arg("--target-dir").arg(built_folder().parent().expect("profiles lie in `target`"));
        let output = command.current_dir(&self.folder).output().expect("cargo runs");
        assert!(output.status.success(), "the copy does not build:\n{}", String::from_utf8_lossy(&output.stderr));
        built_folder().join("examples").join(format!("lib{}.so", self.name.replace('-', "_")))
    }
}

/// An example, and not a library: that would lie among the plugins which `brickwork` finds by itself.
/// The profile is that of the workspace, so that its dependencies need not be compiled again. The sdk is that in `home`.
fn manifest(plugin: &str, name: &str, home: &Path, workspace: &str) -> String {
    let theirs = std::fs::read_to_string(root().join("plugins").join(plugin).join("Cargo.toml"));
    let theirs = theirs.expect("the plugin has a manifest");
    let ours = std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let shared = section(&ours, "[workspace.dependencies]");
    let dependencies: String = section(&theirs, "[dependencies]")
        .lines()
        .filter_map(|line| line.split_once(".workspace"))
        .filter_map(|(name, _)| shared.lines().find(|line| line.split(' ').next() == Some(name)))
        .map(|line| line.replace("path = \"", &format!("path = \"{}/", home.display())) + "\n")
        .collect();
    let profile = section(&ours, "[profile.dev]");
    let others = section(&ours, "[profile.dev.package.\"*\"]");
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [[example]]\nname = {name:?}\npath = \"src/lib.rs\"\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\n{dependencies}\n\
         [workspace]\n{workspace}\n[profile.dev]\n{profile}\n[profile.dev.package.\"*\"]\n{others}\n\
         [profile.dev.build-override]\nopt-level = 0\n"
    )
}

fn section<'a>(manifest: &'a str, head: &str) -> &'a str {
    let start = manifest.find(&format!("{head}\n")).unwrap_or_else(|| panic!("no {head} in the manifest"));
    let body = &manifest[start + head.len() + 1..];
    body.split("\n[").next().unwrap_or(body)
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("`target` can be written");
    for entry in std::fs::read_dir(from).expect("the sources can be read").flatten() {
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).expect("`target` can be written");
        }
    }
}
