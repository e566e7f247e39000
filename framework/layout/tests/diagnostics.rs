//! Broken layouts and exactly what is said about them.

mod common;

use common::{TestKinds, load_files};

/// Loads a layout and compares all that is said about it; the first line end of both is for show.
#[track_caller]
fn check(layout: &str, expected: &str) {
    check_files(&[("main.ron", layout)], expected);
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &str) {
    let loaded = load_files(files, Some(&TestKinds));
    let rendered = loaded.render();
    assert!(rendered == expected, "expected:\n{expected}\ngot:\n{rendered}");
    assert_eq!(loaded.beamline.is_none(), loaded.error_count() > 0, "a layout is given unless there is an error");
}

#[test]
fn an_unclosed_bracket_is_shown_where_it_opens() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor",
        "phi": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "phi"]})),
    ],
)
"##,
        r##"error: this `(` is never closed
 --> main.ron:5:18
  |
5 |         "omega": (kind: "sim.motor",
  |                  ^
 ::: main.ron:6:9
  |
6 |         "phi": (kind: "sim.motor"),
  |         - `)` is missing before this
"##,
    );
}

#[test]
fn an_unclosed_map_does_not_swallow_the_windows() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motr"),
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: this `{` is never closed
 --> main.ron:4:14
  |
4 |     objects: {
  |              ^
 ::: main.ron:6:5
  |
6 |     windows: [
  |     - `}` is missing before this

error: no plugin has the object kind `sim.motr`
 --> main.ron:5:25
  |
5 |         "omega": (kind: "sim.motr"),
  |                         ^^^^^^^^^^
  = help: did you mean `sim.motor`?
"##,
    );
}

#[test]
fn an_unclosed_list_in_the_windows_is_found() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Row([
            Brick("motors.table", uses: {"motors": ["omega"]}),
            Column([
                Brick("motors.tabel", uses: {"motors": ["omega"]}),
            ),
        ])),
    ],
)
"##,
        r##"error: this `[` is never closed
  --> main.ron:10:20
   |
10 |             Column([
   |                    ^
  ::: main.ron:12:13
   |
12 |             ),
   |             - `]` is missing before this

error: no plugin has the brick kind `motors.tabel`
  --> main.ron:11:23
   |
11 |                 Brick("motors.tabel", uses: {"motors": ["omega"]}),
   |                       ^^^^^^^^^^^^^^
   = help: did you mean `motors.table`?
"##,
    );
}

#[test]
fn a_wrong_closing_bracket_names_the_right_one() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"],
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: this `]` should be `)`
 --> main.ron:5:36
  |
5 |         "omega": (kind: "sim.motor"],
  |                                    ^
 ::: main.ron:5:18
  |
5 |         "omega": (kind: "sim.motor"],
  |                  - it closes this `(`
"##,
    );
}

#[test]
fn a_stray_closing_bracket_is_to_be_removed() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: this `)` closes nothing
 --> main.ron:5:37
  |
5 |         "omega": (kind: "sim.motor")),
  |                                     ^
  = help: remove it
"##,
    );
}

#[test]
fn a_layout_that_ends_too_early_is_told_once() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
"##,
        r##"error: this `{` and the bracket around it are never closed
 --> main.ron:4:14
  |
4 |     objects: {
  |              ^
  = help: write `}` where it ends
"##,
    );
}

#[test]
fn a_missing_comma_is_shown_after_the_value() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session" config: (at: "lid144:eh4"))
        "omega": (kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: a comma is missing here
 --> main.ron:5:38
  |
5 |         "spec": (kind: "spec.session" config: (at: "lid144:eh4"))
  |                                      ^
"##,
    );
}

#[test]
fn a_missing_colon_is_shown_after_the_name() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega" (kind "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: a colon is missing after `"omega"`
 --> main.ron:5:16
  |
5 |         "omega" (kind "sim.motor"),
  |                ^

error: a colon is missing after `kind`
 --> main.ron:5:22
  |
5 |         "omega" (kind "sim.motor"),
  |                      ^
"##,
    );
}

#[test]
fn an_equals_sign_is_no_colon() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind = "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: write `:` instead of `=` after `kind`
 --> main.ron:5:24
  |
5 |         "omega": (kind = "sim.motor"),
  |                        ^
"##,
    );
}

#[test]
fn an_unterminated_text_ends_on_its_line() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session),
        "omega": (kind: "spec.motr", uses: {"session": "spec"}, config: (mnemonic: "phi")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: this text has no closing quote
 --> main.ron:5:24
  |
5 |         "spec": (kind: "spec.session),
  |                        ^^^^^^^^^^^^^
  = help: put a `"` at the end of the text

error: no plugin has the object kind `spec.motr`
 --> main.ron:6:25
  |
6 |         "omega": (kind: "spec.motr", uses: {"session": "spec"}, config: (mnemonic: "phi")),
  |                         ^^^^^^^^^^^
  = help: did you mean `spec.motor`?
"##,
    );
}

#[test]
fn an_unterminated_text_in_the_middle_of_a_line_is_told_once() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session", config: (at: "lid144:eh4")),
        "omega": (kind: "spec.motor, uses: {"session": "spec"}, config: (mnemonic: "phi")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: this text has no closing quote
 --> main.ron:6:25
  |
6 |         "omega": (kind: "spec.motor, uses: {"session": "spec"}, config: (mnemonic: "phi")),
  |                         ^^^^^^^^^^^
  = help: put a `"` at the end of the text
"##,
    );
}

