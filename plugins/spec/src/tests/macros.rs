//! `spec.macros`: what is sent for each macro, and how it ends.

use brickwork_sdk::interfaces::{CommandResult, CommandSpec};
use brickwork_sdk::testing::{FakeHost, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Assoc, Command, Data, Packet};

use super::server::Server;
use super::{error, host, object};

fn argument(name: &str, kind: Value) -> Value {
    fields! { name: name, kind: kind }
}

fn config() -> Value {
    let seconds = Value::map([("Number", fields! { default: 1.0, range: (0.1, 60.0), unit: "s" })]);
    let element = Value::map([("Text", fields! { default: "Se" })]);
    let fast = Value::map([("Flag", fields! {})]);
    let edge = Value::map([("Choice", fields! { options: ["K", "L3"] })]);
    let anneal = Value::map([
        ("name", "anneal".into()),
        ("macro", "anneal".into()),
        ("arguments", Value::list([argument("time", seconds)])),
    ]);
    let scan = Value::map([
        ("name", "energy_scan".into()),
        ("label", "Energy scan".into()),
        ("macro", "eprodc_do_energy_scan".into()),
        ("run_as", "Function".into()),
        ("arguments", Value::list([argument("element", element), argument("edge", edge), argument("fast", fast)])),
    ]);
    let centre = Value::map([("macro", Value::from("centrebeam"))]);
    fields! { macros: Value::list([centre, anneal, scan]) }
}

fn macros(call_form: &str) -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    let session = fields! { at: server.at_text(), call_form: call_form };
    host.object("spec", "spec.session").config(session).start().wait_live();
    let macros = object(&host, "macros", "spec.macros", config());
    macros.wait_live();
    (host, server, macros)
}

fn run(macros: &TestObject, name: &str, arguments: Value) -> TestCall {
    macros.begin("command_set", "run", fields! { name: name, arguments: arguments })
}

#[test]
fn a_macro_is_typed_with_its_arguments_and_answers_when_it_has_ended() {
    let (_host, server, macros) = macros("Nul");
    let names: Vec<_> = macros.value::<Vec<CommandSpec>>("commands").into_iter().map(|spec| spec.name).collect();
    assert_eq!(names, ["centrebeam", "anneal", "energy_scan"]);
    let call = run(&macros, "anneal", fields! { time: 2.5 });
    let asked = server.wait_for("CMD_WITH_RETURN anneal 2.5");
    macros.wait_status("busy", |status| status.message == "anneal is running");
    assert!(!call.is_over());
    server.send(&Packet::reply(asked.serial, "", Data::text("0")));
    assert_eq!(call.wait(), Outcome::Finished(Value::Float(0.0)));
    let last: CommandResult = macros.value("last");
    assert_eq!((last.name.as_str(), last.end.as_str()), ("anneal", "finished"));
}

#[test]
fn a_function_is_called_with_a_nul_between_its_parts_or_as_text_where_the_session_says_so() {
    let arguments = || fields! { element: "Se", edge: "K", fast: true };
    for (form, sent) in [
        ("Nul", "FUNC_WITH_RETURN eprodc_do_energy_scan|\"Se\"|\"K\"|1"),
        ("Text", "FUNC_WITH_RETURN eprodc_do_energy_scan(\"Se\", \"K\", 1)"),
    ] {
        let (_host, server, macros) = macros(form);
        let call = run(&macros, "energy_scan", arguments());
        let asked = server.wait_for(sent);
        let result = Data::Assoc(Assoc::new().with("startEnergy", "12.6"));
        server.send(&Packet::reply(asked.serial, "", result));
        assert_eq!(call.wait(), Outcome::Finished(Value::map([("[startEnergy]", Value::from("12.6"))])));
    }
}

#[test]
fn a_macro_that_does_not_end_is_only_sent() {
    let (host, server) = (host(), Server::start("fourc"));
    super::live_session(&host, &server);
    let server_loop = |run_as: &str| {
        Value::map([
            ("name", Value::from(run_as)),
            ("macro", "serve".into()),
            ("run_as", run_as.into()),
            ("only_send", Value::Bool(true)),
        ])
    };
    let config = fields! { macros: Value::list(["Command", "Function"].map(server_loop)) };
    let macros = object(&host, "macros", "spec.macros", config);
    macros.wait_live();
    for (name, sent) in [("Command", "CMD serve"), ("Function", "FUNC serve")] {
        assert_eq!(run(&macros, name, fields! {}).wait(), Outcome::Finished(Value::Null));
        server.wait_for(sent);
    }
}

