//! Checks on who depends on whom: plugins on the sdk and pure libraries, the engine on nothing with a display.
//! `tidy` calls it with what `cargo metadata` tells. It looks at names of crates, never at their code.

use super::{File, Finding};
use crate::project::{Member, Project};

/// What a plugin never names: the host's side, the toolkit, and the machinery of the boundary.
const NOT_FOR_PLUGINS: &[&str] = &["abi_stable", "libloading"];

/// Crates that draw or open windows. The shell alone has them; whoever shows windows does it through the shell.
const DISPLAY_CRATES: &[&str] = &["iced", "iced_core", "winit", "softbuffer", "tiny-skia"];

const SHELL: &str = "brickwork-shell";

/// All findings in the graph, and the attribute that keeps plugins safe.
pub fn check(project: &Project, files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in &project.members {
        if member.is_plugin() {
            findings.extend(plugin(project, member));
        }
        if member.is_pure() {
            findings.extend(pure(member));
        }
        if member.folder.starts_with("plugins/") {
            findings.extend(forbids_unsafe(member, files));
        }
        findings.extend(display(member));
    }
    findings
}

/// A plugin depends on the sdk and on pure library crates, directly and by name.
fn plugin(project: &Project, plugin: &Member) -> Vec<Finding> {
    let allowed = |name: &str| match project.member(name) {
        Some(member) => name == "brickwork-sdk" || member.is_pure(),
        None => !NOT_FOR_PLUGINS.contains(&name) && !name.starts_with("iced"),
    };
    let refused = plugin.dependencies.iter().filter(|d| d.normal && !allowed(&d.name));
    refused
        .map(|dependency| {
            let message = format!(
                "{} depends on {}: a plugin has brickwork-sdk and pure library crates only; what the sdk lacks is \
                 added to the sdk",
                plugin.name, dependency.name
            );
            Finding::new(manifest(plugin), message)
        })
        .collect()
}

/// A pure library has no sdk and no I/O.
fn pure(library: &Member) -> Vec<Finding> {
    let impure = ["brickwork-sdk", "brickwork-abi", "tokio"].into_iter().filter(|name| library.tree.contains(*name));
    impure
        .map(|name| {
            let message = format!(
                "{} depends on {name}: a pure library takes bytes and gives values; its plugin does the rest",
                library.name
            );
            Finding::new(manifest(library), message)
        })
        .collect()
}

fn forbids_unsafe(member: &Member, files: &[File]) -> Option<Finding> {
    let path = format!("{}/src/lib.rs", member.folder);
    let file = files.iter().find(|file| file.path == path)?;
    let message = "write `#![forbid(unsafe_code)]` below the file's docs: plugins are safe Rust";
    (!file.content.contains("#![forbid(unsafe_code)]")).then(|| Finding::new(path, message))
}

/// Only the shell, and who depends on it, has a display.
fn display(member: &Member) -> Option<Finding> {
    if member.name == SHELL || member.tree.contains(SHELL) {
        return None;
    }
    let found = DISPLAY_CRATES.iter().find(|name| member.tree.contains(**name))?;
    let message = format!("{} has {found} in its dependencies: only {SHELL} draws; move that part there", member.name);
    Some(Finding::new(manifest(member), message))
}

fn manifest(member: &Member) -> String {
    format!("{}/Cargo.toml", member.folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Dependency;
    use std::path::PathBuf;

    fn member(name: &str, folder: &str, cdylib: bool, dependencies: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            folder: folder.to_owned(),
            cdylib,
            program: false,
            dependencies: dependencies
                .iter()
                .map(|name| Dependency { name: (*name).to_owned(), normal: true })
                .collect(),
            tree: dependencies.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// The number of findings for `tested` in a workspace with an sdk, an engine, a plugin and a pure library.
    #[track_caller]
    fn found(tested: Member, count: usize) {
        let others = vec![
            member("brickwork-sdk", "sdk", false, &[]),
            member("brickwork-engine", "framework/engine", false, &[]),
            member("brickwork-sim", "plugins/sim", true, &["brickwork-sdk"]),
            member("brickwork-mjpeg", "plugins/camera/mjpeg", false, &["memchr"]),
        ];
        let members = others.into_iter().chain([tested]).collect();
        let findings = check(&Project { members, target: PathBuf::new() }, &[]);
        assert_eq!(findings.len(), count, "{findings:?}");
    }

    #[test]
    fn a_plugin_has_the_sdk_pure_libraries_and_crates_of_others() {
        found(member("p", "plugins/p", true, &["brickwork-sdk", "brickwork-mjpeg", "serde"]), 0);
    }

    #[test]
    fn a_plugin_has_no_framework_no_other_plugin_no_toolkit_and_no_boundary() {
        found(member("p", "plugins/p", true, &["brickwork-engine"]), 1);
        found(member("p", "plugins/p", true, &["brickwork-sim"]), 1);
        found(member("p", "plugins/p", true, &["abi_stable"]), 1);
        found(member("p", "plugins/p", true, &["iced_widget"]), 1);
    }

    #[test]
    fn a_pure_library_has_no_sdk_and_no_runtime() {
        found(member("l", "plugins/p/l", false, &["brickwork-sdk"]), 1);
        found(member("l", "plugins/p/l", false, &["tokio"]), 1);
    }

    #[test]
    fn a_simulator_with_a_program_has_a_runtime_and_is_for_tests_alone() {
        let simulator = || Member { program: true, ..member("s", "plugins/p/s", false, &["tokio"]) };
        found(simulator(), 0);
        let plugin = member("p", "plugins/p", true, &["s"]);
        let project = Project { members: vec![simulator(), plugin], target: PathBuf::new() };
        assert_eq!(check(&project, &[]).len(), 1);
    }

    #[test]
    fn only_the_shell_and_its_users_draw() {
        found(member("brickwork-link", "framework/link", false, &["iced"]), 1);
        found(member("brickwork-shell", "framework/shell", false, &["iced"]), 0);
        found(member("brickwork-host", "framework/host", false, &["brickwork-shell", "iced"]), 0);
    }

    #[test]
    fn a_plugin_forbids_unsafe_code() {
        let project = Project { members: vec![member("p", "plugins/p", true, &[])], target: PathBuf::new() };
        let lib = |content: &str| vec![File { path: "plugins/p/src/lib.rs".to_owned(), content: content.to_owned() }];
        assert_eq!(check(&project, &lib("//! Docs.\n")).len(), 1);
        assert!(check(&project, &lib("//! Docs.\n#![forbid(unsafe_code)]\n")).is_empty());
    }
}
