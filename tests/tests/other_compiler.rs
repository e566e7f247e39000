//! A plugin that another rustc has compiled, in a host that ours has: Debian's, where it can be installed.

use std::path::Path;
use std::process::Command;

use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::programs::{built, built_folder, have, root};
use brickwork_tests::{PATIENCE, display, poll};

/// The compiler of the distribution; that of rustup comes before it on the search path.
const OTHER: &str = "/usr/bin/rustc";
const PLUGIN: &str = "libbrickwork_shared.so";
const BAR: &str = "libbrickwork_beamline.so";

const LAYOUT: &str = r#"Beamline(
    format: 1,
    name: "TWO COMPILERS",
    objects: {"chosen": (kind: "shared.text", config: (initial: "omega"))},
    windows: [
        Window("Bar", Brick("beamline.bar", uses: {"objects": ["chosen"]},
            config: (items: [(object: "chosen", channel: "value")]))),
    ],
)"#;

fn version(compiler: &str) -> String {
    let output = Command::new(compiler).arg("--version").output().expect("the compiler runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Builds the plugin with the other compiler, in a folder of its own; what is not ours is not optimised for once.
fn build(target: &Path) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "build",
        "--quiet",
        "--package",
        "brickwork-shared",
        "--config",
        "profile.dev.package.\"*\".opt-level=0",
    ]);
    cargo.current_dir(root()).env("RUSTC", OTHER).env("CARGO_TARGET_DIR", target);
    assert!(cargo.status().expect("cargo runs").success(), "{} does not compile the plugin", version(OTHER));
}

#[test]
#[expect(clippy::print_stdout, reason = "which compilers met is the result")]
fn a_plugin_of_another_compiler_loads_and_works() {
    if !(have(display::PROGRAMS) && have(&[OTHER])) {
        return;
    }
    let (other, ours) = (version(OTHER), version("rustc"));
    println!("the plugin is built with {other}, the host with {ours}");
    let target = built_folder().join("other-compiler");
    build(&target);
    let mut beamline = Beamline::prepare(LAYOUT);
    beamline.put_plugin(&target.join("debug").join(PLUGIN), PLUGIN);
    beamline.put_plugin(&built(BAR), BAR);
    beamline.run();
    let engine = beamline.engine();
    let live = poll(PATIENCE, || (engine.status("chosen").link == Link::Live).then_some(()));
    assert!(live.is_some(), "it does not load: {:?}", engine.notices());
    let call = engine.call_on("chosen", "shared_text", "set", Value::map([("value", Value::from("kappa"))]));
    assert!(matches!(engine.end_of(call), Outcome::Finished(_)));
    beamline.sees("kappa");
}
