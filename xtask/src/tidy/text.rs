//! Checks on the text of one file: where `unsafe`, colours, threads, queues and printing may stand, and what no file
//! may hold. `tidy` calls them for every file. They look at words, not at types, and never at another file.

use super::Finding;
use super::mask::{Keep, mask};

/// The only places where `unsafe` may stand: the types that cross, the macro that writes a plugin's header, and the
/// memory that the engine asks for or gives back by hand. Each new place is a decision to write down in ARCHITECTURE.md.
const UNSAFE_PLACES: &[&str] = &["sdk/abi/", "sdk/src/plugin.rs", "framework/engine/src/memory.rs"];

/// The one file of colours, spacing and type sizes.
const COLOUR_PLACE: &str = "framework/shell/src/tokens.rs";

/// Programs that talk on a terminal, and tests.
const PRINTING_PLACES: &[&str] = &["xtask/", "framework/host/", "tests/"];

/// These checks must be able to name what they look for.
const OWN_FOLDER: &str = "xtask/src/tidy/";

/// All findings in one file.
pub fn check(path: &str, content: &str) -> Vec<Finding> {
    if path.starts_with(OWN_FOLDER) {
        return Vec::new();
    }
    let mut findings = forbidden_words(path, content);
    findings.extend(other_folders(path, content));
    if path.ends_with(".rs") {
        findings.extend(opening(path, content));
        findings.extend(code(path, content));
        findings.extend(colours(path, content));
    }
    findings
}

/// Every Rust file opens with `//!`.
fn opening(path: &str, content: &str) -> Option<Finding> {
    let message = "open the file with `//!`: what it is, who calls it, what it never does";
    (!content.starts_with("//!")).then(|| Finding::new(format!("{path}:1"), message))
}

/// One rule on code: where it holds, what it looks for, the cure.
struct Rule {
    applies: fn(&str) -> bool,
    /// Tests may do it too.
    not_in_tests: bool,
    patterns: &'static [&'static str],
    cure: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        applies: |path| !within(path, UNSAFE_PLACES),
        not_in_tests: false,
        patterns: &["unsafe"],
        cure: "`unsafe` lives in sdk/abi, in the header that `plugin!` writes and in one file of the engine: find a safe way",
    },
    Rule {
        applies: |_| true,
        not_in_tests: true,
        patterns: &["thread::spawn("],
        cure: "name the thread: `std::thread::Builder::new().name(..).spawn(..)`",
    },
    Rule {
        applies: |_| true,
        not_in_tests: true,
        patterns: &["mpsc::channel()", "mpsc::channel::<", "unbounded_channel", "mpsc::unbounded"],
        cure: "a queue is bounded: `sync_channel(n)` of std or `mpsc::channel(n)` of tokio",
    },
    Rule {
        applies: |path| !within(path, PRINTING_PLACES) && !path.ends_with("build.rs"),
        not_in_tests: true,
        patterns: &["println!", "eprintln!", "print!", "eprint!", "dbg!"],
        cure: "only the command line prints: log with `tracing` or the context",
    },
    Rule {
        applies: |_| true,
        not_in_tests: false,
        patterns: &["todo!", "unimplemented!"],
        cure: "finish it, or answer with an error that says it is not supported",
    },
];

fn code(path: &str, content: &str) -> Vec<Finding> {
    let everything = mask(content, Keep::Code);
    let product = product_part(path, &everything);
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
        let searched = if rule.not_in_tests { product } else { &everything };
        for (number, line) in searched.lines().enumerate() {
            if let Some(found) = rule.patterns.iter().find(|pattern| has_word(line, pattern)) {
                findings.push(Finding::new(format!("{path}:{}", number + 1), format!("`{found}`: {}", rule.cure)));
            }
        }
    }
    findings
}

/// Colours come from the tokens: no constructor with numbers and no `#rrggbb` elsewhere.
fn colours(path: &str, content: &str) -> Vec<Finding> {
    if path == COLOUR_PLACE {
        return Vec::new();
    }
    let masked = mask(content, Keep::CodeAndStrings);
    let message = format!("colours come from {COLOUR_PLACE}: name a token there and use it here");
    let coloured = |line: &str| line.contains("Color::from_rgb") || has_word(line, "color!(") || has_hex_colour(line);
    let lines = product_part(path, &masked).lines().enumerate().filter(|(_, line)| coloured(line));
    lines.map(|(number, _)| Finding::new(format!("{path}:{}", number + 1), message.clone())).collect()
}

/// `#` with exactly six or eight hex digits.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let word: String = line[at + 1..].chars().take_while(|c| c.is_alphanumeric()).collect();
        matches!(word.len(), 6 | 8) && word.chars().all(|c| c.is_ascii_hexdigit())
    })
}

/// Nothing unfinished is committed. These words count in comments too.
fn forbidden_words(path: &str, content: &str) -> Vec<Finding> {
    let message = "finish it now, or write it into the README's list of what is missing";
    let mut findings = Vec::new();
    for (number, line) in content.lines().enumerate() {
        if let Some(word) = ["TODO", "FIXME", "XXX", "stub"].iter().find(|word| has_word(line, word)) {
            findings.push(Finding::new(format!("{path}:{}", number + 1), format!("`{word}`: {message}")));
        }
    }
    findings
}