#[test]
fn text_without_quotes_is_recognised() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: spec.session, config: (at: lid144:eh4)),
        "omega": (kind: 'spec.motor', uses: {"session": "spec"}, config: (mnemonic: "phi")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: text is written in double quotes
 --> main.ron:5:24
  |
5 |         "spec": (kind: spec.session, config: (at: lid144:eh4)),
  |                        ^^^^^^^^^^^^
  = help: write "spec.session"

error: text is written in double quotes
 --> main.ron:5:51
  |
5 |         "spec": (kind: spec.session, config: (at: lid144:eh4)),
  |                                                   ^^^^^^^^^^
  = help: write "lid144:eh4"

error: single quotes hold exactly one character
 --> main.ron:6:25
  |
6 |         "omega": (kind: 'spec.motor', uses: {"session": "spec"}, config: (mnemonic: "phi")),
  |                         ^^^^^^^^^^^^
  = help: text is written in double quotes: "spec.motor"
"##,
    );
}

#[test]
fn stray_signs_and_missing_values_are_told_each_at_its_place() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor", config: (), , uses: ),
        "phi": (kind: "sim.motor" ; ),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "phi"]})),
    ],
)
"##,
        r##"error: unexpected `,`
 --> main.ron:5:50
  |
5 |         "omega": (kind: "sim.motor", config: (), , uses: ),
  |                                                  ^
  = help: remove it, or write a value before it

error: a value is missing after `uses:`
 --> main.ron:5:57
  |
5 |         "omega": (kind: "sim.motor", config: (), , uses: ),
  |                                                         ^

error: unexpected `;`
 --> main.ron:6:35
  |
6 |         "phi": (kind: "sim.motor" ; ),
  |                                   ^
"##,
    );
}

#[test]
fn bad_escapes_and_numbers_are_told() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("C:\data", Split(Right(0.5.1), Brick("motors.table", uses: {"motors": ["omega"]}), Brick("motors.table"))),
    ],
)
"##,
        r##"error: unknown escape `\d`
 --> main.ron:8:19
  |
8 |         Window("C:\data", Split(Right(0.5.1), Brick("motors.table", uses: {"motors": ["omega"]}), Brick("motors.table"))),
  |                   ^^
  = help: a backslash is written `\\`; or use raw text, r"..", where it means itself

error: `0.5.1` is not a number
 --> main.ron:8:39
  |
8 |         Window("C:\data", Split(Right(0.5.1), Brick("motors.table", uses: {"motors": ["omega"]}), Brick("motors.table"))),
  |                                       ^^^^^
  = help: text is written in double quotes
"##,
    );
}

#[test]
fn quoted_field_names_are_told() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": ("kind": "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: inside `( )` the names of fields are not quoted
 --> main.ron:5:19
  |
5 |         "omega": ("kind": "sim.motor"),
  |                   ^^^^^^
  = help: write kind: without the quotes, or use `{ }` if this is to be a map
"##,
    );
}

#[test]
fn a_layout_without_format_and_name_says_so() {
    check(
        r##"// empty
Beamline(objects: {})
"##,
        r##"error: the layout does not say its format
 --> main.ron:2:1
  |
2 | Beamline(objects: {})
  | ^^^^^^^^
  = help: write `format: 1,` as its first field

error: the layout has no name
 --> main.ron:2:1
  |
2 | Beamline(objects: {})
  | ^^^^^^^^
  = help: add name: "...", the name of the beamline
"##,
    );
}

#[test]
fn a_newer_format_is_refused_without_further_errors() {
    check(
        r##"Beamline(
    format: 2,
    title: "ID14-4",
    objcts: {},
)
"##,
        r##"error: format 2 is newer than this Brickwork, which knows 1
 --> main.ron:2:13
  |
2 |     format: 2,
  |             ^
  = help: use a newer Brickwork for this layout
"##,
    );
}

#[test]
fn misspelt_fields_get_a_suggestion_and_strange_ones_the_list() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    window: [],
    objects: {
        "omega": (kind: "sim.motor", configg: (), colour: "red"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: a layout has no field `window`
 --> main.ron:4:5
  |
4 |     window: [],
  |     ^^^^^^
  = help: did you mean `windows`?

error: an object has no field `configg`
 --> main.ron:6:38
  |
6 |         "omega": (kind: "sim.motor", configg: (), colour: "red"),
  |                                      ^^^^^^^
  = help: did you mean `config`?

error: an object has no field `colour`
 --> main.ron:6:51
  |
6 |         "omega": (kind: "sim.motor", configg: (), colour: "red"),
  |                                                   ^^^^^^
  = help: its fields are `kind`, `uses`, `config` and `override`
"##,
    );
}

#[test]
fn something_else_than_a_beamline_is_refused() {
    check(
        r##"Layout(format: 1)
"##,
        r##"error: expected `Beamline(..)`, found `Layout(..)`
 --> main.ron:1:1
  |
1 | Layout(format: 1)
  | ^^^^^^
  = help: a layout is written Beamline(format: 1, name: "...", objects: {...}, windows: [...])
"##,
    );
}

#[test]
fn wrong_types_say_what_was_expected() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: "motors.ron",
    objects: {
        "omega": "sim.motor",
        phi: (kind: 5),
    },
    windows: [
        "Main",
    ],
)
"##,
        r##"error: expected a list of files, found text
 --> main.ron:4:14
  |
4 |     include: "motors.ron",
  |              ^^^^^^^^^^^^
  = help: write include: ["common/motors.ron"]

error: expected an object, found text
 --> main.ron:6:18
  |
6 |         "omega": "sim.motor",
  |                  ^^^^^^^^^^^
  = help: an object is written (kind: "spec.motor", uses: {...}, config: (...))

error: expected the name of an object, found `phi`
 --> main.ron:7:9
  |
7 |         phi: (kind: 5),
  |         ^^^
  = help: write "phi", in double quotes

error: expected the kind of an object in double quotes, found a whole number
 --> main.ron:7:21
  |
7 |         phi: (kind: 5),
  |                     ^

error: expected `Window(..)`, found text
  --> main.ron:10:9
   |
