//! `brickwork check`, `format` and `kinds` with the real plugins, as beamline staff type them.

use std::process::{Command, Output};

use brickwork_tests::programs::{built, root};

fn brickwork(arguments: &[&str]) -> Output {
    let state = std::env::temp_dir().join(format!("brickwork-tools-{}", std::process::id()));
    let mut command = Command::new(built("brickwork"));
    command.args(arguments).current_dir(root()).env("BRICKWORK_STATE", state);
    command.output().expect("the program starts")
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn shipped() -> Vec<String> {
    let files = std::fs::read_dir(root().join("layouts")).expect("layouts are shipped").flatten();
    let paths =
        files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|extension| extension == "ron"));
    paths.map(|path| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn every_shipped_layout_is_without_mistakes_and_in_the_house_style() {
    assert!(!shipped().is_empty());
    for layout in shipped() {
        let checked = brickwork(&["check", &layout]);
        assert!(checked.status.success(), "{}", words(&checked));
        assert!(words(&checked).contains("0 errors, 0 warnings"), "{}", words(&checked));
        let formatted = brickwork(&["format", "--check", &layout]);
        assert!(formatted.status.success(), "run `brickwork format {layout}`: {}", words(&formatted));
    }
}

#[test]
fn every_kind_is_documented_with_an_example_that_its_plugin_takes() {
    let table = words(&brickwork(&["kinds"]));
    let is_kind = |word: &&str| word.contains('.') && !word.starts_with('0');
    let kinds: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(is_kind)
        .collect();
    assert!(kinds.len() >= 25, "{table}");
    for kind in kinds {
        let page = brickwork(&["kinds", kind]);
        assert!(page.status.success(), "{kind}: {}", words(&page));
        assert!(words(&page).contains("Example\n"), "{kind} has no example: {}", words(&page));
        // Which channels a bar shows, and what a phase is, is for the layout alone to say.
        let needs_more = words(&page).contains("It needs values of yours");
        assert_eq!(needs_more, ["beamline.bar", "minidiff.phases"].contains(&kind), "{kind}: {}", words(&page));
    }
}

#[test]
fn mistakes_in_configs_are_told_by_the_plugins_that_have_the_kinds_also_to_editors() {
    let text = std::fs::read_to_string(root().join("layouts/demo.ron")).expect("the layout is shipped");
    let broken = text.replacen("velocity: 60", "velocty: \"60\"", 1).replacen("position: \"3\"", "position: \"7\"", 1);
    let file = std::env::temp_dir().join(format!("brickwork-broken-{}.ron", std::process::id()));
    std::fs::write(&file, broken).expect("the folder for temporary files can be written");
    let path = file.to_string_lossy().into_owned();
    let checked = brickwork(&["check", &path]);
    assert_eq!(checked.status.code(), Some(1));
    for said in ["unknown field `velocty`", "did you mean `velocity`?", "position"] {
        assert!(words(&checked).contains(said), "{said:?} in {}", words(&checked));
    }
    let output = brickwork(&["check", "--json", &path]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is one JSON document");
    let errors = json["errors"].as_u64().expect("it counts the errors");
    assert!(errors >= 2, "{json}");
    assert!(json["diagnostics"].as_array().is_some_and(|all| all.iter().all(|one| one["line"].is_u64())), "{json}");
    std::fs::remove_file(file).expect("it was just written");
}

#[test]
fn a_kind_that_is_not_there_is_refused_with_the_nearest() {
    let output = brickwork(&["kinds", "motors.tabel"]);
    assert!(!output.status.success());
    assert!(words(&output).contains("did you mean `motors.table`?"), "{}", words(&output));
}
