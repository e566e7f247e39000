//! Says in a few lines which crossing types of a library differ from the host's, out of the hundreds that abi_stable
//! says. The loader asks for it; nothing is loaded here.

use std::fmt::Write as _;

/// Differences that are told.
const MAX_TOLD: usize = 3;

/// What differs, out of abi_stable's message; `theirs` and `ours` are the versions of the crossing types.
pub fn explain(message: &str, theirs: &str, ours: &str) -> String {
    let mut text = format!("it was built with crossing types {theirs}, this host has {ours}, and they differ");
    let mut told = differences(message);
    let more = told.len().saturating_sub(MAX_TOLD);
    told.truncate(MAX_TOLD);
    for difference in &told {
        let _ = write!(text, "\n{difference}");
    }
    if more > 0 {
        let _ = write!(text, " (and {more} more)");
    }
    if told.is_empty() {
        // Nothing that is known: the end of what is said is the nearest to the cause.
        let last = message.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(3);
        let last: Vec<&str> = last.collect();
        let _ = write!(text, "\n{}", last.into_iter().rev().collect::<Vec<_>>().join(" / "));
    }
    text
}

/// Each difference once: the type, what is wrong, and how it is on both sides.
fn differences(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in message.split(" error(s)").skip(1) {
        let (_, layout) = block.split_once("Layout of expected type:").unwrap_or_default();
        let name = layout.lines().find_map(|line| line.trim().strip_prefix("type:")).unwrap_or("of the plugin");
        for error in block.split("\nError:").skip(1) {
            let what = error.lines().next().unwrap_or_default().trim();
            let (_, sides) = error.split_once("Expected:").unwrap_or_default();
            let (ours, theirs) = sides.split_once("Found:").unwrap_or_default();
            let line = format!("type {name}: {what}: {} here, {} there", side(ours), side(theirs));
            if !found.contains(&line) {
                found.push(line);
            }
        }
    }
    found
}

/// One side of a difference: a field with its type, or the first line of what it is.
fn side(text: &str) -> String {
    let value = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name));
    match (value("field_name:"), value("type:")) {
        (Some(field), Some(kind)) => format!("{field}: {kind}"),
        (None, Some(kind)) => kind.into(),
        _ => text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::explain;

    /// The parts of a real message that carry its structure; the whole has 708 lines.
    const MESSAGE: &str = "
Compared <this>:
    --- Type Layout ---
    type:PrefixRef<'a, Plugin>
To <other>:
    --- Type Layout ---
    type:PrefixRef<'a, Plugin>

0 error(s).

0 error(s)inside:
    <other>

    field_name:0
    type:Plugin

Layout of expected type:
    --- Type Layout ---
    type:Plugin
    size:48 align:8


2 error(s)inside:
    <other>

    field_name:0
    type:Frame

Layout of expected type:
    --- Type Layout ---
    type:Frame
    size:32 align:8
    data:
        Struct with Fields:
            field_name:width
            type:u32

Layout of found type:
    --- Type Layout ---
    type:Frame



Error:too many fields
Expected:
    4
Found:
    5

Error:unexpected field
Expected:
    field_name:data
    type:SharedBytes
    size:16 align:8
Found:
    field_name:more
    type:u32
    size:4 align:4
";

    #[test]
    fn a_mismatch_is_told_by_type_and_field() {
        let said = explain(MESSAGE, "1.1.0", "1.0.0");
        let expected = "it was built with crossing types 1.1.0, this host has 1.0.0, and they differ\n\
                        type Frame: too many fields: 4 here, 5 there\n\
                        type Frame: unexpected field: data: SharedBytes here, more: u32 there";
        assert_eq!(said, expected);
    }

    #[test]
    fn of_an_unknown_message_the_end_is_told() {
        let said = explain("one\n\ntwo\nthree\nfour\n", "2", "1");
        assert_eq!(said, "it was built with crossing types 2, this host has 1, and they differ\ntwo / three / four");
    }

    #[test]
    fn many_differences_are_cut() {
        let block = "Error:too many fields\nExpected:\n    4\nFound:\n";
        let blocks: String = (0..9).map(|number| format!("\n{block}    {number}\n")).collect();
        let said = explain(&format!("9 error(s)inside:{blocks}"), "1", "1");
        assert_eq!(said.lines().count(), 4);
        assert!(said.ends_with("(and 6 more)"), "{said}");
    }
}
