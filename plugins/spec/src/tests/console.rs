//! The brick `spec.console`, acted on as a person would.

use brickwork_sdk::Restored;
use brickwork_sdk::testing::fields;
use brickwork_spec_protocol::{Command, Data, Packet};

use super::server::Server;
use super::{host, is_disconnected, live_session};

#[test]
fn what_is_entered_is_run_and_what_spec_writes_is_shown() {
    let (host, server) = (host(), Server::start("fourc"));
    server.set_number("status/ready", 1.0);
    let session = live_session(&host, &server);
    session.value::<String>("state");
    let mut console = host.brick("spec.console").role("session", "spec").open();
    assert!(console.text().contains("fourc") && console.text().contains("ready"), "{}", console.text());
    console.enter("command", " p A[phi] ");
    server.wait_for("CMD_WITH_RETURN p A[phi]");
    server.event("output/tty", Data::text("1.FOURC> p A[phi]\n12.5\n"));
    session.wait_value("output", |lines: &Vec<String>| lines.len() == 2);
    assert!(console.text().contains("1.FOURC> p A[phi]\n12.5"), "{}", console.text());
    server.event("error", Data::text("no such motor"));
    session.value::<String>("error");
    assert!(console.text().contains("last error: no such motor"), "{}", console.text());
}

#[test]
fn past_commands_are_offered_the_newest_first_and_put_into_the_line() {
    let (host, server) = (host(), Server::start("fourc"));
    server.hook(|packet| {
        (packet.command == Command::CmdWithReturn).then(|| vec![Packet::reply(packet.serial, "", Data::text("0"))])
    });
    let session = live_session(&host, &server);
    ["wa", "ct 1"].into_iter().for_each(|command| {
        session.call("spec_session", "run", fields! { command: command });
    });
    let mut console = host.brick("spec.console").role("session", "spec").open();
    let options: Vec<String> = console.node("past").read("options").expect("it has options");
    assert_eq!(options, ["past commands", "ct 1", "wa"]);
    console.select("past", "wa");
    assert_eq!(console.node("command").text("value"), "wa", "it can be changed before it is run");
    let mut console = console.reload();
    assert_eq!(console.restored(), &Restored::Complete);
    assert_eq!(console.node("command").text("value"), "wa");
    assert_eq!(console.node("again").label(), "Run wa");
    console.click("again");
    server.wait_count("CMD_WITH_RETURN wa", 2);
    assert_eq!(console.node("command").text("value"), "");
    console.select("past", "ct 1");
    console.enter("command", "ct 2");
    server.wait_for("CMD_WITH_RETURN ct 2");
}

#[test]
fn abort_is_control_c_and_can_be_pressed_at_any_time() {
    let (host, server) = (host(), Server::start("fourc"));
    let _session = live_session(&host, &server);
    let mut console = host.brick("spec.console").role("session", "spec").open();
    console.enter("command", "loopscan 0 1");
    server.wait_for("CMD_WITH_RETURN loopscan 0 1");
    console.click("abort");
    server.wait_for("ABORT");
}

#[test]
fn without_spec_the_line_says_why_it_takes_nothing() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let mut console = host.brick("spec.console").role("session", "spec").open();
    assert_eq!(console.why_not("command"), None);
    drop(server);
    session.wait_status("lost", is_disconnected);
    let why = console.why_not("command").expect("it takes nothing");
    assert!(why.starts_with("spec 127.0.0.1:"), "{why}");
}

#[test]
fn a_number_of_lines_that_cannot_be_is_found() {
    assert_eq!(host().check("spec.console", fields! { lines: 0 })[0].path, "lines");
}
