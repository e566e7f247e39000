//! `spec.number` and `spec.text`: what they show of a variable, and how they set it.

use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Command, Data, Packet};

use super::server::Server;
use super::{error, host, live_session, object};

fn variable(kind: &str, config: Value, name: &str, data: Data) -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.set(name, data);
    live_session(&host, &server);
    let variable = object(&host, "variable", kind, config);
    variable.wait_live();
    (host, server, variable)
}

/// Takes what is set, as spec does.
fn takes(server: &Server, name: &'static str) {
    let mut kept = Data::Empty;
    server.hook(move |packet| match packet.command {
        Command::ChanSend if packet.name == name => {
            kept = packet.data.clone();
            Some(Vec::new())
        }
        Command::ChanRead if packet.name == name => Some(vec![Packet::reply(packet.serial, name, kept.clone())]),
        _ => None,
    });
}

#[test]
fn a_number_is_shown_followed_and_set() {
    let config = fields! { variable: "OSC_RANGE", range: (0.0, 10.0) };
    let (_host, server, variable) = variable("spec.number", config, "var/OSC_RANGE", Data::text("1.5"));
    assert_eq!(variable.value::<f64>("value"), 1.5);
    server.set_number("var/OSC_RANGE", 2.5);
    variable.wait_value("value", |value: &f64| *value == 2.5);
    takes(&server, "var/OSC_RANGE");
    let set = |value: f64| variable.call("shared_number", "set", fields! { value: value });
    assert_eq!(set(3.0), Outcome::Finished(Value::Null));
    assert_eq!(variable.value::<f64>("value"), 3.0);
    assert_eq!(server.seen(Command::ChanSend), ["CHAN_SEND var/OSC_RANGE 3"]);
    let end = error(set(11.0));
    assert_eq!((end.kind, end.message.as_str()), (ErrorKind::Refused, "11 is above the limit 10"));
}

#[test]
fn an_element_of_an_associative_array_is_followed_and_set_by_its_own_name() {
    let config = fields! { variable: "MXCOLLECT_PARS[dir]", element_form: "Slash" };
    let (_host, server, variable) = variable("spec.text", config, "var/MXCOLLECT_PARS/dir", Data::text("/data"));
    assert_eq!(variable.value::<String>("value"), "/data");
    takes(&server, "var/MXCOLLECT_PARS/dir");
    let set = variable.call("shared_text", "set", fields! { value: "/data/id23" });
    assert_eq!(set, Outcome::Finished(Value::Null));
    assert_eq!(server.seen(Command::ChanSend), ["CHAN_SEND var/MXCOLLECT_PARS/dir /data/id23"]);
}

#[test]
fn an_element_of_a_data_array_is_picked_from_the_array_and_set_as_at_the_prompt() {
    let config = fields! { variable: "DATA[1]", data_array: true };
    let (_host, server, variable) = variable("spec.number", config, "var/DATA", Data::array(vec![1.0, 2.0]));
    assert_eq!(variable.value::<f64>("value"), 2.0);
    server.hook(|packet| {
        (packet.command == Command::CmdWithReturn).then(|| vec![Packet::reply(packet.serial, "", Data::Empty)])
    });
    server.set("var/DATA", Data::array(vec![1.0, 7.0]));
    let set = variable.call("shared_number", "set", fields! { value: 7.0 });
    assert_eq!(set, Outcome::Finished(Value::Null));
    server.wait_for("CMD_WITH_RETURN DATA[1] = 7");
}

#[test]
fn what_spec_says_against_a_value_is_told() {
    let config = fields! { variable: "LOCKED" };
    let (_host, server, variable) = variable("spec.number", config, "var/LOCKED", Data::text("1"));
    server.hook(|packet| {
        let refusal = || vec![Packet::error_reply(packet.serial, &packet.name, 1, "LOCKED is constant")];
        (packet.command == Command::ChanSend).then(refusal)
    });
    let end = error(variable.call("shared_number", "set", fields! { value: 2.0 }));
    assert_eq!(end.message, "spec refused setting var/LOCKED: LOCKED is constant");
    assert_eq!(variable.value::<f64>("value"), 1.0);
}

#[test]
fn a_value_that_is_no_number_is_told_and_the_next_one_shown() {
    let config = fields! { variable: "X" };
    let (_host, server, variable) = variable("spec.number", config, "var/X", Data::text("1"));
    server.set("var/X", Data::text("none"));
    let status =
        variable.wait_status("told", |status| !status.last_error.is_empty() && status.last_error.contains("X:"));
    assert!(status.last_error.contains("the text \"none\" is not a number"), "{}", status.last_error);
    server.set_number("var/X", 2.0);
    variable.wait_live();
    variable.wait_value("value", |value: &f64| *value == 2.0);
}

#[test]
fn a_variable_that_is_only_shown_is_not_set() {
    let config = fields! { variable: "X", read_only: true };
    let (_host, server, variable) = variable("spec.text", config, "var/X", Data::text("1"));
    let end = error(variable.call("shared_text", "set", fields! { value: "2" }));
    assert!(end.message.contains("only shown"), "{end}");
    assert!(server.seen(Command::ChanSend).is_empty());
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("spec.number", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(fields! { variable: "A[phi]" }), Vec::<String>::new());
    assert_eq!(paths(fields! { variable: "A[phi", range: (1.0, 1.0) }), ["variable", "range"]);
    assert_eq!(paths(fields! { variable: "A[phi]", data_array: true }), ["variable"]);
}