#[test]
fn a_text_never_becomes_a_command_of_its_own() {
    let (_host, server, macros) = macros("Nul");
    let text = "Se\"; shutdown; \"";
    run(&macros, "energy_scan", fields! { element: text, edge: "K", fast: false });
    server.wait_for("FUNC_WITH_RETURN eprodc_do_energy_scan|\"Se\\\"; shutdown; \\\"\"|\"K\"|0");
    let end = error(run(&macros, "energy_scan", fields! { element: "a\nb", edge: "K", fast: false }).wait());
    assert_eq!(end.kind, ErrorKind::Refused);
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_sent() {
    let (_host, server, macros) = macros("Nul");
    let refusal = |name: &str, arguments: Value| error(run(&macros, name, arguments).wait()).message;
    assert_eq!(refusal("anneal", fields! {}), "time is missing");
    assert_eq!(refusal("anneal", fields! { time: 90.0 }), "time: 90 is above the limit 60 s");
    assert_eq!(refusal("centrebeam", fields! { x: 1.0 }), "centrebeam has no argument \"x\"; it takes none");
    let all = fields! { element: "Se", edge: "M", fast: false };
    assert_eq!(refusal("energy_scan", all), "edge must be one of K, L3");
    assert!(refusal("no", fields! {}).contains("there is no command \"no\", but centrebeam"));
    assert!(server.seen(Command::CmdWithReturn).is_empty() && server.seen(Command::FuncWithReturn).is_empty());
}

#[test]
fn what_a_macro_prints_is_its_progress() {
    let (_host, server, macros) = macros("Nul");
    let call = run(&macros, "centrebeam", fields! {});
    let asked = server.wait_for("CMD_WITH_RETURN centrebeam");
    ["looking for", " the beam\nfound", " it\n"].iter().for_each(|text| server.event("output/tty", Data::text(*text)));
    server.send(&Packet::reply(asked.serial, "", Data::Empty));
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    let lines: Vec<_> = call.progress().into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["looking for the beam", "found it"]);
}

#[test]
fn an_abort_is_control_c_while_a_macro_runs_and_nothing_otherwise() {
    let (_host, server, macros) = macros("Nul");
    assert_eq!(macros.call("command_set", "abort", fields! {}), Outcome::Finished(Value::Null));
    assert!(server.seen(Command::Abort).is_empty());
    let call = run(&macros, "centrebeam", fields! {});
    server.wait_for("CMD_WITH_RETURN centrebeam");
    assert_eq!(macros.call("command_set", "abort", fields! {}), Outcome::Finished(Value::Null));
    server.wait_for("ABORT");
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
    assert_eq!(macros.value::<CommandResult>("last").end, "aborted");
}

#[test]
fn a_macro_that_fails_or_loses_its_spec_ends_once() {
    let (_host, server, macros) = macros("Nul");
    let call = run(&macros, "centrebeam", fields! {});
    let asked = server.wait_for("CMD_WITH_RETURN centrebeam");
    server.send(&Packet::error_reply(asked.serial, "", 1, "no beam"));
    assert_eq!(error(call.wait()).message, "spec refused the command \"centrebeam\": no beam");
    let call = run(&macros, "centrebeam", fields! {});
    server.wait_count("CMD_WITH_RETURN centrebeam", 2);
    server.cut();
    assert_eq!(error(call.wait()).kind, ErrorKind::Failed);
    assert_eq!(macros.value::<CommandResult>("last").end, "failed");
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("spec.macros", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(config()), Vec::<String>::new());
    assert_eq!(paths(fields! {}), ["macros"]);
    let number = Value::map([("Number", fields! { default: 9.0, range: (0.0, 1.0) })]);
    let wrong = |spec_macro: &str, arguments: Vec<Value>| {
        Value::map([("macro", Value::from(spec_macro)), ("arguments", Value::list(arguments))])
    };
    let arguments = vec![argument("a", number), argument("a", Value::map([("Text", fields! {})]))];
    let config =
        fields! { macros: Value::list([wrong("p 1", Vec::new()), wrong("wa", arguments), wrong("wa", vec![])]) };
    assert_eq!(
        paths(config),
        ["macros[0].macro", "macros[1].arguments[0].kind", "macros[1].arguments[1].name", "macros[2].name"]
    );
}
