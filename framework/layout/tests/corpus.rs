//! Broken layouts, and exactly what is said about each of them.
//!
//! `corpus/NN-name.ron` is a layout with one to five mistakes, a folder of that name holds what it
//! includes, and `NN-name.expected` what is said. `UPDATE_EXPECTED=1` writes the latter anew; then
//! read it as the person would who has to mend the layout.

mod common;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use brickwork_layout::{Loaded, load_from};
use common::TestKinds;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The files of the corpus with this extension, without it, sorted.
fn stems(extension: &str) -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the corpus can be read");
    let paths = entries.map(|entry| entry.expect("the corpus can be read").path());
    let of_extension = paths.filter(|path| path.extension() == Some(OsStr::new(extension)));
    let stem = |path: PathBuf| path.file_stem().expect("it is a file").to_string_lossy().into_owned();
    let mut stems: Vec<String> = of_extension.map(stem).collect();
    stems.sort();
    stems
}

fn load(stem: &str) -> Loaded {
    let read = |path: &Path| -> io::Result<String> { fs::read_to_string(folder().join(path)) };
    load_from(&read, Path::new(&format!("{stem}.ron")), Some(&TestKinds))
}

#[test]
fn every_broken_layout_is_judged_as_expected() {
    let is_update = env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for stem in stems("ron") {
        let loaded = load(&stem);
        let got = loaded.render();
        let path = folder().join(format!("{stem}.expected"));
        let expected = fs::read_to_string(&path).ok();
        if is_update && expected.as_ref() != Some(&got) {
            fs::write(&path, &got).expect("the corpus can be written");
        } else if !is_update && expected.as_ref() != Some(&got) {
            let expected = expected.unwrap_or_else(|| "there is no expectation: UPDATE_EXPECTED=1 writes one\n".into());
            wrong.push(format!("== {stem}, expected:\n{expected}\n== got:\n{got}"));
        }
        assert!(!loaded.diagnostics.is_empty(), "{stem} is in the corpus for its mistakes");
        assert_eq!(loaded.beamline.is_none(), loaded.error_count() > 0, "{stem}: a layout unless there is an error");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_expectation_is_left_without_its_layout() {
    let layouts = stems("ron");
    assert!(layouts.len() >= 60, "the corpus has {} layouts", layouts.len());
    let orphans: Vec<String> = stems("expected").into_iter().filter(|stem| !layouts.contains(stem)).collect();
    assert_eq!(orphans, [] as [&str; 0]);
}
