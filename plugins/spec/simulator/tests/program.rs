//! The command: what it prints, what it refuses, and when it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mxspecsim"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a command that ends by itself prints, and whether it succeeded.
fn printed(arguments: &[&str]) -> (String, bool) {
    let output = command(arguments).output().expect("it can be started");
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).expect("it prints text"), output.status.success())
}

/// A running one, and the line that it begins with.
fn running(arguments: &[&str]) -> (Child, String) {
    let mut child = command(arguments).spawn().expect("it can be started");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("it prints a line");
    (child, line)
}

#[test]
fn it_says_where_it_listens_and_that_it_is_a_simulator_and_ends_with_its_standard_input() {
    let (mut child, line) = running(&["--port", "0", "--name", "eh1sim", "--until-stdin-closes"]);
    let port = line
        .strip_prefix("mxspecsim eh1sim listens on 127.0.0.1:")
        .and_then(|rest| rest.strip_suffix(" (a simulator)\n"));
    let port: u16 = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("{line:?}"));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(child.stdin.take());
    assert!(child.wait().expect("it was started").success());
    let mut rest = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut rest).expect("it is text");
    assert_eq!(rest, "");
}

#[test]
fn it_takes_motors_from_a_file_and_says_what_is_wrong_with_one() {
    let file = std::env::temp_dir().join(format!("mxspecsim-motors-{}.json", std::process::id()));
    let path = file.to_str().expect("the name is text");
    std::fs::write(&file, r#"[{"mnemonic": "m7", "name": "Seven", "high_limit": 3.5}]"#).expect("it can be written");
    let (text, success) = printed(&["--motors", path, "--print-setup"]);
    assert!(success && text.contains("\"mnemonic\": \"m7\"") && !text.contains("phi"), "{text}");

    let (_, json) = text.split_at(text.find('{').expect("it is an object"));
    std::fs::write(&file, json).expect("it can be written");
    assert_eq!(printed(&["--setup", path, "--print-setup"]), (text.clone(), true), "what is printed is taken");

    std::fs::write(&file, r#"[{"mnemonic": "m7", "speed": 3.5}]"#).expect("it can be written");
    let (text, success) = printed(&["--motors", path]);
    assert!(!success && text.contains("speed") && text.contains(path) && text.contains("line 1"), "{text}");
    std::fs::remove_file(&file).expect("it is there");
}

#[test]
fn it_refuses_a_name_that_hides_what_it_is() {
    let (text, success) = printed(&["--name", "eh1", "--port", "0"]);
    assert!(!success && text.contains("put `sim` into it"), "{text}");
    let (help, success) = printed(&["--help"]);
    assert!(success && help.contains("A simulator of spec"), "{help}");
}
