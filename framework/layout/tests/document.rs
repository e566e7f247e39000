//! What is said about kinds, in both styles, and that each example is a layout that passes the check.

mod common;

use std::path::Path;

use brickwork_layout::document::{self, Style};
use brickwork_layout::{format, load_from};
use common::TestKinds;
use common::kinds::plugins;

#[track_caller]
fn check(kind: &str, style: Style, expected: &str) {
    let got = document::kind(&plugins(), kind, style).expect("the kind is known");
    assert!(got == expected, "expected:\n{expected}\ngot:\n{got}");
}

#[test]
fn all_kinds_are_listed_by_plugin() {
    let plain = document::kinds(&plugins(), Style::Plain);
    let expected = "\
brickwork-sim 0.1.0
  kind          is      help
  sim.motor     object  A simulated motor.
  sim.follower  object  A motor that goes where another one goes.
";
    assert!(plain.contains(expected), "{plain}");
    let markdown = document::kinds(&plugins(), Style::Markdown);
    let expected = "\
## brickwork-motors 0.1.0

| kind | is | help |
|---|---|---|
| `motors.table` | brick | Motors in rows. |
";
    assert!(markdown.contains(expected), "{markdown}");
}

#[test]
fn a_page_tells_interfaces_roles_and_config() {
    check(
        "spec.motor",
        Style::Plain,
        "\
spec.motor
A motor that spec drives.

An object kind of brickwork-spec 0.1.0.

Serves motor v1
One axis of motion, in its user coordinate.

  channel   type              unit          help
  position  number            as unit says  Where it is.
  target    number            as unit says  Where it was last sent.
  limits    (number, number)  as unit says  The lowest and the highest position that it may be sent to.
  unit      text                            The unit of its positions: mm, um, deg or mrad.
  state     MotorState                      What it is doing.
  velocity  number, optional                How fast it moves, in its unit per second.

  command                                  when busy        help
  move_to(position: number within limits)  takes its place  Moves to position; finishes when the motion has ended there.
  stop()                                   always works     Ends the motion now.

Roles
  role     takes             help
  session  one spec_session  The session that knows it.

Config
  field     type                        default   help
  mnemonic  text                        required  Its name in spec.
  poll_hz   whole number from 1 to 100  10        How often its position is read, in Hz.
  unit      one of                      mm        The unit of its positions.
            mm                                    Millimetres.
            um                                    Micrometres.
            deg                                   Degrees.
            mrad                                  Milliradians.
",
    );
}

#[test]
fn variants_lists_and_fields_within_are_told_in_words() {
    check(
        "minidiff.diffractometer",
        Style::Markdown,
        "\
## minidiff.diffractometer

A diffractometer with its microscope.

An object kind of brickwork-minidiff 0.1.0.

### Serves diffractometer v1


### Roles

| role | takes | help |
|---|---|---|
| `omega` | one `motor` | The axis that turns while data are taken. |
| `camera` | one `camera` |  |

### Config

| field | type | default | help |
|---|---|---|---|
| `axes` | list of | `[]` | The axes from the floor to the sample. |
|  | `Rotation(text, (number, number, number))` |  | It turns about the direction. |
|  | `Translation(text, (number, number, number))` |  | It moves along the direction. |
| `beam` | (whole number from 0, whole number from 0), optional |  | The beam in the picture, in pixels. |
| `home` | map to number | `{}` | Where each motor stands when the sample is centred. |
",
    );
    let camera = document::kind(&plugins(), "camera.mjpeg", Style::Markdown).expect("the kind is known");
    for row in [
        "| `login` | fields, optional |  | Who looks at it. |",
        "| `login.user` | text | required | The user. |",
        "| `mode` | one of | `stream` | What it sends. |",
        "|  | `every(number)` |  | One picture each so many seconds. |",
    ] {
        assert!(camera.contains(row), "{row} is in\n{camera}");
    }
}

#[test]
fn the_example_of_every_kind_passes_the_check() {
    let plugins = plugins();
    let kinds = plugins.iter().flat_map(|plugin| plugin.objects.iter().chain(&plugin.bricks));
    let mut count = 0;
    for info in kinds {
        let example = document::example(&plugins, &info.kind).expect("everything that it needs is there");
        let read = |_: &Path| Ok(example.clone());
        let loaded = load_from(&read, Path::new("example.ron"), Some(&TestKinds));
        assert_eq!(loaded.render(), "", "{example}");
        assert!(example.contains(&format!("{:?}", info.kind)), "{example}");
        assert_eq!(format(Path::new("example.ron"), &example).as_ref(), Ok(&example));
        count += 1;
    }
    assert_eq!(count, 9);
}

#[test]
fn an_example_brings_what_its_kind_needs() {
    let expected = r#"Beamline(
    format: 1,
    name: "EXAMPLE",
    objects: {
        "omega": (kind: "sim.follower"),
        "camera": (kind: "camera.mjpeg", config: (url: "http://axis/mjpg/video.mjpg")),
        "diffractometer": (kind: "minidiff.diffractometer", uses: {"omega": "omega", "camera": "camera"}),
    },
    windows: [Window("Example", Brick("minidiff.sample_view", uses: {"diffractometer": "diffractometer"}))],
)
"#;
    assert_eq!(document::example(&plugins(), "minidiff.sample_view").as_deref(), Ok(expected));
}

#[test]
fn what_cannot_be_shown_says_why() {
    let mut few = plugins();
    few.retain(|plugin| plugin.name != "brickwork-camera");
    let why = document::example(&few, "minidiff.diffractometer").expect_err("there is no camera");
    assert_eq!(why, "no plugin here serves `camera`, which its role `camera` needs");
    for (written, expected) in [
        ("sim.motr", "no plugin has the kind `sim.motr`; did you mean `sim.motor`?"),
        ("sim.gauge", "no plugin has the kind `sim.gauge`; the kinds of `sim` are `sim.motor` and `sim.follower`"),
        ("tango.attribute", "no plugin has the kind `tango.attribute`; `brickwork kinds` lists all"),
    ] {
        assert_eq!(document::kind(&plugins(), written, Style::Plain), Err(expected.to_owned()));
    }
}

#[test]
fn an_example_and_its_remark_end_a_page() {
    let mut page = "x\n".to_owned();
    document::with_example(&mut page, Style::Plain, "(\n    a: 1,\n)\n", "It needs more.");
    assert_eq!(page, "x\n\nExample\n  (\n      a: 1,\n  )\n\nIt needs more.\n");
    let mut page = "x\n".to_owned();
    document::with_example(&mut page, Style::Markdown, "(a: 1)\n", "");
    assert_eq!(page, "x\n\n### Example\n\n```ron\n(a: 1)\n```\n");
}