10 |         "Main",
   |         ^^^^^^
   = help: a window is written Window("title", ...)
"##,
    );
}

#[test]
fn mistakes_in_windows_are_all_found() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("One", Tab("x", Brick("motors.table"))),
        Window("Two", Row(Brick("motors.table", uses: {"motors": ["omega"]}))),
        Window("Three", Split(Rigth(0.5), Brick("motors.table"), Brick())),
        Window("Four", Split(Right(65), Brick("motors.table", colour: 1), Stack([]))),
        Window(Brick("motors.table")),
    ],
)
"##,
        r##"error: `Tab` is not a part of a window
 --> main.ron:8:23
  |
8 |         Window("One", Tab("x", Brick("motors.table"))),
  |                       ^^^
  = help: tabs are written Tabs([Tab("title", ...), ...])

error: `Row` takes one list
 --> main.ron:9:23
  |
9 |         Window("Two", Row(Brick("motors.table", uses: {"motors": ["omega"]}))),
  |                       ^^^
  = help: write Row([...])

error: a split has no direction `Rigth`
  --> main.ron:10:31
   |
10 |         Window("Three", Split(Rigth(0.5), Brick("motors.table"), Brick())),
   |                               ^^^^^
   = help: did you mean `Right`?

error: this brick has no kind
  --> main.ron:10:66
   |
10 |         Window("Three", Split(Rigth(0.5), Brick("motors.table"), Brick())),
   |                                                                  ^^^^^
   = help: write its kind first: Brick("motors.table", ...)

error: 65 is not between 0 and 1
  --> main.ron:11:36
   |
11 |         Window("Four", Split(Right(65), Brick("motors.table", colour: 1), Stack([]))),
   |                                    ^^
   = help: this is the fraction that the first part gets, such as 0.5

error: `Brick` has no field `colour`
  --> main.ron:11:63
   |
11 |         Window("Four", Split(Right(65), Brick("motors.table", colour: 1), Stack([]))),
   |                                                               ^^^^^^
   = help: its fields are `id`, `uses` and `config`

error: `Stack` is not a part of a window
  --> main.ron:11:75
   |
11 |         Window("Four", Split(Right(65), Brick("motors.table", colour: 1), Stack([]))),
   |                                                                           ^^^^^
   = help: the parts of a window are `Tabs`, `Row`, `Column`, `Split` and `Brick`

error: `Window` takes a title and what it shows
  --> main.ron:12:9
   |
12 |         Window(Brick("motors.table")),
   |         ^^^^^^
   = help: a window is written Window("title", ...)
"##,
    );
}

#[test]
fn a_name_given_twice_shows_both_places() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
        "omega": (kind: "sim.motor", kind: "spec.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: the name `omega` is given twice
 --> main.ron:6:9
  |
6 |         "omega": (kind: "sim.motor", kind: "spec.motor"),
  |         ^^^^^^^
 ::: main.ron:5:9
  |
5 |         "omega": (kind: "sim.motor"),
  |         ------- first here

error: the field `kind` is given twice
 --> main.ron:6:38
  |
6 |         "omega": (kind: "sim.motor", kind: "spec.motor"),
  |                                      ^^^^
 ::: main.ron:6:19
  |
6 |         "omega": (kind: "sim.motor", kind: "spec.motor"),
  |                   ---- first here
"##,
    );
}

#[test]
fn two_bricks_with_one_id_show_both_places() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Row([
            Brick("motors.table", id: "table", uses: {"motors": ["omega"]}),
            Brick("motors.table", id: "table"),
        ])),
    ],
)
"##,
        r##"error: two bricks have the id `table`
  --> main.ron:10:39
   |
10 |             Brick("motors.table", id: "table"),
   |                                       ^^^^^^^
  ::: main.ron:9:39
   |
 9 |             Brick("motors.table", id: "table", uses: {"motors": ["omega"]}),
   |                                       ------- first here
"##,
    );
}

#[test]
fn unknown_kinds_get_a_suggestion_only_when_one_is_near() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motro", uses: {"leader": "spec"}, config: (nonsense: 1)),
        "phi": (kind: "tango.motor"),
        "chi": (kind: "sim.gauge"),
    },
    windows: [
        Window("Main", Row([Brick("motor.table", uses: {"motors": ["omega", "phi", "chi"]}), Brick("beam.status")])),
    ],
)
"##,
        r##"error: no plugin has the object kind `sim.motro`
 --> main.ron:5:25
  |
5 |         "omega": (kind: "sim.motro", uses: {"leader": "spec"}, config: (nonsense: 1)),
  |                         ^^^^^^^^^^^
  = help: did you mean `sim.motor`?

error: there is no object `spec`
 --> main.ron:5:55
  |
5 |         "omega": (kind: "sim.motro", uses: {"leader": "spec"}, config: (nonsense: 1)),
  |                                                       ^^^^^^

error: no plugin has the object kind `tango.motor`
 --> main.ron:6:23
  |
6 |         "phi": (kind: "tango.motor"),
  |                       ^^^^^^^^^^^^^

error: no plugin has the object kind `sim.gauge`
 --> main.ron:7:23
  |
7 |         "chi": (kind: "sim.gauge"),
  |                       ^^^^^^^^^^^
  = help: the object kinds of `sim` are `sim.motor` and `sim.follower`

error: no plugin has the brick kind `motor.table`
  --> main.ron:10:35
   |
10 |         Window("Main", Row([Brick("motor.table", uses: {"motors": ["omega", "phi", "chi"]}), Brick("beam.status")])),
   |                                   ^^^^^^^^^^^^^
   = help: did you mean `motors.table`?

error: no plugin has the brick kind `beam.status`
  --> main.ron:10:100
   |
