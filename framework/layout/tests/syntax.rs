//! The tree is lossless, survives anything, and reads all of RON.

mod common;

use std::path::Path;

use brickwork_layout::syntax::{ExprKind, MAX_DEPTH, TokenKind, parse};
use brickwork_layout::{FormatError, Loaded, check_config, convert, format};
use brickwork_sdk::Value;

const EVERYTHING: &str = r####"#![enable(implicit_some, unwrap_newtypes)]
// a line comment
/* a block /* in a block */ comment */
Everything(
    ints: [0, -1, +7, 0xFF, 0o17, 0b1010, 1_000_000, 3u8],
	floats: (1.0, -2.5e-3, .5, 5., 1e3, inf, -inf, 1f32),
    texts: ["plain", "esc \" \\ \n \t \x41 \u{e9}", r"raw \n", r#"with "quotes""#, "über, 🧱"],
    lines: "one
two",
    chars: ['a', '\'', '"', '\n', '''],
    bools: {true: false},
    unit: (), none: None, some: Some(3),
    r#type: Unit,
    newtype: New(5), tuple: Tuple(1, 2), record: Record(a: 1, b: [],), empty: Empty(),
    anonymous: (x: 1, y: 2,),
    mixed: Brick("kind", uses: {"a": "b",},),
) // the end
"####;

/// Reads it, checks that nothing of it is lost, and loads it as a layout too.
#[track_caller]
fn survives(text: &str) -> Loaded {
    let tree = parse(text);
    assert_eq!(tree.to_string(), text, "printing the tree gives the text back");
    let mut at = 0;
    for token in tree.tokens() {
        assert_eq!(token.span.start, at, "tokens leave no gap");
        at = token.span.end;
    }
    let loaded = common::load_files(&[("main.ron", text)], Some(&common::TestKinds));
    for diagnostic in &loaded.diagnostics {
        assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{diagnostic:?} lies in the text");
    }
    let _ = loaded.render();
    formats(text);
    judges(text);
    loaded
}

/// Formats it, if it can be read; once is enough, and nothing of it changes.
#[track_caller]
fn formats(text: &str) {
    let once = match format(Path::new("main.ron"), text) {
        Ok(once) => once,
        Err(FormatError::Syntax(_)) => return assert_ne!(parse(text).errors(), []),
        Err(FormatError::Changed) => panic!("formatting would change {text:?}"),
    };
    assert_eq!(format(Path::new("main.ron"), &once).as_deref(), Ok(once.as_str()), "of {text:?}");
    assert_eq!(values(&once), values(text));
}

/// The values of a text, as they can be compared: NaN is NaN.
fn values(text: &str) -> Option<String> {
    parse(text).root().map(|root| format!("{:?}", convert(root).0.value))
}

/// Checks what it holds against every schema, whatever it is.
fn judges(text: &str) {
    let tree = parse(text);
    let Some(root) = tree.root() else { return };
    let (converted, _) = convert(root);
    for schema in common::kinds::schemas() {
        for problem in check_config(schema, &converted.value) {
            assert!(converted.place(&problem.path).is_some(), "{problem} has a place");
        }
    }
}

#[test]
fn all_of_ron_is_read_without_a_mistake_and_printed_back() {
    let tree = parse(EVERYTHING);
    assert_eq!(tree.errors(), []);
    survives(EVERYTHING);
}

#[test]
fn every_form_has_its_value() {
    let tree = parse(EVERYTHING);
    let (converted, mistakes) = convert(tree.root().expect("there is one"));
    // `Brick("kind", uses: ..)` is for layouts, not for configs.
    assert_eq!(mistakes.len(), 1);
    let value = converted.value.get("Everything").expect("the name of a struct is kept").clone();
    let field = |name: &str| value.get(name).cloned().unwrap_or_else(|| panic!("{name} is there"));
    let ints = [0, -1, 7, 255, 15, 10, 1_000_000, 3].map(Value::Int);
    assert_eq!(field("ints"), Value::list(ints));
    let floats = [1.0, -2.5e-3, 0.5, 5.0, 1e3, f64::INFINITY, f64::NEG_INFINITY, 1.0].map(Value::Float);
    assert_eq!(field("floats"), Value::list(floats));
    let texts = ["plain", "esc \" \\ \n \t A é", "raw \\n", "with \"quotes\"", "über, 🧱"].map(Value::from);
    assert_eq!(field("texts"), Value::list(texts));
    assert_eq!(field("lines"), Value::from("one\ntwo"));
    assert_eq!(field("chars"), Value::list(["a", "'", "\"", "\n", "'"].map(Value::from)));
    assert_eq!(field("bools"), Value::map([("true", Value::Bool(false))]));
    assert_eq!(field("unit"), Value::Null);
    assert_eq!(field("none"), Value::Null);
    assert_eq!(field("some"), Value::Int(3));
    assert_eq!(field("type"), Value::from("Unit"));
    assert_eq!(field("newtype"), Value::map([("New", Value::Int(5))]));
    assert_eq!(field("tuple"), Value::map([("Tuple", Value::list([1, 2].map(Value::Int)))]));
    let record = Value::map([("a", Value::Int(1)), ("b", Value::list([]))]);
    assert_eq!(field("record"), Value::map([("Record", record)]));
    assert_eq!(field("empty"), Value::map([("Empty", Value::map::<&str>([]))]));
    assert_eq!(field("anonymous"), Value::map([("x", Value::Int(1)), ("y", Value::Int(2))]));
}

#[test]
fn comments_are_tokens_of_their_own() {
    let tree = parse("/* a */ (x: 1, // b\n)");
    let comments = tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment);
    let written: Vec<&str> = comments.map(|token| &tree.text()[token.span.start..token.span.end]).collect();
    assert_eq!(written, ["/* a */", "// b"]);
}

#[test]
fn a_mistake_leaves_the_rest_readable() {
    let tree = parse("(a: 1, b: ;, c: 3)");
    assert_eq!(tree.errors().len(), 1);
    let Some(ExprKind::Group { items, .. }) = tree.root().map(|root| &root.kind) else { panic!("it is a group") };
    assert_eq!(items.len(), 3);
    assert_eq!(items[2].value.kind, ExprKind::Int(3));
}

#[test]
fn numbers_that_fit_nowhere_are_mistakes() {
    for text in ["9223372036854775808", "0x1_0000_0000_0000_0000", "1.2.3", "0b12", "-x", "12abc", "0x"] {
        assert_eq!(parse(text).errors().len(), 1, "{text}");
    }
    for text in ["9223372036854775807", "-9223372036854775808", "0x7fff_ffff_ffff_ffff"] {
        assert_eq!(parse(text).errors(), [], "{text}");
    }
}

#[test]
fn nesting_has_a_limit_and_is_told_once() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(parse(&nested(MAX_DEPTH)).errors(), []);
    let tree = parse(&nested(MAX_DEPTH + 1));
    assert_eq!(tree.errors().len(), 1);
    for text in [nested(100_000), "(".repeat(100_000), "{[(".repeat(50_000), "a(".repeat(50_000), ")".repeat(50_000)] {
        survives(&text);
    }
}

#[test]
fn long_nonsense_takes_time_in_proportion_to_its_length() {
    // With quadratic work these would not end while somebody waits.
    for piece in ["\"\\", "(]", "r#\"", "'\\", "a:b ", "/*", "\"a\"b,", "{[(\n", "x,;", "([)\n"] {
        survives(&piece.repeat(60_000 / piece.len()));
    }
}

#[test]
fn a_bom_and_windows_line_ends_are_blanks() {
    let text = "\u{feff}Beamline(\r\n    format: 1,\r\n    name: \"x\",\r\n)\r\n";
    assert_eq!(survives(text).diagnostics, []);
}

/// xorshift: the same inputs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("it is below a usize")
    }
}

#[test]
fn no_mutation_of_a_layout_panics_or_loses_a_byte() {
    let mut random = Random(0x1d14_4000_b41c);
    let pieces =
        ["(", ")", "[", "]", "{", "}", "\"", "'", ",", ":", "r#\"", "\\", "/*", "//", "\n", "é", "-", "Some(", "0x"];
    for seed in [common::GOOD, EVERYTHING] {
        for _ in 0..1500 {
            let mut text: Vec<char> = seed.chars().collect();
            for _ in 0..=random.below(4) {
                let at = random.below(text.len());
                match random.below(4) {
                    0 => text.truncate(at.max(1)),
                    1 => {
                        text.remove(at);
                    }
                    2 => drop(text.splice(at..at, pieces[random.below(pieces.len())].chars())),
                    _ => {
                        let end = (at + random.below(40)).min(text.len());
                        drop(text.drain(at..end));
                    }
                }
                if text.is_empty() {
                    text.push('(');
                }
            }
            survives(&text.into_iter().collect::<String>());
        }
    }
}

/// Configs that fit the test kinds, to be spoilt.
const CONFIGS: &str = r#"(at: "lid144:eh4", timeout_secs: 5, mnemonic: "phi", unit: mm, poll_hz: 10, position: 1.5,
    limits: (0, 10), velocity: 3, mode: region(x: 1, y: 2), login: (user: "a", password_file: "/b"),
    axes: [Rotation("omega", (0, 1, 0)), Translation("phiz", (0, 0, 1))], home: {"omega": 0}, beam: (640, 512),
    columns: [Position, State] /* all */, step: 2, // end
)"#;

#[test]
fn no_exchange_of_two_pieces_breaks_schemas_or_formatting() {
    let mut random = Random(0x5eed_0f5c_4e3a);
    let tree = parse(CONFIGS);
    let pieces: Vec<&str> = tree.tokens().iter().map(|token| &CONFIGS[token.span.start..token.span.end]).collect();
    let mut readable = 0;
    for _ in 0..1500 {
        let mut changed = pieces.clone();
        for _ in 0..=random.below(3) {
            let (a, b) = (random.below(changed.len()), random.below(changed.len()));
            match random.below(3) {
                0 => changed.swap(a, b),
                1 => changed[a] = changed[b],
                _ => drop(changed.remove(a)),
            }
        }
        let text = changed.concat();
        readable += usize::from(parse(&text).errors().is_empty());
        formats(&text);
        judges(&text);
    }
    assert!(readable > 150, "only {readable} could be read at all");
}

#[test]
fn every_prefix_of_a_layout_is_survived() {
    for (at, _) in common::GOOD.char_indices() {
        survives(&common::GOOD[..at]);
    }
}

#[test]
fn one_missing_bracket_is_one_mistake() {
    let is_bracket = |&(_, c): &(usize, char)| "()[]{}".contains(c);
    for (at, _) in common::GOOD.char_indices().filter(is_bracket) {
        let broken = format!("{}{}", &common::GOOD[..at], &common::GOOD[at + 1..]);
        let errors = parse(&broken).errors().to_vec();
        assert_eq!(errors.len(), 1, "without the bracket at {at}: {errors:#?}");
    }
}

#[test]
fn one_bracket_too_many_is_one_mistake() {
    let ends = |&(_, c): &(usize, char)| ")]}".contains(c);
    for (at, _) in common::GOOD.char_indices().filter(ends) {
        for extra in [")", "]", "}"] {
            let broken = format!("{}{extra}{}", &common::GOOD[..=at], &common::GOOD[at + 1..]);
            let errors = parse(&broken).errors().to_vec();
            assert_eq!(errors.len(), 1, "with {extra} after {at}: {errors:#?}");
        }
    }
}
