//! `spec.counter`: counting, its end and its stop.

use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Command, Data};

use super::server::Server;
use super::{error, host, live_session, object};

fn det() -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.set_number("scaler/det/value", 5.0);
    server.set_number("scaler/.all./count", 0.0);
    server.set_number("status/ready", 1.0);
    live_session(&host, &server);
    let det = object(&host, "det", "spec.counter", fields! { counter: "det", longest_secs: 60.0 });
    det.wait_live();
    (host, server, det)
}

#[test]
fn counting_ends_with_the_value_when_spec_says_0_again() {
    let (_host, server, det) = det();
    let call = det.begin("spec_counter", "count", fields! { seconds: 0.5 });
    server.wait_for("CHAN_SEND scaler/.all./count 0.5");
    server.set_number("scaler/.all./count", 1.0);
    det.wait_value("counting", |counting: &bool| *counting);
    det.wait_status("busy", |status| status.activity == Activity::Busy);
    assert!(!call.is_over());
    server.set_number("scaler/det/value", 1234.0);
    server.set_number("scaler/.all./count", 0.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Float(1234.0)));
    assert_eq!(det.value::<f64>("value"), 1234.0);
}

#[test]
fn counts_of_the_monitor_are_sent_below_0() {
    let (_host, server, det) = det();
    let call = det.begin("spec_counter", "count_monitor", fields! { counts: 1000.0 });
    server.wait_for("CHAN_SEND scaler/.all./count -1000");
    server.set_number("scaler/.all./count", 1.0);
    server.set_number("scaler/.all./count", 0.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Float(5.0)));
}

#[test]
fn counting_that_was_started_at_the_console_is_seen_and_stopped_by_0() {
    let (_host, server, det) = det();
    server.set_number("scaler/.all./count", 1.0);
    det.wait_value("counting", |counting: &bool| *counting);
    let end = error(det.call("spec_counter", "count", fields! { seconds: 1.0 }));
    assert_eq!((end.kind, end.message.as_str()), (ErrorKind::Refused, "spec counts already"));
    let stop = det.begin("spec_counter", "stop", fields! {});
    server.wait_for("CHAN_SEND scaler/.all./count 0");
    server.set_number("scaler/.all./count", 0.0);
    assert_eq!(stop.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_link_that_dies_while_it_counts_ends_the_counting() {
    let (_host, server, det) = det();
    let call = det.begin("spec_counter", "count", fields! { seconds: 10.0 });
    server.wait_for("CHAN_SEND scaler/.all./count 10");
    server.set_number("scaler/.all./count", 1.0);
    det.wait_value("counting", |counting: &bool| *counting);
    server.cut();
    let end = error(call.wait());
    assert!(end.message.starts_with("spec was lost while it counted"), "{end}");
}

#[test]
fn an_aborted_counting_is_stopped_by_0_not_by_control_c() {
    let (_host, server, det) = det();
    let call = det.begin("spec_counter", "count", fields! { seconds: 10.0 });
    server.wait_for("CHAN_SEND scaler/.all./count 10");
    server.set("scaler/.all./count", Data::integer(1));
    call.abort();
    server.wait_for("CHAN_SEND scaler/.all./count 0");
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
    assert!(server.seen(Command::Abort).is_empty());
}

#[test]
fn times_outside_the_limits_are_refused() {
    let (_host, server, det) = det();
    assert_eq!(error(det.call("spec_counter", "count", fields! { seconds: 61.0 })).kind, ErrorKind::Refused);
    assert_eq!(error(det.call("spec_counter", "count_monitor", fields! { counts: 0.0 })).kind, ErrorKind::Refused);
    assert!(server.seen(Command::ChanSend).is_empty());
}
