#![allow(clippy::all, clippy::print_stdout, missing_docs)]
#[path = "../tests/common/mod.rs"]
mod common;
use std::io::Read;
fn main() {
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).expect("x");
    // cases split by \x01; files of a case by \x02; path \x03 text
    for case in s.split('\x01') {
        let files: Vec<(&str, &str)> = case.split('\x02').map(|f| f.split_once('\x03').expect("y")).collect();
        let l = common::load_files(&files, Some(&common::TestKinds));
        print!("{}\x01", l.render());
    }
}