10 |         Window("Main", Row([Brick("motor.table", uses: {"motors": ["omega", "phi", "chi"]}), Brick("beam.status")])),
   |                                                                                                    ^^^^^^^^^^^^^
"##,
    );
}

#[test]
fn roles_are_checked() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session"),
        "omega": (kind: "spec.motor", uses: {"sesion": "spec"}, config: (mnemonic: "phi")),
        "phi": (kind: "spec.motor", config: (mnemonic: "phi")),
        "chi": (kind: "spec.motor", uses: {"session": ["spec", "spec"], "shutter": "spec"}, config: (mnemonic: "chi")),
        "cam": (kind: "camera.mjpeg"),
        "diff": (kind: "minidiff.diffractometer", uses: {"omega": "cam", "camera": "omegga"}),
        "follower": (kind: "sim.follower", uses: {"leader": "omega"}),
    },
    windows: [
        Window("Main", Row([
            Brick("minidiff.sample_view", uses: {"diffractometer": "diff"}),
            Brick("motors.table", uses: {"motors": ["omega", "zeta", "phi", "chi", "follower"]}),
        ])),
    ],
)
"##,
        r##"error: `spec.motor` has no role `sesion`
 --> main.ron:6:46
  |
6 |         "omega": (kind: "spec.motor", uses: {"sesion": "spec"}, config: (mnemonic: "phi")),
  |                                              ^^^^^^^^
  = help: did you mean `session`?

error: `spec.motor` needs an object in the role `session`
 --> main.ron:7:23
  |
7 |         "phi": (kind: "spec.motor", config: (mnemonic: "phi")),
  |                       ^^^^^^^^^^^^
  = help: add "session": "spec" to its uses

error: the role `session` takes exactly one object, not 2
 --> main.ron:8:55
  |
8 |         "chi": (kind: "spec.motor", uses: {"session": ["spec", "spec"], "shutter": "spec"}, config: (mnemonic: "chi")),
  |                                                       ^^^^^^^^^^^^^^^^

error: `spec.motor` has no role `shutter`
 --> main.ron:8:73
  |
8 |         "chi": (kind: "spec.motor", uses: {"session": ["spec", "spec"], "shutter": "spec"}, config: (mnemonic: "chi")),
  |                                                                         ^^^^^^^^^
  = help: its roles are: `session`

error: the role `omega` needs `motor`, which `cam` (`camera.mjpeg`) does not serve
  --> main.ron:10:67
   |
10 |         "diff": (kind: "minidiff.diffractometer", uses: {"omega": "cam", "camera": "omegga"}),
   |                                                                   ^^^^^
   = help: the objects that serve `motor` are `chi`, `follower`, `omega` and `phi`

error: there is no object `omegga`
  --> main.ron:10:84
   |
10 |         "diff": (kind: "minidiff.diffractometer", uses: {"omega": "cam", "camera": "omegga"}),
   |                                                                                    ^^^^^^^^
   = help: did you mean `omega`?

error: the role `leader` needs `motor >= 2`, but `omega` (`spec.motor`) serves only version 1
  --> main.ron:11:61
   |
11 |         "follower": (kind: "sim.follower", uses: {"leader": "omega"}),
   |                                                             ^^^^^^^
   = help: no object of this layout serves `motor >= 2`

error: there is no object `zeta`
  --> main.ron:16:62
   |
16 |             Brick("motors.table", uses: {"motors": ["omega", "zeta", "phi", "chi", "follower"]}),
   |                                                              ^^^^^^
"##,
    );
}

#[test]
fn a_role_that_nothing_can_take_says_so() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Row([
            Brick("motors.table", uses: {"motors": "omega"}),
            Brick("minidiff.sample_view"),
        ])),
    ],
)
"##,
        r##"error: `minidiff.sample_view` needs an object in the role `diffractometer`
  --> main.ron:10:19
   |
10 |             Brick("minidiff.sample_view"),
   |                   ^^^^^^^^^^^^^^^^^^^^^^
   = help: an object that serves `diffractometer` must be in the layout
"##,
    );
}

#[test]
fn circles_of_roles_are_told_once_each() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "a": (kind: "sim.follower", uses: {"leader": "b"}),
        "b": (kind: "sim.follower", uses: {"leader": "c"}),
        "c": (kind: "sim.follower", uses: {"leader": "a"}),
        "d": (kind: "sim.follower", uses: {"leader": "d"}),
        "e": (kind: "sim.follower", uses: {"leader": "a"}),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["e"]})),
    ],
)
"##,
        r##"error: these objects use one another: a -> b -> c -> a
 --> main.ron:5:54
  |
5 |         "a": (kind: "sim.follower", uses: {"leader": "b"}),
  |                                                      ^^^
  = help: an object starts after those that it uses, so these never could: remove one of the roles

error: `d` uses itself
 --> main.ron:8:54
  |
8 |         "d": (kind: "sim.follower", uses: {"leader": "d"}),
  |                                                      ^^^
  = help: an object starts after those that it uses, so these never could: remove one of the roles
"##,
    );
}

#[test]
fn an_object_that_nothing_uses_is_a_warning() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
        "phi": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"warning: no brick and no object uses `phi`
 --> main.ron:6:9
  |
6 |         "phi": (kind: "sim.motor"),
  |         ^^^^^
"##,
    );
}

#[test]
fn config_problems_are_shown_at_their_places() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session", config: (att: "lid144:eh4")),
        "omega": (kind: "spec.motor", uses: {"session": "spec"}),
        "phi": (kind: "spec.motor", uses: {"session": "spec"}, config: (unit: "mm", colour: "red")),
        "cam": (kind: "camera.mjpeg"),
        "diff": (kind: "minidiff.diffractometer", uses: {"omega": "omega", "camera": "cam"}, config: (axes: [
            Rotatoin("omega", (0, 1, 0)),
            Translation("phiz", (0, 1)),
        ])),
    },
    windows: [
        Window("Main", Row([
            Brick("motors.table", uses: {"motors": ["omega", "phi"]}, config: (step: "small")),
            Brick("minidiff.sample_view", uses: {"diffractometer": "diff"}),
        ])),
    ],
)
"##,
        r##"error: unknown field `att`
 --> main.ron:5:49
  |
