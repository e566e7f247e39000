//! Checks on a member's `Cargo.toml`: every dependency comes from `[workspace.dependencies]`, whole.
//! `tidy` calls it for every file. One version and one feature set for each crate is what lets a plugin be rebuilt
//! alone.

use super::Finding;

/// All findings in one manifest; other files and the root's manifest have none.
pub fn check(path: &str, content: &str) -> Vec<Finding> {
    if !path.ends_with("/Cargo.toml") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut section = String::new();
    for (number, line) in content.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').to_owned();
            if is_single(&section) {
                findings.push(finding(path, number, "write a dependency as one line, `NAME.workspace = true`"));
            }
        } else if is_list(&section) && !line.is_empty() {
            findings.extend(entry(line).map(|message| finding(path, number, message)));
        }
    }
    findings
}

fn finding(path: &str, number: usize, message: &str) -> Finding {
    Finding::new(format!("{path}:{}", number + 1), message)
}

fn entry(line: &str) -> Option<&'static str> {
    let compact: String = line.split_whitespace().collect();
    if !compact.contains("workspace=true") {
        Some("put version and features into [workspace.dependencies] of the root, and here `NAME.workspace = true`")
    } else if compact.contains("features=") {
        Some("put the features into [workspace.dependencies] of the root, so that all members share one feature set")
    } else {
        None
    }
}

fn is_list(section: &str) -> bool {
    section.split('.').next_back().is_some_and(is_dependency_word)
}

/// `[dependencies.serde]` instead of a line in `[dependencies]`.
fn is_single(section: &str) -> bool {
    !is_list(section) && section.rsplit_once('.').is_some_and(|(before, _)| is_list(before))
}

fn is_dependency_word(word: &str) -> bool {
    matches!(word, "dependencies" | "dev-dependencies" | "build-dependencies")
}

#[cfg(test)]
mod tests {
    use super::check;

    #[track_caller]
    fn found(manifest: &str, count: usize) {
        let findings = check("plugins/sim/Cargo.toml", manifest);
        assert_eq!(findings.len(), count, "{findings:?}");
    }

    #[test]
    fn a_dependency_of_the_workspace_is_fine_and_one_of_its_own_is_not() {
        found("[package]\nversion = \"1\"\n[dependencies]\nserde.workspace = true # as everywhere\n", 0);
        found("[dependencies]\nserde = { workspace = true, optional = true }\n", 0);
        found("[dependencies]\nserde = \"1\"\n", 1);
        found("[dev-dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n", 1);
        found("[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n", 1);
    }

    #[test]
    fn features_are_chosen_in_the_root_only() {
        found("[dependencies]\ntokio = { workspace = true, features = [\"full\"] }\n", 1);
        found("[features]\nwgpu = [\"iced/wgpu\"]\n", 0);
    }

    #[test]
    fn a_table_of_its_own_is_refused() {
        found("[dependencies.serde]\nworkspace = true\n", 1);
    }

    #[test]
    fn the_root_is_where_versions_stand() {
        assert!(check("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n").is_empty());
    }
}
