//! Plugins that `brickwork new-plugin` has just written, below `target`, as their author goes on with them.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::programs::{built, built_folder};

/// Where they are written, and where cargo builds all of them: their sdk is compiled once. It is not the workspace's
/// own folder, where `brickwork` would find their libraries among the plugins of the project.
fn folder() -> PathBuf {
    built_folder().parent().expect("profiles lie in `target`").join("new-plugin")
}

/// A new plugin.
pub struct NewPlugin {
    /// The folder of its crate.
    pub folder: PathBuf,
    name: String,
}

impl NewPlugin {
    /// Has one written; `arguments` choose what is in it.
    pub fn write(name: &str, arguments: &[&str]) -> Self {
        let folder = folder().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        // The project's own style is not that of a plugin elsewhere.
        std::fs::create_dir_all(self::folder()).expect("the folder is ours");
        std::fs::write(self::folder().join("rustfmt.toml"), "").expect("the folder is ours");
        let output = new_plugin(&[&[name], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, name: name.into() }
    }

    /// Where cargo puts the libraries of the dev profile.
    pub fn libraries(&self) -> PathBuf {
        target().join("debug")
    }

    /// The layout that came with it.
    pub fn layout(&self) -> PathBuf {
        self.folder.join(format!("{}.ron", self.name))
    }

    /// One of its files.
    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.join(file)).expect("it was written")
    }

    /// Replaces `old` in its source by `new`, as an editor saves: written beside, then renamed.
    pub fn edit(&self, old: &str, new: &str) {
        let text = self.read("src/lib.rs");
        assert!(text.contains(old), "the source has {old:?} no more: adapt the test");
        let beside = self.folder.join("lib.rs.part");
        std::fs::write(&beside, text.replace(old, new)).expect("the crate is ours");
        std::fs::rename(beside, self.folder.join("src/lib.rs")).expect("the crate is ours");
    }

    /// Runs cargo on it, without the network.
    pub fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        prepare(&mut command);
        command.args(arguments).current_dir(&self.folder).output().expect("cargo runs")
    }

    /// Builds it as its author does.
    pub fn build(&self) -> Output {
        let output = self.cargo(&["build", "--offline", "--quiet"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Has a command build it in the same folder, without the network.
    pub fn prepare<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        prepare(command);
        command.env("CARGO_NET_OFFLINE", "true")
    }
}

/// `brickwork new-plugin` in the folder of new plugins.
pub fn new_plugin(arguments: &[&str]) -> Output {
    let mut command = Command::new(built("brickwork"));
    command.arg("new-plugin").args(arguments).arg("--path").arg(folder());
    command.output().expect("the program starts")
}

/// Where cargo builds: in a folder of all new plugins; without the variables that it sets for us alone.
fn prepare(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TARGET_DIR", target());
}

fn target() -> PathBuf {
    folder().join("target")
}