5 |         "spec": (kind: "spec.session", config: (att: "lid144:eh4")),
  |                                                 ^^^
  = help: did you mean `at`?

error: `mnemonic` is missing
 --> main.ron:6:25
  |
6 |         "omega": (kind: "spec.motor", uses: {"session": "spec"}),
  |                         ^^^^^^^^^^^^

error: `mnemonic` is missing
 --> main.ron:7:72
  |
7 |         "phi": (kind: "spec.motor", uses: {"session": "spec"}, config: (unit: "mm", colour: "red")),
  |                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^

error: unknown field `colour`
 --> main.ron:7:85
  |
7 |         "phi": (kind: "spec.motor", uses: {"session": "spec"}, config: (unit: "mm", colour: "red")),
  |                                                                                     ^^^^^^
  = help: the choices are `mnemonic` and `unit`

error: unknown variant `Rotatoin`
  --> main.ron:10:13
   |
10 |             Rotatoin("omega", (0, 1, 0)),
   |             ^^^^^^^^
   = help: did you mean `Rotation`?

error: a direction has three components
  --> main.ron:11:33
   |
11 |             Translation("phiz", (0, 1)),
   |                                 ^^^^^^

error: expected a number, found text
  --> main.ron:16:86
   |
16 |             Brick("motors.table", uses: {"motors": ["omega", "phi"]}, config: (step: "small")),
   |                                                                                      ^^^^^^^
"##,
    );
}

#[test]
fn config_that_is_no_value_is_told() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor", config: {(1, 2): 3}),
        "spec": (kind: "spec.session", config: (at: "a", at: "b")),
        "m": (kind: "spec.motor", uses: {"session": "spec"}, config: (1, mnemonic: "x")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "m"]})),
    ],
)
"##,
        r##"error: the keys of a map are text, not `(..)`
 --> main.ron:5:47
  |
5 |         "omega": (kind: "sim.motor", config: {(1, 2): 3}),
  |                                               ^^^^^^

error: `at` is given twice
 --> main.ron:6:58
  |
6 |         "spec": (kind: "spec.session", config: (at: "a", at: "b")),
  |                                                          ^^
 ::: main.ron:6:49
  |
6 |         "spec": (kind: "spec.session", config: (at: "a", at: "b")),
  |                                                 -- first here

error: values with and without a name are mixed here
 --> main.ron:7:71
  |
7 |         "m": (kind: "spec.motor", uses: {"session": "spec"}, config: (1, mnemonic: "x")),
  |                                                                       ^
  = help: name all of them or none
"##,
    );
}

#[test]
fn a_missing_include_is_shown_at_its_name() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["common/motors.ron"],
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: cannot read common/motors.ron: there is no such file
 --> main.ron:4:15
  |
4 |     include: ["common/motors.ron"],
  |               ^^^^^^^^^^^^^^^^^^^
  = help: the path is relative to the folder of the file that it stands in
"##,
    );
}

#[test]
fn a_circle_of_includes_is_told_with_the_chain() {
    check_files(
        &[
            (
                "main.ron",
                r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["common/a.ron"],
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
            ),
            (
                "common/a.ron",
                r##"Beamline(format: 1, include: ["b.ron"])
"##,
            ),
            (
                "common/b.ron",
                r##"Beamline(format: 1, include: ["../main.ron", "b.ron"])
"##,
            ),
        ],
        r##"error: these files include one another: main.ron -> common/a.ron -> common/b.ron -> main.ron
 --> common/b.ron:1:31
  |
1 | Beamline(format: 1, include: ["../main.ron", "b.ron"])
  |                               ^^^^^^^^^^^^^
  = help: remove one of the includes

error: this file includes itself
 --> common/b.ron:1:46
  |
1 | Beamline(format: 1, include: ["../main.ron", "b.ron"])
  |                                              ^^^^^^^
  = help: remove one of the includes
"##,
    );
}

#[test]
fn a_name_in_two_files_needs_an_override() {
    check_files(
        &[
            (
                "main.ron",
                r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["motors.ron"],
    objects: {
        "omega": (kind: "sim.motor"),
        "phi": (kind: "sim.motor", override: true),
        "chi": (kind: "sim.motor", override: true),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "phi", "chi"]})),
    ],
)
"##,
            ),
            (
                "motors.ron",
                r##"Beamline(format: 1, objects: {
    "omega": (kind: "sim.motor"),
    "phi": (kind: "sim.motr"),
})
"##,
            ),
        ],
        r##"error: the name `omega` is given twice
 --> main.ron:6:9
  |
6 |         "omega": (kind: "sim.motor"),
  |         ^^^^^^^
 ::: motors.ron:2:5
  |
2 |     "omega": (kind: "sim.motor"),
  |     ------- first here
  = help: if this one is to take its place, add override: true

warning: `chi` overrides nothing
 --> main.ron:8:9
  |
8 |         "chi": (kind: "sim.motor", override: true),
  |         ^^^^^
  = help: did you mean `phi`?
"##,
    );
}

