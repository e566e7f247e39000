//! The fuzzer: libFuzzer with the target that `BRICKWORK_FUZZ_TARGET` names; `list` prints them all. It writes the target's seeds into
//! `BRICKWORK_FUZZ_SEEDS` before it begins. `cargo xtask soak` builds it and starts it.

#![no_main]
// The list of targets is its purpose.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::sync::OnceLock;

use brickwork_fuzz::{TARGETS, Target, target};

static TARGET: OnceLock<&'static Target> = OnceLock::new();

fn begin() {
    let name = std::env::var("BRICKWORK_FUZZ_TARGET").expect("cargo xtask soak names a target");
    if name == "list" {
        TARGETS.iter().for_each(|target| println!("{}", target.name));
        std::process::exit(0);
    }
    let folder = std::env::var_os("BRICKWORK_FUZZ_SEEDS").expect("cargo xtask soak names a folder");
    let target = target(&name).expect("it is a target");
    for (number, seed) in (target.seeds)().iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("seed-{number}")), seed).expect("the folder can be written");
    }
    let _ = TARGET.set(target);
}

libfuzzer_sys::fuzz_target!(
    init: begin(),
    |data: &[u8]| (TARGET.get().expect("it was set at the start").run)(data)
);
