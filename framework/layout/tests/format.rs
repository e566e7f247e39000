//! Formatting: pleasant, idempotent, and never a change of meaning or the loss of a comment.

mod common;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use brickwork_layout::{FormatError, format};

#[track_caller]
fn formatted(text: &str) -> String {
    let once = format(Path::new("x.ron"), text).unwrap_or_else(|error| panic!("{error}"));
    let twice = format(Path::new("x.ron"), &once).unwrap_or_else(|error| panic!("{error}\n{once}"));
    assert_eq!(once, twice, "formatting again changes nothing");
    once
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let got = formatted(text);
    assert!(got == expected, "expected:\n{expected}\ngot:\n{got}");
}

#[test]
fn what_fits_stands_on_one_line_and_what_does_not_is_broken() {
    check("(a:1,b:[1,2,],c:{\"x\":Foo(1)})", "(a: 1, b: [1, 2], c: {\"x\": Foo(1)})\n");
    let long = format!("(first: \"{}\", second: \"{}\", third: (1, 2))", "a".repeat(60), "b".repeat(60));
    let expected =
        format!("(\n    first: \"{}\",\n    second: \"{}\",\n    third: (1, 2),\n)\n", "a".repeat(60), "b".repeat(60));
    check(&long, &expected);
}

#[test]
fn a_bracket_that_its_author_opened_over_lines_stays_open() {
    check("{\n\"a\": 1, \"b\": (x: 1,\n y: 2)}", "{\n    \"a\": 1,\n    \"b\": (x: 1, y: 2),\n}\n");
}

#[test]
fn plain_words_before_the_last_bracket_stay_on_its_line() {
    let text = "Window(\"Main\", Tabs([\nTab(\"One\", Row([\nBrick(\"a\")]))]))";
    check(text, "Window(\"Main\", Tabs([\n    Tab(\"One\", Row([\n        Brick(\"a\"),\n    ])),\n]))\n");
}

#[test]
fn one_blank_line_is_kept_between_parts_and_none_at_the_ends() {
    check("[\n\n\n  1,\n\n\n\n  2,\n  3,\n\n]\n\n", "[\n    1,\n\n    2,\n    3,\n]\n");
}

#[test]
fn long_lists_of_numbers_are_filled() {
    let numbers: Vec<String> = (1000..1100).map(|n| n.to_string()).collect();
    let got = formatted(&format!("(table: [{}])", numbers.join(",")));
    let lines: Vec<&str> = got.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), ("(table: [", "])"));
    assert_eq!(lines.len(), 8, "{got}");
    // Who wrote one on each line wants to see them so.
    check("[\n1,\n2,\n]", "[\n    1,\n    2,\n]\n");
}

#[test]
fn every_comment_stays_with_what_it_is_about() {
    let text = "// top

/* block
   of two lines */
#![enable(implicit_some)]
// close
Beamline ( // opening
  // before a
  a : 1 , // beside a

  // apart
  // before b
  b: /* odd */ 2 /* beside b */, // more
  c: [ // in the list
  ],
  d: Foo /* name */ (1, // one
    2),
  /* ahead */ e: {\"k\" /* key */: 1},
  f: 3
  // last

  // very last
) // beside the end
// after

// end";
    let expected = "// top

/* block
   of two lines */
#![enable(implicit_some)]
// close
Beamline( // opening
    // before a
    a: 1, // beside a

    // apart
    // before b
    /* odd */
    b: 2, /* beside b */ // more
    c: [ // in the list
    ],
    /* name */
    d: Foo(
        1, // one
        2,
    ),
    /* ahead */
    e: {
        /* key */
        \"k\": 1,
    },
    f: 3,
    // last

    // very last
) // beside the end
// after

// end
";
    check(text, expected);
}

#[test]
fn literals_are_kept_as_they_are_written() {
    let text = "[0xFF, 1_000, 1e3, .5, +7, 3u8, r#\"a\"b\"#, \"\\u{e9}\", 'x', NaN, r#type]\n";
    check(text, text);
    check("(a: \"one\r\ntwo\",\r\n b: 1)", "(\n    a: \"one\r\ntwo\",\n    b: 1,\n)\n");
    check("\u{feff}(a: 1)\r\n", "(a: 1)\n");
    check("// nothing but this", "// nothing but this\n");
    check("", "");
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_its_mistakes() {
    let error =
        format(Path::new("a.ron"), "Beamline(\n    format: 1\n    name: \"x\",\n)\n").expect_err("it is broken");
    let expected =
        "error: a comma is missing here\n --> a.ron:2:14\n  |\n2 |     format: 1\n  |              ^\n".to_owned();
    assert_eq!(error, FormatError::Syntax(expected));
}

/// All layouts below a folder.
fn layouts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("it is there").path());
    let of = |path: PathBuf| match path.is_dir() {
        true => layouts(&path),
        false => Vec::from_iter((path.extension() == Some(OsStr::new("ron"))).then_some(path)),
    };
    entries.flat_map(of).collect()
}

#[test]
fn the_layouts_of_this_repository_are_formatted_once_and_for_all() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = layouts(&root.join("../../layouts"));
    assert!(!shipped.is_empty());
    for path in shipped.into_iter().chain(layouts(&root.join("tests/corpus"))) {
        let text = fs::read_to_string(&path).expect("the layout can be read");
        match format(&path, &text) {
            Ok(_) => {
                let got = formatted(&text);
                let longest = got.lines().map(|line| line.chars().count()).max().unwrap_or(0);
                let is_shipped = !path.starts_with(root.join("tests"));
                assert!(!is_shipped || longest <= 120, "{}: a line of {longest}", path.display());
            }
            Err(FormatError::Syntax(_)) => {}
            Err(FormatError::Changed) => panic!("{}", path.display()),
        }
    }
}

#[test]
fn the_layout_of_the_documentation_comes_out_pleasant() {
    let expected = r#"        "omega": (kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
        "onaxis": (kind: "camera.mjpeg", config: (url: "http://axis-eh4/mjpg/video.mjpg")),
        "minidiff": (
            kind: "minidiff.diffractometer",
            uses: {"omega": "omega", "camera": "onaxis"},
            config: (axes: [Rotation("omega", (0, 1, 0)), Translation("phiz", (0, 0, 1))]),
        ),
    },
    windows: [
        Window("mxCuBE", Tabs([
            Tab("Sample", Split(
                Right(0.65),
                Brick("minidiff.sample_view", uses: {"diffractometer": "minidiff"}),
                Column([
                    Brick("motors.table", uses: {"motors": ["omega", "kappa"]}, config: (step: 0.5)),
                ]),
            )),
        ])),
    ],
)
"#;
    assert!(formatted(common::GOOD).ends_with(expected));
}
