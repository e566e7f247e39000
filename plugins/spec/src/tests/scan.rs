//! `spec.scan` and its brick `spec.plot`.

use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value, from_value};
use brickwork_spec_protocol::{Data, Packet};

use super::server::Server;
use super::{error, host, live_session, object};
use crate::scan::{ScanData, ScanInfo, ScanState};

const NEW: &str = "{'title':'Scan 7', 'xlabel':'Phi', 'motor':'phi', 'counter':' det', \
                   'phynx':{'info':{'acquisition_command':'ascan phi 0 1 2 0.1', 'npoints':3, }, }, }";

fn scan() -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.set("var/_SC_NEWSCAN", Data::text("0"));
    server.set_number("status/ready", 1.0);
    live_session(&host, &server);
    let scan = object(&host, "scan", "spec.scan", fields! {});
    scan.wait_live();
    (host, server, scan)
}

fn state(scan: &TestObject, wanted: ScanState) -> ScanInfo {
    scan.wait_value("scan", |info: &ScanInfo| info.state == wanted)
}

fn begins(server: &Server) {
    server.set_number("status/ready", 0.0);
    server.set("var/_SC_NEWSCAN", Data::text(NEW));
}

fn point(server: &Server, number: u32, x: f64, det: f64) {
    server.set("var/_SC_NEWPLOTDATA", Data::text(format!("{{'i':{number}, 'x':{x}, 'det':{det}, }}")));
}

#[test]
fn every_point_of_a_scan_that_was_begun_at_the_console_is_seen() {
    let (_host, server, scan) = scan();
    server.wait_for("REGISTER var/_SC_NEWPLOTDATA");
    begins(&server);
    let info = state(&scan, ScanState::Running);
    assert_eq!((info.command.as_str(), info.expected), ("ascan phi 0 1 2 0.1", 3));
    scan.wait_status("busy", |status| status.activity == Activity::Busy && status.message.contains("Scan 7"));
    (0..3).for_each(|number| point(&server, number, f64::from(number) * 0.5, 10.0));
    scan.wait_value("data", |data: &ScanData| data.x == [0.0, 0.5, 1.0] && data.y["det"] == [10.0; 3]);
    server.set("var/_SC_NEWSCAN", Data::text("0"));
    server.set_number("status/ready", 1.0);
    state(&scan, ScanState::Finished);
}

#[test]
fn a_scan_is_begun_interrupted_and_resumed() {
    let (_host, server, scan) = scan();
    let arguments = fields! { motor: "phi", from: 0.0, to: 1.0, intervals: 2_i64, seconds: 0.1 };
    let call = scan.begin("spec_scan", "ascan", arguments);
    server.wait_for("CMD_WITH_RETURN ascan phi 0 1 2 0.1");
    begins(&server);
    state(&scan, ScanState::Running);
    assert_eq!(error(scan.call("spec_scan", "resume", fields! {})).kind, ErrorKind::Refused);
    assert_eq!(scan.call("spec_scan", "abort", fields! {}), Outcome::Finished(Value::Null));
    server.wait_for("ABORT");
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
    server.set_number("status/ready", 1.0);
    state(&scan, ScanState::Interrupted);
    let call = scan.begin("spec_scan", "resume", fields! {});
    let asked = server.wait_for("CMD_WITH_RETURN scan_on");
    server.set_number("status/ready", 0.0);
    state(&scan, ScanState::Running);
    server.send(&Packet::reply(asked.serial, "", Data::text("0")));
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_scan_of_nonsense_is_refused_before_anything_is_sent() {
    let (_host, _server, scan) = scan();
    let ascan = |motor: &str, to: f64, intervals: i64| {
        let arguments = fields! { motor: motor, from: 0.0, to: to, intervals: intervals, seconds: 0.1 };
        error(scan.call("spec_scan", "ascan", arguments)).kind
    };
    assert_eq!(ascan("phi; shutdown", 1.0, 2), ErrorKind::Refused);
    assert_eq!(ascan("phi", f64::NAN, 2), ErrorKind::Refused);
    assert_eq!(ascan("phi", 1.0, 0), ErrorKind::Refused);
}

#[test]
fn the_plot_shows_the_curve_its_highest_point_and_what_can_be_done() {
    let (host, server, scan) = scan();
    let mut plot = host.brick("spec.plot").role("scan", "scan").open();
    assert_eq!(plot.why_not("resume"), Some("no scan is interrupted".into()));
    server.wait_for("REGISTER var/_SC_NEWPLOTDATA");
    begins(&server);
    [5.0, 9.0, 7.0].into_iter().zip(0..).for_each(|(det, number)| point(&server, number, f64::from(number), det));
    scan.wait_value("data", |data: &ScanData| data.x.len() == 3);
    assert!(plot.text().contains("det is highest, 9, at Phi 1"), "{}", plot.text());
    let view = plot.view();
    let curves = view.walk().find(|node| node.kind == "plot").expect("it has a plot");
    let series: Vec<brickwork_sdk::view::Series> =
        from_value(curves.attribute("series").cloned().unwrap_or_default()).expect("they are series");
    assert_eq!(series[0].points, [(0.0, 5.0), (1.0, 9.0), (2.0, 7.0)]);
    plot.select("counter", "det");
    plot.click("abort");
    server.wait_for("ABORT");
    let plot = plot.reload();
    assert_eq!(plot.restored(), &brickwork_sdk::Restored::Complete);
}
