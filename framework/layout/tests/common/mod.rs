//! What the tests of layouts share: a handful of kinds, and files held in memory.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod kinds;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use brickwork_layout::{Kinds, Loaded, load_from};
#[allow(unused_imports, reason = "each test file uses a part of it")]
pub use kinds::TestKinds;

/// The layout that the documentation shows.
pub const GOOD: &str = r#"Beamline(
    format: 1,
    name: "ID14-4",
    include: ["common/mx-motors.ron"],
    objects: {
        "spec":     (kind: "spec.session", config: (at: "lid144:eh4")),
        "omega":    (kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "phi")),
        "onaxis":   (kind: "camera.mjpeg", config: (url: "http://axis-eh4/mjpg/video.mjpg")),
        "minidiff": (kind: "minidiff.diffractometer",
                     uses: {"omega": "omega", "camera": "onaxis"},
                     config: (axes: [Rotation("omega", (0, 1, 0)), Translation("phiz", (0, 0, 1))])),
    },
    windows: [
        Window("mxCuBE", Tabs([
            Tab("Sample", Split(Right(0.65),
                Brick("minidiff.sample_view", uses: {"diffractometer": "minidiff"}),
                Column([
                    Brick("motors.table", uses: {"motors": ["omega", "kappa"]}, config: (step: 0.5)),
                ]))),
        ])),
    ],
)
"#;

/// What `GOOD` includes.
pub const MOTORS: &str = r#"Beamline(
    format: 1,
    objects: {
        "kappa": (kind: "spec.motor", uses: {"session": "spec"}, config: (mnemonic: "kap")),
    },
)
"#;

/// Loads `main.ron` of the given files.
pub fn load_files(files: &[(&str, &str)], kinds: Option<&dyn Kinds>) -> Loaded {
    let files: HashMap<&Path, &str> = files.iter().map(|(path, text)| (Path::new(*path), *text)).collect();
    let read = |path: &Path| {
        files.get(path).map(|text| (*text).to_owned()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    load_from(&read, Path::new("main.ron"), kinds)
}
