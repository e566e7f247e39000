//! Proves that after a workspace build `cargo build -p X` compiles X alone: one feature set for each crate.
//! `test` calls it after its build, `tidy --features` by hand. Where it is not so, saving one plugin would rebuild half
//! of its dependencies; the finding names the crates whose features differ.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use serde_json::Value;

use super::Finding;
use crate::Outcome;
use crate::process::{cargo, output};
use crate::project::{Member, Project};

/// Builds each member by itself and looks at what cargo had to compile.
pub fn check() -> Outcome {
    let project = Project::read()?;
    output(cargo().args(["build", "--workspace", "--quiet"]).stderr(Stdio::inherit()))?;
    let mut findings = Vec::new();
    for member in &project.members {
        let mut command = cargo();
        command.args(["build", "--message-format=json", "--quiet", "-p", &member.name]);
        let others = compiled(&output(&mut command)?, &member.name);
        if !others.is_empty() {
            findings.push(Finding::new(format!("{}/Cargo.toml", member.folder), message(member, &others)?));
        }
    }
    for finding in &findings {
        println!("{finding}");
    }
    println!("features: {} members, {} compile more than themselves", project.members.len(), findings.len());
    if findings.is_empty() { Ok(()) } else { Err("members differ in the features of what they share".to_owned()) }
}

/// The crates that a build compiled anew, other than `own`.
fn compiled(messages: &str, own: &str) -> BTreeSet<String> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    artifacts
        .filter(|message| message["reason"] == "compiler-artifact" && message["fresh"] == false)
        .filter_map(|message| crate_name(message["package_id"].as_str()?))
        .filter(|name| name != own)
        .collect()
}

/// From `registry+https://...#serde@1.0.0` or `path+file:///work/sdk#brickwork-sdk@0.1.0` or `path+file:///x/xtask#0.1.0`.
fn crate_name(id: &str) -> Option<String> {
    let (source, rest) = id.rsplit_once('#')?;
    let name = rest.split_once('@').map_or_else(|| source.rsplit('/').next().unwrap_or(source), |(name, _)| name);
    Some(name.to_owned())
}

fn message(member: &Member, others: &BTreeSet<String>) -> Outcome<String> {
    let alone = feature_sets(&["-p", &member.name])?;
    let together = feature_sets(&["--workspace"])?;
    let differing: Vec<String> = alone
        .iter()
        .filter_map(|(name, sets)| {
            let everywhere = together.get(name)?;
            let own = sets.difference(everywhere).next()?;
            let all: Vec<&str> = everywhere.iter().map(String::as_str).collect();
            Some(format!("    {name}: [{own}] here, [{}] in the workspace", all.join("] or [")))
        })
        .collect();
    let list: Vec<&str> = others.iter().map(String::as_str).collect();
    Ok(format!(
        "`cargo build -p {}` also compiles {}; give these the same features for all, in [workspace.dependencies] \
         (a crate that no member names: in `brickwork-features`):\n{}",
        member.name,
        list.join(", "),
        differing.join("\n")
    ))
}

/// The sets of features with which each crate (name and version) is built; a build script's copy may have another.
fn feature_sets(selection: &[&str]) -> Outcome<BTreeMap<String, BTreeSet<String>>> {
    let mut command = cargo();
    command.arg("tree").args(selection);
    command.args(["--edges", "normal,build", "--format", "{p}|{f}", "--prefix", "none", "--no-dedupe"]);
    let mut sets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in output(&mut command)?.lines() {
        let Some((package, features)) = line.split_once('|') else { continue };
        let name: Vec<&str> = package.split_whitespace().take(2).collect();
        let features = features.split_whitespace().next().unwrap_or_default().to_owned();
        sets.entry(name.join(" ")).or_default().insert(features);
    }
    Ok(sets)
}

#[cfg(test)]
mod tests {
    use super::compiled;

    #[test]
    fn what_was_compiled_anew_is_named_without_the_member_itself() {
        let line = |id: &str, fresh| format!(r#"{{"reason":"compiler-artifact","package_id":"{id}","fresh":{fresh}}}"#);
        let messages = [
            line("registry+https://github.com/rust-lang/crates.io-index#serde@1.0.0", true),
            line("registry+https://github.com/rust-lang/crates.io-index#tokio@1.0.0", false),
            line("path+file:///x/sdk#brickwork-sdk@0.1.0", false),
            line("path+file:///x/xtask#0.1.0", false),
        ];
        let names: Vec<String> = compiled(&messages.join("\n"), "xtask").into_iter().collect();
        assert_eq!(names, ["brickwork-sdk", "tokio"]);
    }
}
