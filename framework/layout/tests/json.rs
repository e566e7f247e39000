//! What editors read.

mod common;

use std::path::Path;

use brickwork_layout::to_json;
use common::{TestKinds, load_files};

#[test]
fn an_editor_gets_every_place_with_its_end() {
    let main = "Beamline(format: 1, name: \"é\", objects: {\n    \"a\": (kind: \"sim.motr\"),\n    \"a\": (kind: \"sim.motor\"),\n})\n";
    let loaded = load_files(&[("main.ron", main)], Some(&TestKinds));
    let json = to_json(Path::new("main.ron"), &loaded, &["x.so was not loaded".into()]);
    let got: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let expected = serde_json::json!({
        "layout": "main.ron", "errors": 2, "warnings": 0, "plugins": ["x.so was not loaded"],
        "diagnostics": [
            {
                "severity": "error", "file": "main.ron", "line": 2, "column": 17, "end_line": 2, "end_column": 27,
                "message": "no plugin has the object kind `sim.motr`", "help": "did you mean `sim.motor`?",
                "related": null,
            },
            {
                "severity": "error", "file": "main.ron", "line": 3, "column": 5, "end_line": 3, "end_column": 8,
                "message": "the name `a` is given twice", "help": null,
                "related": {
                    "file": "main.ron", "line": 2, "column": 5, "end_line": 2, "end_column": 8, "message": "first here",
                },
            },
        ],
    });
    assert_eq!(got, expected);
}

#[test]
fn warnings_are_counted_apart_and_may_be_in_another_file() {
    let main = "Beamline(format: 1, name: \"x\", include: [\"m.ron\"], windows: [Window(\"w\", Row([Brick(\"motors.table\")]))])";
    let include = "Beamline(format: 1, objects: {\n    \"a\": (kind: \"sim.motor\"),\n})";
    let loaded = load_files(&[("main.ron", main), ("m.ron", include)], Some(&TestKinds));
    let got: serde_json::Value =
        serde_json::from_str(&to_json(Path::new("main.ron"), &loaded, &[])).expect("it is JSON");
    assert_eq!((&got["errors"], &got["warnings"]), (&0.into(), &1.into()));
    let warning = &got["diagnostics"][0];
    assert_eq!(
        (&warning["severity"], &warning["file"], &warning["line"]),
        (&"warning".into(), &"m.ron".into(), &2.into())
    );
}