#[test]
fn mistakes_of_all_files_come_in_one_go() {
    check_files(
        &[
            (
                "main.ron",
                r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["motors.ron"],
    objects: {
        "omega": (kind: "sim.motr"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
            ),
            (
                "motors.ron",
                r##"Beamline(format: 1, objects: {
    "phi": (kind: "sim.motor"
})
"##,
            ),
        ],
        r##"error: no plugin has the object kind `sim.motr`
 --> main.ron:6:25
  |
6 |         "omega": (kind: "sim.motr"),
  |                         ^^^^^^^^^^
  = help: did you mean `sim.motor`?

error: this `(` is never closed
 --> motors.ron:2:12
  |
2 |     "phi": (kind: "sim.motor"
  |            ^
 ::: motors.ron:3:1
  |
3 | })
  | - `)` is missing before this
"##,
    );
}

#[test]
fn a_missing_opening_bracket_is_told_once() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session", config: at: "lid144:eh4")),
        "omega": kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega"]})),
    ],
)
"##,
        r##"error: a `(` seems to be missing before this
 --> main.ron:5:48
  |
5 |         "spec": (kind: "spec.session", config: at: "lid144:eh4")),
  |                                                ^^^
 ::: main.ron:5:65
  |
5 |         "spec": (kind: "spec.session", config: at: "lid144:eh4")),
  |                                                                 - nothing opens this

error: a `(` seems to be missing before this
 --> main.ron:6:18
  |
6 |         "omega": kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
  |                  ^^^^^
 ::: main.ron:6:90
  |
6 |         "omega": kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
  |                                                                                          - nothing opens this
"##,
    );
}

#[test]
fn a_misspelt_field_is_read_as_it_was_meant() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objcts: {
        "omega": (kinnd: "sim.motor", use: {"leader": "phi"}),
    },
    windows: [Window("Main", Brick("motors.table", usess: {"motors": ["omega"]}))],
)
"##,
        r##"error: a layout has no field `objcts`
 --> main.ron:4:5
  |
4 |     objcts: {
  |     ^^^^^^
  = help: did you mean `objects`?

error: an object has no field `kinnd`
 --> main.ron:5:19
  |
5 |         "omega": (kinnd: "sim.motor", use: {"leader": "phi"}),
  |                   ^^^^^
  = help: did you mean `kind`?

error: an object has no field `use`
 --> main.ron:5:39
  |
5 |         "omega": (kinnd: "sim.motor", use: {"leader": "phi"}),
  |                                       ^^^
  = help: did you mean `uses`?

error: `sim.motor` has no role `leader`
 --> main.ron:5:45
  |
5 |         "omega": (kinnd: "sim.motor", use: {"leader": "phi"}),
  |                                             ^^^^^^^^
  = help: it uses no objects

error: there is no object `phi`
 --> main.ron:5:55
  |
5 |         "omega": (kinnd: "sim.motor", use: {"leader": "phi"}),
  |                                                       ^^^^^

error: `Brick` has no field `usess`
 --> main.ron:7:52
  |
7 |     windows: [Window("Main", Brick("motors.table", usess: {"motors": ["omega"]}))],
  |                                                    ^^^^^
  = help: did you mean `uses`?
"##,
    );
}

#[test]
fn the_kind_of_a_brick_has_no_field_name() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Row([
            Brick(kind: "motors.table", uses: {"motors": ["omega"]}),
            Brick(uses: {"motors": ["omega"]}, "motors.table"),
            Brick("motors.table", "motors.table"),
        ])),
    ],
)
"##,
        r##"error: `Brick` has no field `kind`
 --> main.ron:9:19
  |
9 |             Brick(kind: "motors.table", uses: {"motors": ["omega"]}),
  |                   ^^^^
  = help: its kind comes first, without a name: Brick("motors.table", ...)

error: values without a name come before those with one
  --> main.ron:10:48
   |
10 |             Brick(uses: {"motors": ["omega"]}, "motors.table"),
   |                                                ^^^^^^^^^^^^^^

error: `Brick` takes one value, but text follows it
  --> main.ron:11:35
   |
11 |             Brick("motors.table", "motors.table"),
   |                                   ^^^^^^^^^^^^^^
"##,
    );
}

#[test]
fn values_without_a_name_are_told_in_an_object() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": ("sim.motor"),
        "phi": (),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "phi"]})),
    ],
)
"##,
        r##"error: the fields of an object have names, but text stands here without one
 --> main.ron:5:19
  |
5 |         "omega": ("sim.motor"),
  |                   ^^^^^^^^^^^

error: the object `phi` has no kind
 --> main.ron:6:9
  |
6 |         "phi": (),
  |         ^^^^^
  = help: add kind: "..."
"##,
    );
}

#[test]
fn wrong_roles_are_told_at_their_places() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor", uses: ["spec"]),
        "phi": (kind: "sim.follower", uses: {leader: omega}),
        "chi": (kind: "sim.follower", uses: {"leader": [], "leader": 5, "": "omega"}, override: "yes"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", 3]})),
    ],
)
"##,
        r##"error: expected a map of roles, found a list
 --> main.ron:5:44
  |
5 |         "omega": (kind: "sim.motor", uses: ["spec"]),
  |                                            ^
  = help: write uses: {"role": "object"}

error: expected the name of a role, found `leader`
 --> main.ron:6:46
  |
6 |         "phi": (kind: "sim.follower", uses: {leader: omega}),
  |                                              ^^^^^^
  = help: write "leader", in double quotes

error: the role `leader` is given twice
 --> main.ron:7:60
  |
7 |         "chi": (kind: "sim.follower", uses: {"leader": [], "leader": 5, "": "omega"}, override: "yes"),
  |                                                            ^^^^^^^^
 ::: main.ron:7:46
  |
7 |         "chi": (kind: "sim.follower", uses: {"leader": [], "leader": 5, "": "omega"}, override: "yes"),
  |                                              -------- first here

error: the name of a role is empty
 --> main.ron:7:73
  |
7 |         "chi": (kind: "sim.follower", uses: {"leader": [], "leader": 5, "": "omega"}, override: "yes"),
  |                                                                         ^^

