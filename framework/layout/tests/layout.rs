//! What is read from layouts that are in order.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brickwork_layout::{
    Beamline, BrickSpec, Direction, Node, ObjectSpec, Place, TabSpec, WindowSpec, convert, load, syntax,
};
use brickwork_sdk::Value;
use common::{GOOD, MOTORS, TestKinds, load_files};

fn uses(roles: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    roles.iter().map(|(role, objects)| ((*role).to_owned(), names(objects))).collect()
}

fn object(kind: &str, roles: &[(&str, &[&str])], config: Value) -> ObjectSpec {
    ObjectSpec { kind: kind.into(), uses: uses(roles), config, ..ObjectSpec::default() }
}

fn text_map(key: &str, text: &str) -> Value {
    Value::map([(key, Value::from(text))])
}

fn axis(variant: &str, motor: &str, direction: [i64; 3]) -> Value {
    Value::map([(variant, Value::list([Value::from(motor), Value::list(direction.map(Value::Int))]))])
}

fn expected() -> Beamline {
    let axes = [axis("Rotation", "omega", [0, 1, 0]), axis("Translation", "phiz", [0, 0, 1])];
    let objects = [
        ("spec", object("spec.session", &[], text_map("at", "lid144:eh4"))),
        ("omega", object("spec.motor", &[("session", &["spec"])], text_map("mnemonic", "phi"))),
        ("kappa", object("spec.motor", &[("session", &["spec"])], text_map("mnemonic", "kap"))),
        ("onaxis", object("camera.mjpeg", &[], text_map("url", "http://axis-eh4/mjpg/video.mjpg"))),
        (
            "minidiff",
            object(
                "minidiff.diffractometer",
                &[("omega", &["omega"]), ("camera", &["onaxis"])],
                Value::map([("axes", Value::list(axes))]),
            ),
        ),
    ];
    let view = BrickSpec {
        kind: "minidiff.sample_view".into(),
        id: "minidiff.sample_view(diffractometer=minidiff)".into(),
        uses: uses(&[("diffractometer", &["minidiff"])]),
        ..BrickSpec::default()
    };
    let table = BrickSpec {
        kind: "motors.table".into(),
        id: "motors.table(motors=omega+kappa)".into(),
        uses: uses(&[("motors", &["omega", "kappa"])]),
        config: Value::map([("step", Value::Float(0.5))]),
        keep: None,
        place: Place::default(),
    };
    let sample = Node::Split {
        direction: Direction::Right,
        fraction: 0.65,
        first: Box::new(Node::Brick(view)),
        second: Box::new(Node::Column(vec![Node::Brick(table)])),
    };
    let tabs = Node::Tabs(vec![TabSpec { title: "Sample".into(), root: sample }]);
    Beamline {
        name: "ID14-4".into(),
        objects: objects.into_iter().map(|(name, spec)| (name.to_owned(), spec)).collect(),
        windows: vec![WindowSpec { title: "mxCuBE".into(), root: tabs }],
    }
}

#[test]
fn the_layout_of_the_documentation_is_read_as_it_is_meant() {
    let loaded = load_files(&[("main.ron", GOOD), ("common/mx-motors.ron", MOTORS)], Some(&TestKinds));
    assert_eq!(loaded.render(), "");
    assert_eq!(loaded.files, [PathBuf::from("main.ron"), PathBuf::from("common/mx-motors.ron")]);
    let beamline = loaded.beamline.expect("there is no error");
    assert_eq!(beamline, expected());
    let kappa = Place { file: "common/mx-motors.ron".into(), line: 4, column: 9 };
    assert_eq!(beamline.objects["kappa"].place, kappa);
    assert_eq!(beamline.bricks()[1].place.line, 18);
}

#[test]
fn a_beamline_crosses_to_the_shell_as_a_value() {
    let value = brickwork_sdk::to_value(&expected()).expect("it is plain data");
    let back: Beamline = brickwork_sdk::from_value(value).expect("what was written can be read");
    assert_eq!(back, expected());
}

#[test]
fn an_object_is_unchanged_when_only_its_line_moves() {
    let moved = GOOD.replacen("objects: {", "objects: {\n\n        // moved\n", 1);
    let load = |text| {
        let loaded = load_files(&[("main.ron", text), ("common/mx-motors.ron", MOTORS)], None);
        loaded.beamline.expect("there is no error")
    };
    assert_ne!(load(GOOD).objects["omega"].place, load(&moved).objects["omega"].place);
    assert_eq!(load(GOOD), load(&moved));
    assert_ne!(load(GOOD), load(&GOOD.replace("mnemonic: \"phi\"", "mnemonic: \"phi2\"")));
}

/// The ids of the bricks of a layout with these windows.
fn ids(windows: &str) -> Vec<String> {
    let objects = r#"{"a": (kind: "sim.motor"), "b": (kind: "sim.motor")}"#;
    let layout = format!("Beamline(format: 1, name: \"x\", objects: {objects}, windows: [Window(\"w\", {windows})])");
    let beamline = load_files(&[("main.ron", &layout)], None).beamline.expect("there is no error");
    beamline.bricks().iter().map(|brick| brick.id.clone()).collect()
}

