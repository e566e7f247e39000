//! The list of shortcuts, and what keys and wheel do in controls; [`crate::keys`] is where they are decided.

use brickwork_sdk::Value;
use brickwork_sdk::view::{Node, Tone, View, column, grid, scroll, text};

/// Each key with what it does.
const KEYS: [(&str, &str); 20] = [
    ("Tab, Shift+Tab", "the next control, the one before"),
    ("Enter", "sends what was typed or chosen; presses a button"),
    ("Space", "presses a button"),
    ("\u{2191} \u{2193}", "one step of a number, another choice: Enter sends it"),
    ("Wheel", "scrolls; over the number in focus, one step of it"),
    ("Ctrl+Wheel", "over a sample: the zoom"),
    ("Escape", "closes a list, then a panel; takes back what was typed;"),
    ("", "else stops what the brick in focus has begun, unless it asks"),
    ("Ctrl+C, Ctrl+V", "copies the value in focus; pastes into it"),
    ("Right click", "on a value: copies it, or the name of its channel"),
    ("Ctrl+R", "what runs"),
    ("Ctrl+K", "connections"),
    ("Ctrl+L", "log"),
    ("Ctrl+I", "about: versions and plugins"),
    ("F1, ?", "this list"),
    ("Ctrl+B", "writes an archive for the person on call"),
    ("Ctrl +", "larger"),
    ("Ctrl \u{2212}", "smaller"),
    ("Ctrl 0", "as large as at first"),
    ("ABORT", "ends everything: it has no key, so that none does it by accident"),
];

/// What it shows.
pub fn shortcuts() -> Node {
    let half = KEYS.len().div_ceil(2);
    let cells = (0..half).flat_map(|row| [row, row + half]).flat_map(|at| {
        let (key, does) = KEYS.get(at).copied().unwrap_or_default();
        [text::<Value>(key), text(does).muted()]
    });
    let list: View<Value> = scroll(grid(4, cells)).grow();
    column([text("Keys and mouse").tone(Tone::Title), list]).grow().into_node()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_what_escape_will_do() {
        let node = shortcuts();
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        let words: Vec<&str> = node.walk().map(|node| node.text("text")).collect();
        for (key, does) in KEYS {
            assert!(words.contains(&key) && words.contains(&does), "{key} {does}");
        }
    }
}