error: expected true or false, found text
 --> main.ron:7:97
  |
7 |         "chi": (kind: "sim.follower", uses: {"leader": [], "leader": 5, "": "omega"}, override: "yes"),
  |                                                                                                 ^^^^^

error: expected the name of an object in double quotes, found a whole number
  --> main.ron:10:73
   |
10 |         Window("Main", Brick("motors.table", uses: {"motors": ["omega", 3]})),
   |                                                                         ^
"##,
    );
}

#[test]
fn empty_names_and_titles_are_told() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "": (kind: ""),
    },
    windows: [
        Window("", Brick(" ")),
    ],
)
"##,
        r##"error: the name of an object is empty
 --> main.ron:5:9
  |
5 |         "": (kind: ""),
  |         ^^

error: the kind of an object is empty
 --> main.ron:5:20
  |
5 |         "": (kind: ""),
  |                    ^^

error: a title is empty
 --> main.ron:8:16
  |
8 |         Window("", Brick(" ")),
  |                ^^

error: the kind of a brick is empty
 --> main.ron:8:26
  |
8 |         Window("", Brick(" ")),
  |                          ^^^
"##,
    );
}

#[test]
fn objects_and_windows_of_the_wrong_form_are_told() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: [],
    windows: {"Main": Brick("motors.table", uses: {"motors": ["omega"]})},
)
"##,
        r##"error: expected a map of objects, found a list
 --> main.ron:4:14
  |
4 |     objects: [],
  |              ^
  = help: write objects: {"omega": (kind: "spec.motor"), ...}

error: expected a list of windows, found a map
 --> main.ron:5:14
  |
5 |     windows: {"Main": Brick("motors.table", uses: {"motors": ["omega"]})},
  |              ^
  = help: write windows: [Window("title", ...)]
"##,
    );
}

#[test]
fn splits_are_checked() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Tabs([
            Tab("1", Split(Right, Brick("motors.table"), Brick("motors.table"))),
            Tab("2", Split(Right(), Brick("motors.table"), Brick("motors.table"))),
            Tab("3", Split(Below("half"), Brick("motors.table"), Brick("motors.table"))),
            Tab("4", Split(Below(0.5), Brick("motors.table"))),
            Tab("5", Split(Below(1), "left", Brick("motors.table", uses: {"motors": ["omega"]}))),
            Tab("6"),
            Brick("motors.table"),
        ])),
    ],
)
"##,
        r##"error: expected `Right(..)` or `Below(..)`, found `Right`
 --> main.ron:9:28
  |
9 |             Tab("1", Split(Right, Brick("motors.table"), Brick("motors.table"))),
  |                            ^^^^^
  = help: a split is written Split(Right(0.5), ..., ...) or Split(Below(0.5), ..., ...)

error: `Right` takes the fraction that the first part gets
  --> main.ron:10:28
   |
10 |             Tab("2", Split(Right(), Brick("motors.table"), Brick("motors.table"))),
   |                            ^^^^^
   = help: write Right(0.5)

error: expected a number between 0 and 1, found text
  --> main.ron:11:34
   |
11 |             Tab("3", Split(Below("half"), Brick("motors.table"), Brick("motors.table"))),
   |                                  ^^^^^^

error: `Split` takes a direction and two parts
  --> main.ron:12:22
   |
12 |             Tab("4", Split(Below(0.5), Brick("motors.table"))),
   |                      ^^^^^
   = help: a split is written Split(Right(0.5), ..., ...) or Split(Below(0.5), ..., ...)

error: 1 is not between 0 and 1
  --> main.ron:13:34
   |
13 |             Tab("5", Split(Below(1), "left", Brick("motors.table", uses: {"motors": ["omega"]}))),
   |                                  ^
   = help: this is the fraction that the first part gets, such as 0.5

error: expected a part of a window, found text
  --> main.ron:13:38
   |
13 |             Tab("5", Split(Below(1), "left", Brick("motors.table", uses: {"motors": ["omega"]}))),
   |                                      ^^^^^^
   = help: a part of a window is Tabs([..]), Row([..]), Column([..]), Split(..) or Brick("kind")

error: `Tab` takes a title and what it shows
  --> main.ron:14:13
   |
14 |             Tab("6"),
   |             ^^^
   = help: a tab is written Tab("title", ...)

error: expected `Tab(..)`, found `Brick(..)`
  --> main.ron:15:13
   |
15 |             Brick("motors.table"),
   |             ^^^^^
   = help: a tab is written Tab("title", ...)
"##,
    );
}

#[test]
fn an_empty_file_is_no_layout() {
    check(
        r##"// nothing here
"##,
        r##"error: this file is empty
 --> main.ron:1:1
  |
1 | // nothing here
  | ^
  = help: a layout is written Beamline(format: 1, name: "...", objects: {...}, windows: [...])
"##,
    );
}

#[test]
fn two_layouts_in_one_file_are_refused() {
    check(
        r##"Beamline(format: 1, name: "a")
Beamline(format: 1, name: "b")
"##,
        r##"error: nothing may follow the end of the layout
 --> main.ron:2:1
  |
2 | Beamline(format: 1, name: "b")
  | ^^^^^^^^
  = help: a bracket before this closes too early, or this is left over
"##,
    );
}

#[test]
fn the_format_is_a_number() {
    check(
        r##"Beamline(format: "1", name: "a")
"##,
        r##"error: expected the number of the format, found text
 --> main.ron:1:18
  |
1 | Beamline(format: "1", name: "a")
  |                  ^^^
  = help: write `format: 1`
"##,
    );
}

#[test]
fn format_zero_never_existed() {
    check(
        r##"Beamline(format: 0, name: "a")
"##,
        r##"error: there is no format 0
 --> main.ron:1:18
  |
1 | Beamline(format: 0, name: "a")
  |                  ^
  = help: write `format: 1`
"##,
    );
}