#[test]
fn a_brick_keeps_its_identity_when_it_is_moved() {
    let a = r#"Brick("t", uses: {"motors": "a"})"#;
    let b = r#"Brick("t", uses: {"motors": ["a", "b"]}, config: (step: 1))"#;
    assert_eq!(ids(&format!("Row([{a}, {b}])")), ["t(motors=a)", "t(motors=a+b)"]);
    assert_eq!(ids(&format!("Split(Below(0.2), {b}, Tabs([Tab(\"x\", {a})]))")), ["t(motors=a+b)", "t(motors=a)"]);
    assert_eq!(
        ids(&format!("Row([{a}, {a}, Brick(\"t\"), Brick(\"t\", id: \"mine\")])")),
        ["t(motors=a)", "t(motors=a)#2", "t", "mine"]
    );
    // A name that somebody chose is never given to another.
    assert_eq!(ids("Row([Brick(\"t\"), Brick(\"u\", id: \"t\")])"), ["t#2", "t"]);
}

#[test]
fn an_override_takes_the_place_of_what_an_include_says() {
    let main = r#"Beamline(format: 1, name: "x", include: ["a.ron", "sub/b.ron"], objects: {
        "omega": (kind: "sim.motor", override: true),
    })"#;
    let a = r#"Beamline(format: 1, include: ["sub/c.ron"], objects: {"omega": (kind: "a")})"#;
    let b = r#"Beamline(format: 1, name: "not this", include: ["c.ron"], objects: {"phi": (kind: "b", override: true)},
        windows: [Window("from b", Row([]))])"#;
    let c = r#"Beamline(format: 1, objects: {"phi": (kind: "c"), "chi": (kind: "c")})"#;
    let files = [("main.ron", main), ("a.ron", a), ("sub/b.ron", b), ("sub/c.ron", c)];
    let loaded = load_files(&files, None);
    assert_eq!(loaded.render(), "");
    let beamline = loaded.beamline.expect("there is no error");
    let kinds: Vec<_> = beamline.objects.iter().map(|(name, spec)| (name.as_str(), spec.kind.as_str())).collect();
    assert_eq!(kinds, [("chi", "c"), ("omega", "sim.motor"), ("phi", "b")]);
    assert_eq!((beamline.name.as_str(), beamline.windows.len()), ("x", 1));
}

#[test]
fn files_that_cannot_be_read_are_named_to_be_watched() {
    let main = r#"Beamline(format: 1, name: "x", include: ["./missing.ron", "../up.ron"])"#;
    let loaded = load_files(&[("main.ron", main)], None);
    assert_eq!(loaded.beamline, None);
    assert_eq!(loaded.files, ["main.ron", "missing.ron", "../up.ron"].map(PathBuf::from));
    assert_eq!(loaded.error_count(), 2);

    let none = load(Path::new("/nowhere/at/all.ron"), None);
    assert_eq!(none.files, [PathBuf::from("/nowhere/at/all.ron")]);
    assert_eq!(
        none.render(),
        "error: cannot read /nowhere/at/all.ron: there is no such file\n --> /nowhere/at/all.ron:1:1\n"
    );
}

#[test]
fn every_part_of_a_config_has_its_place() {
    let text = r#"(axes: [Rotation("omega", (0, 1, 0)), Newtype((deep: 7))], mode: Some(Fast), map: {"a.b": [x]})"#;
    let tree = syntax::parse(text);
    let (converted, mistakes) = convert(tree.root().expect("there is one"));
    assert_eq!(mistakes, []);
    let written = |path: &str| converted.place(path).map(|span| &text[span.start..span.end]);
    for (path, expected) in [
        ("", text),
        ("axes[0]", r#"Rotation("omega", (0, 1, 0))"#),
        ("axes[0].Rotation[1]", "(0, 1, 0)"),
        ("axes[0].Rotation[1][2]", "0"),
        ("axes[1].Newtype.deep", "7"),
        ("mode", "Fast"),
        ("map.a.b[0]", "x"),
        // What is not there is shown at what it should be in.
        ("axes[1].Newtype.width", "(deep: 7)"),
        ("axes[7].Rotation[1]", r#"[Rotation("omega", (0, 1, 0)), Newtype((deep: 7))]"#),
        ("speed.max", text),
    ] {
        assert_eq!(written(path), Some(expected), "{path}");
    }
}

#[test]
fn a_layout_of_two_thousand_objects_is_checked_as_a_whole() {
    let mut objects = String::new();
    for n in 0..2000 {
        let leader = if n == 0 { String::new() } else { format!("\"leader\": \"m{}\"", n - 1) };
        objects += &format!("        \"m{n}\": (kind: \"sim.follower\", uses: {{{leader}}}),\n");
    }
    let names: Vec<String> = (0..2000).map(|n| format!("\"m{n}\"")).collect();
    let brick = format!("Brick(\"motors.table\", uses: {{\"motors\": [{}]}})", names.join(", "));
    let layout = format!(
        "Beamline(\n    format: 1,\n    name: \"big\",\n    objects: {{\n{objects}    }},\n    windows: [Window(\"w\", {brick})],\n)\n"
    );
    let good = load_files(&[("main.ron", &layout)], Some(&TestKinds));
    assert_eq!(good.render(), "");
    assert_eq!(good.beamline.map(|beamline| beamline.objects.len()), Some(2000));

    let broken = layout.replace("sim.follower", "sim.folower");
    assert_eq!(load_files(&[("main.ron", &broken)], Some(&TestKinds)).error_count(), 2000);
}
