//! Checks that links from the documents to files of the project lead somewhere.
//! `tidy` calls it for every file. It never asks the network, so links to the web are not checked.

use super::Finding;

/// All broken links in one Markdown file; `exists` answers for a path relative to the root.
pub fn check(path: &str, content: &str, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    if !path.ends_with(".md") {
        return Vec::new();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut in_code = false;
    for (number, line) in content.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for target in targets(line).filter(|target| is_local(target)) {
            let file = target.split('#').next().unwrap_or_default();
            if !exists(format!("{folder}/{file}").trim_start_matches('/')) {
                let message = format!("the link to {file} leads nowhere: correct the path or add the file");
                findings.push(Finding::new(format!("{path}:{}", number + 1), message));
            }
        }
    }
    findings
}

/// What stands in `](..)`, `src=".."` and `href=".."`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    [("](", ')'), ("src=\"", '"'), ("href=\"", '"')].into_iter().flat_map(move |(open, close)| {
        line.split(open).skip(1).filter_map(move |rest| rest.split(close).next()).map(first_word)
    })
}

/// A link may carry a title: `](file.png "title")`.
fn first_word(target: &str) -> &str {
    target.split_whitespace().next().unwrap_or_default()
}

fn is_local(target: &str) -> bool {
    !target.is_empty() && !target.starts_with('#') && !target.contains("://") && !target.starts_with("mailto:")
}

#[cfg(test)]
mod tests {
    use super::check;

    #[track_caller]
    fn broken(path: &str, content: &str, count: usize) {
        let findings = check(path, content, |file| matches!(file, "README.md" | "docs/demo.png"));
        assert_eq!(findings.len(), count, "{findings:?}");
    }

    #[test]
    fn a_link_to_a_file_must_lead_there() {
        broken("CHANGELOG.md", "[a](README.md) ![b](docs/demo.png \"title\")", 0);
        broken("CHANGELOG.md", "[a](README.md#there) [b](#here) [c](https://example.org/x)", 0);
        broken("CHANGELOG.md", "[a](GONE.md) <img src=\"docs/gone.png\">", 2);
    }

    #[test]
    fn a_link_is_relative_to_its_document() {
        broken("docs/guide.md", "![b](demo.png)", 0);
        broken("docs/guide.md", "![b](docs/demo.png)", 1);
    }

    #[test]
    fn code_holds_no_links() {
        broken("README.md", "```rust\nf[0](x)\n```\n", 0);
    }
}