#[test]
fn an_unclosed_comment_is_told() {
    check(
        r##"Beamline(
    format: 1, /* the first
    name: "a",
)
"##,
        r##"error: this comment is never closed
 --> main.ron:2:16
  |
2 |     format: 1, /* the first
  |                ^^
  = help: write `*/` where it ends
"##,
    );
}

#[test]
fn five_mistakes_of_five_sorts_are_five_messages() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "spec": (kind: "spec.session" config: (att: "lid144:eh4")),
        "omega": (kind: "spec.motor", uses: {"session": "spek"}, config: (mnemonic: "phi"),
        "phi": (kind: "spec.motr", uses: {"session": "spec"}),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motor": ["omega", "phi"]})),
    ],
)
"##,
        r##"error: a comma is missing here
 --> main.ron:5:38
  |
5 |         "spec": (kind: "spec.session" config: (att: "lid144:eh4")),
  |                                      ^

error: unknown field `att`
 --> main.ron:5:48
  |
5 |         "spec": (kind: "spec.session" config: (att: "lid144:eh4")),
  |                                                ^^^
  = help: did you mean `at`?

error: this `(` is never closed
 --> main.ron:6:18
  |
6 |         "omega": (kind: "spec.motor", uses: {"session": "spek"}, config: (mnemonic: "phi"),
  |                  ^
 ::: main.ron:7:9
  |
7 |         "phi": (kind: "spec.motr", uses: {"session": "spec"}),
  |         - `)` is missing before this

error: there is no object `spek`
 --> main.ron:6:57
  |
6 |         "omega": (kind: "spec.motor", uses: {"session": "spek"}, config: (mnemonic: "phi"),
  |                                                         ^^^^^^
  = help: did you mean `spec`?

error: no plugin has the object kind `spec.motr`
 --> main.ron:7:23
  |
7 |         "phi": (kind: "spec.motr", uses: {"session": "spec"}),
  |                       ^^^^^^^^^^^
  = help: did you mean `spec.motor`?

error: `motors.table` has no role `motor`
  --> main.ron:10:53
   |
10 |         Window("Main", Brick("motors.table", uses: {"motor": ["omega", "phi"]})),
   |                                                     ^^^^^^^
   = help: did you mean `motors`?
"##,
    );
}

#[test]
fn a_long_line_is_cut_around_the_mistake() {
    check(
        r##"Beamline(
    format: 1,
    name: "ID14-4",
    objects: {
        "omega": (kind: "sim.motor"), "phi": (kind: "sim.motor"), "chi": (kind: "sim.motor"), "kappa": (kind: "sim.motr"), "x": (kind: "sim.motor"), "y": (kind: "sim.motor"), "z": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["omega", "phi", "chi", "kappa", "x", "y", "z"]})),
    ],
)
"##,
        r##"error: no plugin has the object kind `sim.motr`
 --> main.ron:5:111
  |
5 | ...otor"), "phi": (kind: "sim.motor"), "chi": (kind: "sim.motor"), "kappa": (kind: "sim.motr"), "x": (kind: "sim.motor"), "y": (kind: "sim.motor"), "z": (kind: "si...
  |                                                                                    ^^^^^^^^^^
  = help: did you mean `sim.motor`?
"##,
    );
}

#[test]
fn columns_count_characters_and_tabs_keep_carets_in_place() {
    check(
        r##"Beamline(
	format: 1,
	name: "Größe", titel: "ÄÖÜ",
)
"##,
        r##"error: a layout has no field `titel`
 --> main.ron:3:17
  |
3 |  name: "Größe", titel: "ÄÖÜ",
  |                 ^^^^^
  = help: its fields are `format`, `name`, `include`, `objects` and `windows`
"##,
    );
}

#[test]
fn a_broken_include_hides_no_names_that_may_be_in_it() {
    check_files(
        &[
            (
                "main.ron",
                r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["motors.ron", "none.ron"],
    objects: {
        "a": (kind: "sim.follower", uses: {"leader": "zeta"}),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["a", "kappa"]})),
    ],
)
"##,
            ),
            (
                "motors.ron",
                r##"Beamline(format: 1, objects: {
    "kappa": (kind: "sim.motor"
"##,
            ),
        ],
        r##"error: cannot read none.ron: there is no such file
 --> main.ron:4:29
  |
4 |     include: ["motors.ron", "none.ron"],
  |                             ^^^^^^^^^^
  = help: the path is relative to the folder of the file that it stands in

error: this `(` and 2 brackets around it are never closed
 --> motors.ron:2:14
  |
2 |     "kappa": (kind: "sim.motor"
  |              ^
  = help: write `)` where it ends
"##,
    );
}

#[test]
fn two_includes_that_disagree_are_told() {
    check_files(
        &[
            (
                "main.ron",
                r##"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["one.ron", "two.ron"],
    objects: {
        "a": (kind: "sim.motor"),
    },
    windows: [
        Window("Main", Brick("motors.table", uses: {"motors": ["a", "phi"]})),
    ],
)
"##,
            ),
            (
                "one.ron",
                r##"Beamline(format: 1, objects: {"phi": (kind: "sim.motor")})
"##,
            ),
            (
                "two.ron",
                r##"Beamline(format: 1, objects: {"phi": (kind: "spec.motor")})
"##,
            ),
        ],
        r##"error: the name `phi` is given twice
 --> two.ron:1:31
  |
1 | Beamline(format: 1, objects: {"phi": (kind: "spec.motor")})
  |                               ^^^^^
 ::: one.ron:1:31
  |
1 | Beamline(format: 1, objects: {"phi": (kind: "sim.motor")})
  |                               ----- first here
  = help: if this one is to take its place, add override: true
"##,
    );
}
