//! `spec.session`: what it shows of spec, and how what it runs ends.

use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{Outcome, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Command, Data, Packet};

use super::server::Server;
use super::{error, host, live_session};

#[test]
fn what_spec_does_is_shown_as_its_events_tell_it() {
    let (host, server) = (host(), Server::start("fourc"));
    server.set_number("status/ready", 0.0);
    server.set_number("status/simulate", 1.0);
    let session = live_session(&host, &server);
    assert_eq!(session.value::<String>("state"), "busy");
    assert!(session.value::<bool>("simulate"));
    session.wait_status("busy", |status| status.activity == Activity::Busy);
    server.set_number("status/ready", 1.0);
    session.wait_value("state", |state: &String| state == "ready");
    server.event("error", Data::text("phi: hit a limit\n"));
    session.wait_value("error", |error: &String| error == "phi: hit a limit");
    assert!(!session.has("shell"), "spec did not tell it: a registration may stay without an answer");
}

#[test]
fn output_comes_as_lines_whatever_its_pieces() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    server.wait_for("REGISTER output/tty");
    ["1.FOURC> p ", "1\n", "1", "\n2.FOURC> "].iter().for_each(|text| server.event("output/tty", Data::text(*text)));
    session.wait_value("output", |lines: &Vec<String>| lines == &["1.FOURC> p 1", "1", "2.FOURC> "]);
}

#[test]
fn the_answer_of_a_command_is_given_and_the_command_remembered() {
    let (host, server) = (host(), Server::start("fourc"));
    server.hook(|packet| match packet.command {
        Command::CmdWithReturn => Some(vec![Packet::reply(packet.serial, "", Data::text("42"))]),
        _ => None,
    });
    let session = live_session(&host, &server);
    let run = |command: &str| session.call("spec_session", "run", fields! { command: command });
    assert_eq!(run("p A[phi]"), Outcome::Finished(Value::from("42")));
    run("wa");
    run("p A[phi]");
    assert_eq!(session.value::<Vec<String>>("history"), ["wa", "p A[phi]"]);
    assert_eq!(error(run("  ")).kind, ErrorKind::Refused);
    let session = session.reload();
    session.wait_live();
    assert_eq!(session.value::<Vec<String>>("history"), ["wa", "p A[phi]"]);
}

#[test]
fn an_abort_sends_control_c_and_ends_what_waits_though_spec_answers_nothing() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "loopscan 0 1" });
    server.wait_for("CMD_WITH_RETURN loopscan 0 1");
    assert_eq!(session.call("spec_session", "abort", fields! {}), Outcome::Finished(Value::Null));
    assert_eq!(error(running.wait()).kind, ErrorKind::Aborted);
    assert_eq!(server.seen(Command::Abort).len(), 1);
}

#[test]
fn a_call_that_is_aborted_sends_control_c_too() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "loopscan 0 1" });
    server.wait_for("CMD_WITH_RETURN loopscan 0 1");
    running.abort();
    server.wait_for("ABORT");
    assert_eq!(error(running.wait()).kind, ErrorKind::Aborted);
}

#[test]
fn what_was_ended_at_the_console_of_spec_ends_here_too() {
    let (host, server) = (host(), Server::start("fourc"));
    server.set_number("status/ready", 1.0);
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "loopscan 0 1" });
    server.wait_for("CMD_WITH_RETURN loopscan 0 1");
    server.set_number("status/ready", 0.0);
    server.set_number("status/ready", 1.0);
    let end = error(running.wait());
    assert!(end.message.contains("at its prompt again"), "{end}");
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("spec.session", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(fields! { at: "lid231:eh1" }), Vec::<String>::new());
    assert_eq!(paths(fields! {}), ["at"]);
    assert_eq!(paths(fields! { at: "lid231" }), ["at"]);
    assert_eq!(paths(fields! { at: "lid231:6510", output_lines: 0 }), ["output_lines"]);
    assert_eq!(
        host.check("spec.session", fields! { at: "lid231:6510", call_form: "Both" })[0].choices,
        ["Nul", "Text"]
    );
}