/// The project stands alone: the one mention of a folder beside it is the default of `BRICKWORK_VECTORS`.
fn other_folders(path: &str, content: &str) -> Vec<Finding> {
    let reads_vectors = content.contains("BRICKWORK_VECTORS");
    let leaves = |line: &str| {
        line.match_indices("../shared")
            .any(|(at, found)| !(reads_vectors && line[at + found.len()..].starts_with("/vectors")))
    };
    let message = "the project does not refer to folders beside it, but for the default of BRICKWORK_VECTORS";
    let lines = content.lines().enumerate().filter(|(_, line)| leaves(line));
    lines.map(|(number, _)| Finding::new(format!("{path}:{}", number + 1), message)).collect()
}

/// The part of a file that is not a test: nothing of a test file, and all before `#[cfg(test)]`.
fn product_part<'a>(path: &str, content: &'a str) -> &'a str {
    let is_test = path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples"));
    if is_test { "" } else { content.split("#[cfg(test)]").next().unwrap_or(content) }
}

fn within(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| if place.ends_with('/') { path.starts_with(place) } else { path == *place })
}

/// Whether `line` holds `word` and not merely a longer word with it inside.
fn has_word(line: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(in_word);
        let after = line[at + word.len()..].chars().next().is_some_and(in_word);
        let ends_open = !word.ends_with(in_word);
        !before && (ends_open || !after)
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    const DOCS: &str = "//! Docs.\n";

    /// The lines of `code` (counted from 1, without the docs) in which something is found.
    #[track_caller]
    fn found(path: &str, code: &str, lines: &[usize]) {
        let findings = check(path, &format!("{DOCS}{code}"));
        let places: Vec<usize> =
            findings.iter().map(|f| f.place.rsplit(':').next().and_then(|n| n.parse().ok()).expect("a line")).collect();
        let expected: Vec<usize> = lines.iter().map(|line| line + 1).collect();
        assert_eq!(places, expected, "{findings:?}");
    }

    #[test]
    fn a_file_opens_with_its_docs() {
        assert_eq!(check("sdk/src/a.rs", "use std::fmt;\n").len(), 1);
        assert_eq!(check("sdk/src/a.rs", "").len(), 1);
        assert!(check("sdk/src/a.rs", "//! What it is.\n").is_empty());
        assert!(check("layouts/demo.ron", "Beamline()").is_empty());
    }

    #[test]
    fn unsafe_code_is_found_outside_its_places_and_in_tests_too() {
        found("framework/link/src/a.rs", "unsafe { f() }", &[1]);
        found("tests/tests/a.rs", "unsafe { f() }", &[1]);
        found("framework/engine/src/loader.rs", "unsafe { f() }", &[1]);
        found("sdk/abi/src/host.rs", "unsafe impl Send for T {}", &[]);
        found("framework/link/src/a.rs", "#![forbid(unsafe_code)] // no unsafe here\nlet s = \"unsafe\";", &[]);
    }

    #[test]
    fn threads_have_names() {
        found("framework/engine/src/a.rs", "std::thread::spawn(f);", &[1]);
        found("framework/engine/src/a.rs", "Builder::new().name(n).spawn(f);", &[]);
        found("framework/engine/src/a.rs", "#[cfg(test)]\nmod tests { thread::spawn(f); }", &[]);
        found("framework/engine/tests/a.rs", "thread::spawn(f);", &[]);
    }

    #[test]
    fn queues_are_bounded() {
        found("sdk/src/a.rs", "mpsc::channel()\nmpsc::channel::<u8>()\nmpsc::unbounded_channel()", &[1, 2, 3]);
        found("sdk/src/a.rs", "mpsc::sync_channel(1);\nmpsc::channel(16);\nctx.channel(\"x\");", &[]);
    }

    #[test]
    fn only_the_command_line_prints() {
        found("sdk/src/a.rs", "println!();\neprintln!();\ndbg!(x);", &[1, 2, 3]);
        found("framework/host/src/main.rs", "println!();", &[]);
        found("tests/src/bin/bench.rs", "println!();", &[]);
        found("sdk/abi/build.rs", "println!(\"cargo:rerun-if-changed=a\");", &[]);
    }

    #[test]
    fn colours_stand_in_the_token_file_alone() {
        found(
            "framework/shell/src/a.rs",
            "Color::from_rgb8(1, 2, 3)\ncolor!(0x112233)\nlet c = \"#1a2b3c\";",
            &[1, 2, 3],
        );
        found("framework/shell/src/tokens.rs", "Color::from_rgb8(1, 2, 3)", &[]);
        found("framework/shell/src/a.rs", "\"#12\" // like #1a2b3c\n\"#decades\"", &[]);
    }

    #[test]
    fn nothing_unfinished_is_committed() {
        found("sdk/src/a.rs", "// TODO: later\nlet stubborn = 1;", &[1]);
        found("sdk/src/a.rs", "todo!()", &[1]);
        assert_eq!(check("README.md", "a stub for now").len(), 1);
    }

    #[test]
    fn the_folders_beside_the_project_are_not_mentioned() {
        found("tests/src/a.rs", "\"../shared/vectors\"", &[1]);
        found("tests/src/a.rs", "env(\"BRICKWORK_VECTORS\").or(\"/../../shared/vectors\")", &[]);
        found("tests/src/a.rs", "env(\"BRICKWORK_VECTORS\").or(\"../shared/design.md\")", &[1]);
    }
}
