//! What the tests of layouts share: a handful of kinds, and files held in memory.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::HashMap;
use std::io;
use std::path::Path;

use brickwork_layout::{Kinds, Loaded, load_from};
use brickwork_sdk::Value;
use brickwork_sdk::protocol::{ConfigProblem, KindInfo, Role, RoleCount};

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

/// The kinds of four plugins.
pub struct TestKinds;

fn info(interfaces: &[(&str, u32)], roles: &[(&str, &str, u32, RoleCount)]) -> Option<KindInfo> {
    let role = |&(name, interface, version, count): &(&str, &str, u32, RoleCount)| Role {
        name: name.into(),
        interface: interface.into(),
        version,
        count,
        ..Role::default()
    };
    Some(KindInfo {
        serves: interfaces.iter().map(|(name, version)| (name.to_string(), *version)).collect(),
        roles: roles.iter().map(role).collect(),
        ..KindInfo::default()
    })
}

impl Kinds for TestKinds {
    fn object(&self, kind: &str) -> Option<KindInfo> {
        match kind {
            "spec.session" => info(&[("spec_session", 1)], &[]),
            "spec.motor" => info(&[("motor", 1)], &[("session", "spec_session", 1, RoleCount::One)]),
            "sim.motor" => info(&[("motor", 2)], &[]),
            "sim.follower" => info(&[("motor", 2)], &[("leader", "motor", 2, RoleCount::Optional)]),
            "camera.mjpeg" => info(&[("camera", 1)], &[]),
            "minidiff.diffractometer" => info(
                &[("diffractometer", 1)],
                &[("omega", "motor", 1, RoleCount::One), ("camera", "camera", 1, RoleCount::One)],
            ),
            _ => None,
        }
    }

    fn brick(&self, kind: &str) -> Option<KindInfo> {
        match kind {
            "minidiff.sample_view" => info(&[], &[("diffractometer", "diffractometer", 1, RoleCount::One)]),
            "motors.table" => info(&[], &[("motors", "motor", 1, RoleCount::Many)]),
            _ => None,
        }
    }

    fn object_kinds(&self) -> Vec<String> {
        ["spec.session", "spec.motor", "sim.motor", "sim.follower", "camera.mjpeg", "minidiff.diffractometer"]
            .map(String::from)
            .into()
    }

    fn brick_kinds(&self) -> Vec<String> {
        ["minidiff.sample_view", "motors.table"].map(String::from).into()
    }

    fn check_config(&self, kind: &str, config: &Value) -> Vec<ConfigProblem> {
        let fields: &[&str] = match kind {
            "spec.session" => &["at"],
            "spec.motor" => &["mnemonic", "unit"],
            "camera.mjpeg" => &["url"],
            "minidiff.diffractometer" => &["axes"],
            "motors.table" => &["step"],
            _ => &[],
        };
        let mut problems = unknown_fields(config, fields);
        if kind == "spec.motor" && config.get("mnemonic").is_none() {
            problems.push(problem("", "`mnemonic` is missing", &[]));
        }
        if let Some(step) = config.get("step").filter(|step| step.as_f64().is_none()) {
            problems.push(problem("step", &format!("expected a number, found {}", step.kind()), &[]));
        }
        if let Some(Value::List(axes)) = config.get("axes") {
            axes.iter().enumerate().for_each(|(index, axis)| problems.extend(check_axis(index, axis)));
        }
        problems
    }
}

fn problem(path: &str, message: &str, choices: &[&str]) -> ConfigProblem {
    let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
    ConfigProblem { path: path.into(), message: message.into(), choices }
}

fn unknown_fields(config: &Value, fields: &[&str]) -> Vec<ConfigProblem> {
    let Value::Map(entries) = config else { return Vec::new() };
    let unknown = entries.iter().filter(|entry| !fields.contains(&entry.key.as_str()));
    unknown.map(|entry| problem(&entry.key, &format!("unknown field `{}`", entry.key), fields)).collect()
}

fn check_axis(index: usize, axis: &Value) -> Option<ConfigProblem> {
    let Value::Map(entries) = axis else { return None };
    let variant = entries.first()?;
    if !["Rotation", "Translation"].contains(&variant.key.as_str()) {
        let message = format!("unknown variant `{}`", variant.key);
        return Some(problem(&format!("axes[{index}]"), &message, &["Rotation", "Translation"]));
    }
    let Value::List(arguments) = &variant.value else { return None };
    let Value::List(direction) = arguments.get(1)? else { return None };
    (direction.len() != 3)
        .then(|| problem(&format!("axes[{index}].{}[1]", variant.key), "a direction has three components", &[]))
}
