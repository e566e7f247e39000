//! What the project consists of: its folder, its crates as cargo sees them, its layouts.
//! Every command asks here. It reads and never changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::process::{cargo, output};

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().expect("xtask lies inside the workspace").to_path_buf()
}

/// One direct dependency of a workspace member.
pub struct Dependency {
    pub name: String,
    /// True for `[dependencies]`, false for dev and build dependencies.
    pub normal: bool,
}

/// One crate of the workspace.
pub struct Member {
    pub name: String,
    /// Its folder, relative to the root: `plugins/sim`.
    pub folder: String,
    pub cdylib: bool,
    /// It has a program of its own.
    pub program: bool,
    pub dependencies: Vec<Dependency>,
    /// The names of all crates in its tree of normal dependencies, without itself.
    pub tree: BTreeSet<String>,
}

impl Member {
    /// A plugin is a dynamic library below `plugins/`.
    pub fn is_plugin(&self) -> bool {
        self.cdylib && self.folder.starts_with("plugins/")
    }

    /// A pure library crate lives inside the folder of the plugin that is its home. A crate with a program there, a
    /// simulator of what the plugin talks to, is none: only tests may use it.
    pub fn is_pure(&self) -> bool {
        !self.cdylib && !self.program && self.folder.starts_with("plugins/")
    }
}

/// The workspace as `cargo metadata` tells it.
pub struct Project {
    pub members: Vec<Member>,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
}

impl Project {
    /// Asks cargo.
    pub fn read() -> Outcome<Self> {
        let mut command = cargo();
        command.args(["metadata", "--format-version", "1", "--filter-platform", &host_platform()?]);
        let json = output(&mut command)?;
        let metadata: Value = serde_json::from_str(&json).map_err(|e| format!("cargo metadata is not JSON: {e}"))?;
        Ok(Self::from_metadata(&metadata))
    }

    fn from_metadata(metadata: &Value) -> Self {
        let root = Path::new(text(&metadata["workspace_root"]));
        let packages: BTreeMap<&str, &Value> = list(&metadata["packages"]).map(|p| (text(&p["id"]), p)).collect();
        let edges: BTreeMap<&str, Vec<&str>> = list(&metadata["resolve"]["nodes"])
            .map(|node| {
                (text(&node["id"]), list(&node["deps"]).filter(|d| has_normal_kind(d)).map(|d| text(&d["pkg"])))
            })
            .map(|(id, dependencies)| (id, dependencies.collect()))
            .collect();
        let members =
            list(&metadata["workspace_members"]).map(|id| member(text(id), root, &packages, &edges)).collect();
        Self { members, target: PathBuf::from(text(&metadata["target_directory"])) }
    }

    /// The member called `name`.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The plugins, in the order of the workspace.
    pub fn plugins(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.is_plugin())
    }

    /// `-p NAME` for the program, every plugin and the simulated servers beside them: all that a running beamline needs.
    pub fn product(&self) -> Vec<String> {
        let simulators = self.members.iter().filter(|member| member.program && member.folder.starts_with("plugins/"));
        let beside = self.plugins().chain(simulators).map(|member| member.name.as_str());
        let names = std::iter::once("brickwork-host").chain(beside);
        names.flat_map(|name| ["-p".to_owned(), name.to_owned()]).collect()
    }

    /// The `brickwork` program of the dev profile.
    pub fn program(&self) -> PathBuf {
        self.built("brickwork")
    }

    /// A program of the dev profile.
    pub fn built(&self, program: &str) -> PathBuf {
        self.target.join("debug").join(program)
    }
}

/// The file of a layout, from its name (`demo`) or its path (`layouts/demo.ron`).
pub fn layout(name: &str) -> Outcome<PathBuf> {
    let folder = root().join("layouts");
    let candidates = [PathBuf::from(name), folder.join(format!("{name}.ron"))];
    if let Some(found) = candidates.into_iter().find(|path| path.is_file()) {
        return Ok(found);
    }
    let mut shipped: Vec<String> = std::fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".ron").map(str::to_owned))
        .collect();
    shipped.sort();
    Err(format!("no layout {name}; layouts/ has: {}", shipped.join(", ")))
}

/// What the compiler calls this machine.
pub fn host_platform() -> Outcome<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc -vV does not name its host".to_owned())
}

fn has_target(package: &Value, wanted: &str) -> bool {
    list(&package["targets"]).flat_map(|target| list(&target["kind"])).any(|kind| text(kind) == wanted)
}

fn member(id: &str, root: &Path, packages: &BTreeMap<&str, &Value>, edges: &BTreeMap<&str, Vec<&str>>) -> Member {
    let package = packages[id];
    let folder = Path::new(text(&package["manifest_path"])).parent().expect("a manifest lies in a folder");
    let mut seen = BTreeSet::new();
    let mut open = edges[id].clone();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(&edges[next]);
        }
    }
    Member {
        name: text(&package["name"]).to_owned(),
        folder: folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().into_owned(),
        cdylib: has_target(package, "cdylib"),
        program: has_target(package, "bin"),
        dependencies: list(&package["dependencies"])
            .map(|d| Dependency { name: text(&d["name"]).to_owned(), normal: d["kind"].is_null() })
            .collect(),
        tree: seen.into_iter().map(|id| text(&packages[id]["name"]).to_owned()).collect(),
    }
}

fn has_normal_kind(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
